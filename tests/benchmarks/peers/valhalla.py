"""Valhalla: bidirectional A* over tiles; closed roads are sent as places to exclude with each request.

It weighs by rules of its own, with turn costs, in whole km/h; only `shortest` weighs one thing alone. So the exchange
file's roads are bent until their length is their duration, and what is compared is that; it rounds each road to a
metre, hence `rounding`. As it comes it leaves small roads out far from both ends: 8 % of 150 routes over 20,000
junctions took up to 14 % too long. That is switched off (`disable_hierarchy_pruning`): right, and 2.6 times as slow.
A place is told to be a junction (`node_snap_tolerance`), else one-way roads into it are left out. The matrix is asked
for with `timedistancematrix`: Valhalla's own choice, `costmatrix`, took 250 times as long for one row.

A polygon would exclude whatever it touches, not just the roads that are to be closed, so they are named one by one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

import numpy as np
from valhalla import PYVALHALLA_DIR, Actor, ValhallaError, get_config

from tests.benchmarks.peers._exchange import PER_DEGREE, polyline, ways_of, write_osm
from web.bench.router import Found, Rounding

PACKAGE = "pyvalhalla"
#: No path could be found; no suitable edges near a location.
NOWHERE = (442, 171)
NO_LIMIT = 100_000_000


def settings(folder):
    """Return a configuration for tiles in a folder, its limits lifted."""
    (folder / "tiles").mkdir(exist_ok=True)
    said = get_config(tile_extract="", tile_dir=str(folder / "tiles"))
    said["mjolnir"]["concurrency"] = 1
    said["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    limits = said["service_limits"]
    limits |= {"max_exclude_locations": NO_LIMIT, "max_distance_disable_hierarchy_culling": NO_LIMIT}
    limits["auto"] |= {"max_matrix_location_pairs": NO_LIMIT, "max_matrix_distance": NO_LIMIT}
    return said


def prepare(arcs, ways, folder):
    """Write the roads and the tiles of them into a folder."""
    write_osm(arcs, ways, folder / "roads.osm.pbf")
    (folder / "valhalla.json").write_text(json.dumps(settings(folder)), encoding="utf-8")
    program = Path(PYVALHALLA_DIR) / "bin" / f"valhalla_build_tiles{'.exe' if sys.platform == 'win32' else ''}"
    asked = [program, "-c", "valhalla.json", "roads.osm.pbf"]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"valhalla_build_tiles: {done.stderr[-150:]}{done.stdout[-150:]}")


class ValhallaRouter:
    """One actor; what is closed is a list that goes with every request."""

    #: It weighs whole metres, of some 30 ms each.
    rounding = Rounding(ms=100.0, share=0.001)

    def __init__(self, arcs, kept=None):
        self.arcs, self.ways = arcs, ways_of(arcs, bent=True)
        self.home = Path(tempfile.mkdtemp(prefix="baotong-valhalla-"))
        weakref.finalize(self, shutil.rmtree, self.home, ignore_errors=True)
        if kept is None:
            prepare(arcs, self.ways, self.home)
        else:
            shutil.copytree(kept, self.home, dirs_exist_ok=True)
        self.middles = dict(zip(self.ways.arc.tolist(), map(tuple, self.ways.middle.tolist()), strict=True))
        self.arc_at = {place: arc for arc, place in self.middles.items()}
        self.places = self.ways.ends.tolist()
        self.tail, self.head = arcs.tail.tolist(), arcs.head.tolist()
        self.actor = Actor(settings(self.home))
        self.closed = []
        self.route(0, arcs.junction_count - 1)

    def place(self, lon, lat):
        met = {"radius": 0, "search_cutoff": 1, "minimum_reachability": 0, "node_snap_tolerance": 1}
        return {"lon": lon, "lat": lat, **met}

    def ends(self, junctions):
        return [self.place(*self.places[one]) for one in junctions]

    def excluded(self, roads):
        found = (self.middles.get(arc) for road in roads.tolist() for arc in (2 * road, 2 * road + 1))
        return [self.place(lon / PER_DEGREE, lat / PER_DEGREE) for lon, lat in filter(None, found)]

    def asked(self, **more):
        auto = {"shortest": True, "disable_hierarchy_pruning": True}
        return json.dumps({"costing": "auto", "costing_options": {"auto": auto}, **more})

    def route_past(self, closed, origin, destination):
        more = {"exclude_locations": closed} if closed else {}
        asked = self.asked(locations=self.ends((origin, destination)), directions_type="none", **more)
        try:
            return origin, self.actor.route(asked)
        except ValhallaError as refused:
            if refused.code in NOWHERE:
                return None
            raise

    def route(self, origin, destination):
        return self.route_past(self.closed, origin, destination)

    def milliseconds(self, kilometres):
        return np.rint(np.asarray(kilometres, dtype=np.float64) * 1000 / self.ways.metres_per_ms)

    def read(self, answer):
        if answer is None:
            return None
        at, text = answer
        trip = json.loads(text)["trip"]
        way = []
        for place in polyline(trip["legs"][0]["shape"]):
            arc = self.arc_at.get(place)
            if arc is not None:
                way.append(arc if self.tail[arc] == at else arc ^ 1)
                at = self.head[way[-1]]
        return Found(int(self.milliseconds(trip["summary"]["length"])), way)

    def close(self, roads):
        self.closed = self.excluded(roads)

    def reopen(self):
        self.closed = []

    def what_if(self, roads, origin, destination):
        return self.route_past(self.excluded(roads), origin, destination)

    def matrix(self, origins, destinations):
        ends = {"sources": self.ends(origins.tolist()), "targets": self.ends(destinations.tolist())}
        found = json.loads(self.actor.matrix(self.asked(**ends, verbose=False)))
        rows = found["sources_to_targets"]
        is_cut_off = np.array([[one is None for one in row] for row in rows["durations"]])
        return np.where(is_cut_off, np.inf, self.milliseconds(rows["distances"]))

    def keep(self, folder):
        shutil.copytree(self.home, folder / "valhalla")

    def restart(self, folder):
        return ValhallaRouter(self.arcs, folder / "valhalla")


make_router = ValhallaRouter
