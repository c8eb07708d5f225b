"""The independent proof finds every kind of wrong route."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD
from geodata.vehicles import Vehicle
from geodata.windows import Window
from routing.route import RoadLeg, Route, route_of
from routing.route_proof import Journey, prove_route
from tests.networks import Road, make_network

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
TRUCK = Vehicle(access="truck", max_kmh=80.0, gross_weight_kg=18_000.0, width_m=2.55)
NETWORK = make_network(
    [
        Road("a", "A", "B"),
        Road("b", "B", "C", max_weight_kg=18_000.0, max_width_m=2.55),
        Road("weak", "B", "C", max_weight_kg=10_000.0),
        Road("cars", "B", "C", access=(1, 1)),
    ]
)
JOURNEY = Journey(TRUCK, NOW)


def leg(road: int, from_m: float, to_m: float) -> RoadLeg:
    length_m = abs(to_m - from_m)
    return RoadLeg(road, FORWARD if from_m <= to_m else BACKWARD, from_m, to_m, length_m, length_m / 10)


GOOD = route_of([leg(0, 400, 1000), leg(1, 0, 500)])


def codes(route: Route, *closings: Closing, journey: Journey = JOURNEY) -> list[str]:
    return [finding.code for finding in prove_route(route, NETWORK, closings=closings, journey=journey)]


def closed(from_m: float, to_m: float, *, direction: Direction = Direction.BOTH, **further) -> Closing:
    return Closing("x", 0, direction, from_m, to_m, **further)


def test_a_right_route_has_nothing_wrong():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("route", "code"),
    [
        (Route((), 0.0, 0.0), "route-without-legs"),
        (replace(GOOD, distance_m=1100.01), "route-sum-wrong"),
        (replace(GOOD, duration_s=110.001), "route-sum-wrong"),
        (route_of([leg(0, 400, 900), leg(1, 0, 500)]), "route-legs-not-joined"),
        (route_of([leg(0, 400, 0), leg(1, 0, 500)]), "route-legs-not-joined"),
        (route_of([leg(0, 400, 1000), leg(1, 0, 500)._replace(length_m=499.0)]), "route-leg-wrong"),
        (route_of([leg(0, 400, 1000), leg(1, 0, 500)._replace(direction=BACKWARD)]), "route-leg-wrong"),
        (route_of([leg(0, 400, 1200)]), "route-leg-wrong"),
        (route_of([leg(0, 400, 1000), leg(2, 0, 500)]), "route-road-not-allowed"),
        (route_of([leg(0, 400, 1000), leg(3, 0, 500)]), "route-road-not-allowed"),
    ],
)
def test_a_wrong_route_is_found_out(route, code):
    assert code in codes(route)


@pytest.mark.parametrize("part", [(0, 1000), (900, 1000), (300, 401), (700, 700), (1000, 1000), (400, 400)])
def test_a_route_through_a_closed_part_is_found_out(part):
    assert codes(GOOD, closed(*part)) == ["route-uses-closed-road"]


@pytest.mark.parametrize("part", [(0, 400), (0, 399), (100, 100)])
def test_a_route_beside_a_closed_part_is_right(part):
    assert codes(GOOD, closed(*part)) == []


def test_the_other_direction_may_be_closed():
    assert codes(GOOD, closed(0, 1000, direction=Direction.BACKWARD)) == []
    assert codes(GOOD, closed(0, 1000, direction=Direction.FORWARD)) == ["route-uses-closed-road"]


def test_a_closing_counts_in_its_window():
    gone = Window(NOW - timedelta(hours=1), NOW)
    begins_under_way = Window(NOW + timedelta(seconds=30))
    begins_behind = Window(NOW + timedelta(seconds=70))
    found = [codes(GOOD, closed(0, 1000, window=window)) for window in (gone, begins_under_way, begins_behind)]
    assert found == [[], ["route-uses-closed-road"], []]


def test_until_makes_every_closing_of_that_time_count():
    later = closed(0, 1000, window=Window(NOW + timedelta(hours=1)))
    watched = replace(JOURNEY, until=NOW + timedelta(hours=2))
    assert codes(GOOD, later, journey=watched) == ["route-uses-closed-road"]


def test_a_holder_may_pass_where_holders_are_let_through():
    soft = closed(0, 1000, lets_pass_holders_through=True)
    assert codes(GOOD, soft, journey=replace(JOURNEY, holder="pass")) == []
    assert codes(GOOD, soft) == ["route-uses-closed-road"]
