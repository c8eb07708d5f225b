"""Leave out the edges that no least path needs: perfect customisation, after Dibbelt, Strasser and Wagner 2016.

An edge that costs more than the least path between its junctions lies on no least path. Which edges these are holds for
one vehicle with every road open only, so it is computed for those that are asked for often: a walk up then looks at
half the edges. Once the first closed road lies in the way, all edges count again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.query import EVERY, Walk
from routing.hierarchy.topology import Topology
from routing.hierarchy.weights import Weights
from routing.kernel import kernel
from routing.metric import FAR

Keys = NDArray[np.int64]
#: Edges up, and against them, to walk along.
Walks = tuple[Walk, Walk]
#: All of them.
EVERYWHERE: Final[Walks] = (EVERY, EVERY)


@kernel
def _exact_costs(topology: Topology, weight: Keys) -> Keys:
    """Return what the least path between the junctions of each edge costs, those of high junctions first."""
    first, head = topology.first, topology.head
    exact = weight.copy()
    for node in range(first.size - 2, -1, -1):
        end = first[node + 1]
        for low in range(first[node], end):
            above = first[head[low]]
            for high in range(low + 1, end):
                # Heads of two edges up from a junction are joined by an edge themselves.
                while head[above] < head[high]:
                    above += 1
                exact[high, 0] = min(exact[high, 0], weight[low, 0] + exact[above, 0])
                exact[low, 0] = min(exact[low, 0], weight[high, 0] + exact[above, 1])
                exact[high, 1] = min(exact[high, 1], weight[low, 1] + exact[above, 1])
                exact[low, 1] = min(exact[low, 1], weight[high, 1] + exact[above, 0])
    return exact


def needed_walks(topology: Topology, weights: Weights) -> Walks:
    """Return the walks along those edges that a least path may need."""
    weight = weights.weight
    exact = _exact_costs(topology, weight)
    walks = []
    for side in range(2):
        edge = np.flatnonzero((weight[:, side] == exact[:, side]) & (weight[:, side] < FAR)).astype(np.int32)
        first = edge.searchsorted(topology.first.astype(np.int32))
        joined = edge.astype(np.int64) << 32 | topology.head[edge]
        walks.append(Walk(first, np.stack([weight[edge, side], joined], axis=1)))
    return walks[0], walks[1]
