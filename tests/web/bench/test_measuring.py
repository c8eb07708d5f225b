"""Every router runs the same course; wrong answers, faults and panics are counted and stop nobody else."""

from __future__ import annotations

import pytest

from tests.benchmarks.peers.networkx import NetworkxRouter
from tests.benchmarks.peers.scipy import ScipyRouter
from tests.web.bench.conftest import REPEATS
from web.bench.lane import Lane, Record
from web.bench.measuring import Track, measure_all
from web.bench.own_engine import OwnEngine
from web.bench.own_hierarchy import OwnHierarchy
from web.bench.results import MEASURES
from web.bench.router import Found


class Panic(BaseException):
    """What compiled code raises: no ordinary exception."""


class Stale(ScipyRouter):
    """Never hears of a closure."""

    def close(self, roads):
        pass

    def reopen(self):
        pass


class Liar(ScipyRouter):
    """Says every route is a millisecond shorter, and every pair of the matrix."""

    def read(self, answer):
        return answer and Found(answer.duration_ms - 1, answer.arcs)

    def matrix(self, origins, destinations):
        return super().matrix(origins, destinations) - 1


class Panicking(ScipyRouter):
    """Fails at snapshots."""

    def what_if(self, roads, origin, destination):
        raise Panic("a result is still alive")


class Recorder(ScipyRouter):
    """Writes down what it is told."""

    def __init__(self, arcs):
        super().__init__(arcs)
        self.told = []

    def route(self, origin, destination):
        self.told.append(("route", origin, destination))
        return super().route(origin, destination)

    def close(self, roads):
        self.told.append(("close", roads.tolist()))
        super().close(roads)

    def reopen(self):
        self.told.append(("reopen",))
        super().reopen()


def run(arcs, course, oracle, makers, budget_s=float("inf")):
    lanes = [Lane(Record(name, ""), make, budget_s=budget_s) for name, make in makers.items()]
    measure_all(lanes, Track(arcs, course, oracle), repeats=REPEATS, progress=lambda _: None)
    return {lane.record.name: lane for lane in lanes}


@pytest.fixture(scope="module")
def lanes(arcs, course, oracle):
    makers = {"own": OwnEngine, "bare": OwnHierarchy, "networkx": NetworkxRouter, "scipy": ScipyRouter}
    return run(arcs, course, oracle, makers | {"stale": Stale, "liar": Liar, "panicking": Panicking})


@pytest.mark.parametrize("name", ["own", "bare", "networkx", "scipy"])
def test_a_right_router_is_never_wrong(lanes, name):
    record = lanes[name].record
    assert (record.tally.wrong, record.fault) == (0, "")
    closures, what_ifs, cut_off, matrix = 7 * 2 * REPEATS, 2 * REPEATS, 2 * 3, 3
    restarts = REPEATS if name == "own" else 0
    assert record.tally.judged == 6 + closures + what_ifs + cut_off + matrix + restarts


@pytest.mark.parametrize("name", ["own", "scipy", "stale"])
def test_every_measure_has_every_run(lanes, name):
    seconds = lanes[name].record.seconds
    measures = [one for one in MEASURES if name == "own" or one != "restart"]
    assert {measure: sorted(runs) for measure, runs in seconds.items() if runs} == {
        measure: list(range(REPEATS)) for measure in measures
    }
    assert all(second > 0 for runs in seconds.values() for second in runs.values())


def test_a_router_that_ignores_closures_is_counted_wrong(lanes, course):
    tally = lanes["stale"].record.tally
    hindered = [case for cases in course.closures.values() for case in cases if case.closed_ms != case.open_ms]
    assert tally.wrong >= len(hindered) + len(course.cut_off) > len(course.cut_off)
    assert tally.wrong < tally.judged


def test_a_router_that_says_other_durations_is_always_wrong_where_there_is_a_route(lanes, course):
    tally = lanes["liar"].record.tally
    assert tally.judged - tally.wrong == len(course.cut_off)


def test_a_panic_is_a_wrong_answer_and_the_rest_goes_on(lanes):
    record = lanes["panicking"].record
    assert record.tally.wrong == REPEATS
    assert record.fault == "Panic: a result is still alive"
    assert len(record.seconds["matrix"]) == REPEATS
    assert "what-if" not in {measure for measure, runs in record.seconds.items() if runs}


def test_a_router_that_cannot_be_made_has_a_fault_and_no_figures(arcs, course, oracle):
    def never(_arcs):
        raise ValueError("too large")

    found = run(arcs, course, oracle, {"own": OwnEngine, "never": never})["never"]
    assert found.record.fault == "ValueError: too large"
    assert found.record.tally.wrong == 1
    assert not any(found.record.seconds.values())


def test_closures_and_questions_are_the_same_for_all(arcs, course, oracle):
    found = run(arcs, course, oracle, {"one": Recorder, "other": Recorder})
    one, other = (lane.router.told for lane in found.values())
    assert one == other
    closed = [roads for what, *roads in one if what == "close"]
    asked = [case.roads.tolist() for cases in course.closures.values() for case in cases]
    assert [roads for [roads] in closed] == asked + [case.roads.tolist() for case in course.cut_off]


@pytest.mark.parametrize(("seconds", "runs"), [(0.1, 20), (2.0, 5), (4.0, 3), (11.0, 1)])
def test_a_slow_router_makes_fewer_runs(seconds, runs):
    lane = Lane(Record("slow", ""), ScipyRouter, budget_s=10.0)
    for run in range(20):
        if lane.has_time("query"):
            lane.record.seconds["query"][run] = seconds
    assert len(lane.record.seconds["query"]) == runs


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_the_person_and_the_machine_may_stop_it(stop):
    def work():
        raise stop

    with pytest.raises(stop):
        Lane(Record("x", ""), ScipyRouter, budget_s=1.0).attempt(work)
