from dataclasses import replace
from datetime import timedelta

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.areas import Area
from geodata.policy_reading import load_profile
from geodata.windows import Window
from tests.trips import START, World, grid_world, minutes, place, square, test_end, world_of

ROUND_B = (113.045, 33.015, 113.055, 33.025)


@pytest.fixture
def world(small_county):
    return world_of(small_county)


@pytest.fixture
def diseased(world):
    """The small county under the animal-disease regime."""
    policy = load_profile("animal-disease")
    settings = replace(world.trip_map.settings, policy=policy, policies={policy.regime.id: policy})
    return World(replace(world.trip_map, settings=settings))


def ways(trip):
    return [(one.area_id, one.how) for one in trip.areas]


def test_a_way_into_an_area_is_in(world):
    (crossing,) = world.plan("clinic", "firm").areas
    assert (crossing.area_id, crossing.kind, crossing.how) == ("zone", "emergency", "in")
    assert START < crossing.enter_at < crossing.leave_at


def test_a_way_out_of_an_area_is_out(world):
    (crossing,) = world.plan("firm", "clinic").areas
    assert (crossing.how, crossing.enter_at) == ("out", START)


def test_a_round_trip_goes_in_and_comes_out(world):
    assert ways(world.plan("clinic", "firm", round_trip=True)) == [("zone", "in"), ("zone", "out")]


def test_a_way_that_only_passes_is_through_with_its_times(world):
    trip = world.with_areas(square(*ROUND_B)).plan("clinic", "east")
    (crossing,) = trip.areas
    share = (crossing.enter_at - START) / (trip.arrive_at - START)
    assert (crossing.how, share) == ("through", pytest.approx(25 / 60, abs=0.01))


def test_a_way_that_stays_within_is_inside(world):
    assert ways(world.with_areas(square(113.0, 32.99, 113.1, 33.05)).plan("clinic", "firm")) == [("square", "inside")]


def test_a_way_from_inside_to_inside_through_the_outside_is_reported_as_out_and_in(world):
    parts = shapely.MultiPolygon([shapely.box(113.01, 33.03, 113.03, 33.05), shapely.box(113.01, 32.99, 113.03, 33.01)])
    assert ways(world.with_areas(Area("two", "two", "emergency", parts)).plan("village", "firm")) == [
        ("two", "out"),
        ("two", "in"),
    ]


def test_a_way_from_inside_to_inside_through_a_notch_is_out_and_in(world):
    polygon = shapely.box(113.0, 32.99, 113.1, 33.06) - shapely.box(113.0, 33.005, 113.1, 33.035)
    assert ways(world.with_areas(Area("u", "u", "emergency", polygon)).plan("village", "firm")) == [
        ("u", "out"),
        ("u", "in"),
    ]


def test_a_sampling_stop_in_an_area_is_no_end(world):
    station = world.with_places(place("z-near", "sampling_station", 113.05, 33.02)).with_areas(square(*ROUND_B))
    trip = station.plan("clinic", "east", condition_ends=(test_end("甲", 4),))
    assert trip.stops[1].kind == "sampling"
    assert ways(trip) == [("square", "through")]


def test_a_via_stop_in_an_area_is_an_end(world):
    trip = (
        world.with_places(place("shop", "hub", 113.05, 33.02))
        .with_areas(square(*ROUND_B))
        .plan("clinic", "east", via=["shop"])
    )
    assert ways(trip) == [("square", "in"), ("square", "out")]


def test_a_stop_inside_whose_road_runs_outside_is_an_end_inside(world):
    yard = world.with_places(place("yard", "hub", 113.035, 33.022)).with_areas(square(113.03, 33.021, 113.04, 33.03))
    assert ways(yard.plan("clinic", "yard")) == [("square", "in")]
    assert ways(yard.plan("yard", "clinic")) == [("square", "out")]


def test_touching_an_edge_for_a_few_metres_is_no_crossing(world):
    sliver = square(113.04, 33.01, 113.0402, 33.03)
    assert ways(world.with_areas(sliver).plan("clinic", "east")) == []


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(START - timedelta(days=1), START), []),
        (Window(START + minutes(2), START + minutes(3)), [("square", "through")]),
        (Window(START + timedelta(days=1)), []),
        (Window(START - timedelta(days=1)), [("square", "through")]),
        (None, [("square", "through")]),
    ],
)
def test_only_areas_in_force_meanwhile_are_crossed(world, window, expected):
    assert ways(world.with_areas(square(*ROUND_B, window=window)).plan("clinic", "east")) == expected


def test_a_township_is_no_area_of_a_regime(world):
    assert ways(world.with_areas(square(*ROUND_B, kind="township")).plan("clinic", "east")) == []


def test_a_buffer_of_the_kind_widens_the_area(world, diseased):
    beside = square(113.06, 33.03, 113.07, 33.04, kind="infected_zone")
    assert ways(world.with_areas(beside).plan("clinic", "east")) == []
    assert ways(diseased.with_areas(beside).plan("clinic", "check")) == [("square", "in")]


def test_checkpoints_are_passed_in_order_with_time_and_distance(world):
    posts = [place("p1", "checkpoint", 113.04, 33.02), place("p2", "checkpoint", 113.03, 33.0203)]
    trip = world.with_places(*posts).plan("east", "clinic")
    assert [one.place_id for one in trip.checkpoints] == ["check", "p1", "p2"]
    assert [round(one.along_m, -1) for one in trip.checkpoints] == [1400, 3730, 4660]
    assert START < trip.checkpoints[0].at < trip.checkpoints[2].at < trip.arrive_at


def test_a_checkpoint_farther_than_60_m_is_not_passed(world):
    posts = [place("off", "checkpoint", 113.04, 33.0206), place("on", "checkpoint", 113.04, 33.0205)]
    assert [one.place_id for one in world.with_places(*posts).plan("clinic", "park").checkpoints] == ["on"]


def test_a_checkpoint_is_passed_again_on_the_way_back(world):
    trip = world.plan("clinic", "east", round_trip=True)
    assert [one.place_id for one in trip.checkpoints] == ["check", "check"]


def test_a_checkpoint_at_a_stop_is_passed_once(world):
    gate = world.with_places(place("gate", "checkpoint", 113.05, 33.0199), place("shop", "hub", 113.05, 33.02))
    trip = gate.plan("clinic", "park", via=["shop"])
    assert [one.place_id for one in trip.checkpoints] == ["gate"]


@given(st.integers(0, 30), st.lists(st.integers(0, 35), min_size=2, max_size=4, unique=True), st.booleans())
@settings(max_examples=100, deadline=None)
def test_crossings_agree_with_points_walked_along_the_line(seed, spots, round_trip):
    world = grid_world(seed)
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    trip = world.plan(first, last, via=via, round_trip=round_trip)
    line = shapely.LineString(trip.geometry)
    inside = line.intersection(world.trip_map.areas[0].polygon).length * 100_000
    assert bool(trip.areas) == (inside > 25) or inside < 60
    assert all(trip.depart_at <= one.enter_at <= one.leave_at <= trip.end_at for one in trip.areas)
    assert [one.enter_at for one in trip.areas] == sorted(one.enter_at for one in trip.areas)
