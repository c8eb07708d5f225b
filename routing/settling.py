"""Search in time: find a route, drive it, count the closings and turn rules that it meets, and search again.

**Exact for what is met.** A route is never through a closing that is in force while the vehicle is on that road, nor
takes a turn in the hours in which it is forbidden. A closing over before the vehicle gets there is no hindrance.

**A bound otherwise.** What a route met stays counted for the rest of the search. Who came later, by another way, might
find it lifted: that way is not found, and waiting for a closing to lift is no route. Where nothing lifts or expires
while the vehicle is under way, the route is the least one.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.ask import KEPT, Ask, Reckoning
from routing.open_views import OpenViews
from routing.passage import closings_met
from routing.route import Route
from routing.shortest import dearer_route, shortest_route
from routing.turns.rules_met import rules_met
from routing.turns.turn_route import shortest_turn_route
from routing.turns.turn_search import turn_search_of

#: Nobody is under way in a county or a province for longer: closings that end later do not lift on the way.
LONGEST_DRIVE_US: Final = 24 * 3600 * 1_000_000


class Counted(NamedTuple):
    """What a search must avoid.

    Attributes
    ----------
    closings : (c,) bool
        By closing of the set.
    rules
        Numbers of the turn rules with hours that count; None: all of them. Rules without hours always count.
    """

    closings: NDArray[np.bool_]
    rules: frozenset[int] | None = frozenset()

    def holds(self, other: Counted) -> bool:
        """Tell whether everything that another one counts counts here too."""
        rules = self.rules is None or (other.rules is not None and other.rules <= self.rules)
        return rules and bool((self.closings | ~other.closings).all())

    def joined(self, other: Counted) -> Counted:
        """Return what either counts."""
        rules = None if self.rules is None or other.rules is None else self.rules | other.rules
        return Counted(self.closings | other.closings, rules)


class Settled(NamedTuple):
    """Where a search came to rest: the route, if any, and what counted in the end."""

    route: Route | None
    counted: Counted


class NotAsked(Enum):
    """What stands for the first route where nobody has looked for it yet."""

    NOT_ASKED = "not asked"


NOT_ASKED: Final = NotAsked.NOT_ASKED
#: The route while only what counts from the start counts, if somebody knows it.
First = Route | None | NotAsked


def counted_from_start(ask: Ask, reckoning: Reckoning) -> Counted:
    """Return what counts before anything was met; with `until`, rules with hours count at any hour."""
    return Counted(reckoning.counted, frozenset() if ask.until is None else None)


def find_route(
    views: OpenViews, ask: Ask, *, counted: Counted, dearer: NDArray[np.int64] | None = None
) -> Route | None:
    """Return the least-time route past what counts; `dearer` as in `dearer_route`."""
    view = views.view(ask.vehicle, counted.closings)
    if ask.turns != KEPT:
        if dearer is None:
            return shortest_route(view, ask.origin, ask.destination)
        return dearer_route(view, ask.origin, ask.destination, dearer=dearer)
    turns = turn_search_of(views.costs.network).open_turns(view, ask.vehicle, counted.rules)
    return shortest_turn_route(view, turns, ends=(ask.origin, ask.destination), dearer=dearer)


def met_on(views: OpenViews, ask: Ask, route: Route, *, reckoning: Reckoning, counted: Counted) -> Counted | None:
    """Return what a route meets that does not count yet; None where it holds."""
    looks_at_hours = ask.turns == KEPT and counted.rules is not None
    if not looks_at_hours and not reckoning.choice.has_later and counted.closings is reckoning.counted:
        return None
    closings = closings_met(
        views.costs.metric(ask.vehicle),
        route,
        closing_set=views.closing_set,
        among=reckoning.eligible & ~counted.closings,
        depart_us=reckoning.depart_us,
    )
    rules: frozenset[int] = frozenset()
    if ask.turns == KEPT and counted.rules is not None:
        search = turn_search_of(views.costs.network)
        among = search.rules_by_time(ask.vehicle) - counted.rules
        rules = rules_met(search.graph, route, among=among, depart_at=ask.depart_at)
    return Counted(closings, rules) if rules or closings.any() else None


def _settle_from(
    views: OpenViews, ask: Ask, *, reckoning: Reckoning, counted: Counted, first: First = NOT_ASKED
) -> Settled:
    """Search until nothing more is met; every round counts at least one thing more, so it ends."""
    while True:
        route = find_route(views, ask, counted=counted) if isinstance(first, NotAsked) else first
        first = NOT_ASKED
        if route is None:
            return Settled(None, counted)
        met = met_on(views, ask, route, reckoning=reckoning, counted=counted)
        if met is None:
            return Settled(route, counted)
        counted = counted.joined(met)


def lifting_on_the_way(views: OpenViews, reckoning: Reckoning, *, within_us: int) -> NDArray[np.bool_]:
    """Return which closings that count from the start end so soon that somebody under way may find them lifted."""
    end_us = views.closing_set.window_us[:, 1]
    return np.asarray(reckoning.counted & (end_us <= reckoning.depart_us + within_us), dtype=np.bool_)


def settle(views: OpenViews, ask: Ask, *, reckoning: Reckoning, first: First = NOT_ASKED) -> Settled:
    """Search as if what is in force at departure stayed so; and again as if what lifts on the way were not there."""
    start = counted_from_start(ask, reckoning)
    safe = _settle_from(views, ask, reckoning=reckoning, counted=start, first=first)
    if ask.until is not None:
        return safe
    within_us = LONGEST_DRIVE_US if safe.route is None else round(safe.route.duration_s * 1_000_000)
    if reckoning.choice.first_end_us > reckoning.depart_us + within_us:
        return safe
    brief = lifting_on_the_way(views, reckoning, within_us=within_us)
    sooner = _settle_from(views, ask, reckoning=reckoning, counted=Counted(start.closings & ~brief, start.rules))
    if safe.route is None or sooner.route is None:
        return sooner if safe.route is None else safe
    is_sooner = (sooner.route.duration_s, sooner.route.distance_m) < (safe.route.duration_s, safe.route.distance_m)
    return sooner if is_sooner else safe
