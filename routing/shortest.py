"""Find the least-time route in the open network, first and last road in part."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD
from geodata.snapping import RoadPoint
from routing.hierarchy.weight_pool import HeldWeights
from routing.hierarchy.weights_on_demand import WeightsOnDemand
from routing.metric import FAR, LENGTH_BITS, LENGTH_MASK, SHUT, Metric
from routing.open_network import OpenNetwork
from routing.road_ends import (
    AS_IT_IS,
    Stretch,
    open_ends,
    priced,
    stretches_between,
    stretches_in,
    stretches_out,
    without_detours,
)
from routing.route import RoadLeg, Route, route_of


def _whole_legs(metric: Metric, path: NDArray[np.int32]) -> list[RoadLeg]:
    """Return the legs of whole arcs."""
    ways = path & 1
    length_m = metric.length_m[path >> 1]
    is_back = ways == BACKWARD
    begin_m, end_m = np.where(is_back, length_m, 0.0), np.where(is_back, 0.0, length_m)
    columns = (path >> 1, ways, begin_m, end_m, length_m, metric.arc_duration_s[path])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return list(map(tuple.__new__, repeat(RoadLeg), rows))  # as RoadLeg(*row), a hundred roads in no time


def _cheapest(stretches: Iterable[Stretch]) -> Stretch | None:
    return min((one for one in stretches if not one.closures), key=lambda one: one.cost, default=None)


def _ends_of(
    view: OpenNetwork, path: NDArray[np.int32], *, out: tuple[Stretch, ...], into: tuple[Stretch, ...]
) -> tuple[Stretch, Stretch]:
    """Return the cheapest stretches that a path of whole arcs joins; where it is empty they meet at a junction."""
    if len(path):
        leaving = _cheapest(one for one in out if one.junction == view.graph.tail[path[0]])
        arriving = _cheapest(one for one in into if one.junction == view.graph.head[path[-1]])
        pairs = [(leaving, arriving)]
    else:
        pairs = [(one, other) for one in out for other in into if one.junction == other.junction]
    ends = [(one, other) for one, other in pairs if one and other and not one.closures | other.closures]
    return min(ends, key=lambda pair: pair[0].cost + pair[1].cost)


def assemble(metric: Metric, path: NDArray[np.int32], *, ends: tuple[Stretch, Stretch]) -> Route:
    """Return the route over a path of whole arcs and its two ends; an end that does not move is left out."""

    def unfold() -> tuple[RoadLeg, ...]:
        first, last = ([one.leg()] if one.from_cm != one.to_cm else [] for one in ends)
        return tuple([*first, *_whole_legs(metric, path), *last] or [ends[0].leg()])

    key = int(metric.key[path].sum()) + ends[0].key + ends[1].key
    distance_m, duration_s = (key & LENGTH_MASK) / 100, (key >> LENGTH_BITS) / 1000
    return Route.unfolding(unfold, distance_m=distance_m, duration_s=duration_s)


def _weights(view: OpenNetwork, dearer: NDArray[np.int64] | None) -> HeldWeights | WeightsOnDemand:
    if dearer is None:
        return view.weights
    cost = view.cost + view.cost // AS_IT_IS * (dearer - AS_IT_IS)
    return view.hierarchy.pool.hold_costs(np.where(view.cost == SHUT, SHUT, cost), near=view.held)


def shortest_route(
    view: OpenNetwork, origin: RoadPoint, destination: RoadPoint, *, dearer: NDArray[np.int64] | None = None
) -> Route | None:
    """Return the route of least duration, ties by length; None where there is none.

    Parameters
    ----------
    dearer : (2m,) int64
        By arc, in percent: how dear the search holds it, AS_IT_IS or more; to look for alternatives.
    """
    out, into = (priced(ways, dearer) for ways in (stretches_out(view, origin), stretches_in(view, destination)))
    straight = _cheapest(priced(stretches_between(view, origin, destination), dearer))
    out, into = without_detours(out), without_detours(into)
    best, path = view.hierarchy.path(_weights(view, dearer), open_ends(out), open_ends(into))
    if straight is not None and straight.cost <= best:
        return route_of([straight.leg()])
    return None if best >= FAR else assemble(view.metric, path, ends=_ends_of(view, path, out=out, into=into))
