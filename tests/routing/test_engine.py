"""Routes, matrices and closings that come and go."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.vehicles import Vehicle
from geodata.windows import Window
from routing.engine import Ask, Engine
from routing.metric import LENGTH_BITS
from routing.route import NoRoute, Route
from routing.route_proof import Journey, prove_route
from tests.networks import Road, make_network, on_road, one_way, roads_of
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks, plain_key, points

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
BOTH, FORWARD, BACKWARD = Direction.BOTH, Direction.FORWARD, Direction.BACKWARD

# A --a-- B --b-- C    and the way round: A --r-- C, 5 km.
TRIANGLE = (Road("a", "A", "B"), Road("b", "B", "C"), Road("r", "A", "C", 5000.0))


def engine_of(*roads: Road, closings=()) -> Engine:
    network = make_network(roads)
    return Engine(network, speeds_kmh=SPEEDS, closings=closings)


def ask(engine: Engine, origin: tuple[str, float], destination: tuple[str, float], **further) -> Ask:
    ends = (on_road(engine.network, *origin), on_road(engine.network, *destination))
    return Ask(*ends, **{"vehicle": CAR, "depart_at": NOW, **further})


def names(engine: Engine, route: Route | NoRoute) -> list[str]:
    assert isinstance(route, Route), route
    return roads_of(engine.network, route.legs)


def key_of(route: Route | NoRoute) -> int | None:
    if isinstance(route, NoRoute):
        return None
    return round(route.duration_s * 1000) << LENGTH_BITS | round(route.distance_m * 100)


def whole(road: int, closure_id: str = "x", **further) -> Closing:
    return Closing(closure_id, road, BOTH, 0.0, 1000.0, **further)


def test_first_and_last_road_count_in_part():
    engine = engine_of(*TRIANGLE)
    route = engine.route(ask(engine, ("a", 400), ("b", 250)))
    assert names(engine, route) == ["a", "b"]
    assert (route.distance_m, route.duration_s) == (850.0, 85.0)
    assert [leg.length_m for leg in route.legs] == [600.0, 250.0]


def test_both_ends_on_one_road_go_straight_along_it():
    engine = engine_of(*TRIANGLE)
    there, back = (engine.route(ask(engine, *ends)) for ends in [(("a", 400), ("a", 900)), (("a", 900), ("a", 400))])
    assert names(engine, there) == ["a"]
    assert names(engine, back) == ["-a"]
    assert there.distance_m == back.distance_m == 500.0


def test_both_ends_on_a_one_way_road_in_the_wrong_order_go_round():
    engine = engine_of(one_way("a", "A", "B"), Road("b", "B", "A", 300.0))
    route = engine.route(ask(engine, ("a", 900), ("a", 400)))
    assert names(engine, route) == ["a", "b", "a"]
    assert route.distance_m == 100.0 + 300.0 + 400.0


def test_origin_that_is_the_destination_gives_a_route_of_length_zero():
    engine = engine_of(*TRIANGLE)
    route = engine.route(ask(engine, ("a", 400), ("a", 400)))
    assert (route.distance_m, route.duration_s, len(route.legs)) == (0.0, 0.0, 1)


def test_two_ends_on_the_same_junction_give_a_route_of_length_zero():
    engine = engine_of(*TRIANGLE)
    route = engine.route(ask(engine, ("a", 1000), ("b", 0)))
    assert (route.distance_m, len(route.legs)) == (0.0, 1)


def test_origin_inside_a_closed_part_may_be_its_own_destination():
    engine = engine_of(*TRIANGLE, closings=[whole(0)])
    assert engine.route(ask(engine, ("a", 400), ("a", 400))).distance_m == 0.0


def test_the_faster_of_parallel_roads_is_taken_and_the_other_when_it_is_closed():
    engine = engine_of(Road("s", "A", "B"), Road("p", "B", "C", 900.0), Road("q", "B", "C", 800.0), Road("e", "C", "D"))
    question = ask(engine, ("s", 0), ("e", 1000))
    assert names(engine, engine.route(question)) == ["s", "q", "e"]
    engine.apply([Closing("x", 2, BOTH, 0.0, 800.0)])
    assert names(engine, engine.route(question)) == ["s", "p", "e"]


def test_equal_durations_are_decided_by_length():
    fast, slow = Road("f", "A", "B", 2000.0, kmh=(72.0, 72.0)), Road("g", "A", "B", 1000.0, kmh=(36.0, 36.0))
    engine = engine_of(fast, slow, Road("s", "S", "A"), Road("e", "B", "E"))
    assert names(engine, engine.route(ask(engine, ("s", 0), ("e", 1000)))) == ["s", "g", "e"]


def test_a_road_from_a_junction_to_itself_is_left_by_either_end():
    engine = engine_of(Road("loop", "A", "A", 1000.0), Road("a", "A", "B"))
    assert names(engine, engine.route(ask(engine, ("loop", 300), ("a", 500)))) == ["-loop", "a"]
    assert names(engine, engine.route(ask(engine, ("loop", 700), ("a", 500)))) == ["loop", "a"]


def test_a_one_way_loop_is_driven_round_to_reach_a_point_behind():
    engine = engine_of(one_way("loop", "A", "A", 1000.0))
    route = engine.route(ask(engine, ("loop", 700), ("loop", 300)))
    assert names(engine, route) == ["loop", "loop"]
    assert route.distance_m == 600.0


def test_a_closing_of_part_of_a_road_leaves_the_rest_within_reach():
    engine = engine_of(*TRIANGLE, closings=[Closing("x", 0, BOTH, 400.0, 600.0)])
    assert names(engine, engine.route(ask(engine, ("a", 200), ("a", 300)))) == ["a"]
    assert names(engine, engine.route(ask(engine, ("a", 200), ("a", 800)))) == ["-a", "r", "-b", "-a"]


def test_a_closing_of_one_direction_leaves_the_other_open():
    engine = engine_of(*TRIANGLE, closings=[Closing("x", 0, FORWARD, 0.0, 1000.0)])
    assert names(engine, engine.route(ask(engine, ("b", 500), ("a", 500)))) == ["-b", "-a"]
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 500)))) == ["r", "-b"]


def test_who_stands_inside_a_closed_part_cannot_leave_through_it():
    engine = engine_of(*TRIANGLE, closings=[Closing("x", 0, BOTH, 400.0, 600.0)])
    assert engine.route(ask(engine, ("a", 500), ("b", 500))) == NoRoute("no-route", ("x",), proven=True)


def test_one_can_drive_up_to_the_edge_of_a_closed_part_and_away_from_it():
    engine = engine_of(*TRIANGLE, closings=[Closing("x", 0, BOTH, 400.0, 600.0)])
    assert names(engine, engine.route(ask(engine, ("a", 100), ("a", 400)))) == ["a"]
    assert names(engine, engine.route(ask(engine, ("a", 600), ("b", 100)))) == ["a", "b"]


@pytest.mark.parametrize("at_m", [0.0, 500.0, 1000.0])
def test_a_barrier_at_a_point_stops_travel_over_the_whole_road(at_m):
    engine = engine_of(*TRIANGLE, closings=[Closing("x", 0, BOTH, at_m, at_m)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 0)))) == ["r", "-b"]


def test_a_closed_road_is_not_used_when_nothing_else_is_left():
    engine = engine_of(Road("a", "A", "B"), Road("b", "B", "C"), closings=[Closing("x", 1, BOTH, 999.0, 999.0)])
    assert engine.route(ask(engine, ("a", 0), ("b", 1000))) == NoRoute("no-route", ("x",), proven=True)


def test_a_destination_on_another_island_is_unreachable_with_or_without_closings():
    engine = engine_of(Road("a", "A", "B"), Road("z", "Y", "Z"), closings=[whole(0)])
    assert engine.route(ask(engine, ("a", 500), ("z", 500))) == NoRoute("unreachable", (), proven=True)


def test_a_closing_out_of_its_window_is_not_avoided():
    later = Window(NOW + timedelta(hours=5))
    engine = engine_of(*TRIANGLE, closings=[whole(0, window=later)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["a", "b"]


def test_a_window_is_half_open():
    over = Window(NOW - timedelta(hours=1), NOW)
    engine = engine_of(*TRIANGLE, closings=[whole(0, window=over)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["a", "b"]


def test_a_closing_that_begins_while_the_vehicle_is_on_its_way_is_avoided():
    soon = Window(NOW + timedelta(seconds=150))
    engine = engine_of(*TRIANGLE, closings=[whole(1, window=soon)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["r"]


def test_a_closing_that_begins_after_the_vehicle_has_passed_is_not_avoided():
    soon = Window(NOW + timedelta(seconds=150))
    engine = engine_of(*TRIANGLE, closings=[whole(0, window=soon)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["a", "b"]


def test_until_avoids_every_closing_of_the_time_asked_about():
    soon = Window(NOW + timedelta(hours=2), NOW + timedelta(hours=3))
    engine = engine_of(*TRIANGLE, closings=[whole(0, window=soon)])
    until = ask(engine, ("a", 0), ("b", 1000), until=NOW + timedelta(hours=2, seconds=1))
    before = ask(engine, ("a", 0), ("b", 1000), until=NOW + timedelta(hours=2))
    assert names(engine, engine.route(until)) == ["r"]
    assert names(engine, engine.route(before)) == ["a", "b"]


def test_no_route_names_a_closing_that_only_begins_on_the_way():
    soon = Window(NOW + timedelta(seconds=150))
    engine = engine_of(Road("a", "A", "B"), Road("b", "B", "C"), closings=[whole(1, "later", window=soon)])
    assert engine.route(ask(engine, ("a", 0), ("b", 1000))) == NoRoute("no-route", ("later",), proven=True)


def test_holders_are_let_through_where_a_closure_says_so():
    engine = engine_of(*TRIANGLE, closings=[whole(0, lets_pass_holders_through=True)])
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["r"]
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000), holder="pass"))) == ["a", "b"]


def test_lifting_takes_away_exactly_one_closure():
    engine = engine_of(*TRIANGLE, closings=[whole(0, "x"), whole(0, "y"), whole(1, "y")])
    engine.lift("y")
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["r"]
    engine.lift("x")
    assert names(engine, engine.route(ask(engine, ("a", 0), ("b", 1000)))) == ["a", "b"]


def test_applying_a_closure_again_replaces_what_it_closed():
    engine = engine_of(*TRIANGLE, closings=[whole(0, "x")])
    engine.apply([whole(1, "x")])
    engine.apply([whole(1, "x")])
    assert engine.closings == (whole(1, "x"),)


@pytest.mark.parametrize("bad", [whole(7), whole(-1)])
def test_a_closing_of_an_unknown_road_is_refused_and_changes_nothing(bad):
    engine = engine_of(*TRIANGLE)
    with pytest.raises(BadInputError, match="closing-road-unknown"):
        engine.apply([whole(0, "good"), bad])
    assert engine.closings == ()


@pytest.mark.parametrize("part", [(600.0, 400.0), (float("nan"), 3.0), (0.0, float("inf"))])
def test_a_closing_of_no_proper_part_is_refused(part):
    with pytest.raises(BadInputError, match="closing-part-reversed"):
        engine_of(*TRIANGLE, closings=[Closing("x", 0, BOTH, *part)])


def test_lifting_what_is_not_closed_is_refused():
    with pytest.raises(BadInputError, match="closure-not-closed"):
        engine_of(*TRIANGLE).lift("x")


def test_a_snapshot_answers_what_if_and_the_live_engine_stays_as_it_was():
    engine = engine_of(*TRIANGLE, closings=[whole(0, "x")])
    what_if = engine.snapshot(closings=[whole(2, "y")], lifted=["x"])
    question = ask(engine, ("a", 0), ("b", 1000))
    assert names(what_if, what_if.route(question)) == ["a", "b"]
    assert names(engine, engine.route(question)) == ["r"]
    what_if.lift("y")
    assert engine.closings == (whole(0, "x"),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"depart_at": datetime(2022, 6, 22)}, "time-without-offset"),  # noqa: DTZ001
        ({"until": NOW}, "window-reversed"),
        ({"holder": "friend"}, "holder-unknown"),
        ({"vehicle": Vehicle(access="boat")}, "vehicle-access-unknown"),
        ({"vehicle": Vehicle(max_kmh=0.0)}, "vehicle-speed-not-positive"),
    ],
)
def test_a_wrong_question_is_refused(changes, code):
    engine = engine_of(*TRIANGLE)
    with pytest.raises(BadInputError, match=code):
        engine.route(ask(engine, ("a", 0), ("b", 1000), **changes))


def test_a_point_on_no_road_is_refused():
    engine = engine_of(*TRIANGLE)
    lost = on_road(make_network([*TRIANGLE, Road("z", "C", "D")]), "z", 0)
    with pytest.raises(BadInputError, match="road-point-unknown"):
        engine.route(Ask(lost, on_road(engine.network, "a", 0), CAR, NOW))


def test_usable_roads_are_those_open_in_some_direction():
    engine = engine_of(
        Road("both", "A", "B"), Road("trucks", "A", "B", access=(2, 2)), Road("back", "A", "B", access=(0, 1))
    )
    assert engine.usable_roads(CAR).tolist() == [True, False, True]


def test_a_batch_answers_in_order():
    engine = engine_of(*TRIANGLE, closings=[whole(0)])
    asks = [ask(engine, ("a", 0), ("b", 1000)), ask(engine, ("a", 300), ("b", 0)), ask(engine, ("b", 0), ("b", 1000))]
    assert engine.route_batch(asks) == [engine.route(one) for one in asks]


def test_readers_see_the_closings_before_or_after_a_change_never_between():
    engine = engine_of(*TRIANGLE)
    question, stop, seen = ask(engine, ("a", 0), ("b", 1000)), threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            seen.add(tuple(names(engine, engine.route(question))))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(200):
        engine.apply([whole(0, "x"), whole(1, "x")])
        engine.lift("x")
    stop.set()
    reader.join()
    assert seen <= {("a", "b"), ("r",)}


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_routes_equal_plain_dijkstra_and_hold_under_proof(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network))
    ends = data.draw(points(network, closings)), data.draw(points(network, closings))
    route = Engine(network, speeds_kmh=SPEEDS, closings=closings).route(Ask(*ends, CAR, NOW))
    assert key_of(route) == plain_key(network, *ends, closings)
    if isinstance(route, Route):
        assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW)) == ()


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_routes_through_closings_with_windows_hold_under_proof(data):
    network = data.draw(networks())
    starts = st.integers(-60, 600).map(lambda seconds: NOW + timedelta(seconds=seconds))
    windows = st.tuples(starts, st.integers(1, 300)).map(lambda w: Window(w[0], w[0] + timedelta(seconds=w[1])))
    closings = [
        Closing(one.closure_id, one.road, one.direction, one.from_m, one.to_m, data.draw(windows))
        for one in data.draw(closings_on(network, most=10))
    ]
    ends = data.draw(points(network, closings)), data.draw(points(network, closings))
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    route = engine.route(Ask(*ends, CAR, NOW))
    if isinstance(route, Route):
        assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW)) == ()
    elif route.code == "no-route":
        assert isinstance(engine.snapshot(lifted=route.blocking).route(Ask(*ends, CAR, NOW)), Route)


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_a_matrix_holds_what_the_routes_say(data):
    network = data.draw(networks())
    closings = data.draw(closings_on(network))
    window = st.sampled_from([None, Window(NOW + timedelta(seconds=100)), Window(NOW, NOW + timedelta(seconds=30))])
    closings = [Closing(c.closure_id, c.road, c.direction, c.from_m, c.to_m, data.draw(window)) for c in closings]
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    spots = [data.draw(points(network, closings)) for _ in range(4)]
    matrix = engine.matrix(spots[:2], spots, vehicle=CAR, depart_at=NOW)
    routes = [[engine.route(Ask(origin, end, CAR, NOW)) for end in spots] for origin in spots[:2]]
    sums = [[(r.duration_s, r.distance_m) if isinstance(r, Route) else (np.inf, np.inf) for r in row] for row in routes]
    assert np.array_equal(np.dstack([matrix.duration_s, matrix.distance_m]), np.array(sums))


def test_an_empty_matrix_is_empty():
    engine = engine_of(*TRIANGLE)
    matrix = engine.matrix([], [on_road(engine.network, "a", 0)], vehicle=CAR, depart_at=NOW)
    assert matrix.duration_s.shape == (0, 1)
