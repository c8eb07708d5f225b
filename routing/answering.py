"""Answer one question: the route that a search in time settles on, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence

from routing.ask import KEPT, Ask, Reckoning, reckon
from routing.missing_route import explain_missing_route
from routing.open_network import OpenNetwork
from routing.open_views import OpenViews
from routing.route import NoRoute, Route
from routing.settling import NOT_ASKED, Counted, First, Settled, counted_from_start, settle
from routing.shortest import shortest_routes
from routing.turns.missing_turn_route import explain_missing_turn_route
from routing.turns.turn_search import turn_search_of


def _explain_once(views: OpenViews, ask: Ask, counted: Counted) -> NoRoute:
    """Say why there is no route while all this counts."""
    view = views.view(ask.vehicle, counted.closings)
    if ask.turns != KEPT:
        return explain_missing_route(view, ask.origin, ask.destination)
    search = turn_search_of(views.costs.network)
    turns = [search.open_turns(one, ask.vehicle, counted.rules) for one in (view, view.lifted())]
    return explain_missing_turn_route(view, turns[0], turns[1], ends=(ask.origin, ask.destination))


def explain(views: OpenViews, ask: Ask, *, reckoning: Reckoning, settled: Settled) -> NoRoute:
    """Say why there is no route, by a set of closures that gives one if lifted and asked again.

    Lifting may lead the vehicle into closings that begin later: those then count too, and the set is looked for
    anew. Such a set is called proven only if it is a single closure, since a smaller one might be met at other times.
    """
    counted, start = settled.counted, counted_from_start(ask, reckoning)
    grown = not (start.holds(counted) and counted.holds(start))
    while True:
        none = _explain_once(views, ask, counted)
        if none.code == "unreachable":
            return none
        lifted = views.closing_set.of_closures(none.blocking)
        again = settle(views, ask, reckoning=reckoning.without(lifted, views.closing_set))
        if again.route is not None:
            return NoRoute(none.code, none.blocking, none.proven and (not grown or len(none.blocking) == 1))
        counted = counted.joined(again.counted)
        grown = True


def _answer(views: OpenViews, ask: Ask, reckoning: Reckoning, first: First = NOT_ASKED) -> Route | NoRoute:
    settled = settle(views, ask, reckoning=reckoning, first=first)
    return settled.route or explain(views, ask, reckoning=reckoning, settled=settled)


def _reckon(views: OpenViews, ask: Ask) -> Reckoning:
    return reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)


def answer_ask(views: OpenViews, ask: Ask) -> Route | NoRoute:
    """Return the least-time route, ties by length, or why there is none."""
    return _answer(views, ask, _reckon(views, ask))


def answer_asks(views: OpenViews, asks: Sequence[Ask]) -> list[Route | NoRoute]:
    """Answer many questions; the first search of those for which the same roads are open is one for all of them."""
    reckonings = [_reckon(views, ask) for ask in asks]
    together: dict[OpenNetwork, list[int]] = {}
    for number, (ask, reckoning) in enumerate(zip(asks, reckonings, strict=True)):
        if ask.turns != KEPT:
            together.setdefault(views.view(ask.vehicle, reckoning.counted), []).append(number)
    firsts: list[First] = [NOT_ASKED] * len(asks)
    for view, numbers in together.items():
        routes = shortest_routes(view, [(asks[number].origin, asks[number].destination) for number in numbers])
        for number, route in zip(numbers, routes, strict=True):
            firsts[number] = route
    return [_answer(views, *one) for one in zip(asks, reckonings, firsts, strict=True)]
