"""OSRM: multi-level Dijkstra; closing is `osrm-customize` with a file of segment speeds, then loading what it wrote.

It weighs what the exchange file says: one of its tenths of a second is half a millisecond of ours, so that each of a
way's two halves is a whole number of them, and its answers are exact. It has no turn costs here. A place asked for must
be met within a metre, else a junction whose roads are all closed would be moved to another one without a word. Opening
everything again puts back the metric that was kept; a what-if customises a copy.

`osrm-customize` changes files of its input too, so those are laid anew each time. Segments weigh 22 bits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

import numpy as np
import osrm

from tests.benchmarks.peers._exchange import junction_node, middle_node, ways_of, write_osm
from web.bench.router import Found

PACKAGE = "osrm-bindings"
PROGRAMS = Path(osrm.__file__).parent / "bin"
#: What `osrm-customize` writes, and what it changes although it only reads it.
WRITTEN = ("roads.osrm.cell_metrics", "roads.osrm.mldgr")
CHANGED = ("roads.osrm.geometry", "roads.osrm.datasource_names")
LONGEST_MS = (1 << 22) - 2
NOWHERE = ("NoRoute", "NoSegment", "Impossible route", "Could not find a matching segment")
PROFILE = """
api_version = 4
function setup()
  return { properties = { weight_name = 'duration', u_turn_penalty = 0, use_turn_restrictions = false,
    continue_straight_at_waypoint = false, left_hand_driving = false }, default_mode = mode.driving }
end
function process_way(profile, way, result)
  local is_oneway = way:get_value_by_key('oneway') == 'yes'
  result.duration = tonumber(way:get_value_by_key('ms')) / 5
  result.forward_mode = mode.driving
  result.backward_mode = is_oneway and mode.inaccessible or mode.driving
end
return { setup = setup, process_way = process_way }
"""


def run(program, *said, folder):
    """Run one of OSRM's programs in a folder; what it says on failing is part of the error."""
    path = PROGRAMS / (f"{program}.exe" if sys.platform == "win32" else program)
    done = subprocess.run([path, *said, "-l", "ERROR"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr[-150:]}{done.stdout[-150:]}")


def prepare(arcs, folder):
    """Write the roads and OSRM's files of them into a folder."""
    if int(arcs.weight_ms[arcs.usable].max()) > LONGEST_MS:
        raise OverflowError("a road lasts longer than OSRM's 22 bits hold")
    (folder / "profile.lua").write_text(PROFILE, encoding="ascii")
    write_osm(arcs, ways_of(arcs), folder / "roads.osm.pbf")
    run("osrm-extract", "-t", "1", "-p", "profile.lua", "roads.osm.pbf", folder=folder)
    run("osrm-partition", "-t", "1", "roads", folder=folder)
    run("osrm-customize", "-t", "1", "roads", folder=folder)


class OsrmRouter:
    """One loaded engine on a live folder, which links to the prepared one but for what customising changes."""

    def __init__(self, arcs, kept=None):
        self.arcs = arcs
        self.home = Path(tempfile.mkdtemp(prefix="baotong-osrm-"))
        weakref.finalize(self, shutil.rmtree, self.home, ignore_errors=True)
        self.prepared = kept or self.home / "prepared"
        if kept is None:
            self.prepared.mkdir()
            prepare(arcs, self.prepared)
        places = np.round(arcs.lonlat, 6)
        self.places = list(map(tuple, places.tolist()))
        self.tail, self.head = arcs.tail.tolist(), arcs.head.tolist()
        self.live = self.lay("live")
        self.engine = self.load(self.live)
        self.route(0, arcs.junction_count - 1)

    def lay(self, name):
        """Make a folder whose files may be customised."""
        folder = self.home / name
        folder.mkdir()
        for path in self.prepared.glob("roads.osrm.*"):
            if path.name in (*WRITTEN, *CHANGED):
                shutil.copyfile(path, folder / path.name)
            else:
                os.symlink(path.resolve(), folder / path.name)
        return folder

    def load(self, folder):
        base = str(folder / "roads")
        return osrm.OSRM(storage_config=base, algorithm="MLD", use_shared_memory=False)

    def segments(self, roads):
        """Yield both segments of every closed way, in both directions."""
        for road in roads.tolist():
            for arc in (2 * road, 2 * road + 1):
                one, other = junction_node(self.tail[arc]), junction_node(self.head[arc])
                middle = middle_node(self.arcs, arc)
                yield from ((one, middle), (middle, other), (other, middle), (middle, one))

    def customise(self, folder, roads):
        for name in CHANGED:
            shutil.copyfile(self.prepared / name, folder / name)
        lines = "".join(f"{one},{other},0\n" for one, other in self.segments(roads))
        (folder / "closed.csv").write_text(lines, encoding="ascii")
        run("osrm-customize", "-t", "1", "roads", "--segment-speed-file", "closed.csv", folder=folder)
        return self.load(folder)

    def route_by(self, engine, origin, destination):
        asked = osrm.RouteParameters(
            coordinates=[self.places[origin], self.places[destination]],
            radiuses=[1.0, 1.0],
            annotations=["nodes"],
            overview="false",
            generate_hints=False,
        )
        try:
            return engine.Route(asked)
        except RuntimeError as refused:
            if any(word in str(refused) for word in NOWHERE):
                return None
            raise

    def route(self, origin, destination):
        return self.route_by(self.engine, origin, destination)

    def arc_of(self, tail_node, middle):
        arc = middle - middle_node(self.arcs, 0)
        return arc if junction_node(self.tail[arc]) == tail_node else arc ^ 1

    def read(self, answer):
        if answer is None:
            return None
        route = answer["routes"][0]
        nodes = [int(node) for node in route["legs"][0]["annotation"]["nodes"]]
        first = middle_node(self.arcs, 0)
        way = [self.arc_of(nodes[at - 1], node) for at, node in enumerate(nodes[:-1]) if at and node >= first]
        return Found(round(route["weight"] * 10 / 2), way)

    def close(self, roads):
        self.engine = None
        self.engine = self.customise(self.live, roads)

    def reopen(self):
        self.engine = None
        for name in (*WRITTEN, *CHANGED):
            shutil.copyfile(self.prepared / name, self.live / name)
        self.engine = self.load(self.live)

    def what_if(self, roads, origin, destination):
        twin = self.lay("twin")
        try:
            return self.route_by(self.customise(twin, roads), origin, destination)
        finally:
            shutil.rmtree(twin)

    def matrix(self, origins, destinations):
        ends = [self.places[one] for one in (*origins.tolist(), *destinations.tolist())]
        asked = osrm.TableParameters(
            coordinates=ends,
            radiuses=[1.0] * len(ends),
            sources=list(range(len(origins))),
            destinations=list(range(len(origins), len(ends))),
            annotations=["duration"],
            generate_hints=False,
        )
        rows = self.engine.Table(asked)["durations"]
        tenths = np.array([[np.inf if one is None else one for one in row] for row in rows], dtype=np.float64)
        return np.rint(tenths * 10) / 2

    def keep(self, folder):
        shutil.copytree(self.prepared, folder / "osrm")

    def restart(self, folder):
        return OsrmRouter(self.arcs, folder / "osrm")


make_router = OsrmRouter
