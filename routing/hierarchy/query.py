"""The least-cost path between two sets of junctions: two walks up the elimination tree, and the shortcuts unpacked.

Every shortest path leads up to its highest junction and down again, and both halves run along ancestors in the
elimination tree (Dibbelt, Strasser and Wagner 2016; pruned as by Buchhold, Sanders and Wagner 2019).
"""

# ruff: noqa: C901, PLR0912, PLR0915 - kernels are long: calls between them cost compiling time

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.topology import Topology
from routing.hierarchy.weights import Weights
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]
#: Junctions (of the network) and what it costs to reach them, or to come from them.
Ends = tuple[Numbers, Keys]


class Desk(NamedTuple):
    """Room for one query at a time: one a thread.

    Attributes
    ----------
    reach : (2, n) int64
        FAR everywhere between two queries.
    came_by : (2, n) int32
    slots : (2 n + 16,) int32
    path : (n + 1,) int32
    """

    reach: NDArray[np.int64]
    came_by: NDArray[np.int32]
    slots: Numbers
    path: Numbers


def new_desk(topology: Topology) -> Desk:
    """Return room for queries."""
    count = len(topology.parent)
    reach = np.full((2, count), FAR, dtype=np.int64)
    came_by = np.empty((2, count), dtype=np.int32)
    return Desk(reach, came_by, np.empty(2 * count + 16, dtype=np.int32), np.empty(count + 1, dtype=np.int32))


@part_of_kernel
def _unpack(topology: Topology, way: NDArray[np.int32], desk: Desk, slot: np.int64, size: np.int64) -> np.int64:
    """Write the arcs of a shortcut, in the order of travel, after so many others; return how many there are then."""
    first, head, tail = topology.first, topology.head, topology.tail
    stack = desk.slots
    base = stack.size - 1  # grows downwards from the end
    stack[base] = slot
    top = base
    while top <= base:
        slot = stack[top]
        top += 1
        edge = slot >> 1
        low = way[edge, slot & 1]
        if low < 0:
            desk.path[size] = -1 - low
            size += 1
            continue
        begin = low + 1
        end = first[tail[low] + 1]
        while begin < end:
            middle = (begin + end) >> 1
            if head[middle] < head[edge]:
                begin = middle + 1
            else:
                end = middle
        top -= 2
        if slot & 1:
            stack[top] = 2 * begin + 1
            stack[top + 1] = 2 * low
        else:
            stack[top] = 2 * low + 1
            stack[top + 1] = 2 * begin
    return size


@kernel
def shortest_path(topology: Topology, weights: Weights, ends: tuple[Ends, Ends], desk: Desk) -> tuple[int, Numbers]:
    """Return the least cost from the first ends to the second, FAR where there is no path; and the arcs of the path."""
    first, head, parent = topology.first, topology.head, topology.parent
    count = parent.size
    reach, came_by = desk.reach, desk.came_by
    cursor = np.empty(ends[0][0].size + ends[1][0].size, dtype=np.int64)
    left = 0
    for side in range(2):
        junctions, starts = (ends[0][0], ends[0][1]) if side == 0 else (ends[1][0], ends[1][1])
        for index in range(junctions.size):
            node = topology.rank[junctions[index]]
            if starts[index] < reach[side, node]:
                reach[side, node] = starts[index]
                came_by[side, node] = -1
            cursor[left] = node
            left += 1
    best = FAR
    meeting = -1
    low = left
    while low > 0:
        node = cursor[0]
        for index in range(1, low):
            node = min(node, cursor[index])
        there = reach[0, node]
        back = reach[1, node]
        if there + back < best:
            best = there + back
            meeting = node
        if there < best:
            for edge in range(first[node], first[node + 1]):
                further = there + weights.weight[edge, 0]
                if further < reach[0, head[edge]]:
                    reach[0, head[edge]] = further
                    came_by[0, head[edge]] = edge
        if back < best:
            for edge in range(first[node], first[node + 1]):
                further = back + weights.weight[edge, 1]
                if further < reach[1, head[edge]]:
                    reach[1, head[edge]] = further
                    came_by[1, head[edge]] = edge
        # Walks that meet go on as one.
        above = parent[node]
        kept = 0
        put = above == count
        for index in range(low):
            if cursor[index] == node or cursor[index] == above:
                if put:
                    continue
                put = True
                cursor[kept] = above
            else:
                cursor[kept] = cursor[index]
            kept += 1
        low = kept
    size = np.int64(0)
    if meeting >= 0:
        climb = 0
        node = meeting
        while came_by[0, node] >= 0:
            desk.slots[climb] = 2 * came_by[0, node]
            climb += 1
            node = topology.tail[came_by[0, node]]
        for index in range(climb - 1, -1, -1):
            size = _unpack(topology, weights.way, desk, np.int64(desk.slots[index]), size)
        node = meeting
        while came_by[1, node] >= 0:
            size = _unpack(topology, weights.way, desk, np.int64(2 * came_by[1, node] + 1), size)
            node = topology.tail[came_by[1, node]]
    for side in range(2):
        junctions = ends[0][0] if side == 0 else ends[1][0]
        for index in range(junctions.size):
            node = topology.rank[junctions[index]]
            while node < count:
                reach[0, node] = FAR
                reach[1, node] = FAR
                node = parent[node]
    return best, desk.path[:size].copy()
