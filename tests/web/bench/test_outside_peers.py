"""OSRM and Valhalla answer a small course like every other router, where their packages are installed."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

from tests.web.bench.conftest import REPEATS
from web.bench.judging import Truth, is_right
from web.bench.lane import Lane, Record
from web.bench.measuring import Track, measure_all
from web.bench.peers import FOLDER, load_peers
from web.bench.router import RestartingRouter, rounding_of

MODULES = {"osrm": "osrm", "valhalla": "valhalla"}


@pytest.fixture(scope="module", params=sorted(MODULES))
def name(request):
    if importlib.util.find_spec(MODULES[request.param]) is None:
        known = "from Python 3.12 on" if sys.version_info < (3, 12) else "`uv run --group bench pytest`"
        pytest.skip(f"{request.param} is not installed: {known}")
    return request.param


@pytest.fixture(scope="module")
def lane(name, arcs, course, oracle):
    (peer,) = load_peers(FOLDER, (name,))
    lane = Lane(Record(peer.name, peer.version), peer.make, budget_s=0.05)
    measure_all([lane], Track(arcs, course, oracle), repeats=REPEATS, progress=lambda _: None)
    return lane


def test_no_answer_is_wrong(lane):
    assert (lane.record.tally.wrong, lane.record.fault) == (0, "")
    assert lane.record.tally.judged > 40
    assert isinstance(lane.router, RestartingRouter)


def test_closings_do_not_outlast_their_lifting(lane, arcs, course):
    case, router = course.closures["close-way-10"][0], lane.router
    router.close(case.roads)
    past = router.read(router.route(case.origin, case.destination))
    router.reopen()
    again = router.read(router.route(case.origin, case.destination))
    closed = Truth(case.origin, case.destination, frozenset(case.roads.tolist()), case.closed_ms)
    opened = Truth(case.origin, case.destination, frozenset(), case.open_ms)
    assert is_right(past, closed, arcs, rounding=rounding_of(router))
    assert is_right(again, opened, arcs, rounding=rounding_of(router))


def test_a_matrix_knows_what_cannot_be_reached(lane, arcs, oracle):
    junctions = np.unique(arcs.network.ends[arcs.usable_roads])
    truth = np.stack([oracle.all_ms(int(one))[junctions] for one in junctions[:3]])
    found = lane.router.matrix(junctions[:3], junctions)
    assert np.array_equal(np.isinf(found), np.isinf(truth))
