from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.osm.entry_points import find_entry_points
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.places import Places
from geodata.snapping import RoadIndex
from geodata.windows import Window
from routing.corridor import corridor_line
from routing.corridor_distance import distance_to_corridor_m
from routing.errors import NoRouteError
from routing.trips.trip import StopKind, TripMap, TripRequest
from tests.conftest import shared
from tests.trips import START, TRUCK, World, grid_world, minutes, place, test_end, world_of

OUTSIDE = "410100 郑州市"


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def spot(row, column):
    """Return a junction of a grid world as text."""
    return f"{113.0 + column * 0.01},{33.0 + row * 0.01}"


def test_a_trip_runs_point_to_point_by_least_time(world):
    trip = world.plan("clinic", "firm")
    assert world.roads(trip) == ["c1"]
    assert [(stop.kind, stop.place_id) for stop in trip.stops] == [("origin", "clinic"), ("destination", "dock")]


def test_a_trip_visits_its_via_stops_in_the_order_given(world):
    trip = world.plan("clinic", "firm", via=["village", "park"])
    assert [stop.place_id for stop in trip.stops] == ["clinic", "village", "park", "dock"]
    assert world.roads(trip) == ["v1", "n2", "c2", "c3"]


def test_a_round_trip_ends_where_it_began(world):
    trip = world.plan("clinic", "firm", round_trip=True)
    assert (trip.stops[-1].kind, trip.stops[-1].place_id) == (StopKind.RETURN, "clinic")
    assert trip.distance_m == pytest.approx(2 * trip.routes[0].distance_m)


def test_times_follow_from_driving_and_stopping(world):
    trip = world.plan("clinic", "firm", via=["village"], dwell_min=20, round_trip=True)
    for before, stop, route in zip(trip.stops, trip.stops[1:], trip.routes, strict=False):
        assert 0 <= (stop.arrive_at - before.leave_at).total_seconds() - route.duration_s < 1
    assert [stop.leave_at - stop.arrive_at for stop in trip.stops] == [minutes(m) for m in (0, 20, 20, 0)]
    assert (trip.depart_at, trip.arrive_at, trip.end_at) == (START, trip.stops[2].arrive_at, trip.stops[3].arrive_at)


def test_a_one_way_trip_ends_when_it_is_unloaded(world):
    trip = world.plan("clinic", "firm", dwell_min=20)
    assert trip.end_at - trip.arrive_at == minutes(20)


def test_a_closing_in_force_is_avoided(world):
    assert world.roads(world.closing("c1").plan("clinic", "firm")) == ["n2", "c2", "c3"]


def test_a_closing_that_starts_while_the_truck_unloads_is_avoided_on_every_leg(world):
    trip = world.closing("c1", after_min=20).plan("clinic", "firm", round_trip=True, dwell_min=30)
    assert world.roads(trip) == ["n2", "c2", "c3", "c2", "n2"]


def test_a_closing_that_starts_after_the_trip_does_not_count(world):
    assert world.roads(world.closing("c1", after_min=60).plan("clinic", "firm")) == ["c1"]


def test_a_closing_met_only_by_the_longer_way_counts_too(world):
    late = world.closing("c1").closing("c2", after_min=8)
    with pytest.raises(NoRouteError) as caught:
        late.plan("clinic", "firm", dwell_min=0)
    assert caught.value.no_route.blocking in {("X-c1",), ("X-c2",)}


def test_a_closing_that_lets_pass_holders_through_is_open_to_them(world):
    guarded = world.closing("c1", holders=True)
    assert world.roads(guarded.plan("clinic", "firm")) == ["c1"]
    assert world.roads(guarded.plan("clinic", "firm", holder="public")) == ["n2", "c2", "c3"]


