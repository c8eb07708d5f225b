"""An order of travel: near ones first, no stretch that turning round would shorten, unreachable ones last."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.snapping import RoadIndex
from geodata.vehicles import Vehicle
from routing.engine import Engine
from routing.order_of_travel import order_by_road, order_of_travel
from tests.closure_cases import NOON
from tests.closure_cases import settings as rules


def length(order, cost):
    route = [0, *order]
    return cost[route[:-1], route[1:]].sum()


def between(points):
    return np.abs(points[:, None] - points[None, :]).astype(float)


def test_places_along_one_road_are_visited_as_they_come():
    assert order_of_travel(between(np.array([0, 30, 10, 20]))) == (2, 3, 1)


def test_no_place_and_one_place():
    assert order_of_travel(np.zeros((1, 1))) == ()
    assert order_of_travel(np.zeros((2, 2))) == (1,)


def test_a_place_without_a_way_comes_last():
    cost = between(np.array([0, 5, 10, 15]))
    cost[:, 1] = cost[1, :] = np.inf
    assert order_of_travel(cost)[-1] == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=7))
def test_no_turned_stretch_is_shorter_and_every_place_comes_once(places):
    spots = np.array(places, dtype=float)
    cost = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    order = order_of_travel(cost)
    assert sorted(order) == list(range(1, len(places)))
    for first in range(len(order)):
        for last in range(first + 1, len(order)):
            turned = [*order[:first], *order[first : last + 1][::-1], *order[last + 1 :]]
            assert length(turned, cost) >= length(order, cost) - 1e-6


def test_on_a_few_places_it_is_near_the_shortest():
    spots = np.random.default_rng(7).random((7, 2)) * 1000
    cost = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    best = min(length(one, cost) for one in permutations(range(1, 7)))
    assert length(order_of_travel(cost), cost) <= 1.25 * best


def test_one_way_times_count_in_the_direction_driven():
    cost = np.array([[0.0, 1, 9, 9], [9, 0, 1, 9], [9, 9, 0, 1], [9, 9, 9, 0]])
    assert order_of_travel(cost) == (1, 2, 3)


def test_order_by_road_follows_driving_times(small_county):
    engine = Engine(small_county.network, speeds_kmh=rules().speeds_kmh)
    index, usable = RoadIndex(small_county.network), engine.usable_roads(Vehicle())
    clinic, park, east, village = (
        index.snap(*spot, usable=usable) for spot in ((113.02, 33.02), (113.05, 33.04), (113.08, 33.02), (113.02, 33.0))
    )
    order = order_by_road(engine, clinic, [east, park, village], vehicle=Vehicle(), depart_at=NOON)
    assert order[0] == 2
    assert order_by_road(engine, clinic, [], vehicle=Vehicle(), depart_at=NOON) == ()
