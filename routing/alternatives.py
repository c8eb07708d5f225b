"""Routes that differ: search again and again with the roads already used made dearer, keep what differs enough.

The penalty method (Johnson, Joseph and Sheffi 1993; Abraham et al. 2013 for the bounds). The first route is always the
least-time one. Another is kept if it shares at most `MOST_SHARED` of its length with every one kept and takes at most
`MOST_DETOUR` times the least duration. It is a sound choice, not the best possible one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from routing.answering import Settled, settle
from routing.ask import Ask, reckon
from routing.metric import SHUT
from routing.open_views import OpenViews
from routing.passage import closings_met
from routing.route import Route
from routing.shortest import shortest_route

#: Share of a route's length that may lie on one other route.
MOST_SHARED: Final = 0.7
#: Duration in terms of the least one.
MOST_DETOUR: Final = 1.5
#: A road used becomes dearer by this, in percent, each time a search ends with it.
PENALTY_PCT: Final = 30
#: Searches for each route wanted.
SEARCHES_EACH: Final = 8


def shared_length_m(route: Route, other: Route) -> float:
    """Return the length of a route that another one runs over too, in the same direction."""
    parts: dict[int, list[tuple[float, float]]] = {}
    for leg in other.legs:
        lower, upper = sorted((leg.from_m, leg.to_m))
        parts.setdefault(leg.arc, []).append((lower, upper))
    shared = 0.0
    for leg in route.legs:
        lower, upper = sorted((leg.from_m, leg.to_m))
        shared += sum(max(0.0, min(upper, end) - max(lower, start)) for start, end in parts.get(leg.arc, ()))
    return shared


def _differs(route: Route, kept: list[Route]) -> bool:
    if route.duration_s > MOST_DETOUR * kept[0].duration_s:
        return False
    return all(shared_length_m(route, other) <= MOST_SHARED * route.distance_m for other in kept)


def _search_on(views: OpenViews, ask: Ask, settled: Settled, wanted: int) -> list[Route]:
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    metric, counted, route = views.costs.metric(ask.vehicle), settled.counted, settled.route
    kept = [route] if route is not None else []
    cost = views.view(ask.vehicle, counted).cost.copy()
    for _ in range(SEARCHES_EACH * wanted):
        if route is None or len(kept) == wanted:
            break
        arcs = np.array([leg.arc for leg in route.legs])
        cost[arcs] += np.where(cost[arcs] == SHUT, 0, cost[arcs] * PENALTY_PCT // 100)
        view = views.view(ask.vehicle, counted)
        route = shortest_route(view, ask.origin, ask.destination, cost=np.where(view.cost == SHUT, SHUT, cost))
        if route is None:
            break
        met = closings_met(
            metric,
            route,
            closing_set=views.closing_set,
            among=reckoning.eligible & ~counted,
            depart_us=reckoning.depart_us,
        )
        counted = counted | met
        if not met.any() and _differs(route, kept):
            kept.append(route)
    return kept


def dissimilar_routes(views: OpenViews, ask: Ask, count: int) -> list[Route]:
    """Return up to so many routes, the least-time one first; none where there is none."""
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    settled = settle(views, ask, reckoning=reckoning)
    return _search_on(views, ask, settled, count) if settled.route is not None and count > 0 else []