def test_no_route_names_the_stops_and_the_closures_that_cut_it(world):
    with pytest.raises(NoRouteError) as caught:
        world.closing("v1", closure_id="12").plan("firm", "village", via=["clinic"])
    fault = caught.value
    assert (fault.code, fault.no_route.blocking) == ("no-route", ("12",))
    assert (fault.facts["origin"], fault.facts["destination"]) == ("县医院", "后庄村")


@pytest.mark.parametrize("what", ["clinic", "县医院", {"place": "clinic"}])
def test_origin_equal_to_destination_is_answered_clearly(world, what):
    with pytest.raises(BadInputError) as caught:
        world.plan("clinic", what)
    assert (caught.value.code, caught.value.where) == ("origin-is-destination", "destination")
    assert caught.value.facts["place"] == "县医院"


def test_one_position_twice_is_origin_equal_to_destination(world):
    with pytest.raises(BadInputError, match="origin-is-destination"):
        world.plan("113.03,33.02", "113.03,33.02")


def test_the_same_place_elsewhere_twice_is_origin_equal_to_destination(world):
    with pytest.raises(BadInputError, match="origin-is-destination"):
        world.plan(OUTSIDE, OUTSIDE)


def test_a_trip_over_a_via_stop_may_come_back_to_its_origin(world):
    trip = world.plan("clinic", "clinic", via=["village"])
    assert [stop.place_id for stop in trip.stops] == ["clinic", "village", "clinic"]


def test_the_same_stop_twice_in_a_row_is_refused(world):
    with pytest.raises(BadInputError) as caught:
        world.plan("clinic", "firm", via=["village", "village"])
    assert (caught.value.code, caught.value.where) == ("stop-twice-in-a-row", "via[1]")


def test_two_firms_at_one_gate_are_two_stops(world):
    both = world.with_places(place("a", "hub", 113.03, 33.02), place("b", "hub", 113.03, 33.0201))
    trip = both.plan("clinic", "b", via=["a"])
    assert [stop.place_id for stop in trip.stops] == ["clinic", "a", "b"]
    assert trip.routes[1].distance_m == 0


def test_an_origin_outside_the_county_starts_at_the_entry_point(world):
    trip = world.plan(OUTSIDE, "firm")
    assert (trip.stops[0].place_id, trip.stops[0].outside, trip.entry_point) == ("east", "410100 郑州市", "east")


def test_a_destination_outside_the_county_is_left_for_at_the_entry_point(world):
    trip = world.plan("firm", OUTSIDE)
    assert (trip.stops[-1].place_id, trip.entry_point, trip.exit_point) == ("east", "east", "")
    assert trip.end_at == trip.arrive_at


def test_a_trip_through_the_county_enters_and_leaves_by_different_points(world):
    both = world.with_places(place("south", "entry_point", 113.02, 33.0))
    trip = both.plan(OUTSIDE, "411300 南阳市", entry_point="south")
    assert (trip.entry_point, trip.exit_point) == ("south", "east")
    assert [stop.outside for stop in trip.stops] == ["410100 郑州市", "411300 南阳市"]


def test_a_round_trip_may_end_elsewhere_than_at_its_origin(world):
    trip = world.plan("clinic", OUTSIDE, round_trip=True, returns_to=world.end("firm"))
    assert [(stop.kind, stop.place_id) for stop in trip.stops][1:] == [("destination", "east"), ("return", "dock")]
    assert (trip.entry_point, trip.exit_point) == ("east", "")
    assert [one.way for one in trip.sections][-1] == "back"


def test_a_via_stop_outside_the_county_is_refused(world):
    with pytest.raises(BadInputError) as caught:
        world.plan("clinic", "firm", via=[OUTSIDE])
    assert (caught.value.code, caught.value.where) == ("via-outside-county", "via[0]")


@pytest.mark.parametrize(("key", "value"), [("dwell_min", -1), ("dwell_min", 1e9), ("sampling_min", float("nan"))])
def test_a_stop_without_end_is_refused(world, key, value):
    with pytest.raises(BadInputError, match="dwell-out-of-range"):
        world.request("clinic", "firm", **{key: value})


