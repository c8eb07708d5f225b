from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from routing.corridor import MARGIN_M, corridor_line
from routing.corridor_distance import distance_to_corridor_m
from tests.trips import grid_world, place, world_of


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def draw(world, trip, most_points):
    return corridor_line(trip, world.trip_map.network).corridor(most_points)


def test_a_straight_route_needs_two_points_and_the_margin_alone(world):
    corridor = draw(world, world.plan("clinic", "east"), 20)
    assert corridor.points == ((113.02, 33.02), (113.08, 33.02))
    assert MARGIN_M <= corridor.tolerance_m <= MARGIN_M + 10


def test_fewer_points_mean_a_larger_tolerance(world):
    trip = world.plan("village", "park")
    tolerances = [draw(world, trip, most).tolerance_m for most in (2, 3, 4)]
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[0] > 500
    assert tolerances[2] < 110


def test_the_way_back_by_the_way_out_costs_no_points(world):
    out, both = (draw(world, world.plan("village", "park", round_trip=back), 20) for back in (False, True))
    assert both.points == out.points


def test_the_way_back_by_other_roads_is_covered(world):
    trip = world.plan("clinic", "firm", via=["village", "park"], round_trip=True)
    corridor = draw(world, trip, 20)
    assert corridor.tolerance_m < 110
    assert distance_to_corridor_m(corridor.points, 113.035, 33.04) < 1


def test_the_points_have_the_decimals_that_a_pass_carries(world):
    corridor = draw(world, world.plan("clinic", "113.04123456,33.02"), 20)
    assert all(round(value, 4) == value for point in corridor.points for value in point)


def test_a_trip_round_one_block_has_a_corridor_of_two_points(world):
    trip = world.plan("clinic", "clinic", via=["firm", "park"])
    corridor = draw(world, trip, 2)
    assert len(corridor.points) == 2
    assert corridor.tolerance_m > 2000


def test_a_corridor_of_fewer_than_two_points_is_refused(world):
    with pytest.raises(BadInputError, match="corridor-points-too-few"):
        draw(world, world.plan("clinic", "firm"), 1)


def test_a_trip_that_hardly_moves_has_a_corridor(world):
    corridor = draw(world, world.plan("113.03,33.02", "113.03001,33.02"), 10)
    assert len(corridor.points) == 2
    assert corridor.tolerance_m <= MARGIN_M + 10


def test_a_trip_that_does_not_move_at_all_has_a_corridor(world):
    both = world.with_places(place("a", "hub", 113.03, 33.02), place("b", "hub", 113.03, 33.0201))
    corridor = draw(world, both.plan("a", "b"), 10)
    assert (len(corridor.points), corridor.tolerance_m) == (2, MARGIN_M)


def test_only_the_roads_count_not_the_times(world):
    trip = world.plan("clinic", "firm")
    assert draw(world, replace(trip, stops=()), 9) == draw(world, trip, 9)


@given(
    st.integers(0, 30),
    st.lists(st.integers(0, 35), min_size=2, max_size=4, unique=True),
    st.booleans(),
    st.integers(2, 40),
)
@settings(max_examples=80, deadline=None)
def test_the_corridor_covers_every_point_of_the_route(seed, spots, round_trip, most_points):
    world = grid_world(seed)
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    trip = world.plan(first, last, via=via, round_trip=round_trip)
    corridor = draw(world, trip, most_points)
    line = np.array(trip.geometry)
    walked = [start + share * (end - start) for start, end in pairwise(line) for share in (0, 0.5, 1)]
    farthest_m = max(distance_to_corridor_m(corridor.points, *point) for point in walked)
    assert 2 <= len(corridor.points) <= most_points
    assert farthest_m <= corridor.tolerance_m - MARGIN_M + 1
    assert corridor.tolerance_m <= farthest_m + MARGIN_M + 120
