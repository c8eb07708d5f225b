"""An answer is right only if it runs over open roads from end to end and takes as long as it says and must."""

from __future__ import annotations

import pytest

from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from tests.networks import Road, make_network, one_way
from web.bench.judging import Tally, Truth, is_right
from web.bench.road_arcs import road_arcs
from web.bench.router import Found, Rounding

#: A to B by road 0 or the longer road 1, B to C by road 2, one way by road 3; 36 km/h.
ROADS = (Road("a", "A", "B", 1000.0), Road("b", "A", "B", 1500.0), Road("c", "B", "C", 1000.0), one_way("d", "C", "A"))
ARCS = road_arcs(make_network(ROADS), Vehicle(), speeds_kmh=dict.fromkeys(RoadClass, 36.0))
A, C = 0, 2
OPEN = Truth(A, C, frozenset(), 200_000)


def test_the_least_time_route_is_right():
    assert is_right(Found(200_000, [0, 4]), OPEN, ARCS)


@pytest.mark.parametrize(
    "found",
    [
        None,
        Found(199_999, [0, 4]),
        Found(250_000, [2, 4]),
        Found(200_000, [2, 4]),
        Found(200_000, [4, 0]),
        Found(200_000, [0]),
        Found(200_000, []),
        Found(100_000, [7]),
        Found(200_000, [0, 99]),
    ],
    ids=["none", "lie", "detour", "detour-said-short", "disorder", "half", "empty", "against-one-way", "no-such-arc"],
)
def test_anything_else_is_wrong(found):
    assert not is_right(found, OPEN, ARCS)


def test_a_route_over_a_closed_road_is_wrong_even_if_it_is_the_shortest():
    closed = Truth(A, C, frozenset([0]), 250_000)
    assert not is_right(Found(200_000, [0, 4]), closed, ARCS)
    assert is_right(Found(250_000, [2, 4]), closed, ARCS)


@pytest.mark.parametrize(("said_ms", "way", "is_near"), [(200_090, [0, 4], True), (200_300, [0, 4], False)])
def test_a_router_that_rounds_may_be_that_far_off(said_ms, way, is_near):
    assert is_right(Found(said_ms, way), OPEN, ARCS, rounding=Rounding(ms=100.0, share=0.0005)) is is_near


def test_rounding_excuses_no_detour_no_gap_and_no_closed_road():
    rounding = Rounding(ms=100.0, share=0.0005)
    assert not is_right(Found(250_000, [2, 4]), OPEN, ARCS, rounding=rounding)
    assert not is_right(Found(200_000, [2, 4]), OPEN, ARCS, rounding=rounding)
    assert not is_right(Found(200_000, [4, 0]), OPEN, ARCS, rounding=rounding)
    assert not is_right(Found(200_000, [0, 4]), Truth(A, C, frozenset([0]), 200_000), ARCS, rounding=rounding)


@pytest.mark.parametrize("row", [[100, 200], [100, 200, 301], [100, 200, float("inf")], [100, 200, float("nan")], 200])
def test_a_row_of_a_matrix_is_right_only_as_a_whole(row):
    assert Rounding().allows([100, 200, 300], [100, 200, 300])
    assert Rounding().allows([float("inf")], [float("inf")])
    assert not Rounding().allows(row, [100, 200, 300])


def test_where_no_way_is_left_only_no_route_is_right():
    cut_off = Truth(A, C, frozenset([2]), None)
    assert is_right(None, cut_off, ARCS)
    assert not is_right(Found(200_000, [0, 4]), cut_off, ARCS)


def test_a_tally_gives_the_share_of_wrong_answers():
    tally = Tally()
    for right in (True, False, True, True):
        tally.count(right=right)
    assert (tally.judged, tally.wrong, tally.wrong_share) == (4, 1, 0.25)
