"""Why there is no route: the smallest set of closures, exact and proven where it can be."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing import missing_route
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from tests.networks import Road, make_network, on_road
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks, points, smallest_blocking_size

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)


def close(closure_id: str, *roads: int) -> list[Closing]:
    return [Closing(closure_id, road, Direction.BOTH, 0.0, 1000.0) for road in roads]


def chain(length: int) -> list[Road]:
    """0 --r0-- 1 --r1-- 2 ..."""
    return [Road(f"r{number}", str(number), str(number + 1)) for number in range(length)]


def ask_along(roads: list[Road], closings: list[Closing]) -> Route | NoRoute:
    """Ask for the way from the first road's start to the last road's end."""
    network = make_network(roads)
    ends = on_road(network, roads[0].id, 0), on_road(network, roads[-1].id, roads[-1].length_m)
    return Engine(network, speeds_kmh=SPEEDS, closings=closings).route(Ask(*ends, CAR, NOW))


def test_one_closure_over_five_roads_is_a_smaller_set_than_two_closures():
    roads = [Road("in", "S", "0"), *chain(5), Road("p", "0", "M"), Road("q", "M", "5"), Road("out", "5", "T")]
    closings = [*close("long", 1, 2, 3, 4, 5), *close("p", 6), *close("q", 7)]
    assert ask_along(roads, closings) == NoRoute("no-route", ("long",), proven=True)


def test_two_closures_of_one_road_must_both_be_lifted():
    assert ask_along(chain(2), [*close("x", 1), *close("y", 1)]) == NoRoute("no-route", ("x", "y"), proven=True)


def test_a_closure_that_hinders_nobody_is_not_named():
    first, second, third = chain(3)
    roads = [first, second, Road("aside", "1", "Z"), third]
    assert ask_along(roads, [*close("aside", 2), *close("middle", 1)]).blocking == ("middle",)


def test_eight_closures_in_a_row_are_proven_because_each_closes_one_gap_only():
    closings = [one for road in range(1, 9) for one in close(f"c{road}", road)]
    answer = ask_along(chain(10), closings)
    assert (len(answer.blocking), answer.proven) == (8, True)


def chain_with_spurs(length: int) -> tuple[list[Road], list[Closing]]:
    """Return a chain whose closures each close a blind road too, so that only the exact search proves anything."""
    spurs = [Road(f"s{number}", "0", f"blind{number}") for number in range(length)]
    closings = [one for road in range(length) for one in close(f"c{road}", 1 + road, 1 + length + road)]
    return [Road("in", "S", "0"), *chain(length), *spurs, Road("out", str(length), "T")], closings


def test_seven_closures_are_proven_where_no_six_do():
    answer = ask_along(*chain_with_spurs(7))
    assert (len(answer.blocking), answer.proven) == (7, True)


def test_eight_closures_are_named_but_not_proven_where_seven_were_not_tried():
    answer = ask_along(*chain_with_spurs(8))
    assert (len(answer.blocking), answer.proven) == (8, False)


def test_a_search_that_grows_too_large_gives_a_working_set_and_says_not_proven(monkeypatch):
    monkeypatch.setattr(missing_route, "MOST_STEPS", 5)
    roads, closings = chain_with_spurs(6)
    answer = ask_along(roads, closings)
    assert (len(answer.blocking), answer.proven) == (6, False)
    assert isinstance(ask_along(roads, [one for one in closings if one.closure_id not in answer.blocking]), Route)


def test_a_holder_is_not_told_of_closures_that_let_holders_through():
    network = make_network(chain(2))
    open_for_holders = Closing("soft", 0, Direction.BOTH, 0.0, 1000.0, lets_pass_holders_through=True)
    engine = Engine(network, speeds_kmh=SPEEDS, closings=[open_for_holders, *close("hard", 1)])
    ends = on_road(network, "r0", 0), on_road(network, "r1", 1000)
    assert engine.route(Ask(*ends, CAR, NOW)).blocking == ("hard", "soft")
    assert engine.route(Ask(*ends, CAR, NOW, holder="pass")).blocking == ("hard",)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_the_set_is_as_small_as_trying_every_set_finds_and_lifting_it_gives_a_route(data):
    network = data.draw(networks(most_junctions=5, most_roads=7))
    closings = data.draw(closings_on(network, most=10, closures=6))
    ends = data.draw(points(network, closings)), data.draw(points(network, closings))
    engine = Engine(network, speeds_kmh=SPEEDS, closings=closings)
    answer, size = engine.route(Ask(*ends, CAR, NOW)), smallest_blocking_size(network, *ends, closings)
    if isinstance(answer, Route):
        assert size == 0
    elif size is None:
        assert answer == NoRoute("unreachable", (), proven=True)
    else:
        assert (answer.code, len(answer.blocking), answer.proven) == ("no-route", size, True)
        assert isinstance(engine.snapshot(lifted=answer.blocking).route(Ask(*ends, CAR, NOW)), Route)
