"""Alternatives differ, are not much longer, and use no closed road."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.windows import Window
from routing.alternatives import MOST_DETOUR, MOST_SHARED, shared_length_m
from routing.engine import Ask, Engine
from tests.networks import Road, make_network, on_road, roads_of
from tests.routing.oracle import CAR, SPEEDS

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
# Three ways from A to B of 4, 4.4 and 4.8 km, and one far too long; S and T are the ends.
WAYS = [
    Road("s", "S", "A", 100.0),
    *(Road(f"p{way}", "A", f"M{way}", length) for way, length in enumerate((2000.0, 2200.0, 2400.0, 9000.0))),
    *(Road(f"q{way}", f"M{way}", "B", length) for way, length in enumerate((2000.0, 2200.0, 2400.0, 9000.0))),
    Road("t", "B", "T", 100.0),
]
NETWORK = make_network(WAYS)
ASK = Ask(on_road(NETWORK, "s", 0), on_road(NETWORK, "t", 100), CAR, NOW)


def alternatives(count: int, *closings: Closing) -> list[str]:
    engine = Engine(NETWORK, speeds_kmh=SPEEDS, closings=closings)
    return ["+".join(roads_of(NETWORK, route.legs)) for route in engine.alternatives(ASK, count)]


def test_the_least_time_route_comes_first_and_others_differ():
    assert alternatives(3) == ["s+p0+q0+t", "s+p1+q1+t", "s+p2+q2+t"]


def test_a_way_that_takes_far_longer_is_no_alternative():
    assert len(alternatives(9)) == 3


def test_a_closed_way_is_no_alternative():
    closing = Closing("x", 2, Direction.BOTH, 0.0, 100.0)
    assert alternatives(3, closing) == ["s+p0+q0+t", "s+p2+q2+t"]


def test_a_way_that_closes_while_one_is_under_way_is_no_alternative():
    closing = Closing("x", 6, Direction.BOTH, 0.0, 100.0, Window(NOW + timedelta(seconds=300)))
    assert alternatives(3, closing) == ["s+p0+q0+t", "s+p2+q2+t"]


def test_no_route_has_no_alternative():
    closing = Closing("x", 0, Direction.BOTH, 0.0, 100.0)
    assert alternatives(3, closing) == []


def test_alternatives_keep_their_bounds():
    first, *others = Engine(NETWORK, speeds_kmh=SPEEDS).alternatives(ASK, 3)
    for other in others:
        assert other.duration_s <= MOST_DETOUR * first.duration_s
        assert shared_length_m(other, first) <= MOST_SHARED * other.distance_m
