"""The undirected graph below a road network: who has a road to whom, however many and in whichever direction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel


class PlainGraph(NamedTuple):
    """Neighbours of n nodes in arrays of compressed rows; no loops, each neighbour once, symmetric.

    Attributes
    ----------
    start : (n + 1,) int64
        `near[start[v]:start[v + 1]]` are the neighbours of v, in ascending order.
    near : int32
    """

    start: NDArray[np.int64]
    near: NDArray[np.int32]

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.start) - 1


@kernel
def _rows(ends: NDArray[np.int32], count: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:  # noqa: C901 - a kernel
    """Return everybody's neighbours in ascending order, each once."""
    start = np.zeros(count + 2, dtype=np.int64)
    for row in range(ends.shape[0]):
        if ends[row, 0] != ends[row, 1]:
            start[ends[row, 0] + 2] += 1
            start[ends[row, 1] + 2] += 1
    for node in range(count):
        start[node + 2] += start[node + 1]
    mixed = np.empty(start[count + 1], dtype=np.int32)
    for row in range(ends.shape[0]):
        one, other = ends[row, 0], ends[row, 1]
        if one != other:
            mixed[start[one + 1]] = other
            mixed[start[other + 1]] = one
            start[one + 1] += 1
            start[other + 1] += 1
    # The relation is symmetric: told by everybody in turn to all neighbours, it comes in ascending order.
    near = np.empty(mixed.size, dtype=np.int32)
    end = start[:count].copy()
    for node in range(count):
        for place in range(start[node], start[node + 1]):
            other = mixed[place]
            if end[other] == start[other] or near[end[other] - 1] != node:
                near[end[other]] = node
                end[other] += 1
    kept = 0
    for node in range(count):
        begin = start[node]
        start[node] = kept
        for place in range(begin, end[node]):
            near[kept] = near[place]
            kept += 1
    start[count] = kept
    return start[: count + 1].copy(), near[:kept].copy()


def plain_graph(ends: NDArray[np.int32], count: int) -> PlainGraph:
    """Return the graph of (m, 2) pairs of nodes."""
    return PlainGraph(*_rows(np.ascontiguousarray(ends, dtype=np.int32), count))
