import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trips import grid_world, place, world_of


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def kinds(trip):
    return [(section.way, section.kind) for section in trip.sections]


def test_small_roads_before_and_after_the_highway_are_first_and_last_mile(world):
    far = world.with_places(place("mill", "hub", 113.035, 33.04))
    trip = far.plan("village", "mill")
    assert kinds(trip) == [("out", "first_mile"), ("out", "highway"), ("out", "last_mile")]
    assert [section.to_m for section in trip.sections] == pytest.approx([2223.9, 4447.8, 5845.8], abs=1)


def test_small_roads_between_two_highways_belong_to_the_highway_section(world):
    cut = world.closing("n2")
    trip = cut.plan("clinic", "east")
    assert cut.roads(trip) == ["c1", "c3", "c2", "n1"]
    assert kinds(trip) == [("out", "highway")]


def test_a_trip_on_small_roads_alone_is_local(world):
    trip = world.with_places(place("mill", "hub", 113.035, 33.04)).plan("park", "mill")
    assert kinds(trip) == [("out", "local")]


def test_the_way_back_has_sections_of_its_own(world):
    trip = world.plan("village", "east", round_trip=True)
    assert kinds(trip) == [
        ("out", "first_mile"),
        ("out", "highway"),
        ("back", "highway"),
        ("back", "last_mile"),
    ]


def test_a_section_names_its_roads_once_in_a_row(world):
    assert [section.roads for section in world.plan("village", "east").sections] == [(), ("G999",)]


@given(st.integers(0, 30), st.lists(st.integers(0, 35), min_size=2, max_size=4, unique=True), st.booleans())
@settings(max_examples=100, deadline=None)
def test_sections_cover_the_whole_route_without_gap_or_overlap(seed, spots, round_trip):
    first, *via, last = [f"{113.0 + spot % 6 * 0.01},{33.0 + spot // 6 * 0.01}" for spot in spots]
    trip = grid_world(seed).plan(first, last, via=via, round_trip=round_trip)
    edges = [0.0, *(section.to_m for section in trip.sections)]
    assert [section.from_m for section in trip.sections] == edges[:-1]
    assert edges[-1] == pytest.approx(trip.distance_m, abs=0.01)
    assert edges == sorted(edges)
    assert sum(section.duration_s for section in trip.sections) == pytest.approx(trip.duration_s, abs=0.001)
