"""Routes that keep turns equal a plain search over whole histories of arcs; hours, exemptions and U-turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.network import Network, TurnRestriction
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from routing.route_proof import Journey, prove_route
from routing.turns.rules import binds, counts_at
from tests.networks import on_road, one_way, roads_of
from tests.routing.oracle import CAR, SPEEDS, closings_on, points
from tests.routing.turn_oracle import (
    CROSS,
    NO_RIGHT,
    PLAIN,
    at_junction,
    plain_seconds,
    plain_turn_key,
    restricted,
    restricted_networks,
    rule,
    smallest_size,
)

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)  # a Wednesday


def drive(network: Network, origin, destination, *, closings=(), turns="kept", **further) -> list[str] | NoRoute:
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    ends = (on_road(network, *origin), on_road(network, *destination))
    route = engine.route(Ask(*ends, **{"vehicle": CAR, "depart_at": NOW, "turns": turns, **further}))
    return roads_of(network, route.legs) if isinstance(route, Route) else route


def test_a_forbidden_turn_is_not_taken_and_ignored_where_turns_are():
    network = restricted(NO_RIGHT)
    assert drive(network, ("w", 500), ("s", 500)) == ["-w", "r", "-s"]
    assert drive(network, ("w", 500), ("s", 500), turns="ignored") == ["w", "s"]


def test_the_other_way_round_the_turn_is_free():
    assert drive(restricted(NO_RIGHT), ("s", 500), ("w", 500)) == ["-s", "-w"]


def test_only_forbids_every_other_way_on():
    network = restricted(rule(PLAIN, "only_straight_on", "w", "e"))
    assert drive(network, ("w", 500), ("e", 500)) == ["w", "e"]
    assert drive(network, ("w", 500), ("s", 500)) == ["-w", "r", "-s"]


def test_a_restriction_via_a_road_binds_only_who_came_that_way():
    network = restricted(rule(PLAIN, "no_left_turn", "e", "x", "y"))
    assert drive(network, ("x", 500), ("y", 500)) == ["x", "y"]
    assert drive(network, ("e", 500), ("z", 500)) == ["e", "x", "z"]
    # On from the dead end of z: from x one could go straight into y, from e not.
    assert drive(network, ("e", 500), ("y", 500)) == ["e", "x", "z", "-z", "y"]


def test_only_via_a_road_binds_at_its_end():
    network = restricted(rule(PLAIN, "only_straight_on", "e", "x", "y"))
    assert drive(network, ("e", 500), ("y", 500)) == ["e", "x", "y"]
    assert drive(network, ("e", 500), ("z", 500)) == ["e", "x", "y", "-y", "z"]


def test_who_starts_or_ends_at_the_junction_takes_no_turn():
    network = restricted(NO_RIGHT)
    assert drive(network, ("w", 1000), ("s", 500)) == ["s"]
    assert drive(network, ("w", 500), ("s", 0)) == ["w"]
    assert drive(network, ("n", 1000), ("s", 0)) == ["n"]


def test_no_u_turn_is_made_but_at_a_dead_end():
    network = restricted(NO_RIGHT, roads=tuple(road for road in CROSS if road.id != "r"))
    # Straight on to a dead end, round there, and then from another road into s.
    assert drive(network, ("w", 500), ("s", 500)) == ["w", "e", "x", "y", "-y", "-x", "-e", "s"]


def test_a_forbidden_u_turn_at_a_dead_end_leaves_no_way():
    network = restricted(rule(PLAIN, "no_u_turn", "y", "y", at="Y"))
    loop = [("y", 500), ("y", 100)]
    assert drive(network, ("z", 500), ("y", 900)) == ["-z", "y"]
    assert drive(network, *loop) == ["-y"]


@pytest.mark.parametrize(("exempt", "access", "way"), [("hgv", "truck", ["w", "s"]), ("hgv", "car", ["-w", "r", "-s"])])
def test_exempt_vehicles_take_the_turn(exempt, access, way):
    network = restricted(replace(NO_RIGHT, exempt=(exempt,)))
    assert drive(network, ("w", 500), ("s", 500), vehicle=Vehicle(access=access, max_kmh=90.0)) == way


@pytest.mark.parametrize(("kg", "free"), [(7_500.0, True), (7_501.0, False), (0.0, True)])
def test_a_restriction_by_weight_binds_heavier_vehicles(kg, free):
    network = restricted(replace(NO_RIGHT, condition="(weight>7.5)"))
    truck = Vehicle(access="truck", max_kmh=90.0, gross_weight_kg=kg)
    assert (drive(network, ("w", 500), ("s", 500), vehicle=truck) == ["w", "s"]) is free


def test_a_restriction_with_hours_counts_by_the_clock_of_departure():
    network = restricted(replace(NO_RIGHT, condition="(Mo-Fr 07:00-09:00)"))
    assert drive(network, ("w", 500), ("s", 500)) == ["-w", "r", "-s"]
    assert drive(network, ("w", 500), ("s", 500), depart_at=NOW + timedelta(hours=1)) == ["w", "s"]
    abroad = NOW.astimezone(timezone(timedelta(hours=8)))
    assert drive(network, ("w", 500), ("s", 500), depart_at=abroad) == ["w", "s"]
    assert drive(network, ("w", 500), ("s", 500), depart_at=abroad, until=abroad + timedelta(hours=1)) != ["w", "s"]


def test_hours_count_when_the_turn_is_taken_not_when_the_vehicle_departs():
    network = restricted(replace(NO_RIGHT, condition="(08:01-09:00)"))
    # Half a kilometre to the junction takes 50 s, from the far end 100 s.
    assert drive(network, ("w", 500), ("s", 500)) == ["w", "s"]
    assert drive(network, ("w", 0), ("s", 500)) == ["r", "-s"]
    over = restricted(replace(NO_RIGHT, condition="(07:00-08:01)"))
    assert drive(over, ("w", 500), ("s", 500)) == ["-w", "r", "-s"]
    assert drive(over, ("w", 0), ("s", 500)) == ["w", "s"]


@pytest.mark.parametrize(("kg", "hour", "is_bound"), [(8e3, 8, True), (7e3, 8, False), (8e3, 20, False)])
def test_hours_and_a_limit_may_have_to_hold_both(kg, hour, is_bound):
    one = replace(NO_RIGHT, condition="(weight>7.5 AND 07:00-19:00)")
    truck = Vehicle(access="truck", gross_weight_kg=kg)
    assert (binds(one, truck) and counts_at(one, NOW.replace(hour=hour))) is is_bound


@pytest.mark.parametrize(
    ("condition", "hour", "counts"),
    [
        ("Mo-Fr 07:00-09:00,16:00-18:00", 17, True),
        ("Sa,Su", 8, False),
        ("Sa-Mo 00:00-24:00", 8, False),
        ("22:00-06:00", 5, True),
        ("22:00-06:00", 21, False),
        ("We 22:00-06:00", 5, False),
        ("Tu 22:00-06:00", 5, True),
        ("wet", 8, True),
        ("", 8, True),
    ],
)
def test_hours_are_read_and_what_is_not_understood_counts_always(condition, hour, counts):
    assert counts_at(replace(NO_RIGHT, condition=condition), NOW.replace(hour=hour)) is counts


def test_a_closure_that_leaves_only_forbidden_turns_is_named():
    network = restricted(NO_RIGHT)
    closing = [Closing(one, network.road_index[one], Direction.BOTH, 0.0, 3000.0) for one in ("r", "z")]
    around = [Closing("e", network.road_index["e"], Direction.BOTH, 0.0, 1000.0)]
    assert drive(network, ("w", 500), ("s", 500), closings=closing) == ["w", "e", "x", "y", "-y", "-x", "-e", "s"]
    none = drive(network, ("w", 500), ("s", 500), closings=closing + around)
    assert isinstance(none, NoRoute)
    assert (none.code, none.proven, len(none.blocking)) == ("no-route", True, 1)


def test_a_forbidden_turn_without_another_way_is_unreachable():
    network = restricted(
        TurnRestriction("no_left_turn", (0,), (), (1,), 1), roads=[one_way("a", "A", "B"), one_way("b", "B", "C")]
    )
    assert drive(network, ("a", 500), ("b", 500)) == NoRoute("unreachable")


def test_alternatives_keep_the_turns_too():
    network = restricted(NO_RIGHT)
    engine = Engine(network, speeds_kmh=SPEEDS)
    question = Ask(on_road(network, "w", 500), on_road(network, "s", 500), CAR, NOW, turns="kept")
    found = engine.alternatives(question, 3)
    assert all(roads_of(network, one.legs)[:2] != ["w", "s"] for one in found)
    assert roads_of(network, found[0].legs) == ["-w", "r", "-s"]


def test_another_word_about_turns_is_refused():
    engine = Engine(PLAIN, speeds_kmh=SPEEDS)
    with pytest.raises(BadInputError, match="turns-unknown"):
        engine.route(Ask(on_road(PLAIN, "w", 0), on_road(PLAIN, "s", 0), CAR, NOW, turns="maybe"))


def check_turn_routes(data, network: Network) -> None:
    chosen = data.draw(st.sets(st.integers(0, network.road_count - 1), max_size=2))
    closings = [Closing(f"c{road}", road, Direction.FORWARD, 0.0, float(network.length_m[road])) for road in chosen]
    origin, destination = (data.draw(st.integers(0, network.junction_count - 1)) for _ in range(2))
    ends = at_junction(network, origin), at_junction(network, destination)
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    route = engine.route(Ask(*ends, CAR, NOW, turns="kept"))
    expected = plain_seconds(network, origin, destination, {2 * road for road in chosen})
    found = None
    if isinstance(route, Route):
        assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW, turns="kept")) == ()
        found = round(route.duration_s * 1000) << 30 | round(route.distance_m * 100)
    assert found == expected
    if isinstance(route, NoRoute):
        size = smallest_size(network, origin, destination, chosen)
        assert (len(route.blocking), route.proven) == ((0, True) if size is None else (size, True))
    if isinstance(route, NoRoute) and route.code == "no-route":
        assert isinstance(engine.snapshot(lifted=route.blocking).route(Ask(*ends, CAR, NOW, turns="kept")), Route)


@given(st.data())
@settings(deadline=None, max_examples=120)
def test_routes_that_keep_turns_equal_a_search_over_histories(data):
    check_turn_routes(data, data.draw(restricted_networks()))


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_networks_with_turns_equal_a_search_over_histories(data):
    check_turn_routes(data, data.draw(restricted_networks()))


def check_turn_points(data, network: Network) -> None:
    """Ask between any two points past closings of any part, and look at the answer as the slow search does."""
    closings = data.draw(closings_on(network, most=4, closures=3))
    ends = data.draw(points(network, closings)), data.draw(points(network, closings))
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    route = engine.route(Ask(*ends, CAR, NOW, turns="kept"))
    if isinstance(route, Route):
        found = round(route.duration_s * 1000) << 30 | round(route.distance_m * 100)
        assert found == plain_turn_key(network, *ends, closings)
        assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW, turns="kept")) == ()
        return
    ids = sorted({one.closure_id for one in closings})
    subsets = (some for size in range(len(ids) + 1) for some in combinations(ids, size))
    works = (some for some in subsets if is_way(network, ends, [one for one in closings if one.closure_id not in some]))
    smallest = next(works, None)
    assert len(route.blocking) == (0 if smallest is None else len(smallest))
    assert route.proven
    assert (route.code == "unreachable") is (smallest is None)
    assert smallest != ()
    lifted = engine.snapshot(lifted=route.blocking).route(Ask(*ends, CAR, NOW, turns="kept"))
    assert isinstance(lifted, Route) is (smallest is not None)


def is_way(network: Network, ends: tuple[RoadPoint, RoadPoint], closings: list[Closing]) -> bool:
    return plain_turn_key(network, *ends, closings) is not None


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_routes_that_keep_turns_between_any_points_past_any_part_equal_a_search_over_histories(data):
    check_turn_points(data, data.draw(restricted_networks()))


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_routes_that_keep_turns_between_any_points_equal_a_search_over_histories(data):
    check_turn_points(data, data.draw(restricted_networks()))
