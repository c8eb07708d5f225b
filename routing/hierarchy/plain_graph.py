"""The undirected graph below a road network: who has a road to whom, however many and in whichever direction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


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


def plain_graph(ends: NDArray[np.int32], count: int) -> PlainGraph:
    """Return the graph of (m, 2) pairs of nodes."""
    one, other = ends[:, 0].astype(np.int64), ends[:, 1].astype(np.int64)
    apart = one != other
    both = np.concatenate([one[apart] * count + other[apart], other[apart] * count + one[apart]])
    pairs = np.unique(both)
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(pairs // max(count, 1), minlength=count), out=start[1:])
    return PlainGraph(start, (pairs % max(count, 1)).astype(np.int32))
