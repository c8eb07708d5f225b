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
from routing.hierarchy.hierarchy import Hierarchy, hierarchy_of
from routing.hierarchy.weight_pool import HeldWeights
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
    """

    network: Network
    graph: ArcGraph
    metric: Metric
    closed_parts: Mapping[int, tuple[ClosedPart, ...]]

    @cached_property
    def shut(self) -> NDArray[np.int32]:
        """Arcs with a closed part, in ascending order: nobody gets through."""
        arcs = np.fromiter(self.closed_parts, dtype=np.int32, count=len(self.closed_parts))
        arcs.sort()
        return arcs

    @cached_property
    def cost(self) -> NDArray[np.int64]:
        """Key of each whole arc, (2m,), SHUT where the vehicle may not use it or part of it is closed."""
        cost = self.metric.key.copy()
        cost[self.shut] = SHUT
        return cost

    @property
    def hierarchy(self) -> Hierarchy:
        """The network's hierarchy, to search in."""
        return hierarchy_of(self.network)

    @cached_property
    def held(self) -> HeldWeights:
        """The hierarchy's weights for these costs."""
        return self.hierarchy.pool.hold(self.metric, self.shut)

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
        return OpenNetwork(self.network, self.graph, self.metric, {})

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
    return OpenNetwork(network, graph, metric, closed_parts_by_arc(metric, closings))
