"""The least-cost path between two sets of junctions: two walks up the elimination tree, and the shortcuts unpacked.

Every shortest path leads up to its highest junction and down again, and both halves run along ancestors in the
elimination tree (Dibbelt, Strasser and Wagner 2016; pruned as by Buchhold, Sanders and Wagner 2019).
"""

from __future__ import annotations

from typing import Final, NamedTuple

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


class Walk(NamedTuple):
    """Edges to walk up along from each junction: all there are, or those that least paths may need.

    Attributes
    ----------
    first : (n + 1,) int64
        `head[first[x]:first[x + 1]]` are the heads of the edges up from x.
    head : (k,) int32
    edge : (k,) int32
        Their numbers in the topology; empty where they are all there.
    cost : (k,) int64
    """

    first: NDArray[np.int64]
    head: Numbers
    edge: Numbers
    cost: Keys


#: A walk as any other one to the compiler: with costs that need not lie side by side.
ANY_WALK: Final = Walk(
    np.zeros(1, dtype=np.int64),
    np.empty(0, dtype=np.int32),
    np.empty(0, dtype=np.int32),
    np.zeros((2, 2), dtype=np.int64)[:, 0],
)


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
def enter(desk: Desk, cursor: Keys, left: int, node: int, side: int, cost: int) -> int:
    """Let a walk begin at a junction, on one side; return how many walks there are. The cursor ascends."""
    if cost < desk.reach[node, side]:
        desk.reach[node, side] = cost
        desk.came_by[node, side] = -1
    place = left
    while place > 0 and cursor[place - 1] >= node:
        place -= 1
    if place < left and cursor[place] == node:
        return left
    for index in range(left, place, -1):
        cursor[index] = cursor[index - 1]
    cursor[place] = node
    return left + 1


@part_of_kernel
def _go_on(cursor: Keys, left: int, above: int, count: int) -> int:
    """Move the lowest walk on to the junction above; return how many are left. Walks that meet go on as one."""
    place = 1
    while place < left and cursor[place] < above:
        cursor[place - 1] = cursor[place]
        place += 1
    if above < count and (place == left or cursor[place] > above):
        cursor[place - 1] = above
        return left
    for index in range(place, left):
        cursor[index - 1] = cursor[index]
    return left - 1


@part_of_kernel
def _relax(walk: Walk, node: int, so_far: int, side: int, desk: Desk) -> None:
    """Reach the heads of the edges up from a junction."""
    reach, came_by, head, cost = desk.reach, desk.came_by, walk.head, walk.cost
    is_whole = walk.edge.size == 0
    for place in range(walk.first[node], walk.first[node + 1]):
        further = so_far + cost[place]
        above = head[place]
        if further < reach[above, side]:
            reach[above, side] = further
            came_by[above, side] = place if is_whole else walk.edge[place]


@part_of_kernel
def climb_both(parent: Numbers, up: Walk, down: Walk, desk: Desk, cursor: Keys, left: int) -> tuple[int, int]:
    """Walk up from both sides, lowest junction first; return the least cost and where the sides meet, or -1.

    No cost is left on the desk: every junction reached is above one where a walk began.
    """
    reach = desk.reach
    best = FAR
    meeting = -1
    while left > 0:
        node = cursor[0]
        there = reach[node, 0]
        back = reach[node, 1]
        reach[node, 0] = FAR
        reach[node, 1] = FAR
        if there + back < best:
            best = there + back
            meeting = node
        if there < best:
            _relax(up, node, there, 0, desk)
        if back < best:
            _relax(down, node, back, 1, desk)
        left = _go_on(cursor, left, parent[node], parent.size)
    return best, meeting


