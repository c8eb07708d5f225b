from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.road_classes import RoadClass
from geodata.snapping import RoadIndex
from routing.end_options import EndOption, choose_options
from routing.errors import NoRouteError
from routing.trip import TripMap
from routing.trip_router import TripRouter
from tests.networks import make_network, one_way
from tests.trips import START, TRUCK, World, grid_world, minutes, place, world_of

OUTSIDE = "410100 郑州市"
SOUTH = place("south", "entry_point", 113.02, 33.0)


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def test_the_entry_point_of_least_time_is_taken(world):
    both = world.with_places(SOUTH)
    assert both.plan(OUTSIDE, "clinic").entry_point == "south"
    assert both.plan(OUTSIDE, "check").entry_point == "east"


def test_a_given_entry_point_is_taken_by_id_or_name(world):
    both = world.with_places(SOUTH)
    assert both.plan(OUTSIDE, "clinic", entry_point="东入县口").entry_point == "east"
    named = {"area_code": "410100", "name": "郑州市", "entry_point": "east"}
    assert both.plan(named, "clinic").entry_point == "east"


def test_a_round_trip_counts_the_way_back_too(world):
    one_sided = world.with_places(SOUTH).closing("v1")
    assert one_sided.plan(OUTSIDE, "clinic", round_trip=True).entry_point == "east"


def test_the_receiving_point_of_least_time_is_taken(world):
    two = world.with_places(place("a-dock", "receiving_point", 113.05, 33.04, owner="firm"))
    assert two.plan("clinic", "firm").stops[-1].place_id == "dock"
    assert two.plan("check", "firm").stops[-1].place_id == "a-dock"
    assert two.plan("firm", "check").stops[0].place_id == "a-dock"


def test_receiving_points_of_equal_time_are_taken_by_id(world):
    twin = world.with_places(place("a-dock", "receiving_point", 113.02, 33.04, owner="firm"))
    assert twin.plan("clinic", "firm").stops[-1].place_id == "a-dock"


def test_a_county_without_entry_point_says_so(world):
    with pytest.raises(BadInputError) as caught:
        world.without_places("east").plan(OUTSIDE, "firm")
    assert (caught.value.code, caught.value.where) == ("entry-point-missing", "origin")


def test_another_kind_of_place_is_no_entry_point(world):
    with pytest.raises(BadInputError) as caught:
        world.plan(OUTSIDE, "firm", entry_point="clinic")
    assert (caught.value.code, caught.value.where) == ("not-an-entry-point", "origin: entry_point")


def test_an_unknown_entry_point_is_refused(world):
    with pytest.raises(BadInputError, match="place-unknown"):
        world.plan(OUTSIDE, "firm", entry_point="西入县口")


def test_an_entry_point_without_road_is_refused(world):
    far = place("far", "entry_point", 113.3, 33.3)
    with pytest.raises(BadInputError, match="entry-point-unreachable"):
        world.with_places(far).plan(OUTSIDE, "firm", entry_point="far")


def test_closures_that_cut_every_entry_point_are_named(world):
    with pytest.raises(NoRouteError) as caught:
        world.with_places(SOUTH).closing("v1", closure_id="7").closing("n1", closure_id="9").plan(OUTSIDE, "firm")
    assert caught.value.code == "no-route"
    assert caught.value.no_route.blocking in {("7",), ("9",)}
    assert caught.value.facts["origin"] == "郑州市"


def test_a_truck_comes_in_by_one_carriageway_and_leaves_by_the_other():
    at = {"A": (113.0, 33.0), "in": (113.02, 33.0), "out": (113.02, 33.0003)}
    roads = [one_way("inward", "in", "A", 1866.0), one_way("outward", "A", "out", 1866.0)]
    network = make_network(roads, at)
    assert {network.class_of(0), network.class_of(1)} == {RoadClass.COUNTY}
    world = World(TripMap(network, RoadIndex(network), grid_world(0).trip_map.places))
    world = world.without_places(*world.trip_map.places.by_id).with_places(
        place("gate", "entry_point", 113.02, 33.0001), place("yard", "hub", 113.001, 33.0)
    )
    assert world.roads(world.plan(OUTSIDE, {"place": "yard"})) == ["inward"]
    assert world.roads(world.plan({"lon": 113.0005, "lat": 33.0003}, OUTSIDE)) == ["outward"]


@given(st.integers(0, 30), st.lists(st.integers(1, 3), min_size=2, max_size=4), st.booleans(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_choice_is_the_best_of_all_choices(seed, sizes, round_trip, chance):
    world = grid_world(seed)
    router = TripRouter(world.engine, TRUCK, "pass", START, START + minutes(1))
    points = [f"{113.0 + chance.randrange(6) * 0.01},{33.0 + chance.randrange(6) * 0.01}" for _ in range(sum(sizes))]
    options = iter([EndOption(text, world.end(text).point) for text in points])
    layers = [tuple(next(options) for _ in range(size)) for size in sizes]

    def cost(chain):
        closed = (*chain, chain[0]) if round_trip else chain
        seconds = [router.seconds([a.point], [b.point])[0, 0] for a, b in pairwise(closed)]
        return sum(round(float(one) * 1000) for one in seconds)

    assert cost(choose_options(layers, router, round_trip=round_trip)) == min(cost(one) for one in product(*layers))
