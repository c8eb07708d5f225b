"""A closure comes in force among 50,000 open passes (story 6): found, planned anew, signed and kept, put in force.

Bars, on one core: some 5,400 hit passes found and planned in 1 s, signed and kept in 10 s, put in force in 5 s.
How the passes are made: `TRIPS` applications between every entry point and every firm of the demo county, each at a time
of its own, are issued as single ones are; each is then copied as further trucks with the same trip, with number, plate
and slot of their own and the same application and roads. What is measured reads of each copy all that it would read of
a pass that was issued by itself. The road is the one whose number of passes is nearest to the bar's.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter, process_time

import pytest
import sqlalchemy as sa

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.store import insert_rows, transaction
from geodata.windows import Window
from passes.applications.application import read_application
from passes.applications.office import Office, all_conditions
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import PASSES
from passes.editions.status_register import take_slots
from passes.reissue import planning as reissue_planning
from passes.reissue.finding import Approved, look_for_hits
from passes.reissue.planning import prepare_reissues
from passes.reissue.progress_register import progress_of
from passes.reissue.reissue_register import FOUND, PREPARED, Asked, list_reissues
from passes.reissue.switch import switch_reissues
from passes.ways.ways_register import PASS_STAGES, PASSAGES
from routing.trips.closed_loop import TripPlanner
from routing.trips.trip import trip_map_of
from tests.benchmarks import test_passes
from tests.benchmarks.test_passes import documents, office_of, site  # noqa: F401 - a fixture

OPEN_PASSES = int(os.environ.get("BAOTONG_BENCH_OPEN", "50000"))
TRIPS = int(os.environ.get("BAOTONG_BENCH_TRIPS", "1000"))
WANTED = 5_407 * OPEN_PASSES // 50_000


@contextmanager
def told(what, count):
    """Print what something took, by the clock and on one core."""
    clock, processor = perf_counter(), process_time()
    counted: list[int] = []
    yield counted
    number = counted[0] if counted else count
    clock_s, processor_s = perf_counter() - clock, process_time() - processor
    print(
        f"\n{what}: {number} in {1000 * processor_s:.0f} ms of one core ({1000 * clock_s:.0f} ms by the clock),"
        f" {1000 * processor_s / max(number, 1):.3f} ms each",
        flush=True,
    )


@pytest.fixture(scope="module")
def open_passes(site):  # noqa: F811
    """Open passes, some issued and the others copied from them; the time at which they were made."""
    at, conditions = site.now(), all_conditions(site.county.settings)
    test_passes.PASSES = TRIPS
    with transaction(site.store, writes=True) as connection, told("issue one by one", TRIPS):
        office = office_of(site, connection)
        for one in documents(site, at):
            application = read_application(one, where="", conditions=conditions)
            issue_pass(application, office, key_file=site.key_file, at=at)
    with transaction(site.store, writes=True) as connection, told("copy", OPEN_PASSES - TRIPS):
        originals = [row._asdict() for row in connection.execute(sa.select(PASSES).where(PASSES.c.state == "granted"))]
        stages: dict[str, list[dict[str, object]]] = {}
        for row in connection.execute(sa.select(PASS_STAGES)):
            stages.setdefault(row.jti, []).append(row._asdict())
        for first in range(0, OPEN_PASSES - TRIPS, 5_000):
            keep_copies(connection, originals, stages, range(first, min(first + 5_000, OPEN_PASSES - TRIPS)), at)
    return at


def keep_copies(connection, originals, stages, numbers, at):
    """Keep copies of passes as other trucks."""
    passes, roads = [], []
    for number in numbers:
        row = originals[number % len(originals)]
        jti = f"900000{number:06d}"
        own = {"jti": jti, "number": jti, "roads_of": jti, "edition": 1, "plate": f"豫R{number:05d}"}
        passes.append(tuple({**row, **own}[column.name] for column in PASSES.c))
        roads += [tuple({**one, "jti": jti}[column.name] for column in PASS_STAGES.c) for one in stages[row["jti"]]]
    insert_rows(connection, PASSES, passes)
    insert_rows(connection, PASS_STAGES, roads)
    take_slots(connection, [one[0] for one in passes], at=at)


def road_hit_by(connection, network, count):
    """Return the road whose number of passes is nearest to a count, with its closing both ways for a day and more."""
    asked = sa.select(PASSAGES.c.road_id, sa.func.count(PASSAGES.c.jti.distinct())).group_by(PASSAGES.c.road_id)
    road_id, _ = min(connection.execute(asked).all(), key=lambda row: (abs(row[1] - count), row[0]))
    return int(network.road_index[road_id])


@pytest.mark.benchmark
def test_a_closure_among_fifty_thousand_open_passes(site, open_passes, monkeypatch):  # noqa: F811
    network, at = site.county.network, open_passes
    with transaction(site.store, writes=False) as connection:
        road = road_hit_by(connection, network, WANTED)
    window = Window(at + timedelta(minutes=30), at + timedelta(hours=30))
    closings = (Closing("busy", road, Direction.BOTH, 0.0, float(network.length_m[road]), window),)
    with transaction(site.store, writes=True) as connection, told("found", WANTED) as counted:
        look_for_hits(connection, [Approved("busy", closings)], network=network, at=at)
        counted.append(progress_of(connection, "busy").total)
    states = prepared(site, closings, at, monkeypatch)
    print(dict(states))
    longest, switched = 0.0, 0
    with told("put in force", 0) as counted:
        while True:
            begin = perf_counter()
            with transaction(site.store, writes=True) as connection:
                rows = list_reissues(connection, PREPARED, asked=Asked(due_at=window.start, most=500))
                if not rows:
                    break
                switched += len(switch_reissues(connection, rows, at=window.start))
            longest = max(longest, perf_counter() - begin)
        counted.append(switched)
    print(f"longest transaction {1000 * longest:.0f} ms")
    assert switched == states["prepared"] > 0


def prepared(site, closings, at, monkeypatch):  # noqa: F811
    """Plan and sign all that was found; print what each of the two took."""
    signing_s, keep = 0.0, reissue_planning._keep
    with transaction(site.store, writes=False) as connection:
        engine = site.network.engine(connection, keeps=False).snapshot(closings=closings)

    def timed(*args, **named):
        nonlocal signing_s
        begin = process_time()
        done = keep(*args, **named)
        signing_s += process_time() - begin
        return done

    routes_s, plan = 0.0, TripPlanner.plan

    def routed(planner, request):
        nonlocal routes_s
        begin = process_time()
        trip = plan(planner, request)
        routes_s += process_time() - begin
        return trip

    monkeypatch.setattr(reissue_planning, "_keep", timed)
    monkeypatch.setattr(TripPlanner, "plan", routed)
    states: Counter[str] = Counter()
    begin = process_time()
    while True:
        with transaction(site.store, writes=True) as connection:
            rows = list_reissues(connection, FOUND, asked=Asked(most=200))
            if not rows:
                break
            office = Office(connection, site.county.settings, trip_map_of(site.county), engine)
            done = prepare_reissues(office, rows, key_file=site.key_file, at=at)
            states.update(one.state for one in done)
    planning_s = process_time() - begin - signing_s
    count = max(1, states.total())
    print(f"\nrouted anew: {count} in {1000 * routes_s:.0f} ms of one core, {1000 * routes_s / count:.3f} ms each")
    print(
        f"planned, every rule asked: {count} in {1000 * planning_s:.0f} ms of one core, {1000 * planning_s / count:.3f} ms each"
    )
    print(f"signed and kept: {count} in {1000 * signing_s:.0f} ms of one core, {1000 * signing_s / count:.3f} ms each")
    return states
