"""Put places into an order of travel: from a start, each next one near, without detours that two swaps can mend.

Nearest neighbour (Rosenkrantz, Stearns and Lewis 1977), then 2-opt (Croes 1958) on the driving times, until no exchange
shortens the way. It is an order for going round, no proof of the shortest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Engine

#: Stands for a way that does not exist: longer than any drive, so that such a place comes last. Seconds.
NO_WAY_S: Final = 1e7
_LEAST_GAIN_S: Final = 1e-6


def order_of_travel(duration_s: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the order in which to visit places 1 to n from place 0, without returning.

    Parameters
    ----------
    duration_s : (n + 1, n + 1) float64
        Driving times; infinity where there is no way. They may differ by direction.
    """
    cost = np.where(np.isfinite(duration_s), duration_s, NO_WAY_S)
    order = _nearest_next(cost)
    while _exchange(order, cost):
        pass
    return tuple(order[1:])


def _nearest_next(cost: NDArray[np.float64]) -> list[int]:
    left = list(range(1, len(cost)))
    order = [0]
    while left:
        # Ties go to the lower number, so that the same places give the same order.
        nearest = min(left, key=lambda place: (float(cost[order[-1], place]), place))
        left.remove(nearest)
        order.append(nearest)
    return order


def _exchange(order: list[int], cost: NDArray[np.float64]) -> bool:
    """Turn round the stretch that shortens the way most; tell whether there was one."""
    route = np.array(order)
    ahead = np.concatenate([[0.0], np.cumsum(cost[route[:-1], route[1:]])])
    back = np.concatenate([[0.0], np.cumsum(cost[route[1:], route[:-1]])])
    # After the last place nothing follows.
    after = np.append(ahead[1:] - ahead[:-1], 0.0)
    gains = [(_LEAST_GAIN_S, 0, 0)]
    for first in range(1, len(route) - 1):
        last = np.arange(first + 1, len(route))
        before = after[first - 1] + ahead[last] - ahead[first] + after[last]
        onward = np.append(cost[route[first], route[last[:-1] + 1]], 0.0)
        turned = cost[route[first - 1], route[last]] + back[last] - back[first] + onward
        best = int(np.argmax(before - turned))
        gains.append((float(before[best] - turned[best]), first, int(last[best])))
    gain, first, end = max(gains)
    if gain <= _LEAST_GAIN_S:
        return False
    order[first : end + 1] = order[first : end + 1][::-1]
    return True


def order_by_road(
    engine: Engine, start: RoadPoint, stops: Sequence[RoadPoint], *, vehicle: Vehicle, depart_at: datetime
) -> tuple[int, ...]:
    """Return the order, as indices of the stops, in which to visit them by road from a start."""
    if not stops:
        return ()
    points = (start, *stops)
    matrix = engine.matrix(points, points, vehicle=vehicle, depart_at=depart_at)
    return tuple(place - 1 for place in order_of_travel(matrix.duration_s))
