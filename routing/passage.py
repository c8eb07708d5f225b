"""When a vehicle is on each road of its route, and which closings it would meet there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from routing.closed_parts import ClosedParts
from routing.closing_set import ClosingSet
from routing.metric import Metric
from routing.route import RoadLeg, Route


def leg_times_us(route: Route, depart_us: int) -> Iterator[tuple[RoadLeg, int, int]]:
    """Give each leg with the instants at which the vehicle comes on and leaves, microseconds since 1970."""
    on_us = depart_us
    for leg in route.legs:
        off_us = on_us + round(leg.duration_s * 1_000_000)
        yield leg, on_us, off_us
        on_us = off_us


def closings_met(
    metric: Metric, route: Route, *, closing_set: ClosingSet, among: NDArray[np.bool_], depart_us: int
) -> NDArray[np.bool_]:
    """Return which closings the vehicle meets, (c,): in force while it is on that road, and in its way there.

    Parameters
    ----------
    among : (c,) bool
        Closings to look at.
    """
    met = np.zeros(len(closing_set.closings), dtype=np.bool_)
    if not among.any():
        return met
    candidates = np.flatnonzero(among & np.isin(closing_set.road, route.arcs >> 1))
    if not len(candidates):
        return met
    for leg, on_us, off_us in leg_times_us(route, depart_us):
        for number in candidates[closing_set.road[candidates] == leg.road]:
            start_us, end_us = closing_set.window_us[number]
            if start_us <= off_us and on_us < end_us:
                met[number] |= _is_in_the_way(ClosedParts(metric, closing_set, np.array([number])), leg)
    return met


def _is_in_the_way(closed: ClosedParts, leg: RoadLeg) -> bool:
    lower_cm, upper_cm = sorted((round(leg.from_m * 100), round(leg.to_m * 100)))
    return lower_cm < upper_cm and any(part.stops(lower_cm, upper_cm) for part in closed.of_arc(leg.arc))
