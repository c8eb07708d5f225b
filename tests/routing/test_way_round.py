"""The way round what is closed is the least one, found on weights that do not know yet that it is closed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing import shortest
from routing.engine import Ask, Engine
from routing.open_network import OpenNetwork
from routing.route import NoRoute, Route
from tests.networks import Road, make_network, on_road
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks, plain_key, points

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)


def view_of(engine: Engine) -> OpenNetwork:
    views = engine._views
    return views.view(CAR, views.closing_set.choice("public", 0).counted)


def is_untouched(engine: Engine) -> bool:
    """Tell whether the weights at hand still have every road open."""
    held = view_of(engine).weights.at_hand
    return held is not None and len(held.shut) == 0


def ladder(rungs: int) -> Engine:
    """Two long sides, joined by rungs: the lower side is the quicker one."""
    roads = [Road(f"low{step}", f"a{step}", f"a{step + 1}", 100.0) for step in range(rungs - 1)]
    roads += [Road(f"high{step}", f"b{step}", f"b{step + 1}", 200.0) for step in range(rungs - 1)]
    roads += [Road(f"rung{step}", f"a{step}", f"b{step}", 100.0) for step in range(rungs)]
    return Engine(make_network(roads), speeds_kmh=SPEEDS)


def along(engine: Engine) -> Ask:
    last = (engine.network.road_count + 2) // 3 - 2
    return Ask(on_road(engine.network, "low0", 0), on_road(engine.network, f"low{last}", 100), CAR, NOW)


def whole(road: int, closure_id: str = "x") -> Closing:
    return Closing(closure_id, road, Direction.BOTH, 0.0, 200.0)


@given(st.data())
@settings(max_examples=60)
def test_ways_round_equal_plain_dijkstra_whichever_weights_are_at_hand(data):
    network = data.draw(networks(most_junctions=8, most_roads=20))
    engine = Engine(network, speeds_kmh=SPEEDS)
    if data.draw(st.booleans()):
        engine.make_ready(CAR)
    for number in range(3):
        closings = data.draw(closings_on(network))
        ends = data.draw(points(network, closings)), data.draw(points(network, closings))
        engine.route(Ask(*ends, CAR, NOW))
        engine.apply(Closing(f"{number}", one.road, one.direction, one.from_m, one.to_m) for one in closings)
        answer, expected = engine.route(Ask(*ends, CAR, NOW)), plain_key(network, *ends, engine.closings)
        if isinstance(answer, NoRoute):
            assert expected is None
        else:
            assert round(answer.duration_s * 1000) << 30 | round(answer.distance_m * 100) == expected
            assert sum(leg.length_m for leg in answer.legs) == pytest.approx(answer.distance_m)


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_road_closed_on_the_way_is_driven_round_without_computing_weights_anew(is_ready):
    engine = ladder(9)
    if is_ready:
        engine.make_ready(CAR)
    assert engine.route(along(engine)).distance_m == 800.0
    engine.apply([whole(3)])
    route = engine.route(along(engine))
    assert route.distance_m == 1100.0
    assert 3 not in route.road_set
    assert is_untouched(engine)
    assert view_of(engine).weights.effort_left > 0


def test_a_goal_with_nothing_but_closed_roads_before_it_is_not_reached():
    engine = ladder(5)
    engine.route(along(engine))
    engine.apply([whole(3), whole(12)])
    assert engine.route(along(engine)) == NoRoute("no-route", ("x",))


def test_who_stays_on_one_road_is_not_sent_round_what_is_closed_elsewhere_on_it():
    engine = ladder(5)
    ends = on_road(engine.network, "low2", 10), on_road(engine.network, "low2", 40)
    engine.route(Ask(*ends, CAR, NOW))
    engine.apply([Closing("x", 2, Direction.BOTH, 60.0, 70.0)])
    assert engine.route(Ask(*ends, CAR, NOW)).distance_m == 30.0
    assert is_untouched(engine)


def test_weights_are_brought_up_to_date_once_ways_round_have_taken_as_long(monkeypatch):
    engine = ladder(9)
    before = engine.route(along(engine))
    engine.apply([whole(3)])
    view_of(engine).weights.effort_left = 4
    found: list[Route] = [engine.route(along(engine)) for _ in range(3)]
    monkeypatch.setattr(shortest, "way_round", None)  # from now on nobody goes round
    found.append(engine.route(along(engine)))
    assert {route.distance_m for route in found} == {1100.0}
    assert view_of(engine).weights.effort_left <= 0
    assert not is_untouched(engine)
    engine.lift("x")
    assert engine.route(along(engine)) == before


def test_a_search_that_gives_up_leaves_nothing_behind_for_the_next():
    engine = ladder(9)
    for most in (0, 1, 2, 3, 5, 8, 13, 4096):
        engine.apply([whole(3, "x"), whole(5, "x")])
        view_of(engine).weights.effort_left = most
        assert engine.route(along(engine)).distance_m == 1300.0
        engine.apply([whole(1, "x")])
        assert engine.route(along(engine)).distance_m == 1100.0


def test_another_vehicle_is_led_by_its_own_costs():
    engine = ladder(9)
    slow = type(CAR)(access="car", max_kmh=18.0)
    for vehicle in (CAR, slow, CAR):
        engine.apply([whole(3)])
        start = along(engine)
        route = engine.route(Ask(start.origin, start.destination, vehicle, NOW))
        assert np.isclose(route.duration_s, route.distance_m / (vehicle.max_kmh if vehicle is slow else 36.0) * 3.6)


def test_threads_that_go_round_at_once_share_the_roads_and_nothing_else():
    engine = ladder(9)
    engine.apply([whole(3)])
    found, last = [], along(engine)

    def drive() -> None:
        found.extend(engine.route(last).distance_m for _ in range(40))

    threads = [threading.Thread(target=drive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1100.0] * 160
