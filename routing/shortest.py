"""Find the least-time route in the open network, first and last road in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD
from geodata.snapping import RoadPoint
from routing.hierarchy.weight_pool import HeldWeights
from routing.metric import FAR, SHUT
from routing.open_network import OpenNetwork
from routing.road_ends import Stretch, open_ends, stretches_between, stretches_in, stretches_out
from routing.route import RoadLeg, Route, route_of

#: A road that is no dearer than it is, in percent.
AS_IT_IS: Final = 100


def _whole_leg(view: OpenNetwork, arc: int) -> RoadLeg:
    road, direction = divmod(arc, 2)
    length_m = int(view.metric.length_cm[road]) / 100
    ends = (length_m, 0.0) if direction == BACKWARD else (0.0, length_m)
    return RoadLeg(road, direction, *ends, length_m, int(view.metric.duration_ms[road, direction]) / 1000)


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


def _assemble(view: OpenNetwork, path: NDArray[np.int32], *, ends: tuple[Stretch, Stretch]) -> Route:
    """Return the route over a path of whole arcs and its two ends; an end that does not move is left out."""
    first, last = ([one.leg()] if one.from_cm != one.to_cm else [] for one in ends)
    return route_of([*first, *(_whole_leg(view, int(arc)) for arc in path), *last] or [ends[0].leg()])


def _priced(stretches: tuple[Stretch, ...], dearer: NDArray[np.int64] | None) -> tuple[Stretch, ...]:
    if dearer is None:
        return stretches
    return tuple(
        one._replace(cost=one.key + one.key // AS_IT_IS * (int(dearer[one.arc]) - AS_IT_IS)) for one in stretches
    )


def _weights(view: OpenNetwork, dearer: NDArray[np.int64] | None) -> HeldWeights:
    if dearer is None:
        return view.held
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
    out, into = (_priced(ways, dearer) for ways in (stretches_out(view, origin), stretches_in(view, destination)))
    straight = _cheapest(_priced(stretches_between(view, origin, destination), dearer))
    best, path = view.hierarchy.path(_weights(view, dearer), open_ends(out), open_ends(into))
    if straight is not None and straight.cost <= best:
        return route_of([straight.leg()])
    return None if best >= FAR else _assemble(view, path, ends=_ends_of(view, path, out=out, into=into))
