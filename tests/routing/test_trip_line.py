import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.route import route_geometry
from routing.trips.line import line_of_trip, plane_positions, points_of
from tests.trips import START, grid_world, minutes, place, world_of


def line_of(world, trip):
    plane = world.trip_map.road_index.plane
    return line_of_trip(trip.routes, [one.leave_at for one in trip.stops[:-1]], world.trip_map.network, plane=plane)


def test_distance_and_time_grow_along_the_line_and_pause_at_stops(small_county):
    world = world_of(small_county)
    trip = world.plan("clinic", "firm", via=["village"], dwell_min=20)
    line = line_of(world, trip)
    first, second = line.part(0, 0), line.part(1, 1)
    assert line.clock_s[second][0] - line.clock_s[first][-1] == pytest.approx(20 * 60, abs=1)
    assert line.along_m[-1] == pytest.approx(trip.distance_m)
    assert line.instant(90.4) == START + minutes(1.5)


def test_positions_in_the_plane_are_summed_steps():
    assert plane_positions(np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])).tolist() == [0.0, 5.0, 11.0]


def test_a_line_that_stays_on_one_spot_still_has_two_points(small_county):
    world = world_of(small_county).with_places(place("a", "hub", 113.03, 33.02), place("b", "hub", 113.03, 33.0201))
    trip = world.plan("a", "b")
    assert trip.distance_m == 0
    assert len(points_of(line_of(world, trip))) == 2


@given(st.integers(0, 30), st.lists(st.integers(0, 35), min_size=2, max_size=3, unique=True))
@settings(max_examples=40, deadline=None)
def test_the_line_is_that_of_the_routes_and_never_runs_back_in_time(seed, spots):
    world = grid_world(seed)
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    trip = world.plan(first, last, via=via)
    line = line_of(world, trip)
    assert (np.diff(line.clock_s) >= -1e-9).all()
    assert (np.diff(line.along_m) >= -1e-9).all()
    whole = [point for route in trip.routes for point in route_geometry(route, world.trip_map.network)]
    assert {tuple(np.round(point, 6)) for point in whole} == {tuple(point) for point in trip.geometry}
