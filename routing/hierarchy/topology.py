"""The hierarchy's shape: which shortcuts a network may need, whatever its roads cost and whichever are closed.

Customizable contraction hierarchies (Dibbelt, Strasser and Wagner 2016): junctions are taken out one after the other in
the order of their rank, and the neighbours of each that are still there are joined by an edge. The shape depends on the
roads' ends alone, so it is computed once and kept with the county; costs are filled in later (`customising`).
The lowest neighbour above a junction is its parent in the elimination tree: every upward path from a junction runs
along its ancestors.
"""

# ruff: noqa: C901 - kernels are long: calls between them cost compiling time

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.plain_graph import PlainGraph, plain_graph
from routing.kernel import kernel

Numbers = NDArray[np.int32]


class Topology(NamedTuple):
    """Edges of the hierarchy over n junctions and a arcs; a named tuple, because that is what a kernel takes.

    Junctions are named by their rank, 0 first taken out. An edge joins a lower junction (tail) with a higher one
    (head). A *slot* is an edge in one direction: `2 * edge` upwards, `2 * edge + 1` downwards.

    Attributes
    ----------
    rank : (n,) int32
        Rank of each junction of the network.
    parent : (n,) int32
        By rank; n where there is none.
    first : (n + 1,) int64
        `head[first[x]:first[x + 1]]` are the edges up from x, heads in ascending order.
    head, tail : (e,) int32
    low_first : (n + 1,) int64
        `low_edge[low_first[x]:low_first[x + 1]]` are the edges that come up to x; `low_tail` their tails,
        in ascending order.
    low_edge, low_tail : (e,) int32
    run_start : (n,) int32
        Everything below x has the ranks from here to x.
    slot_of_arc : (a,) int32
        Where an arc of the network lies; -1 where it leads back to its own junction.
    arc_first : (n + 1,) int32
        `arc[arc_first[x]:arc_first[x + 1]]` are the arcs between x and higher junctions, in either direction, parallel
        roads too, in ascending order.
    arc : int32
    """

    rank: Numbers
    parent: Numbers
    first: NDArray[np.int64]
    head: Numbers
    tail: Numbers
    low_first: NDArray[np.int64]
    low_edge: Numbers
    low_tail: Numbers
    run_start: Numbers
    slot_of_arc: Numbers
    arc_first: Numbers
    arc: Numbers

    @property
    def edge_count(self) -> int:
        """Number of edges, shortcuts included."""
        return len(self.head)


def graph_digest(ends: NDArray[np.int32], count: int) -> str:
    """Return the SHA-256 of what a topology depends on: the number of junctions, and the arcs' two ends."""
    digest = hashlib.sha256(f"baotong-hierarchy-3:{count}:{ends.shape}".encode())
    digest.update(np.ascontiguousarray(ends, dtype="<i4").data)
    return digest.hexdigest()


@kernel
def _join_neighbours(start: NDArray[np.int64], higher: Numbers) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """Take out every node of ascending rank; return the rows of edges up, unsorted, and each node's parent."""
    count = start.size - 1
    first = np.zeros(count + 1, dtype=np.int64)
    head = np.empty(max(16, 2 * higher.size), dtype=np.int32)
    parent = np.full(count, count, dtype=np.int32)
    child = np.full(count, -1, dtype=np.int32)
    sibling = np.full(count, -1, dtype=np.int32)
    mark = np.full(count, -1, dtype=np.int32)
    size = 0
    for node in range(count):
        room = start[node + 1] - start[node]
        below = child[node]
        while below >= 0:
            room += first[below + 1] - first[below]
            below = sibling[below]
        if size + room > head.size:
            longer = np.empty(2 * head.size + room, dtype=np.int32)
            for place in range(size):
                longer[place] = head[place]
            head = longer
        for place in range(start[node], start[node + 1]):
            mark[higher[place]] = node
            head[size] = higher[place]
            size += 1
        below = child[node]
        while below >= 0:
            for place in range(first[below], first[below + 1]):
                other = head[place]
                if other != node and mark[other] != node:
                    mark[other] = node
                    head[size] = other
                    size += 1
            below = sibling[below]
        first[node + 1] = size
        above = count
        for place in range(first[node], size):
            above = min(above, head[place])
        if above < count:
            parent[node] = above
            sibling[node] = child[above]
            child[above] = node
    return first, head[:size], parent


@kernel
def _post_order(parent: Numbers) -> tuple[Numbers, Numbers]:
    """Return each node's place, every subtree in one run, parents last; and by place where its run starts."""
    count = parent.size
    below = np.zeros(count + 1, dtype=np.int64)  # nodes of the subtree
    for node in range(count):
        below[node] += 1
        below[parent[node]] += below[node]
    place = np.empty(count, dtype=np.int32)
    run_start = np.empty(count, dtype=np.int32)
    taken = np.zeros(count + 1, dtype=np.int64)  # places given to earlier children; of a root's own: to earlier trees
    begin = np.zeros(count + 1, dtype=np.int64)
    for node in range(count - 1, -1, -1):
        above = parent[node]
        begin[node] = begin[above] + taken[above]
        taken[above] += below[node]
        place[node] = begin[node] + below[node] - 1
        run_start[place[node]] = begin[node]
    return place, run_start


