"""How long a large county takes to import, and how much memory: 200,000 road nodes, bar 60 s and 1.5 GB."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

SIDE = 450
BUILD = """
    import json, resource, sys, time
    from pathlib import Path
    from geodata.county_building import NewCounty, SourceFiles, build_county
    begin = time.perf_counter()
    report = build_county(Path(sys.argv[1]), SourceFiles(Path(sys.argv[2])), NewCounty("x"))
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "roads": report["roads"]}))
"""


def write_large_county(path) -> int:
    """Write a grid of SIDE x SIDE road nodes, ways of ten nodes, ids spread widely as in real extracts; return nodes."""
    import osmium

    def node_id(row: int, column: int) -> int:
        return 1_000_000 + (row * SIDE + column) * 45_007

    highways = ("primary", "secondary", "tertiary", "unclassified", "residential", "track")
    with osmium.SimpleWriter(str(path)) as writer:
        for row in range(SIDE):
            for column in range(SIDE):
                position = (112.5 + column * 0.002, 33.0 + row * 0.002)
                writer.add_node(osmium.osm.mutable.Node(id=node_id(row, column), location=position, version=1))
        way_id = 0
        for line in range(SIDE):
            for start in range(0, SIDE - 1, 10):
                for is_row in (True, False):
                    if not is_row and line % 7:
                        continue
                    way_id += 1
                    steps = range(start, min(start + 11, SIDE))
                    nodes = [node_id(line, step) if is_row else node_id(step, line) for step in steps]
                    tags = {"highway": highways[line % len(highways)], "name": f"路{line}", "maxspeed": "60"}
                    writer.add_way(osmium.osm.mutable.Way(id=way_id, nodes=nodes, tags=tags, version=1))
    return SIDE * SIDE


@pytest.mark.benchmark
def test_a_county_of_two_hundred_thousand_road_nodes(tmp_path):
    nodes = write_large_county(tmp_path / "large.osm.pbf")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(BUILD), tmp_path / "county", tmp_path / "large.osm.pbf"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    print(f"\n{nodes} road nodes, {found['roads']} roads: {found['seconds']:.1f} s, {found['peak_mb']:.0f} MB")