@part_of_kernel
def _relax_both(up: Walk, down: Walk, node: int, so_far: tuple[int, int], desk: Desk) -> None:
    """Reach the heads of all edges up from a junction from both sides at once: they are read once."""
    reach, came_by, head, there, back = desk.reach, desk.came_by, up.head, so_far[0], so_far[1]
    for place in range(up.first[node], up.first[node + 1]):
        above = head[place]
        further = there + up.cost[place]
        if further < reach[above, 0]:
            reach[above, 0] = further
            came_by[above, 0] = place
        further = back + down.cost[place]
        if further < reach[above, 1]:
            reach[above, 1] = further
            came_by[above, 1] = place


@part_of_kernel
def climb_two(parent: Numbers, up: Walk, down: Walk, desk: Desk, one: int, other: int) -> tuple[int, int]:
    """Walk up as `climb_both` does where each side has one walk: whatever else it begins at lies on that walk."""
    reach, count = desk.reach, parent.size
    while one != other:
        if one < other:
            so_far = reach[one, 0]
            reach[one, 0] = FAR
            if so_far < FAR:
                _relax(up, one, so_far, 0, desk)
            one = parent[one]
        else:
            so_far = reach[other, 1]
            reach[other, 1] = FAR
            if so_far < FAR:
                _relax(down, other, so_far, 1, desk)
            other = parent[other]
    is_whole = up.edge.size == 0
    best = FAR
    meeting = -1
    node = one
    while node < count:
        there = reach[node, 0]
        back = reach[node, 1]
        reach[node, 0] = FAR
        reach[node, 1] = FAR
        if there + back < best:
            best = there + back
            meeting = node
        if is_whole and there < best and back < best:
            _relax_both(up, down, node, (there, back), desk)
        else:
            if there < best:
                _relax(up, node, there, 0, desk)
            if back < best:
                _relax(down, node, back, 1, desk)
        node = parent[node]
    return best, meeting


@part_of_kernel
def go_back(stairs: Stairs, desk: Desk, meeting: int) -> tuple[int, int]:
    """Note the edges from the meeting back to the first side; return how many, and where the walk began."""
    climb = 0
    node = meeting
    while desk.came_by[node, 0] >= 0:
        desk.slots[climb] = 2 * desk.came_by[node, 0]
        climb += 1
        node = stairs.tail[desk.came_by[node, 0]]
    return climb, node


@part_of_kernel
def trace(
    stairs: Stairs, way: NDArray[np.int32], desk: Desk, meeting: int, climb: int, size: np.int64
) -> tuple[np.int64, int]:
    """Write the arcs over the noted edges and down to the other side, after so many others.

    Returns how many there are then, and where the walk of the other side began.
    """
    for index in range(climb - 1, -1, -1):
        size = _unpack(stairs, way, desk, np.int64(desk.slots[index]), size)
    node = meeting
    while desk.came_by[node, 1] >= 0:
        size = _unpack(stairs, way, desk, np.int64(2 * desk.came_by[node, 1] + 1), size)
        node = stairs.tail[desk.came_by[node, 1]]
    return size, node


@kernel
def shortest_path(stairs: Stairs, weights: Weights, ends: tuple[Ends, Ends], desk: Desk) -> Path:
    """Return the least-cost path from the first ends to the second."""
    up = Walk(stairs.first, stairs.head, stairs.head[:0], weights.weight[:, 0])
    down = Walk(stairs.first, stairs.head, stairs.head[:0], weights.weight[:, 1])
    cursor = np.empty(ends[0][0].size + ends[1][0].size, dtype=np.int64)
    left = 0
    for index in range(ends[0][0].size):
        left = enter(desk, cursor, left, stairs.rank[ends[0][0][index]], 0, ends[0][1][index])
    for index in range(ends[1][0].size):
        left = enter(desk, cursor, left, stairs.rank[ends[1][0][index]], 1, ends[1][1][index])
    best, meeting = climb_both(stairs.parent, up, down, desk, cursor, left)
    size = np.int64(0)
    if meeting >= 0:
        climb, _ = go_back(stairs, desk, meeting)
        size, _ = trace(stairs, weights.way, desk, meeting, climb, size)
    return Path(best, desk.path[:size].copy())