def test_a_departure_without_offset_is_refused(world):
    ends = world.end("clinic"), world.end("firm")
    with pytest.raises(BadInputError, match="time-without-offset"):
        TripRequest(*ends, datetime(2022, 6, 22), TRUCK)  # noqa: DTZ001 - that is the point


def test_the_live_engine_is_not_changed_by_planning(world):
    closed = world.closing("c1")
    before = closed.engine.closings
    closed.plan("clinic", "firm")
    assert closed.engine.closings == before


TRIPS = st.tuples(
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=4, unique=True),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 59), st.integers(0, 40), st.integers(1, 60)), max_size=6),
    st.lists(st.integers(0, 60), max_size=2),
)


def planned(case):
    """Plan a random trip on a random grid county; None where there is none."""
    seed, spots, round_trip, windows, ends = case
    world = grid_world(seed)
    for road, start, length in windows:
        road_id = str(world.trip_map.network.road_id[road])
        world = world.closing(road_id, after_min=start, until_min=start + length, closure_id=f"{road}/{start}")
    first, *via, last = [spot(row, column) for row, column in spots]
    conditions = tuple(test_end(str(number), end) for number, end in enumerate(ends))
    try:
        trip = world.plan(first, last, via=via, round_trip=round_trip, condition_ends=conditions)
    except NoRouteError:
        return world, None
    return world, trip


@given(TRIPS)
@settings(max_examples=150, deadline=None)
def test_no_trip_uses_a_road_closed_in_its_time(case):
    world, trip = planned(case)
    whole = Window(trip.depart_at, trip.end_at) if trip else None
    closed = {one.road for one in world.closings if whole and one.window.overlaps(whole)}
    used = {leg.road for leg in trip.legs if leg.length_m > 0} if trip else set()
    assert not used & closed


@given(TRIPS)
@settings(max_examples=100, deadline=None)
def test_stops_follow_in_time_and_sums_are_those_of_the_legs(case):
    _, trip = planned(case)
    if trip is None:
        return
    assert all(one.arrive_at <= one.leave_at <= following.arrive_at for one, following in pairwise(trip.stops))
    assert trip.distance_m == pytest.approx(sum(leg.length_m for leg in trip.legs), abs=0.01)
    assert trip.duration_s == pytest.approx(sum(leg.duration_s for leg in trip.legs), abs=0.001)
    assert len(trip.routes) == len(trip.stops) - 1


@given(TRIPS)
@settings(max_examples=50, deadline=None)
def test_the_same_request_gives_the_same_trip(case):
    assert planned(case)[1] == planned(case)[1]


def test_trips_on_a_real_county_keep_every_promise():
    """A real county of Henan: one-way expressways, entry points a carriageway each, parts cut off from the rest."""
    tally = ImportTally()
    extract = read_osm_file(shared("osm/yongcheng_411481_henan_2017.osm.pbf"), tally)
    built = build_osm_network(extract, country="CN", tally=tally)
    entries = {one.id: one for one in find_entry_points(built, country="CN")}
    world = World(TripMap(built.network, RoadIndex(built.network), Places(entries)))
    chance = np.random.default_rng(411481)
    spots = [",".join(map(str, spot)) for spot in chance.choice(built.network.junction_lonlat, 60)]
    planned = 0
    for number, spot in enumerate(spots):
        try:
            trip = world.plan(OUTSIDE, spot, round_trip=number % 2 == 0)
        except NoRouteError:
            continue
        planned += 1
        corridor = corridor_line(trip, built.network).corridor(24)
        assert trip.entry_point in entries
        assert trip.sections[-1].to_m == pytest.approx(trip.distance_m, abs=0.01)
        assert max(distance_to_corridor_m(corridor.points, *point) for point in trip.geometry) < corridor.tolerance_m
    assert planned > 40
