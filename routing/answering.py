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


@dataclass(frozen=True, eq=False)
class Settled:
    """Where a search came to rest: the route, if any, and the closings that counted in the end, (c,)."""

    route: Route | None
    counted: NDArray[np.bool_]


def settle(views: OpenViews, ask: Ask, *, reckoning: Reckoning) -> Settled:
    """Search until the vehicle meets no further closing on the route found, or there is no route left.

    Every round counts at least one closing more, so it ends.
    """
    counted = reckoning.counted
    metric = views.costs.metric(ask.vehicle)
    while True:
        route = shortest_route(views.view(ask.vehicle, counted), ask.origin, ask.destination)
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


def answer_ask(views: OpenViews, ask: Ask) -> Route | NoRoute:
    """Return the least-time route, ties by length, or why there is none."""
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    settled = settle(views, ask, reckoning=reckoning)
    if settled.route is not None:
        return settled.route
    return explain(views, ask, reckoning=reckoning, counted=settled.counted)
