"""How long a large county takes to import, and how much memory: 200,000 road nodes, bar 60 s and 1.5 GB."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from geodata.demo.roads import demo_network
from tests.osm_writing import road_node_count, write_osm

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


@pytest.mark.benchmark
@pytest.mark.parametrize("scale", [1.0, 2.7])
def test_the_demo_county_written_out_as_osm_is_imported_again(tmp_path, scale):
    network = demo_network(scale=scale)
    write_osm(network, tmp_path / "demo.osm.pbf")
    nodes = road_node_count(network)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(BUILD), tmp_path / "county", tmp_path / "demo.osm.pbf"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    print(f"\n{nodes} road nodes, {found['roads']} roads: {found['seconds']:.1f} s, {found['peak_mb']:.0f} MB")
