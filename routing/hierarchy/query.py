"""The least-cost path between two sets of junctions: two walks up the elimination tree, and the shortcuts unpacked.

Every shortest path leads up to its highest junction and down again, and both halves run along ancestors in the
elimination tree (Dibbelt, Strasser and Wagner 2016; pruned as by Buchhold, Sanders and Wagner 2019).
"""

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


class Stairs(NamedTuple):
    """What a query reads of a topology."""

    rank: Numbers
    parent: Numbers
    first: NDArray[np.int64]
    head: Numbers
    tail: Numbers


def stairs_of(topology: Topology) -> Stairs:
    """Return what a query reads."""
    return Stairs(topology.rank, topology.parent, topology.first, topology.head, topology.tail)


class Path(NamedTuple):
    """A least-cost path.

    Attributes
    ----------
    cost
        FAR where there is none.
    arcs : int32
        In the order of travel.
    """

    cost: int
    arcs: Numbers


class Desk(NamedTuple):
    """Room for one query at a time: one a thread.

    Attributes
    ----------
    reach : (n, 2) int64
        What it costs to come to a junction, and to go on from it; FAR everywhere between two queries.
    came_by : (n, 2) int32
        Over which edge; -1 where the walk begins.
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
    reach = np.full((count, 2), FAR, dtype=np.int64)
    came_by = np.empty((count, 2), dtype=np.int32)
    return Desk(reach, came_by, np.empty(2 * count + 16, dtype=np.int32), np.empty(count + 1, dtype=np.int32))


@part_of_kernel
def _unpack(stairs: Stairs, way: NDArray[np.int32], desk: Desk, slot: np.int64, size: np.int64) -> np.int64:
    """Write the arcs of a shortcut, in the order of travel, after so many others; return how many there are then."""
    head, stack, path = stairs.head, desk.slots, desk.path
    base = stack.size - 1  # grows downwards from the end
    stack[base] = slot
    top = base
    while top <= base:
        slot = stack[top]
        top += 1
        edge = slot >> 1
        low = way[edge, slot & 1]
        if low < 0:
            path[size] = -1 - low
            size += 1
            continue
        # The other side of the triangle leads up from the same junction to the edge's head.
        other = low + 1
        while head[other] != head[edge]:
            other += 1
        top -= 2
        if slot & 1:
            stack[top] = 2 * other + 1
            stack[top + 1] = 2 * low
        else:
            stack[top] = 2 * low + 1
            stack[top + 1] = 2 * other
    return size


@part_of_kernel
def begin(stairs: Stairs, ends: Ends, side: int, desk: Desk, cursor: Keys) -> None:
    """Put the junctions of one side on the desk and under the cursor."""
    for index in range(ends[0].size):
        node = stairs.rank[ends[0][index]]
        if ends[1][index] < desk.reach[node, side]:
            desk.reach[node, side] = ends[1][index]
            desk.came_by[node, side] = -1
        cursor[index] = node


@part_of_kernel
def _go_on(cursor: Keys, left: int, node: int, above: int) -> int:
    """Move the walks that are at a junction on to the one above (-1: there is none); return how many are left.

    Walks that meet go on as one.
    """
    kept = 0
    put = above < 0
    for index in range(left):
        if cursor[index] == node or cursor[index] == above:
            if put:
                continue
            put = True
            cursor[kept] = above
        else:
            cursor[kept] = cursor[index]
        kept += 1
    return kept


@part_of_kernel
def climb_both(stairs: Stairs, weight: NDArray[np.int64], desk: Desk, cursor: Keys) -> tuple[int, int]:
    """Walk up from both sides, lowest junction first; return the least cost and where the sides meet, or -1."""
    first, head, parent = stairs.first, stairs.head, stairs.parent
    reach, came_by = desk.reach, desk.came_by
    best = FAR
    meeting = -1
    left = cursor.size
    while left > 0:
        node = cursor[0]
        for index in range(1, left):
            node = min(node, cursor[index])
        there = reach[node, 0]
        back = reach[node, 1]
        if there + back < best:
            best = there + back
            meeting = node
        if there < best:
            for edge in range(first[node], first[node + 1]):
                further = there + weight[edge, 0]
                if further < reach[head[edge], 0]:
                    reach[head[edge], 0] = further
                    came_by[head[edge], 0] = edge
        if back < best:
            for edge in range(first[node], first[node + 1]):
                further = back + weight[edge, 1]
                if further < reach[head[edge], 1]:
                    reach[head[edge], 1] = further
                    came_by[head[edge], 1] = edge
        above = parent[node]
        left = _go_on(cursor, left, node, above if above < parent.size else -1)
    return best, meeting


@part_of_kernel
def trace(stairs: Stairs, way: NDArray[np.int32], desk: Desk, meeting: int) -> tuple[np.int64, int, int]:
    """Write the arcs from the first side over the meeting to the other one; return how many, and both ends' ranks."""
    came_by, tail = desk.came_by, stairs.tail
    size = np.int64(0)
    climb = 0
    node = meeting
    while came_by[node, 0] >= 0:
        desk.slots[climb] = 2 * came_by[node, 0]
        climb += 1
        node = tail[came_by[node, 0]]
    begins = node
    for index in range(climb - 1, -1, -1):
        size = _unpack(stairs, way, desk, np.int64(desk.slots[index]), size)
    node = meeting
    while came_by[node, 1] >= 0:
        size = _unpack(stairs, way, desk, np.int64(2 * came_by[node, 1] + 1), size)
        node = tail[came_by[node, 1]]
    return size, begins, node


@part_of_kernel
def clear(stairs: Stairs, ends: Ends, desk: Desk) -> None:
    """Leave no cost at the ancestors of junctions; those that are clear have clear ancestors."""
    for junction in ends[0]:
        node = stairs.rank[junction]
        while node < stairs.parent.size:
            desk.reach[node, 0] = FAR
            desk.reach[node, 1] = FAR
            node = stairs.parent[node]


@kernel
def shortest_path(stairs: Stairs, weights: Weights, ends: tuple[Ends, Ends], desk: Desk) -> Path:
    """Return the least-cost path from the first ends to the second."""
    cursor = np.empty(ends[0][0].size + ends[1][0].size, dtype=np.int64)
    begin(stairs, ends[0], 0, desk, cursor[: ends[0][0].size])
    begin(stairs, ends[1], 1, desk, cursor[ends[0][0].size :])
    best, meeting = climb_both(stairs, weights.weight, desk, cursor)
    size = np.int64(0) if meeting < 0 else trace(stairs, weights.way, desk, meeting)[0]
    clear(stairs, ends[0], desk)
    clear(stairs, ends[1], desk)
    return Path(best, desk.path[:size].copy())
