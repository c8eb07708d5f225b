"""Costs that would no longer add up are refused, and what is only long is reckoned right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from geodata.errors import BadInputError
from routing.engine import Ask, Engine, Grid
from routing.metric import LENGTH_MASK, LONGEST_ROAD_CM, LONGEST_ROAD_MS
from routing.route import NoRoute, Route
from tests.networks import Road, make_network
from tests.routing.oracle import CAR, SPEEDS
from tests.routing.turn_oracle import at_junction

NOW = datetime(2022, 6, 22, tzinfo=UTC)
LONGEST_M = LONGEST_ROAD_CM / 100
#: km/h at which the longest road takes as long as a road may.
SLOWEST_KMH = LONGEST_M * 3600 / LONGEST_ROAD_MS


def row(count: int, *, kmh: float = 0.0, length_m: float = LONGEST_M, **further) -> Engine:
    """So many long roads one after the other, and a road elsewhere."""
    roads = [Road(f"r{n}", f"{n:02}", f"{n + 1:02}", length_m, kmh=(kmh, kmh), **further) for n in range(count)]
    return Engine(make_network([*roads, Road("z", "X", "Y")]), speeds_kmh=SPEEDS)


def ask(engine: Engine, last: int, **changes) -> Ask:
    ends = at_junction(engine.network, 0), at_junction(engine.network, last)
    return replace(Ask(*ends, CAR, NOW), **changes)


@pytest.mark.parametrize("max_kmh", [1.0, 1e-3, 1e-6, 1e-300])
def test_a_vehicle_so_slow_that_costs_would_wrap_round_is_refused(max_kmh):
    engine = row(2)
    with pytest.raises(BadInputError, match="road-takes-too-long"):
        engine.route(ask(engine, 2, vehicle=replace(CAR, max_kmh=max_kmh)))


@pytest.mark.parametrize("length_m", [LONGEST_M + 1, 1.1e7, 1e12])
def test_a_road_too_long_for_the_bits_of_its_length_is_refused(length_m):
    engine = row(1, length_m=length_m)
    with pytest.raises(BadInputError, match="road-takes-too-long"):
        engine.route(ask(engine, 1))


def test_a_road_that_the_vehicle_may_not_use_may_be_of_any_length():
    engine = row(1, length_m=1e12, access=(0, 0))
    route = engine.route(Ask(at_junction(engine.network, 2), at_junction(engine.network, 3), CAR, NOW))
    assert isinstance(route, Route)
    assert route.distance_m == 1000.0


@pytest.mark.parametrize("turns", ["ignored", "kept"])
def test_the_longest_and_slowest_roads_add_up(turns):
    engine = row(7, kmh=SLOWEST_KMH)
    route = engine.route(ask(engine, 7, turns=turns))
    assert isinstance(route, Route)
    assert (route.distance_m, route.duration_s) == (7 * LONGEST_M, 7 * LONGEST_ROAD_MS / 1000)
    engine.apply([])
    half = replace(at_junction(engine.network, 0), offset_m=LONGEST_M / 2)
    assert engine.route(ask(engine, 7, turns=turns, origin=half)).distance_m == 6.5 * LONGEST_M


@pytest.mark.parametrize("turns", ["ignored", "kept"])
def test_a_way_that_costs_more_than_can_be_added_up_is_not_called_unreachable(turns):
    engine = row(8, kmh=SLOWEST_KMH)
    with pytest.raises(BadInputError, match="route-too-long"):
        engine.route(ask(engine, 8, turns=turns))
    elsewhere = engine.route(
        Ask(at_junction(engine.network, 0), at_junction(engine.network, 10), CAR, NOW, turns=turns)
    )
    assert elsewhere == NoRoute("unreachable")


@pytest.mark.parametrize("turns", ["ignored", "kept"])
def test_a_route_too_long_for_the_bits_of_its_length_is_refused(turns):
    engine = row(9, kmh=100.0)
    assert 9 * LONGEST_ROAD_CM > LENGTH_MASK >= 7 * LONGEST_ROAD_CM
    with pytest.raises(BadInputError, match="route-too-long"):
        engine.route(ask(engine, 9, turns=turns))
    ends = tuple(at_junction(engine.network, number) for number in (0, 7, 9))
    with pytest.raises(BadInputError, match="route-too-long"):
        engine.grid(Grid(ends[:1], ends, CAR, NOW, turns=turns))
    assert engine.grid(Grid(ends[:1], ends[:2], CAR, NOW, turns=turns)).distance_m.tolist() == [[0.0, 7 * LONGEST_M]]
