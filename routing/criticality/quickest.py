"""The tree of quickest ways from all goals at once, laid out so that what hangs below a junction is one piece."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.criticality.ends import Ends
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR


class Roads(NamedTuple):
    """What a search walks from the goals: arcs by the junction they are walked from, and by where they lead."""

    start: NDArray[np.int64]
    arc: NDArray[np.int32]
    far: NDArray[np.int32]
    back_start: NDArray[np.int64]
    back_arc: NDArray[np.int32]
    near: NDArray[np.int32]
    cost: NDArray[np.int64]


class Seeds(NamedTuple):
    """Where the goals are: junction, road (-1 at the junction) and key; sorted by junction, `start` a junction."""

    junction: NDArray[np.int64]
    road: NDArray[np.int64]
    key: NDArray[np.int64]
    start: NDArray[np.int64]


class QuickestTree(NamedTuple):
    """The quickest ways from the goals.

    Attributes
    ----------
    key : (n,) int64
        FAR where not reached.
    by_road : (n,) int64
        Road over which a junction is reached, -1 where a goal stands at it or nothing leads there.
    first, size : (n,) int64
        A junction and what hangs below it are `order[first:first + size]`.
    order : (n,) int64
    """

    key: NDArray[np.int64]
    by_road: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    order: NDArray[np.int64]


def roads_of(ends: Ends) -> Roads:
    """Return the roads as they are walked from the goals."""
    graph, cost = ends.view.graph, ends.view.cost
    out = (graph.out_start, graph.out_arc, graph.head)
    into = (graph.in_start, graph.in_arc, graph.tail)
    return Roads(*out, *into, cost) if ends.way == "in" else Roads(*into, *out, cost)


def seeds_of(ends: Ends) -> Seeds:
    """Return where the goals are, by junction."""
    order = np.argsort(ends.goal_junction, kind="stable")
    junction = ends.goal_junction[order]
    start = np.searchsorted(junction, np.arange(ends.view.network.junction_count + 1))
    return Seeds(junction, ends.goal_road[order], ends.goal_key[order], start.astype(np.int64))


@part_of_kernel
def push(keys: NDArray[np.int64], items: NDArray[np.int64], size: int, key: int, item: int) -> int:
    """Put a junction on the heap, least key on top, and return the new size."""
    at = size
    while at > 0 and keys[(at - 1) >> 1] > key:
        keys[at], items[at] = keys[(at - 1) >> 1], items[(at - 1) >> 1]
        at = (at - 1) >> 1
    keys[at], items[at] = key, item
    return size + 1


@part_of_kernel
def pop(keys: NDArray[np.int64], items: NDArray[np.int64], size: int) -> int:
    """Take the top off the heap (the caller has read place 0) and return the new size."""
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], items[at] = keys[below], items[below]
        at = below
    keys[at], items[at] = key, item
    return size


@kernel
def quickest(  # noqa: C901 - a kernel
    roads: Roads, seeds: Seeds
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Search from all goals at once and lay the tree of quickest ways out."""
    count = roads.start.size - 1
    key = np.full(count, FAR, dtype=np.int64)
    by_road = np.full(count, -1, dtype=np.int64)
    above = np.full(count, -1, dtype=np.int64)
    done = np.zeros(count, dtype=np.bool_)
    settled = np.empty(count, dtype=np.int64)
    heap_key = np.empty(roads.arc.size + seeds.junction.size + 1, dtype=np.int64)
    heap_item = np.empty(heap_key.size, dtype=np.int64)
    size, number = 0, 0
    for seed in range(seeds.junction.size):
        junction = seeds.junction[seed]
        if seeds.key[seed] < key[junction]:
            key[junction], by_road[junction] = seeds.key[seed], seeds.road[seed]
            size = push(heap_key, heap_item, size, key[junction], junction)
    while size > 0:
        junction = heap_item[0]
        size = pop(heap_key, heap_item, size)
        if done[junction]:
            continue
        done[junction] = True
        settled[number] = junction
        number += 1
        for slot in range(roads.start[junction], roads.start[junction + 1]):
            arc = roads.arc[slot]
            other = roads.far[arc]
            if roads.cost[arc] >= 0 and key[junction] + roads.cost[arc] < key[other]:
                key[other] = key[junction] + roads.cost[arc]
                by_road[other], above[other] = arc >> 1, junction
                size = push(heap_key, heap_item, size, key[other], other)
    below = np.ones(count, dtype=np.int64)
    for late in range(number - 1, -1, -1):
        junction = settled[late]
        if above[junction] >= 0:
            below[above[junction]] += below[junction]
    first = np.zeros(count, dtype=np.int64)
    free = np.zeros(count, dtype=np.int64)
    order = np.empty(number, dtype=np.int64)
    top = 0
    for early in range(number):
        junction = settled[early]
        if above[junction] < 0:
            first[junction] = top
            top += below[junction]
        else:
            first[junction] = free[above[junction]]
            free[above[junction]] += below[junction]
        free[junction] = first[junction] + 1
        order[first[junction]] = junction
    return key, by_road, first, below, order
