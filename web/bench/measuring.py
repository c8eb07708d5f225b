"""Send every router over the course: in turns, run by run, so that a busy machine slows all of them alike.

**One run** is one case for every router, in an order that shifts by one from run to run; ratios are taken within a run.
Before its clock starts a router answers one question unmeasured, so that none pays for the memory another one used.
**To the first correct route** means closing (or opening) and one route with its roads. A router that has used up its
budget of time for a measure makes no further runs of it; the number of runs is part of the result.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from web.bench.course import Case, Course
from web.bench.judging import Truth
from web.bench.lane import Failed, Lane
from web.bench.oracle import Oracle
from web.bench.quiet import memory_bytes, without_collecting
from web.bench.road_arcs import RoadArcs
from web.bench.router import RestartingRouter, Router, rounding_of

#: Rows of the matrix that the oracle computes too.
MATRIX_ROWS_JUDGED: Final = 3
NOTHING: Final[frozenset[int]] = frozenset()
#: Told what is being measured.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Track:
    """Where the routers run: the roads, what is asked, and who knows the truth."""

    arcs: RoadArcs
    course: Course
    oracle: Oracle


def _open(case: Case) -> Truth:
    return Truth(case.origin, case.destination, NOTHING, case.open_ms)


def _closed(case: Case) -> Truth:
    return Truth(case.origin, case.destination, frozenset(case.roads.tolist()), case.closed_ms)


def _in_turns(lanes: Sequence[Lane], runs: int, measure: str) -> Iterator[tuple[int, Lane, Router]]:
    """Yield run, lane and router: everybody once a run, another one first each time."""
    ready = [(lane, lane.router) for lane in lanes if lane.router is not None]
    for run in range(runs):
        for place in range(len(ready)):
            lane, router = ready[(run + place) % len(ready)]
            if lane.has_time(measure):
                yield run, lane, router
    gc.collect()


def make_routers(lanes: Sequence[Lane], arcs: RoadArcs, *, repeats: int) -> None:
    """Measure "preprocess": from the roads to a router that has closures, queries and weights ready."""
    for lane in lanes:
        before = memory_bytes()
        made = lane.time("preprocess", 0, partial(lane.make, arcs))
        after = memory_bytes()
        if isinstance(made, Failed):
            continue
        lane.router = made
        if before is not None and after is not None:
            lane.record.memory_bytes = max(0, after - before)
    for run, lane, _ in _in_turns(lanes, repeats, "preprocess"):
        if run:
            lane.time("preprocess", run, partial(lane.make, arcs))
            gc.collect()


def _measure_restart(lanes: Sequence[Lane], track: Track, *, repeats: int) -> None:
    """Measure "restart": what took long to prepare read back from disk, until a router is ready again."""
    case = track.course.queries[0]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for run, lane, router in _in_turns(lanes, repeats, "restart"):
            if not isinstance(router, RestartingRouter):
                continue
            if run == 0:
                lane.attempt(partial(router.keep, folder))
            fresh = lane.time("restart", run, partial(router.restart, folder))
            if not isinstance(fresh, Failed):
                lane.judge(lane.attempt(partial(fresh.route, case.origin, case.destination)), _open(case), track.arcs)


def _measure_queries(lanes: Sequence[Lane], track: Track, *, repeats: int) -> None:
    runs = min(repeats, len(track.course.queries))
    for run, lane, router in _in_turns(lanes, runs, "query"):
        cases = track.course.queries[run::runs]
        lane.attempt(partial(router.route, cases[0].destination, cases[0].origin))

        def answer_all(router: Router = router, cases: Sequence[Case] = cases) -> list[Any]:
            return [router.route(case.origin, case.destination) for case in cases]

        answers = lane.time("query", run, answer_all, share=len(cases))
        if not isinstance(answers, Failed):
            for case, answer in zip(cases, answers, strict=True):
                lane.judge(answer, _open(case), track.arcs)


def _close_and_route(router: Router, case: Case) -> Any:
    router.close(case.roads)
    return router.route(case.origin, case.destination)


def _reopen_and_route(router: Router, case: Case) -> Any:
    router.reopen()
    return router.route(case.origin, case.destination)


def _measure_closing(lanes: Sequence[Lane], track: Track, measure: str) -> None:
    cases = track.course.closures[measure]
    for run, lane, router in _in_turns(lanes, len(cases), measure):
        case = cases[run]
        lane.attempt(partial(router.route, case.destination, case.origin))
        closed = lane.time(measure, run, partial(_close_and_route, router, case))
        lane.judge(closed, _closed(case), track.arcs)
        reopened = lane.time(measure.replace("close", "reopen"), run, partial(_reopen_and_route, router, case))
        lane.judge(reopened, _open(case), track.arcs)


def _measure_what_ifs(lanes: Sequence[Lane], track: Track) -> None:
    cases = track.course.what_ifs
    for run, lane, router in _in_turns(lanes, len(cases), "what-if"):
        case = cases[run]
        lane.attempt(partial(router.route, case.destination, case.origin))
        answer = lane.time("what-if", run, partial(router.what_if, case.roads, case.origin, case.destination))
        lane.judge(answer, _closed(case), track.arcs)
        del answer
        lane.judge(lane.attempt(partial(router.route, case.origin, case.destination)), _open(case), track.arcs)


def _judge_cut_off(lanes: Sequence[Lane], track: Track) -> None:
    """Judge, unmeasured, what routers say where nothing but closed roads is left."""
    for lane in lanes:
        if lane.router is None:
            continue
        for case in track.course.cut_off:
            answer = lane.attempt(partial(_close_and_route, lane.router, case))
            lane.judge(answer, _closed(case), track.arcs)
            answer = lane.attempt(partial(_reopen_and_route, lane.router, case))
            lane.judge(answer, _open(case), track.arcs)


def _measure_matrix(lanes: Sequence[Lane], track: Track, *, repeats: int) -> None:
    origins, destinations = track.course.matrix_ends
    rows = range(min(MATRIX_ROWS_JUDGED, len(origins)))
    truth = [track.oracle.all_ms(int(origins[row]))[destinations] for row in rows]
    for run, lane, router in _in_turns(lanes, repeats, "matrix"):
        matrix = lane.time("matrix", run, partial(router.matrix, origins, destinations))
        if not isinstance(matrix, Failed) and run == 0:
            for row, durations in zip(rows, truth, strict=True):
                lane.record.tally.count(right=rounding_of(router).allows(np.asarray(matrix)[row], durations))


def measure_all(lanes: Sequence[Lane], track: Track, *, repeats: int, progress: Progress) -> None:
    """Measure everything, `make_routers` before it; results are in the lanes' records."""
    with without_collecting():
        progress("preprocess")
        make_routers(lanes, track.arcs, repeats=repeats)
        progress("restart")
        _measure_restart(lanes, track, repeats=repeats)
        progress("query")
        _measure_queries(lanes, track, repeats=repeats)
        for measure in track.course.closures:
            progress(measure)
            _measure_closing(lanes, track, measure)
        progress("what-if")
        _measure_what_ifs(lanes, track)
        _judge_cut_off(lanes, track)
        progress("matrix")
        _measure_matrix(lanes, track, repeats=repeats)
