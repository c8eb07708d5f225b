import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from routing.route import leg_line, measure_legs, route_geometry
from routing.trips.line import line_of_route, plane_positions, rounded_points, vertices_of
from tests.trips import grid_world, place, world_of


def lines_of(world, trip):
    return [line_of_route(route, world.trip_map.network) for route in trip.routes]


def test_positions_in_the_plane_are_summed_steps():
    assert plane_positions(np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])).tolist() == [0.0, 5.0, 11.0]


def test_a_line_that_stays_on_one_spot_still_has_two_points(small_county):
    world = world_of(small_county).with_places(place("a", "hub", 113.03, 33.02), place("b", "hub", 113.03, 33.0201))
    trip = world.plan("a", "b")
    assert trip.distance_m == 0
    assert len(rounded_points(np.vstack([one.lonlat for one in lines_of(world, trip)]))) == 2


@given(st.integers(0, 30), st.lists(st.integers(0, 35), min_size=2, max_size=3, unique=True))
@settings(max_examples=40, deadline=None)
def test_the_line_is_that_of_the_routes_and_never_runs_back_in_time(seed, spots):
    world = grid_world(seed)
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    trip = world.plan(first, last, via=via)
    lines = lines_of(world, trip)
    for line in lines:
        assert (np.diff(line.clock_s) >= -1e-9).all()
        assert (np.diff(line.along_m) >= -1e-9).all()
    assert sum(line.along_m[-1] for line in lines) == pytest.approx(trip.distance_m)
    whole = [point for route in trip.routes for point in route_geometry(route, world.trip_map.network)]
    assert {tuple(np.round(point, 6)) for point in whole} == {tuple(point) for point in trip.geometry}


@given(st.integers(0, 30), st.integers(0, 35), st.integers(0, 35), st.floats(0, 0.009), st.floats(0, 0.009))
@settings(max_examples=40)
def test_the_line_of_a_route_is_that_of_its_legs_end_to_end(seed, start, end, east, north):
    world = grid_world(seed)
    ends = [f"{113.0 + one % 6 * 0.01 + east},{33.0 + one // 6 * 0.01 + north}" for one in (start, end)]
    network, plane = world.trip_map.network, world.trip_map.road_index.plane
    try:
        trip = world.plan("113.0,33.0", ends[0], via=[ends[1]])
    except BadInputError as error:
        if error.code != "stop-twice-in-a-row":
            raise
        reject()
    for route in trip.routes:
        expected = [leg_line(leg, network, plane=plane) for leg in route.legs]
        assert vertices_of(route, network) == pytest.approx(np.vstack(expected), abs=1e-9)
        line = line_of_route(route, network)
        assert np.diff(line.leg_start).tolist() == [len(one) for one in expected]
        assert (line.along_m[-1], line.clock_s[-1]) == pytest.approx((route.distance_m, route.duration_s))
        assert line.position_m == pytest.approx(plane_positions(line.plane_m))


@given(st.integers(0, 30), st.integers(0, 35), st.floats(0, 0.009))
@settings(max_examples=30)
def test_what_legs_measure_is_the_same_whether_they_are_spelled_out_or_not(seed, spot, east):
    world = grid_world(seed)
    (route,) = world.plan("113.003,33.0", f"{113.0 + spot % 6 * 0.01 + east},{33.0 + spot // 6 * 0.01 + 0.004}").routes
    for told, spelled in zip(route.measures, measure_legs(route.legs), strict=True):
        assert told.tolist() == spelled.tolist()
