"""The independent proof finds a forbidden turn, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geodata.network import TurnRestriction
from geodata.vehicles import Vehicle
from routing.route import RoadLeg, Route, route_of
from routing.route_proof import Journey, prove_route
from tests.routing.oracle import CAR
from tests.routing.turn_oracle import NO_RIGHT, PLAIN, restricted, rule

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)


def along(*names: str) -> Route:
    legs = []
    for name in names:
        road, way = PLAIN.road_index[name.removeprefix("-")], int(name.startswith("-"))
        length = float(PLAIN.length_m[road])
        start, end = (length, 0.0) if way else (0.0, length)
        legs.append(RoadLeg(road, way, start, end, length, length / 10))
    return route_of(legs)


def codes(route: Route, *rules: TurnRestriction, vehicle: Vehicle = CAR, **further) -> list[str]:
    journey = Journey(vehicle, NOW, **{"turns": "kept", **further})
    return [one.code for one in prove_route(route, restricted(*rules), closings=(), journey=journey)]


@pytest.mark.parametrize(
    ("kind", "roads", "way", "is_wrong"),
    [
        ("no_right_turn", ["w", "s"], ["w", "s"], True),
        ("no_right_turn", ["w", "s"], ["-s", "-w"], False),
        ("only_straight_on", ["w", "e"], ["w", "s"], True),
        ("only_straight_on", ["w", "e"], ["w", "e"], False),
        ("no_left_turn", ["e", "x", "y"], ["e", "x", "y"], True),
        ("no_left_turn", ["e", "x", "y"], ["x", "y"], False),
        ("only_straight_on", ["e", "x", "y"], ["e", "x", "z"], True),
        ("only_straight_on", ["e", "x", "y"], ["x", "z"], False),
        ("no_left_turn", ["e", "x", "y"], ["e", "x", "z"], False),
    ],
)
def test_a_turn_is_wrong_where_a_restriction_says_so(kind, roads, way, is_wrong):
    assert codes(along(*way), rule(PLAIN, kind, *roads)) == ["route-turn-forbidden"] * is_wrong


def test_turns_are_looked_at_only_where_the_journey_keeps_them():
    assert codes(along("w", "s"), NO_RIGHT, turns="ignored") == []


def test_turning_back_is_wrong_but_at_a_dead_end():
    assert codes(along("w", "-w")) == ["route-turns-back"]
    assert codes(along("y", "-y")) == []


def test_a_dead_end_is_one_for_a_vehicle_that_may_not_go_on():
    network = replace(restricted(), access=PLAIN.access.copy())
    network.access[PLAIN.road_index["y"]] = 1
    network.access[PLAIN.road_index["z"]] = 1
    truck = Journey(Vehicle(access="truck"), NOW, turns="kept")
    assert prove_route(along("x", "-x"), network, closings=(), journey=truck) == ()
    assert prove_route(along("x", "-x"), network, closings=(), journey=replace(truck, vehicle=CAR)) != ()


def test_exempt_vehicles_and_other_weights_are_free():
    truck = Vehicle(access="truck", gross_weight_kg=7_000.0)
    assert codes(along("w", "s"), replace(NO_RIGHT, exempt=("hgv",)), vehicle=truck) == []
    assert codes(along("w", "s"), replace(NO_RIGHT, condition="(weight>7.5)"), vehicle=truck) == []


@pytest.mark.parametrize(("hours", "is_wrong"), [("08:01-08:02", True), ("08:02-09:00", False), ("08:00-08:01", False)])
def test_hours_count_when_the_turn_is_taken(hours, is_wrong):
    hourly = replace(NO_RIGHT, condition=f"({hours})")
    assert codes(along("w", "s"), hourly) == ["route-turn-forbidden"] * is_wrong
    assert codes(along("w", "s"), hourly, until=NOW + timedelta(hours=1)) == ["route-turn-forbidden"]
