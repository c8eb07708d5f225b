from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.places import Places
from geodata.snapping import RoadIndex
from routing.errors import NoRouteError
from routing.trips.end_options import EndOption, Spot, choose_options
from routing.trips.router import TripRouter
from routing.trips.trip import TripMap
from tests.networks import Road, make_network, one_way
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


@pytest.fixture
def dual_carriageway():
    """Two one-way roads cross the edge 33 m apart; a yard is at their inner end, a country road leads out elsewhere."""
    at = {"A": (113.0, 33.0), "in": (113.02, 33.0), "out": (113.02, 33.0003), "B": (113.0, 32.9)}
    roads = [
        one_way("inward", "in", "A", 1866.0),
        one_way("outward", "A", "out", 1866.0),
        Road("lane", "A", "B", 11_000),
    ]
    network = make_network(roads, at)
    places = {one.id: one for one in (place("gate", "entry_point", 113.02, 33.0001), place("yard", "hub", 113.0, 33.0))}
    return World(TripMap(network, RoadIndex(network), Places(places)))


def test_a_truck_comes_in_by_one_carriageway_and_leaves_by_the_other(dual_carriageway):
    world = dual_carriageway
    assert world.roads(world.plan(OUTSIDE, "yard")) == ["inward"]
    assert world.roads(world.plan("yard", OUTSIDE)) == ["outward"]


def test_a_round_trip_comes_in_by_one_carriageway_and_leaves_by_the_other(dual_carriageway):
    trip = dual_carriageway.plan(OUTSIDE, "yard", round_trip=True)
    assert dual_carriageway.roads(trip) == ["inward", "outward"]
    assert [stop.place_id for stop in trip.stops] == ["gate", "yard", "gate"]


def test_a_round_trip_to_the_outside_comes_back_by_the_other_carriageway(dual_carriageway):
    trip = dual_carriageway.plan("yard", OUTSIDE, round_trip=True, dwell_min=300)
    assert dual_carriageway.roads(trip) == ["outward", "inward"]
    assert trip.stops[1].leave_at - trip.stops[1].arrive_at == minutes(300)


def test_carriageways_with_an_entry_point_each_are_named_each(dual_carriageway):
    pair = dual_carriageway.without_places("gate").with_places(
        place("east-in", "entry_point", 113.02, 33.0), place("east-out", "entry_point", 113.02, 33.0003)
    )
    trip = pair.plan(OUTSIDE, "yard", round_trip=True, entry_point="east-out")
    assert [stop.place_id for stop in trip.stops] == ["east-in", "yard", "east-out"]


def test_a_trip_through_the_county_does_not_turn_back_on_the_other_carriageway(dual_carriageway):
    two = dual_carriageway.with_places(place("south", "entry_point", 113.0, 32.9))
    trip = two.plan(OUTSIDE, "411300 南阳市")
    assert {trip.entry_point, trip.exit_point} == {"gate", "south"}


@given(st.integers(0, 30), st.lists(st.integers(1, 3), min_size=2, max_size=4), st.booleans(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_choice_is_the_best_of_all_choices(seed, sizes, round_trip, chance):
    world = grid_world(seed)
    router = TripRouter(world.engine, TRUCK, "pass", START, START + minutes(1))
    points = [f"{113.0 + chance.randrange(6) * 0.01},{33.0 + chance.randrange(6) * 0.01}" for _ in range(sum(sizes))]
    options = iter([EndOption(text, Spot(world.end(text).point), Spot(world.end(text).point)) for text in points])
    layers = [tuple(next(options) for _ in range(size)) for size in sizes]

    def cost(chain):
        closed = (*chain, chain[0]) if round_trip else chain
        seconds = [router.seconds([a.leave.point], [b.arrive.point])[0, 0] for a, b in pairwise(closed)]
        return sum(round(float(one) * 1000) for one in seconds)

    assert cost(choose_options(layers, router, round_trip=round_trip)) == min(cost(one) for one in product(*layers))
