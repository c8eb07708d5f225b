"""Closings count while the vehicle is on their road: routes equal a search over every way in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import Network
from geodata.windows import Window
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from routing.route_proof import Journey, prove_route
from tests.networks import Road, make_network, on_road, roads_of
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks
from tests.routing.turn_oracle import at_junction

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
# A --a-- B --b-- C, 100 s each, and the way round: A --r-- C, 5 km.
TRIANGLE = make_network([Road("a", "A", "B"), Road("b", "B", "C"), Road("r", "A", "C", 5000.0)])
ENDS = on_road(TRIANGLE, "a", 0), on_road(TRIANGLE, "b", 1000)


def seconds(start: int, end: int | None = None) -> Window:
    return Window(NOW + timedelta(seconds=start), None if end is None else NOW + timedelta(seconds=end))


def closed(road: str, window: Window, closure_id: str = "x") -> Closing:
    return Closing(closure_id, TRIANGLE.road_index[road], Direction.BOTH, 0.0, 1000.0, window)


def drive(*closings: Closing, **further) -> list[str] | NoRoute:
    engine = Engine(TRIANGLE, speeds_kmh=SPEEDS, closings=closings)
    route = engine.route(Ask(*ENDS, CAR, NOW, **further))
    if isinstance(route, NoRoute):
        return route
    journey = Journey(CAR, NOW, until=further.get("until"))
    assert prove_route(route, TRIANGLE, closings=closings, journey=journey) == ()
    return roads_of(TRIANGLE, route.legs)


@pytest.mark.parametrize(("end", "way"), [(100, ["a", "b"]), (101, ["r"]), (99, ["a", "b"]), (10_000, ["r"])])
def test_a_closing_that_is_over_when_the_vehicle_gets_there_hinders_nobody(end, way):
    assert drive(closed("b", seconds(-60, end))) == way


def test_a_closing_that_lifts_gives_a_route_where_there_was_none():
    assert drive(closed("b", seconds(-60, 90)), closed("r", seconds(-60), "y")) == ["a", "b"]


def test_a_closing_that_lifts_too_late_is_named():
    none = drive(closed("b", seconds(-60, 110)), closed("r", seconds(-60), "y"))
    assert (none.code, none.proven, len(none.blocking)) == ("no-route", True, 1)


def test_a_passage_between_two_closings_of_one_road_is_used():
    assert drive(closed("b", seconds(-60, 90)), closed("b", seconds(201), "y")) == ["a", "b"]
    assert drive(closed("b", seconds(-60, 90)), closed("b", seconds(199), "y")) == ["r"]


def test_until_counts_a_closing_that_lifts_all_the_same():
    assert drive(closed("b", seconds(-60, 90)), until=NOW + timedelta(hours=1)) == ["r"]


def test_a_matrix_knows_of_closings_that_lift_on_the_way():
    engine = Engine(TRIANGLE, speeds_kmh=SPEEDS, closings=[closed("b", seconds(-60, 90))])
    start = on_road(TRIANGLE, "b", 0)
    matrix = engine.matrix([ENDS[0], start], [ENDS[1]], vehicle=CAR, depart_at=NOW)
    assert matrix.duration_s.ravel().tolist() == [200.0, 600.0]


def ways_in_time(
    network: Network, origin: int, destination: int, closings: list[Closing]
) -> tuple[float, float] | None:
    """Try every way that visits no junction twice; return duration and distance of the best that meets no closing."""
    best: tuple[float, float] | None = None

    def go(junction: int, visited: frozenset[int], duration: float, distance: float) -> None:
        nonlocal best
        if junction == destination:
            best = min(best or (duration, distance), (duration, distance))
            return
        for road in range(network.road_count):
            for way, (tail, head) in enumerate([network.ends[road].tolist(), network.ends[road, ::-1].tolist()]):
                if tail != junction or head in visited or not network.access[road, way] & 1:
                    continue
                length = float(network.length_m[road])
                off = duration + 3.6 * length / (float(network.tagged_kmh[road, way]) or 36.0)
                if not any(stops(one, road, way, duration, off) for one in closings):
                    go(head, visited | {head}, off, distance + length)

    go(origin, frozenset({origin}), 0.0, 0.0)
    return best


def stops(closing: Closing, road: int, way: int, on: float, off: float) -> bool:
    name = (Direction.FORWARD, Direction.BACKWARD)[way]
    if closing.road != road or closing.direction not in (Direction.BOTH, name):
        return False
    start = (closing.window.start - NOW).total_seconds()
    end = np.inf if closing.window.end is None else (closing.window.end - NOW).total_seconds()
    return start <= off and on < end


def check_in_time(data: st.DataObject, *, lift: bool) -> None:
    network = data.draw(networks(most_junctions=5, most_roads=8))
    starts, ends = st.integers(-60, 300), st.integers(1, 200) if lift else st.none()
    closings = []
    for one in data.draw(closings_on(network, most=8)):
        start, lasts = data.draw(starts), data.draw(ends)
        closings.append(one._replace(window=seconds(start, None if lasts is None else start + lasts)))
    origin, destination = (data.draw(st.integers(0, network.junction_count - 1)) for _ in range(2))
    ask = Ask(at_junction(network, origin), at_junction(network, destination), CAR, NOW)
    route = Engine(network, speeds_kmh=SPEEDS, closings=closings).route(ask)
    best = ways_in_time(network, origin, destination, closings)
    if isinstance(route, Route):
        assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW)) == ()
        assert (route.duration_s, route.distance_m) >= best
    if not lift or best is None:
        assert ((route.duration_s, route.distance_m) if isinstance(route, Route) else None) == best


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_routes_past_closings_that_only_begin_are_the_best_in_time(data):
    check_in_time(data, lift=False)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_routes_past_closings_that_lift_meet_none_and_beat_no_bound(data):
    check_in_time(data, lift=True)


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_routes_in_time_hold(data):
    check_in_time(data, lift=data.draw(st.booleans()))
