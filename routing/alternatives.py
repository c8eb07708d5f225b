"""Routes that differ: search again and again with the roads already used made dearer, keep what differs enough.

The penalty method (Johnson, Joseph and Sheffi 1993; Abraham et al. 2013 for the bounds). The first route is always the
least-time one. Another is kept if it shares at most `MOST_SHARED` of its length with every one kept and takes at most
`MOST_DETOUR` times the least duration. It is a sound choice, not the best possible one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np

from routing.ask import Ask, Reckoning, reckon
from routing.open_views import OpenViews
from routing.road_path import AS_IT_IS
from routing.route import Route
from routing.settling import Settled, find_route, met_on, settle

#: Share of a route's length that may lie on one other route.
MOST_SHARED: Final = 0.7
#: Duration in terms of the least one.
MOST_DETOUR: Final = 1.5
#: A road used becomes dearer by this, in percent, each time a search ends with it.
PENALTY_PCT: Final = 30
#: No road gets dearer than this; costs stay far from the largest integer.
DEAREST_PCT: Final = 1000
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


def _further_routes(views: OpenViews, ask: Ask, first: Settled, *, reckoning: Reckoning) -> Iterator[Route]:
    """Give routes that come up as those before grow dearer; none of them meets a closing."""
    counted, route = first.counted, first.route
    dearer = np.full(2 * views.costs.network.road_count, AS_IT_IS, dtype=np.int64)
    while route is not None:
        arcs = np.unique(route.arcs)
        dearer[arcs] = np.minimum(dearer[arcs] * (100 + PENALTY_PCT) // 100, DEAREST_PCT)
        route = find_route(views, ask, counted=counted, dearer=dearer)
        if route is None:
            return
        met = met_on(views, ask, route, reckoning=reckoning, counted=counted)
        if met is None:
            yield route
        else:
            counted = counted.joined(met)


def dissimilar_routes(views: OpenViews, ask: Ask, count: int) -> list[Route]:
    """Return up to so many routes, the least-time one first; none where there is none."""
    reckoning = reckon(views.closing_set, depart_at=ask.depart_at, until=ask.until, holder=ask.holder)
    first = settle(views, ask, reckoning=reckoning)
    if first.route is None or count < 1:
        return []
    kept = [first.route]
    for route in islice(_further_routes(views, ask, first, reckoning=reckoning), SEARCHES_EACH * count):
        if len(kept) == count:
            break
        if _differs(route, kept):
            kept.append(route)
    return kept