@kernel
def _rows_above(graph: PlainGraph, rank: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """Return, by rank, the neighbours of higher rank, in any order."""
    count = rank.size
    node_of = np.empty(count, dtype=np.int32)
    for node in range(count):
        node_of[rank[node]] = node
    start = np.zeros(count + 1, dtype=np.int64)
    higher = np.empty(graph.near.size // 2, dtype=np.int32)
    size = 0
    for low in range(count):
        node = node_of[low]
        for place in range(graph.start[node], graph.start[node + 1]):
            if rank[graph.near[place]] > low:
                higher[size] = rank[graph.near[place]]
                size += 1
        start[low + 1] = size
    return start, higher


@kernel
def _edges_from_below(start: NDArray[np.int64], higher: Numbers, place: Numbers) -> tuple[NDArray[np.int64], Numbers]:
    """Return the rows of edges that come up to each junction, numbered anew; tails in ascending order."""
    count = place.size
    node_at = np.empty(count, dtype=np.int32)
    for node in range(count):
        node_at[place[node]] = node
    low_first = np.zeros(count + 2, dtype=np.int64)
    for head in higher:
        low_first[place[head] + 2] += 1
    for node in range(count):
        low_first[node + 2] += low_first[node + 1]
    low_tail = np.empty(higher.size, dtype=np.int32)
    for tail in range(count):
        node = node_at[tail]
        for entry in range(start[node], start[node + 1]):
            head = place[higher[entry]] + 1
            low_tail[low_first[head]] = tail
            low_first[head] += 1
    return low_first[: count + 1].copy(), low_tail


@kernel
def _edges_up(low_first: NDArray[np.int64], low_tail: Numbers) -> tuple[NDArray[np.int64], Numbers, Numbers, Numbers]:
    """Return the rows of edges up, heads in ascending order; their tails; and which edge each from below is."""
    count = low_first.size - 1
    first = np.zeros(count + 2, dtype=np.int64)
    for tail in low_tail:
        first[tail + 2] += 1
    for node in range(count):
        first[node + 2] += first[node + 1]
    head = np.empty(low_tail.size, dtype=np.int32)
    tails = np.empty(low_tail.size, dtype=np.int32)
    low_edge = np.empty(low_tail.size, dtype=np.int32)
    for node in range(count):
        for entry in range(low_first[node], low_first[node + 1]):
            edge = first[low_tail[entry] + 1]
            first[low_tail[entry] + 1] += 1
            head[edge] = node
            tails[edge] = low_tail[entry]
            low_edge[entry] = edge
    return first[: count + 1].copy(), head, tails, low_edge


@kernel
def _arcs_by_tail(slots: Numbers, tail: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return the rows of arcs up from each junction or down to it, in ascending order."""
    first = np.zeros(count + 2, dtype=np.int32)
    for slot in slots:
        if slot >= 0:
            first[tail[slot >> 1] + 2] += 1
    for node in range(count):
        first[node + 2] += first[node + 1]
    arcs = np.empty(first[count + 1], dtype=np.int32)
    for arc in range(slots.size):
        if slots[arc] >= 0:
            node = tail[slots[arc] >> 1]
            arcs[first[node + 1]] = arc
            first[node + 1] += 1
    return first[: count + 1].copy(), arcs


@kernel
def _slots_of_arcs(ends: Numbers, rank: Numbers, first: NDArray[np.int64], head: Numbers) -> Numbers:
    """Return the slot of every arc of (a, 2) ends."""
    slots = np.full(ends.shape[0], -1, dtype=np.int32)
    for arc in range(ends.shape[0]):
        one = rank[ends[arc, 0]]
        other = rank[ends[arc, 1]]
        if one == other:
            continue
        low = min(one, other)
        high = max(one, other)
        begin = first[low]
        end = first[low + 1]
        while begin < end:
            middle = (begin + end) >> 1
            if head[middle] < high:
                begin = middle + 1
            else:
                end = middle
        slots[arc] = 2 * begin + (0 if one < other else 1)
    return slots


def build_topology(ends: NDArray[np.int32], count: int, order: NDArray[np.int32]) -> Topology:
    """Return the hierarchy of (a, 2) arcs between so many junctions, taken out in this order."""
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    first, head, parent = _join_neighbours(*_rows_above(plain_graph(ends, count), rank))
    # Number anew so that whatever lies below a junction lies side by side in memory; the shortcuts stay the same.
    place, run_start = _post_order(parent)
    low_first, low_tail = _edges_from_below(first, head, place)
    first, head, tail, low_edge = _edges_up(low_first, low_tail)
    new_parent = np.full(count, count, dtype=np.int32)
    has_parent = np.diff(first) > 0
    new_parent[has_parent] = head[first[:-1][has_parent]]
    rank = place[rank]
    slots = _slots_of_arcs(np.ascontiguousarray(ends, dtype=np.int32), rank, first, head)
    arc_first, arcs = _arcs_by_tail(slots, tail, count)
    low = (low_first, low_edge, low_tail, run_start)
    return Topology(rank, new_parent, first, head, tail, *low, slots, arc_first, arcs)
