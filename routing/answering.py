"""Answer one question: the route that a search in time settles on, or why there is none."""

from __future__ import annotations

from routing.ask import KEPT, Ask, Reckoning, reckon
from routing.missing_route import explain_missing_route
from routing.open_views import OpenViews
from routing.route import NoRoute, Route
from routing.settling import Counted, Settled, counted_from_start, settle
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


def answer_ask(views: OpenViews, ask: Ask) -> Route | NoRoute:
    """Return the least-time route, ties by length, or why there is none."""
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    settled = settle(views, ask, reckoning=reckoning)
    return settled.route or explain(views, ask, reckoning=reckoning, settled=settled)
