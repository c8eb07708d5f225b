"""The greatest flow from node 0 to node 1 along edges that carry whole amounts, and who is on node 0's side then.

Breadth-first augmenting paths (Edmonds and Karp 1972): as many rounds as the flow is large, each over every edge once.
That suits small cuts in large graphs, which is what posts round an area are. By the theorem of Ford and Fulkerson
(1956) the edges that leave node 0's side are a least cut, and of all least cuts the one nearest to node 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel


@kernel
def push_flow(
    start: NDArray[np.int64], half: NDArray[np.int32], ends: NDArray[np.int32], room: NDArray[np.int32]
) -> tuple[int, NDArray[np.bool_]]:
    """Push as much flow as there is room for; `room` is used up.

    Parameters
    ----------
    start, half
        `half[start[j]:start[j + 1]]` are the half edges that leave node j.
    ends : (2e,) int32
        Where each half edge leads; half edges 2i and 2i + 1 are the two directions of edge i.
    room : (2e,) int32
        How much each half edge can carry.

    Returns
    -------
    tuple
        The flow, and the mask of nodes that node 0 still reaches.
    """
    count = start.size - 1
    came_by = np.empty(count, dtype=np.int32)
    seen = np.zeros(count, dtype=np.bool_)
    waiting = np.empty(count, dtype=np.int32)
    flow = 0
    while True:
        seen[:] = False
        seen[0] = True
        waiting[0] = 0
        first, last = 0, 1
        while first < last and not seen[1]:
            node = waiting[first]
            first += 1
            for place in range(start[node], start[node + 1]):
                edge = half[place]
                other = ends[edge]
                if room[edge] > 0 and not seen[other]:
                    seen[other] = True
                    came_by[other] = edge
                    waiting[last] = other
                    last += 1
        if not seen[1]:
            return flow, seen
        node = 1
        most = 2**30
        while node != 0:
            most = min(most, int(room[came_by[node]]))
            node = ends[came_by[node] ^ 1]
        node = 1
        while node != 0:
            room[came_by[node]] -= most
            room[came_by[node] ^ 1] += most
            node = ends[came_by[node] ^ 1]
        flow += most


def max_flow(count: int, pairs: NDArray[np.int64], room: NDArray[np.int64]) -> tuple[int, NDArray[np.bool_]]:
    """Return the greatest flow from node 0 to node 1, and the mask of nodes on node 0's side of the nearest least cut.

    Parameters
    ----------
    count
        Number of nodes, at least 2.
    pairs : (e, 2) int64
        The two nodes of each edge.
    room : (e, 2) int64
        How much each edge can carry from its first node to its second, and back.
    """
    tails = np.ascontiguousarray(pairs, dtype=np.int32).ravel()
    ends = np.ascontiguousarray(pairs[:, ::-1], dtype=np.int32).ravel()
    start = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))]).astype(np.int64)
    half = np.argsort(tails, kind="stable").astype(np.int32)
    flow, side = push_flow(start, half, ends, np.ascontiguousarray(room, dtype=np.int32).ravel())
    return int(flow), side
