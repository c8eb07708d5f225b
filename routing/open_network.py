"""The road network without the closings in force: a view for one vehicle, never a change of the network.

What a closed part stops is told in `routing.closed_parts`. Who stands inside a closed part cannot move through it.
Travel over a whole road is stopped by any closed part of it. No travel is never stopped: who stands at a junction may
leave it by another road.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.network import Network
from geodata.snapping import RoadPoint
from routing.arc_graph import ArcGraph, arc_graph_of
from routing.closed_parts import ClosedParts
from routing.closing_set import ClosingSet
from routing.hierarchy.held_weights import HeldWeights
from routing.hierarchy.hierarchy import Hierarchy, hierarchy_of
from routing.hierarchy.weights_on_demand import WeightsOnDemand
from routing.metric import SHUT, Metric
from routing.strong_parts import number_strong_parts


class OpenNetwork:
    """What one vehicle may use, never changed; m roads.

    Parameters
    ----------
    hierarchy
        The network's own, to search in.
    """

    def __init__(self, network: Network, metric: Metric, closed_parts: ClosedParts, hierarchy: Hierarchy) -> None:
        self.network, self.metric, self.closed_parts, self.hierarchy = network, metric, closed_parts, hierarchy

    @property
    def shut(self) -> NDArray[np.int32]:
        """Arcs with a closed part, in ascending order: nobody gets through."""
        return self.closed_parts.arcs

    @cached_property
    def cost(self) -> NDArray[np.int64]:
        """Key of each whole arc, (2m,), SHUT where the vehicle may not use it or part of it is closed."""
        cost = self.metric.key.copy()
        cost[self.shut] = SHUT
        return cost

    @property
    def graph(self) -> ArcGraph:
        """The network's arcs by junction, for searches beside the hierarchy."""
        return arc_graph_of(self.network)

    @cached_property
    def weights(self) -> WeightsOnDemand:
        """The hierarchy's weights for these costs, as far as paths need them."""
        return WeightsOnDemand(self.hierarchy.pool, self.metric, self.closed_parts.arcs)

    @property
    def held(self) -> HeldWeights:
        """The hierarchy's weights for these costs, all of them."""
        return self.weights.held

    def closures_between(self, arc: int, one_cm: int, other_cm: int) -> frozenset[str]:
        """Return the closures that stop travel along an arc between two positions."""
        if one_cm == other_cm:
            return frozenset()
        lower, upper = sorted((one_cm, other_cm))
        return frozenset(part.closure_id for part in self.closed_parts.of_arc(arc) if part.stops(lower, upper))

    def offset_cm(self, point: RoadPoint) -> int:
        """Return where on its road a point lies."""
        return min(max(round(point.offset_m * 100), 0), int(self.metric.length_cm[point.road]))

    def lifted(self) -> OpenNetwork:
        """Return the view with no closing at all."""
        return close_arcs(self.network, metric=self.metric, closings=())

    @cached_property
    def strong_part(self) -> NDArray[np.int32]:
        """Number of each junction's strongly connected part, (n,)."""
        return number_strong_parts(self.graph, self.cost)


def close_arcs(network: Network, *, metric: Metric, closings: Iterable[Closing]) -> OpenNetwork:
    """Return the network as a vehicle finds it while all of these closings are in force."""
    closing_set = ClosingSet(tuple(closings))
    numbers = range(len(closing_set.closings))
    return OpenNetwork(network, metric, ClosedParts(metric, closing_set, numbers), hierarchy_of(network))
