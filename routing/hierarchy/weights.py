"""What every edge of the hierarchy costs, filled in for one set of arc costs.

Costs are keys that order by duration and then by length (`routing.metric`). `FAR` means shut: two of them still add up
within 64 bits, and a sum replaces a cost only if it is less, so no cost ever passes `FAR` and none overflows. A shut
arc therefore lies on no path, also where nothing else is left.

Filling in follows Dibbelt, Strasser and Wagner 2016 (basic customisation), with the way over which each cost came about
kept beside it. An edge's costs up and down lie side by side: whoever needs one mostly needs the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.topology import Topology
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]

#: `way` of a slot that nothing leads over.
NO_WAY = -(1 << 31)


class Weights(NamedTuple):
    """Costs of e edges; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    cost : (a,) int64
        What they were filled in from: cost by arc, negative where shut.
    weight : (e, 2) int64
        Of each edge upwards and downwards, FAR where there is no way.
    way : (e, 2) int32
        Over what: `-1 - arc`; or the edge from a lower junction to this edge's tail, the middle of a triangle.
    """

    cost: Keys
    weight: NDArray[np.int64]
    way: NDArray[np.int32]


def empty_weights(topology: Topology) -> Weights:
    """Return room for weights."""
    shape = (topology.edge_count, 2)
    arcs = len(topology.slot_of_arc)
    return Weights(np.empty(arcs, dtype=np.int64), np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int32))


@part_of_kernel
def _take_arcs(topology: Topology, weights: Weights) -> None:
    """Set every weight to the least of the edge's own arcs."""
    weight, way = weights.weight, weights.way
    for edge in range(weight.shape[0]):
        for side in range(2):
            weight[edge, side] = FAR
            way[edge, side] = NO_WAY
    for arc in range(topology.slot_of_arc.size):
        slot = topology.slot_of_arc[arc]
        cost = weights.cost[arc]
        if slot >= 0 and 0 <= cost < weight[slot >> 1, slot & 1]:
            weight[slot >> 1, slot & 1] = cost
            way[slot >> 1, slot & 1] = -1 - arc


@kernel
def fill_in(topology: Topology, weights: Weights) -> None:
    """Compute every weight from `weights.cost`; every triangle once, those of low junctions first."""
    first, head, tail = topology.first, topology.head, topology.tail
    weight, way = weights.weight, weights.way
    _take_arcs(topology, weights)
    edge_to = np.empty(first.size, dtype=np.int32)
    for node in range(first.size - 1):
        for edge in range(first[node], first[node + 1]):
            edge_to[head[edge]] = edge
        for place in range(topology.low_first[node], topology.low_first[node + 1]):
            low = topology.low_edge[place]
            to_low = weight[low, 1]
            from_low = weight[low, 0]
            if to_low >= FAR and from_low >= FAR:
                continue
            for other in range(low + 1, first[tail[low] + 1]):
                edge = edge_to[head[other]]
                there = to_low + weight[other, 0]
                if there < weight[edge, 0]:
                    weight[edge, 0] = there
                    way[edge, 0] = low
                back = weight[other, 1] + from_low
                if back < weight[edge, 1]:
                    weight[edge, 1] = back
                    way[edge, 1] = low
