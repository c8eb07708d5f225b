"""Sums, joining and lines of routes."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from geodata.network import BACKWARD, FORWARD
from routing.errors import NoRouteError
from routing.route import NoRoute, RoadLeg, Route, chain_routes, route_geometry, route_of
from tests.networks import Road, make_network, on_road

# A --a-- B with a bend in the middle, B --b-- C
AT = {"A": (113.0, 33.0), "B": (113.02, 33.0), "C": (113.02, 33.01)}
NETWORK = make_network([Road("a", "A", "B", 2000.0, bend=((113.01, 33.0),)), Road("b", "B", "C", 1000.0)], AT)


def leg(road: int, from_m: float, to_m: float) -> RoadLeg:
    length_m = abs(to_m - from_m)
    return RoadLeg(road, FORWARD if from_m <= to_m else BACKWARD, from_m, to_m, length_m, length_m / 10)


def assert_line(route, expected):
    line = route_geometry(route, NETWORK)
    assert len(line) == len(expected)
    assert [value for point in line for value in point] == pytest.approx([v for point in expected for v in point])


def test_many_short_legs_add_up_without_rounding():
    tenth = RoadLeg(0, FORWARD, 0.0, 0.1, 0.1, 0.001)
    route = route_of([tenth] * 1000)
    assert (route.distance_m, route.duration_s) == (100.0, 1.0)


def test_the_line_of_a_route_is_cut_at_both_ends():
    expected = [(113.005, 33.0), (113.01, 33.0), (113.02, 33.0), (113.02, 33.005)]
    assert_line(route_of([leg(0, 500, 2000), leg(1, 0, 500)]), expected)


def test_a_backward_leg_is_drawn_in_the_order_of_travel():
    assert_line(route_of([leg(0, 1500, 500)]), [(113.015, 33.0), (113.01, 33.0), (113.005, 33.0)])


def test_a_route_of_length_zero_is_drawn_as_one_place():
    assert_line(route_of([leg(0, 500, 500)]), [(113.005, 33.0), (113.005, 33.0)])


def test_a_line_begins_where_its_point_was_snapped():
    point = on_road(NETWORK, "a", 500)
    assert route_geometry(route_of([leg(0, 500, 2000)]), NETWORK)[0] == pytest.approx((point.lon, point.lat))


def test_a_journey_over_a_via_point_joins_the_road_it_lies_on():
    there = route_of([leg(0, 500, 800)])
    onward = route_of([leg(0, 800, 2000), leg(1, 0, 100)])
    assert chain_routes([there, onward]).legs == (leg(0, 500, 2000), leg(1, 0, 100))


def test_a_journey_that_turns_back_at_a_via_point_keeps_both_legs():
    chained = chain_routes([route_of([leg(0, 500, 800)]), route_of([leg(0, 800, 500)])])
    assert chained.legs == (leg(0, 500, 800), leg(0, 800, 500))
    assert chained.distance_m == 600.0


def test_a_via_point_where_one_is_already_adds_nothing():
    still, onward = route_of([leg(0, 800, 800)]), route_of([leg(0, 800, 500)])
    assert chain_routes([still, onward]).legs == onward.legs
    assert chain_routes([still, still]).legs == still.legs


def test_the_error_of_a_trip_names_the_closures_and_the_stage():
    error = NoRouteError(NoRoute("no-route", ("x",), proven=True), "railway station", "mill")
    assert (error.code, error.facts["blocking"], error.where) == ("no-route", ["x"], "railway station -> mill")


def test_legs_are_spelled_out_when_asked_for_and_the_route_is_like_any_other():
    asked = []

    def unfold() -> tuple[RoadLeg, ...]:
        asked.append(1)
        return (RoadLeg(0, FORWARD, 0.0, 10.0, 10.0, 1.0),)

    lazy = Route.unfolding(unfold, np.array([0], dtype=np.int32), distance_m=10.0, duration_s=1.0)
    assert (lazy.distance_m, asked) == (10.0, [])
    assert lazy == route_of(unfold()) == pickle.loads(pickle.dumps(lazy)) == replace(lazy)
    assert lazy.legs is lazy.legs
    assert not hasattr(lazy, "anything_else")
