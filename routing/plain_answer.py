"""Answer the plain question, by far the most frequent one, without the detours that others need.

Plain is: turns do not matter, no end of a window is asked for, every closing that may concern the vehicle counts from
the start and none of them ends before it arrives. Then the search in time (`routing.settling`) is a single search.
Whatever else is asked is left to that one.
"""

from __future__ import annotations

from math import isfinite

from routing.ask import HOLDERS, KEPT, Ask
from routing.closing_set import instant_us
from routing.open_views import OpenViews, Ready
from routing.route import Route
from routing.shortest import shortest_route


def _made_ready(views: OpenViews, ask: Ask, depart_us: int) -> Ready:
    """Find what questions like this one need, and leave it for the next one."""
    choice = views.closing_set.all_count or views.closing_set.choice(ask.holder, depart_us)
    view = None if choice.has_later else views.view(ask.vehicle, choice.counted)
    ready = Ready(ask.vehicle, ask.holder, choice.since_us, choice.before_us, choice.first_end_us, view)
    views.ready = ready
    return ready


def plain_route(views: OpenViews, ask: Ask) -> Route | None:
    """Return the route to a plain question; None where the question is not plain, not right, or has no route.

    Raises
    ------
    BadInputError
        `time-without-offset`, or as the vehicle's costs.
    """
    if ask.until is not None or ask.turns == KEPT or ask.holder not in HOLDERS:
        return None
    count = views.costs.network.road_count
    for point in (ask.origin, ask.destination):
        if not (0 <= point.road < count and isfinite(point.offset_m)):
            return None
    depart_us, ready = instant_us(ask.depart_at, where="depart_at"), views.ready
    if (
        ready is None
        or ready.vehicle is not ask.vehicle
        or ready.holder != ask.holder
        or not ready.since_us <= depart_us < ready.before_us
    ):
        ready = _made_ready(views, ask, depart_us)
    if ready.view is None:
        return None
    route = shortest_route(ready.view, ask.origin, ask.destination)
    is_over = route is not None and ready.first_end_us > depart_us + round(route.duration_s * 1_000_000)
    return route if is_over else None
