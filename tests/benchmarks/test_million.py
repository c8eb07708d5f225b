"""How a million junctions are prepared: beside routingkit-cch with METIS, in how much memory, and what a restart takes.

Each preparation runs in a process of its own, in turns; `BAOTONG_RUNS` says how many of each (3). Measured, not judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from geodata.demo.roads import demo_network
from geodata.network import save_network

#: Demo counties of 20,000 junctions.
SCALE = float(os.environ.get("BAOTONG_SCALE", "50"))
RUNS = int(os.environ.get("BAOTONG_RUNS", "3"))
#: How a process begins: everything loaded, kernels compiled, the peer warm.
BEGIN = """
    import json, sys, time
    from pathlib import Path
    from web.kernel_cache import prepare_kernel_cache
    prepare_kernel_cache()
    from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
    from geodata.demo.roads import demo_network
    from geodata.network import load_network
    from web.bench.own_engine import OwnEngine
    from web.bench.peers import FOLDER, load_peers
    from web.bench.road_arcs import road_arcs
    what, network_file, kept = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    def arcs_of(network):
        return road_arcs(network, DEFAULT_VEHICLES["car"], speeds_kmh=DEFAULT_SPEEDS_KMH)
    def megabytes():  # at most so far; what getrusage tells counts the parent's memory too
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    def prepared(make, *further):
        make(small)
        before, begin, busy = megabytes(), time.perf_counter(), time.process_time()
        made = make(arcs, *further)
        busy_s, s = time.process_time() - busy, time.perf_counter() - begin
        print(json.dumps({"s": s, "busy_s": busy_s, "before_mb": before, "peak_mb": megabytes()}))
        return made
    small, arcs = arcs_of(demo_network(scale=0.02)), arcs_of(load_network(network_file))
"""
PARTS = {
    "prepare": "engine = prepared(OwnEngine)\nif not kept.exists():\n    kept.mkdir(); engine.keep(kept)",
    "restart": """
warm = kept.with_name("small")
warm.mkdir(exist_ok=True)
OwnEngine(small).keep(warm)
OwnEngine(small, warm)
prepared(OwnEngine, kept)""",
}
PEER = {"routingkit-cch": "prepared(load_peers(FOLDER, ('routingkit-cch',))[0].make)"}
if find_spec("routingkit_cch") is not None:  # `uv run --group bench pytest ...` has it
    PARTS |= PEER


def measured(what: str, folder: Path) -> dict[str, float]:
    code = textwrap.dedent(BEGIN) + PARTS[what]
    run = [sys.executable, "-c", code, what, folder / "million.npz", folder / "kept"]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.benchmark
def test_a_million_junctions_are_prepared(tmp_path):
    network = demo_network(scale=SCALE)
    save_network(network, tmp_path / "million.npz")
    print(f"\n{network.junction_count} junctions, {network.road_count} roads, {RUNS} runs")
    del network
    runs: dict[str, list[dict[str, float]]] = {what: [] for what in PARTS}
    for number in range(RUNS):
        for what in [*PARTS] if number % 2 == 0 else sorted(PARTS, key=PEER.__contains__, reverse=True):
            runs[what].append(measured(what, tmp_path))
    for what, some in runs.items():
        figures = {key: median(one[key] for one in some) for key in some[0]}
        print(f"{what}: " + ", ".join(f"{key} {value:.2f}" for key, value in figures.items()))
    for what, other in (("restart", "prepare"), *(("prepare", peer) for peer in PEER if peer in PARTS)):
        ratio = median(one["busy_s"] / two["busy_s"] for one, two in zip(runs[what], runs[other], strict=True))
        print(f"{what} / {other}: {ratio:.3f} of the processor time, median of pairs")
