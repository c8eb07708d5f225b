"""How long 1,000 drawn closures take to import, and 10,000 to audit: bar seconds, and 2 s."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, process_time

import numpy as np
import pytest

from geodata.closures.files import read_closure_features
from geodata.closures.register import import_closures
from geodata.demo.roads import demo_network
from geodata.snapping import RoadIndex
from geodata.store import METADATA, open_store, transaction
from passes.audit.audit import run_audit
from tests.closure_cases import HQ, NOON, county_of, feature, settings

DECISION = {"authority": HQ, "decision": "approved", "decided_at": "2022-06-22T07:00:00+08:00"}
LOOK = {"at": "2022-06-22T09:00:00+08:00", "state": "blocked", "source": "inspection"}


def drawn_closures(network, count):
    """Lines along whole roads, half of them approved, a third of them seen on site."""
    roads = np.random.default_rng(1).choice(np.flatnonzero(network.length_m > 100), count, replace=False)
    for number, road in enumerate(roads):
        more = {"decisions": [DECISION] if number % 2 else [], "observations": [LOOK] if number % 3 == 0 else []}
        line = {"type": "LineString", "coordinates": network.line_of(int(road)).tolist()}
        yield feature(line, id=f"z{number}", **more)


@pytest.mark.benchmark
def test_import_of_1000_and_audit_of_10000_closures(tmp_path):
    network, rules = demo_network(), settings()
    index, features = RoadIndex(network), list(drawn_closures(network, 1000))
    index.roads_along(index.lines[0], within_m=1.0)
    begin = perf_counter()
    closures = read_closure_features(features, index, rules, where="bench")
    matched = perf_counter()
    store = open_store(f"sqlite:///{tmp_path / 'bench.sqlite'}")
    with transaction(store, writes=True) as connection:
        METADATA.create_all(connection)
        begin_import = perf_counter()
        import_closures(connection, closures, NOON)
    print(f"\n1,000 closures: {matched - begin:.2f} s to match, {perf_counter() - begin_import:.2f} s to store")
    many = [replace(closures[number % 1000], id=f"m{number}") for number in range(9000)]
    with transaction(store, writes=True) as connection:
        import_closures(connection, many, NOON)
    with transaction(store, writes=False) as connection:
        begin, begin_busy = perf_counter(), process_time()
        found = run_audit(connection, county_of(network, rules), at=NOON)
    busy = process_time() - begin_busy  # the same on a machine that others use too
    print(f"{found.checked} audited: {perf_counter() - begin:.2f} s ({busy:.2f} s of a processor)", end=", ")
    print(f"{len(found.findings)} findings")
    store.dispose()
