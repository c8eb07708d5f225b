"""Passes that make the same stops keep what they share once, and each reads as if it had been kept whole."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.ways.driven_way import way_content
from passes.ways.pass_route import pass_route
from passes.ways.shared_head import head_driven, head_name, shared_head
from passes.ways.ways_register import PASS_WAYS, keep_heads, packed_ways
from routing.trips.closed_loop import plan_closed_loop
from routing.trips.summary import trip_head
from tests.trips import START, minutes, test_end, world_of


@pytest.fixture
def world(small_county):
    return world_of(small_county)


def planned(world, *, after=timedelta(0), origin="east", goal="firm", **wish):
    request = replace(world.request(origin, goal, **wish), depart_at=START + after)
    return plan_closed_loop(world.engine, world.trip_map, request)


def route_of(world, trip):
    return pass_route(trip, world.trip_map.network)


@pytest.mark.parametrize("wish", [{}, {"round_trip": True}, {"condition_ends": (test_end("王*明", 6),)}])
@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=9, microseconds=7), timedelta(hours=-2)])
def test_the_route_of_a_pass_reads_as_its_trip(world, wish, after):
    trip = planned(world, after=after, origin="410100 郑州市", **wish)
    route, head = route_of(world, trip), trip_head(trip)
    assert {key: route[key] for key in head} == head
    assert list(route)[: len(head)] == list(head)
    assert (route.duration_s, len(route["roads"])) == (trip.duration_s, len(trip.legs))


def test_trips_at_other_times_share_their_head_and_their_ways(world):
    trips = [planned(world, after=minutes(7 * number)) for number in range(3)]
    routes = [route_of(world, one) for one in trips]
    assert len({(one.head.name, *one.names) for one in routes}) == 1
    assert [one["end_at"] for one in routes] == [trip_head(one)["end_at"] for one in trips]


def test_a_head_that_differs_in_more_than_its_departure_is_another(world):
    trip = planned(world)
    slower = replace(trip, end_at=trip.end_at + minutes(1))
    names = [route_of(world, one).head.name for one in (trip, planned(world, goal="village"), slower)]
    assert len(set(names)) == len(names)


def test_what_a_stop_says_of_a_person_is_kept_with_the_pass_and_never_shared(world):
    trip = planned(world, condition_ends=(test_end("王*明", 6),))
    route = route_of(world, trip)
    assert (route.head, head_name(route.packed)) == (None, "")
    assert "王*明" in str(route["stops"])
    assert not any("王*明" in str(way_content(one)) for one in route.packed_ways)


def test_trucks_from_two_towns_by_one_entry_point_each_say_whence(world):
    trips = [planned(world, origin=town) for town in ("410100 郑州市", "410200 开封市")]
    assert trips[0].sections is trips[1].sections
    routes = [route_of(world, trip) for trip in trips]
    assert [one["stops"] for one in routes] == [trip_head(trip)["stops"] for trip in trips]
    assert routes[0].head is routes[1].head
    assert "市".encode() not in zlib.decompress(routes[0].head.packed)


@pytest.mark.parametrize("goal", ["113.02,33.0", {"lon": 113.02, "lat": 33.0, "name": "王家"}])
def test_a_bare_position_and_what_somebody_calls_it_is_kept_with_the_pass(world, goal):
    trip = planned(world, goal=goal)
    route = route_of(world, trip)
    assert route.head is None
    assert route["stops"] == trip_head(trip)["stops"]


def test_a_head_is_kept_once_and_found_by_what_a_pass_keeps(world, store):
    head = trip_head(planned(world))
    shared = shared_head(head)
    own = shared.of_departure(START, [""] * len(head["stops"]))
    with transaction(store, writes=True) as connection:
        for _ in range(2):
            keep_heads(connection, [shared, shared])
        assert connection.scalar(sa.select(sa.func.count()).select_from(PASS_WAYS)) == 1
        kept = packed_ways(connection, [head_name(own)])
    assert head_driven(own, kept[shared.name]) == head


def test_what_is_kept_whole_names_no_head():
    assert head_name(b"x\x9c") == ""
