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
    """Those edges up from each junction that least paths may need, each in one place of memory.

    Attributes
    ----------
    first : (n + 1,) int64
        `row[first[x]:first[x + 1]]` are the edges up from x; empty where all there are count.
    row : (k, 2) int64
        What an edge costs; and its head, with its number in the topology in the upper 32 bits.
    """

    first: NDArray[np.int64]
    row: Keys


EVERY: Final = Walk(np.empty(0, dtype=np.int64), np.empty((0, 2), dtype=np.int64))
_HEAD: Final = (1 << 32) - 1


class Edges(NamedTuple):
    """What walks up run along: the edges that may be needed on either side, or all with their weights (e, 2)."""

    up: Walk
    down: Walk
    weight: Keys


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
def _relax(stairs: Stairs, weight: Keys, node: int, so_far: int, side: int, desk: Desk) -> None:
    """Reach the heads of the edges up from a junction."""
    reach, came_by, head = desk.reach, desk.came_by, stairs.head
    for edge in range(stairs.first[node], stairs.first[node + 1]):
        further = so_far + weight[edge, side]
        above = head[edge]
        if further < reach[above, side]:
            reach[above, side] = further
            came_by[above, side] = edge


@part_of_kernel
def _relax_needed(walk: Walk, node: int, so_far: int, side: int, desk: Desk) -> None:
    """Reach the heads of those edges up from a junction that may be needed; it is noted by its place in the walk."""
    reach, came_by, row = desk.reach, desk.came_by, walk.row
    for place in range(walk.first[node], walk.first[node + 1]):
        further = so_far + row[place, 0]
        above = row[place, 1] & _HEAD
        if further < reach[above, side]:
            reach[above, side] = further
            came_by[above, side] = place


@part_of_kernel
def climb_both(stairs: Stairs, weight: Keys, desk: Desk, cursor: Keys, left: int) -> tuple[int, int]:
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
            _relax(stairs, weight, node, there, 0, desk)
        if back < best:
            _relax(stairs, weight, node, back, 1, desk)
        left = _go_on(cursor, left, stairs.parent[node], stairs.parent.size)
    return best, meeting


@part_of_kernel
def _relax_both(stairs: Stairs, weight: Keys, node: int, so_far: tuple[int, int], desk: Desk) -> None:
    """Reach the heads of all edges up from a junction from both sides at once: they are read once."""
    reach, came_by, head, there, back = desk.reach, desk.came_by, stairs.head, so_far[0], so_far[1]
    for edge in range(stairs.first[node], stairs.first[node + 1]):
        above = head[edge]
        further = there + weight[edge, 0]
        if further < reach[above, 0]:
            reach[above, 0] = further
            came_by[above, 0] = edge
        further = back + weight[edge, 1]
        if further < reach[above, 1]:
            reach[above, 1] = further
            came_by[above, 1] = edge


@part_of_kernel
def _climb_to(stairs: Stairs, edges: Edges, desk: Desk, one: int, other: int) -> int:
    """Walk up from both sides, the lower junction first, until they are at one junction; return it."""
    reach = desk.reach
    is_whole = edges.up.first.size == 0
    while one != other:
        side = 0 if one < other else 1
        node = min(one, other)
        so_far = reach[node, side]
        reach[node, side] = FAR
        if so_far < FAR:
            if is_whole:
                _relax(stairs, edges.weight, node, so_far, side, desk)
            else:
                _relax_needed(edges.down if side else edges.up, node, so_far, side, desk)
        if side:
            other = stairs.parent[node]
        else:
            one = stairs.parent[node]
    return one


@part_of_kernel
def climb_two(stairs: Stairs, edges: Edges, desk: Desk, one: int, other: int) -> tuple[int, int]:
    """Walk up as `climb_both` does where each side has one walk: whatever else it begins at lies on that walk."""
    reach, count, weight = desk.reach, stairs.parent.size, edges.weight
    is_whole = edges.up.first.size == 0
    node = _climb_to(stairs, edges, desk, one, other)
    best = FAR
    meeting = -1
    while node < count:
        there = reach[node, 0]
        back = reach[node, 1]
        reach[node, 0] = FAR
        reach[node, 1] = FAR
        if there + back < best:
            best = there + back
            meeting = node
        if not is_whole:
            if there < best:
                _relax_needed(edges.up, node, there, 0, desk)
            if back < best:
                _relax_needed(edges.down, node, back, 1, desk)
        elif there < best and back < best:
            _relax_both(stairs, weight, node, (there, back), desk)
        elif there < best:
            _relax(stairs, weight, node, there, 0, desk)
        elif back < best:
            _relax(stairs, weight, node, back, 1, desk)
        node = stairs.parent[node]
    return best, meeting


@part_of_kernel
def _edge_of(walk: Walk, place: int) -> int:
    """Return the edge that was noted."""
    return walk.row[place, 1] >> 32 if walk.first.size else place


@part_of_kernel
def go_back(stairs: Stairs, walk: Walk, desk: Desk, meeting: int) -> tuple[int, int]:
    """Note the edges from the meeting back to the first side; return how many, and where the walk began."""
    climb = 0
    node = meeting
    while desk.came_by[node, 0] >= 0:
        edge = _edge_of(walk, desk.came_by[node, 0])
        desk.slots[climb] = 2 * edge
        climb += 1
        node = stairs.tail[edge]
    return climb, node


@part_of_kernel
def trace(
    stairs: Stairs, way: NDArray[np.int32], desk: Desk, walked: tuple[Walk, int], climb: int, size: np.int64
) -> tuple[np.int64, int]:
    """Write the arcs over the noted edges and down to the other side, after so many others.

    Parameters
    ----------
    walked
        Along what the other side walked up, and where the sides met.

    Returns
    -------
    int64, int
        How many arcs there are then, and where the walk of the other side began.
    """
    for index in range(climb - 1, -1, -1):
        size = _unpack(stairs, way, desk, np.int64(desk.slots[index]), size)
    node = walked[1]
    while desk.came_by[node, 1] >= 0:
        edge = _edge_of(walked[0], desk.came_by[node, 1])
        size = _unpack(stairs, way, desk, np.int64(2 * edge + 1), size)
        node = stairs.tail[edge]
    return size, node


@kernel
def shortest_path(stairs: Stairs, weights: Weights, ends: tuple[Ends, Ends], desk: Desk) -> Path:
    """Return the least-cost path from the first ends to the second."""
    cursor = np.empty(ends[0][0].size + ends[1][0].size, dtype=np.int64)
    left = 0
    for index in range(ends[0][0].size):
        left = enter(desk, cursor, left, stairs.rank[ends[0][0][index]], 0, ends[0][1][index])
    for index in range(ends[1][0].size):
        left = enter(desk, cursor, left, stairs.rank[ends[1][0][index]], 1, ends[1][1][index])
    best, meeting = climb_both(stairs, weights.weight, desk, cursor, left)
    size = np.int64(0)
    if meeting >= 0:
        every = Walk(stairs.first[:0], weights.weight[:0])
        climb, _ = go_back(stairs, every, desk, meeting)
        size, _ = trace(stairs, weights.way, desk, (every, meeting), climb, size)
    return Path(best, desk.path[:size].copy())
