"""Number the strongly connected parts of the open network: who is in one part can reach everybody else in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.arc_graph import ArcGraph
from routing.kernel import kernel


@kernel
def number_strong_parts(graph: ArcGraph, cost: NDArray[np.int64]) -> NDArray[np.int32]:  # noqa: C901 - a kernel
    """Return the number of each junction's strongly connected part over the arcs that are not shut.

    Tarjan 1972 without recursion. Parts are numbered in reverse topological order: an arc between two parts leads
    to the lower number.

    Parameters
    ----------
    graph
        Arcs of n junctions.
    cost : (2m,) int64
        By arc; negative where shut.

    Returns
    -------
    (n,) int32
    """
    count = graph.out_start.size - 1
    part = np.full(count, -1, dtype=np.int32)
    order = np.full(count, -1, dtype=np.int64)
    lowest = np.zeros(count, dtype=np.int64)
    place = np.zeros(count, dtype=np.int64)
    waiting = np.empty(count, dtype=np.int32)
    trail = np.empty(count, dtype=np.int32)
    waiting_size = 0
    seen = 0
    parts = 0
    for root in range(count):
        if order[root] >= 0:
            continue
        trail[0] = root
        depth = 1
        while depth > 0:
            junction = trail[depth - 1]
            if order[junction] < 0:
                order[junction] = seen
                lowest[junction] = seen
                place[junction] = graph.out_start[junction]
                waiting[waiting_size] = junction
                seen += 1
                waiting_size += 1
            deeper = False
            while place[junction] < graph.out_start[junction + 1]:
                arc = graph.out_arc[place[junction]]
                place[junction] += 1
                other = graph.head[arc]
                if cost[arc] < 0 or part[other] >= 0:
                    continue
                if order[other] < 0:
                    trail[depth] = other
                    depth += 1
                    deeper = True
                    break
                lowest[junction] = min(lowest[junction], order[other])
            if deeper:
                continue
            if lowest[junction] == order[junction]:
                member = -1
                while member != junction:
                    waiting_size -= 1
                    member = waiting[waiting_size]
                    part[member] = parts
                parts += 1
            depth -= 1
            if depth > 0:
                above = trail[depth - 1]
                lowest[above] = min(lowest[above], lowest[junction])
    return part
