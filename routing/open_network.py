"""The road network without the closings in force: a view for one vehicle, never a change of the network.

**What a closed part stops.** Positions are whole centimetres. Travel from a to b (a < b along the road, either way)
in a closed direction is stopped by a closed part of some length if it enters it: touching its edge from outside is
allowed, so one can drive up to it and leave from its edge. A barrier at a point (from == to) stops all travel that
reaches or touches it. Who stands inside a closed part cannot move through it. Travel over a whole road is stopped by
any closed part of it. No travel (a == b) is never stopped: who stands at a junction may leave it by another road.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD, Network
from geodata.snapping import RoadPoint
from routing.arc_graph import ArcGraph
from routing.metric import SHUT, Metric
from routing.strong_parts import number_strong_parts

_DIRECTIONS = {
    Direction.BOTH: (FORWARD, BACKWARD),
    Direction.FORWARD: (FORWARD,),
    Direction.BACKWARD: (BACKWARD,),
}


class ClosedPart(NamedTuple):
    """Part of an arc that is closed, along the digitised direction, from_cm <= to_cm."""

    from_cm: int
    to_cm: int
    closure_id: str

    def stops(self, lower_cm: int, upper_cm: int) -> bool:
        """Tell whether travel between two positions, lower_cm < upper_cm, is stopped."""
        if self.from_cm == self.to_cm:
            return lower_cm <= self.from_cm <= upper_cm
        return lower_cm < self.to_cm and self.from_cm < upper_cm


@dataclass(frozen=True, eq=False)
class OpenNetwork:
    """What one vehicle may use; m roads.

    Attributes
    ----------
    closed_parts
        Closed parts by arc.
    cost : (2m,) int64
        Key of each whole arc, SHUT where the vehicle may not use it or part of it is closed.
    """

    network: Network
    graph: ArcGraph
    metric: Metric
    closed_parts: Mapping[int, tuple[ClosedPart, ...]]
    cost: NDArray[np.int64]

    def closures_between(self, arc: int, one_cm: int, other_cm: int) -> frozenset[str]:
        """Return the closures that stop travel along an arc between two positions."""
        if one_cm == other_cm:
            return frozenset()
        lower, upper = sorted((one_cm, other_cm))
        return frozenset(part.closure_id for part in self.closed_parts.get(arc, ()) if part.stops(lower, upper))

    def offset_cm(self, point: RoadPoint) -> int:
        """Return where on its road a point lies."""
        return min(max(round(point.offset_m * 100), 0), int(self.metric.length_cm[point.road]))

    def lifted(self) -> OpenNetwork:
        """Return the view with no closing at all."""
        return OpenNetwork(self.network, self.graph, self.metric, {}, self.metric.key)

    @cached_property
    def strong_part(self) -> NDArray[np.int32]:
        """Number of each junction's strongly connected part, (n,)."""
        return number_strong_parts(self.graph, self.cost)


def closed_parts_by_arc(metric: Metric, closings: Iterable[Closing]) -> dict[int, tuple[ClosedPart, ...]]:
    """Return what closings close, arc by arc; what lies beyond a road's end closes that end."""
    parts: dict[int, tuple[ClosedPart, ...]] = {}
    for closing in closings:
        whole_cm = int(metric.length_cm[closing.road])
        from_cm, to_cm = (min(max(round(metres * 100), 0), whole_cm) for metres in (closing.from_m, closing.to_m))
        for direction in _DIRECTIONS[Direction(closing.direction)]:
            arc = 2 * closing.road + direction
            parts[arc] = (*parts.get(arc, ()), ClosedPart(from_cm, to_cm, closing.closure_id))
    return parts


def close_arcs(network: Network, graph: ArcGraph, *, metric: Metric, closings: Iterable[Closing]) -> OpenNetwork:
    """Return the network as a vehicle finds it while all of these closings are in force."""
    parts = closed_parts_by_arc(metric, closings)
    cost = metric.key.copy()
    cost[np.fromiter(parts, dtype=np.int64, count=len(parts))] = SHUT
    return OpenNetwork(network, graph, metric, parts, cost)
