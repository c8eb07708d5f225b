"""Trips take no forbidden turn where the county says so, in routes and in the choice of ends alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.network import TurnRestriction
from geodata.snapping import RoadIndex
from routing.route_proof import Journey, prove_route
from tests.trips import START, TRUCK, World, world_of


@pytest.fixture
def banned(small_county):
    """No turn from the village road into the national road, from seven in the evening on."""
    world, network = world_of(small_county), small_county.network
    origin, target = network.road_index["v1"], network.road_index["n2"]
    via = int(network.ends[origin, 0])
    ban = TurnRestriction("no_right_turn", (origin,), (), (target,), via, (), "(19:00-20:00)")
    roads = replace(network, turn_restrictions=(ban,))

    def of_county(turns: str) -> World:
        settings = replace(world.trip_map.settings, turns=turns)
        return World(replace(world.trip_map, network=roads, road_index=RoadIndex(roads), settings=settings))

    return of_county


def test_a_trip_keeps_a_turn_forbidden_at_any_hour_where_the_county_says_so(banned):
    assert banned("ignored").roads(banned("ignored").plan("village", "park")) == ["v1", "n2", "c2"]
    world = banned("kept")
    trip = world.plan("village", "park", round_trip=True)
    assert world.roads(trip)[:3] == ["v1", "c1", "c3"]
    journey = Journey(TRUCK, START, holder="pass", until=trip.end_at, turns="kept")
    for route in trip.routes:
        assert prove_route(route, world.trip_map.network, closings=(), journey=journey) == ()
