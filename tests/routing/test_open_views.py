"""Open networks come and go with their closings; those with nothing closed are kept."""

from __future__ import annotations

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.ask import Ask
from routing.closing_check import check_closings
from routing.closing_set import NOTHING_CLOSED, ClosingSet
from routing.engine import Engine
from routing.open_views import ArcCosts, OpenViews
from routing.plain_answer import plain_route
from routing.route import Route
from tests.networks import Road, make_network, on_road
from tests.routing.oracle import CAR, SPEEDS
from tests.routing.test_plain_answer import NOW

# A --a-- B --b-- C    and the way round: A --r-- C, 5 km.
NETWORK = make_network([Road("a", "A", "B"), Road("b", "B", "C"), Road("r", "A", "C", 5000.0)])
QUESTION = Ask(on_road(NETWORK, "a", 0), on_road(NETWORK, "b", 1000), CAR, NOW)


def closing(road: int, closure_id: str = "x") -> Closing:
    return Closing(closure_id, road, Direction.BOTH, 0.0, 1000.0)


def roads(engine: Engine) -> list[int]:
    route = engine.route(QUESTION)
    assert isinstance(route, Route)
    return [leg.road for leg in route.legs]


def views_of() -> OpenViews:
    views = OpenViews(ArcCosts(NETWORK, SPEEDS), NOTHING_CLOSED)
    assert ways(views) == [0, 1]
    return views


def ways(views: OpenViews) -> list[int]:
    route = plain_route(views, QUESTION)
    assert route is not None
    return [leg.road for leg in route.legs]


def closed(*closings: Closing) -> ClosingSet:
    return check_closings(closings, NETWORK)


def test_where_everything_is_open_again_what_was_known_of_that_is_known_still():
    engine = Engine(NETWORK, speeds_kmh=SPEEDS)
    known = engine.remembered
    assert roads(engine) == [0, 1]
    engine.apply([closing(1)])
    engine.apply([closing(0, "y")])
    assert roads(engine) == [2]
    assert engine.remembered is not known
    engine.lift("x")
    engine.lift("y")
    assert engine.remembered is known
    assert roads(engine) == [0, 1]


def test_weights_are_let_go_where_one_moves_on_to_other_closings_and_taken_up_where_all_is_open_again():
    views = views_of()
    used = views.weights_used_last()
    after = views.moved_on(closed(closing(2)))
    assert ways(after) == [0, 1]
    assert (views.weights_used_last(), after.weights_used_last()) == (None, used)
    assert after.moved_on(NOTHING_CLOSED) is views
    assert views.weights_used_last() is used


def test_whoever_looks_what_if_leaves_the_weights_where_they_are():
    views = views_of()
    used = views.weights_used_last()
    twin = views.with_closings(closed(closing(0)))
    assert ways(twin) == [2]
    assert views.weights_used_last() is used
    assert ways(twin.moved_on(NOTHING_CLOSED)) == [0, 1]


def test_moving_on_to_the_same_closings_changes_nothing():
    views = views_of()
    assert views.moved_on(views.closing_set) is views
