"""Trips planned one after the other by one planner are exactly those that are planned alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.county_settings import DEFAULT_SPEEDS_KMH
from routing.engine import Engine
from routing.errors import NoRouteError
from routing.trips.closed_loop import plan_closed_loop, planner_on
from routing.trips.trip import TripEnd, TripMap, TripRequest
from tests.routing.test_remembered_routes import random_closings
from tests.trips import START, TRUCK, grid_world, minutes, square, test_end, world_of


def random_end(world, chance, kinds):
    if chance.random() < kinds:
        entry = f"entry_point{chance.integers(3)}" if chance.random() < 0.5 else ""
        return TripEnd("elsewhere", None, area_code="410100", entry_point=entry)
    spot = int(chance.integers(36))
    return world.end(f"{113.0 + spot % 6 * 0.01 + 0.001},{33.0 + spot // 6 * 0.01}")


def random_request(world, chance):
    """A trip with whatever a trip may have; few places, so that ways come again."""
    via = tuple(random_end(world, chance, 0) for _ in range(int(chance.integers(0, 2))))
    ends = tuple(
        test_end(f"person {number}", int(chance.integers(1, 60)), applies_to=("emergency",) * int(chance.integers(2)))
        for number in range(int(chance.integers(0, 2)))
    )
    return TripRequest(
        random_end(world, chance, 0.3),
        random_end(world, chance, 0.3),
        START + minutes(int(chance.integers(0, 90))),
        TRUCK,
        via=via,
        round_trip=bool(chance.random() < 0.5),
        condition_ends=ends,
        dwell_min=float(chance.choice([0.0, 12.5, 30.0])),
    )


def outcome(plan):
    try:
        return plan()
    except NoRouteError as error:
        return str(error), error.no_route
    except Exception as error:  # whatever it is, it must be the same
        return type(error), getattr(error, "code", "")


def alone(world, closings, request):
    """Plan with an engine and a map that nobody used before."""
    engine = Engine(world.trip_map.network, speeds_kmh=DEFAULT_SPEEDS_KMH, closings=closings)
    return plan_closed_loop(engine, replace(world.trip_map), request)


def check_many(seed, count):
    chance, world = np.random.default_rng(seed), grid_world(seed % 16)
    west = 113.0 + float(chance.uniform(0, 0.04))
    world = world.with_areas(*world.trip_map.areas, square(west, 33.0, west + 0.008, 33.03, "second", "risk"))
    closings = tuple(random_closings(world.trip_map.network, chance))
    planner = planner_on(
        Engine(world.trip_map.network, speeds_kmh=DEFAULT_SPEEDS_KMH, closings=closings), world.trip_map
    )
    for _ in range(count):
        request = random_request(world, chance)
        planned = outcome(lambda request=request: planner.plan(request))
        expected = outcome(lambda request=request: alone(world, closings, request))
        assert planned == expected
        assert getattr(planned, "geometry", ()) == getattr(expected, "geometry", ())


@given(st.integers(0, 10_000))
@settings(max_examples=8)
def test_many_trips_are_planned_as_each_would_be_alone(seed):
    check_many(seed, 8)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_very_many_trips_are_planned_as_each_would_be_alone(seed):
    check_many(seed, 60)


def test_trips_between_the_same_stops_share_their_routes(small_county):
    world = world_of(small_county)
    planner = planner_on(world.engine, world.trip_map)
    request = world.request("clinic", "firm", round_trip=True)
    first, second = planner.plan(request), planner.plan(replace(request, depart_at=START + minutes(7)))
    assert [id(one) for one in first.routes] == [id(one) for one in second.routes]
    assert second.arrive_at - first.arrive_at == minutes(7)


def test_a_planner_keeps_to_the_closings_of_its_moment(small_county):
    world = world_of(small_county)
    planner = planner_on(world.engine, world.trip_map)
    closed = world.closing("n2").closings
    before = planner.plan(world.request("clinic", "east"))
    world.engine.apply(closed)
    assert planner.plan(world.request("clinic", "east")) == before
    assert planner_on(world.engine, world.trip_map).plan(world.request("clinic", "east")) != before


def test_a_county_has_one_map_for_everybody(small_county):
    from routing.trips.trip import trip_map_of

    assert isinstance(trip_map_of(small_county), TripMap)
    assert trip_map_of(small_county) is trip_map_of(small_county)
