"""Answer one question: search, drive the route found in time, count the closings met, search again; or say why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.ask import Ask, Reckoning, reckon
from routing.missing_route import explain_missing_route
from routing.open_views import OpenViews
from routing.passage import closings_met
from routing.route import NoRoute, Route
from routing.shortest import shortest_route
from routing.turns.turn_route import shortest_turn_route
from routing.turns.turn_search import turn_search_of


@dataclass(frozen=True, eq=False)
class Settled:
    """Where a search came to rest: the route, if any, and the closings that counted in the end, (c,)."""

    route: Route | None
    counted: NDArray[np.bool_]


def find_route(
    views: OpenViews, ask: Ask, *, counted: NDArray[np.bool_], dearer: NDArray[np.int64] | None = None
) -> Route | None:
    """Return the least-time route while these closings, (c,), are in force; `dearer` as in `shortest_route`."""
    view = views.view(ask.vehicle, counted)
    if ask.turns == "ignored":
        return shortest_route(view, ask.origin, ask.destination, dearer=dearer)
    at = ask.depart_at if ask.until is None else None
    turns = turn_search_of(views.costs.network).open_turns(view, ask.vehicle, at)
    return shortest_turn_route(view, turns, ends=(ask.origin, ask.destination), dearer=dearer)


def settle(views: OpenViews, ask: Ask, *, reckoning: Reckoning) -> Settled:
    """Search until the vehicle meets no further closing on the route found, or there is no route left.

    Every round counts at least one closing more, so it ends.
    """
    counted = reckoning.counted
    metric = views.costs.metric(ask.vehicle)
    while True:
        route = find_route(views, ask, counted=counted)
        if route is None:
            return Settled(None, counted)
        met = closings_met(
            metric,
            route,
            closing_set=views.closing_set,
            among=reckoning.eligible & ~counted,
            depart_us=reckoning.depart_us,
        )
        if not met.any():
            return Settled(route, counted)
        counted = counted | met


def explain(views: OpenViews, ask: Ask, *, reckoning: Reckoning, counted: NDArray[np.bool_]) -> NoRoute:
    """Say why there is no route, by a set of closures that gives one if lifted and asked again.

    Lifting may lead the vehicle into closings that begin later: those then count too, and the set is looked for
    anew. Such a set is called proven only if it is a single closure, since a smaller one might be met at other times.
    """
    grown = not np.array_equal(counted, reckoning.counted)
    while True:
        none = explain_missing_route(views.view(ask.vehicle, counted), ask.origin, ask.destination)
        if none.code == "unreachable":
            return none
        lifted = views.closing_set.of_closures(none.blocking)
        without = Reckoning(reckoning.depart_us, reckoning.eligible & ~lifted, reckoning.counted & ~lifted)
        settled = settle(views, ask, reckoning=without)
        if settled.route is not None:
            return NoRoute(none.code, none.blocking, none.proven and (not grown or len(none.blocking) == 1))
        counted = counted | settled.counted
        grown = True


def explain_by_turns(views: OpenViews, ask: Ask, *, reckoning: Reckoning) -> NoRoute:
    """Say why there is no route that keeps the turns: closures none of which could be left out (Junker 2004).

    Such a set is called proven only if it is a single closure.
    """

    def lifts(ids: tuple[str, ...]) -> bool:
        gone = views.closing_set.of_closures(ids)
        without = Reckoning(reckoning.depart_us, reckoning.eligible & ~gone, reckoning.counted & ~gone)
        return settle(views, ask, reckoning=without).route is not None

    def needed(base: tuple[str, ...], among: tuple[str, ...]) -> tuple[str, ...]:
        if lifts(base):
            return ()
        if len(among) == 1:
            return among
        one, other = among[: len(among) // 2], among[len(among) // 2 :]
        of_other = needed(base + one, other)
        return needed(base + of_other, one) + of_other

    eligible = [one for one, counts in zip(views.closing_set.closings, reckoning.eligible, strict=True) if counts]
    ids = tuple(sorted({one.closure_id for one in eligible}))
    if not ids or not lifts(ids):
        return NoRoute("unreachable")
    blocking = tuple(sorted(needed((), ids)))
    return NoRoute("no-route", blocking, proven=len(blocking) == 1)


def answer_ask(views: OpenViews, ask: Ask) -> Route | NoRoute:
    """Return the least-time route, ties by length, or why there is none."""
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    settled = settle(views, ask, reckoning=reckoning)
    if settled.route is not None:
        return settled.route
    if ask.turns == "kept":
        return explain_by_turns(views, ask, reckoning=reckoning)
    return explain(views, ask, reckoning=reckoning, counted=settled.counted)
