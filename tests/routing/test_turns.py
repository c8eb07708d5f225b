"""Routes that keep turns equal a plain search over whole histories of arcs; hours, exemptions and U-turns."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.network import Network, TurnRestriction
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from routing.turns.rules import counts_at, lay_out
from tests.networks import Road, make_network, on_road, one_way, roads_of
from tests.routing.oracle import CAR, SPEEDS, networks

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)  # a Wednesday

# A cross: W --w-- M --e-- E, N --n-> M --s-- S, and the way round from W to S: W --r-- S, 3 km. Beyond E the fork X.
CROSS = (
    Road("w", "W", "M"),
    Road("e", "M", "E"),
    one_way("n", "N", "M"),
    Road("s", "M", "S"),
    Road("r", "W", "S", 3000.0),
    Road("x", "E", "X"),
    Road("y", "X", "Y"),
    Road("z", "X", "Z", 1500.0),
)


def restricted(*restrictions: TurnRestriction, roads=CROSS) -> Network:
    return replace(make_network(roads), turn_restrictions=restrictions)


def rule(network: Network, kind: str, *roads: str, at: str = "M", **further) -> TurnRestriction:
    """Restrict the turn from the first road via those between to the last one."""
    first, *via, last = (network.road_index[road] for road in roads)
    names = list(dict.fromkeys(name for road in CROSS for name in (road.start, road.end)))
    junction = -1 if via else names.index(at)
    return TurnRestriction(kind, (first,), tuple(via), (last,), junction, **further)


def drive(network: Network, origin, destination, *, closings=(), turns="kept", **further) -> list[str] | NoRoute:
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    ends = (on_road(network, *origin), on_road(network, *destination))
    route = engine.route(Ask(*ends, **{"vehicle": CAR, "depart_at": NOW, "turns": turns, **further}))
    return roads_of(network, route.legs) if isinstance(route, Route) else route


PLAIN = make_network(CROSS)
NO_RIGHT = rule(PLAIN, "no_right_turn", "w", "s")


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


def plain_seconds(network: Network, origin: int, destination: int, closed: set[int]) -> int | None:
    """Search over the last four arcs driven, from one junction to another: ms << 30 | cm, None where there is no way."""
    rules = [one for restriction in network.turn_restrictions for one in lay_out(restriction, network)]
    heads = [int(network.ends[arc >> 1, 1 - (arc & 1)]) for arc in range(2 * network.road_count)]
    tails = [heads[arc ^ 1] for arc in range(len(heads))]
    open_arcs = [arc for arc in range(len(heads)) if network.access[arc >> 1, arc & 1] & 1]
    dead = {junction: [a for a in open_arcs if tails[a] == junction] for junction in range(network.junction_count)}
    heap: list[tuple[int, int, tuple[int, ...]]] = [(0, origin, ())]
    settled = set()
    while heap:
        cost, junction, history = heapq.heappop(heap)
        if junction == destination:
            return cost
        if (junction, history) in settled:
            continue
        settled.add((junction, history))
        for arc in dead[junction]:
            turns_back = bool(history) and arc == history[-1] ^ 1 and len(dead[junction]) > 1
            if arc in closed or turns_back or (history and any(one.forbids(history, arc) for one in rules)):
                continue
            road = arc >> 1
            kmh = float(network.tagged_kmh[road, arc & 1]) or 36.0
            length = float(network.length_m[road])
            step = round(3600 * length / kmh) << 30 | round(length * 100)
            heapq.heappush(heap, (cost + step, heads[arc], (*history, arc)[-4:]))
    return None


@st.composite
def restricted_networks(draw: st.DrawFn) -> Network:
    """Draw a small network with restrictions that fit it, via a junction or via one or two roads."""
    network = draw(networks(most_junctions=6, most_roads=10))
    arcs = [[2 * road, 2 * road + 1] for road in range(network.road_count)]
    heads = {arc: int(network.ends[arc >> 1, 1 - (arc & 1)]) for pair in arcs for arc in pair}
    restrictions = []
    for _ in range(draw(st.integers(0, 4))):
        way = [draw(st.sampled_from(sorted(heads)))]
        for _ in range(draw(st.integers(1, 3))):
            onward = sorted(arc for arc in heads if heads[arc ^ 1] == heads[way[-1]])
            way.append(draw(st.sampled_from(onward)))
        first, *via, last = (arc >> 1 for arc in way)
        kind = draw(st.sampled_from(["no_left_turn", "only_straight_on"]))
        restrictions.append(TurnRestriction(kind, (first,), tuple(via), (last,), -1 if via else heads[way[0]]))
    return replace(network, turn_restrictions=tuple(restrictions))


def at_junction(network: Network, junction: int):
    road = next(road for road in range(network.road_count) if junction in network.ends[road])
    offset = 0.0 if network.ends[road, 0] == junction else float(network.length_m[road])
    return on_road(network, str(network.road_id[road]), offset)


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
        found = round(route.duration_s * 1000) << 30 | round(route.distance_m * 100)
    assert found == expected
    if isinstance(route, NoRoute) and route.code == "no-route":
        assert isinstance(engine.snapshot(lifted=route.blocking).route(Ask(*ends, CAR, NOW, turns="kept")), Route)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_routes_that_keep_turns_equal_a_search_over_histories(data):
    check_turn_routes(data, data.draw(restricted_networks()))


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_networks_with_turns_equal_a_search_over_histories(data):
    check_turn_routes(data, data.draw(restricted_networks()))
