"""Dijkstra's search in machine code: the shortest path between two sets of junctions, and to many junctions.

Costs are integers that order first by duration and then by length (`routing.metric`). A negative cost shuts an arc:
it is never used, also where nothing else is left. Every kernel and its heap are in this one file (`routing.kernel`).

Sources: Dijkstra 1959; bidirectional stopping rule after Pohl 1971.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.arc_graph import ArcGraph
from routing.kernel import kernel
from routing.metric import FAR

Keys = NDArray[np.int64]
Numbers = NDArray[np.int32]


@kernel
def push(keys: Keys, items: Numbers, size: int, key: int, item: int) -> int:
    """Put an item on a binary heap and return its new size."""
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if keys[above] <= key:
            break
        keys[place] = keys[above]
        items[place] = items[above]
        place = above
    keys[place] = key
    items[place] = item
    return size + 1


@kernel
def drop_top(keys: Keys, items: Numbers, size: int) -> int:
    """Take the least item off a binary heap (the caller has read place 0) and return its new size."""
    size -= 1
    key = keys[size]
    item = items[size]
    place = 0
    below = 1
    while below < size:
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[place] = keys[below]
        items[place] = items[below]
        place = below
        below = 2 * place + 1
    keys[place] = key
    items[place] = item
    return size


@kernel
def shortest_path(  # noqa: C901, PLR0912, PLR0915 - a kernel
    graph: ArcGraph, cost: Keys, seeds: tuple[Numbers, Keys], goals: tuple[Numbers, Keys]
) -> tuple[int, Numbers]:
    """Search from both ends until no better meeting point can exist.

    Parameters
    ----------
    graph
        Arcs of n junctions.
    cost : (2m,) int64
        By arc; negative where shut.
    seeds, goals
        Junctions and what it costs to reach them from the origin, or the destination from them.

    Returns
    -------
    tuple
        Least cost, FAR where there is no path; and the arcs of that path in the order of travel.
    """
    count = graph.out_start.size - 1
    best = FAR
    meeting = -1
    reach = np.full((2, count), FAR, dtype=np.int64)
    came_by = np.full((2, count), -1, dtype=np.int32)
    keys = np.empty((2, cost.size + 4), dtype=np.int64)
    items = np.empty((2, cost.size + 4), dtype=np.int32)
    sizes = np.zeros(2, dtype=np.int64)
    for side in range(2):
        ends, starts = (seeds[0], seeds[1]) if side == 0 else (goals[0], goals[1])
        for index in range(ends.size):
            if starts[index] < reach[side, ends[index]]:
                reach[side, ends[index]] = starts[index]
                sizes[side] = push(keys[side], items[side], sizes[side], starts[index], ends[index])
                if side == 1 and starts[index] + reach[0, ends[index]] < best:
                    best = starts[index] + reach[0, ends[index]]
                    meeting = ends[index]
    # An empty heap ends the search too: that side has then reached every junction it can, the other side's ends too.
    while sizes[0] > 0 and sizes[1] > 0 and keys[0, 0] + keys[1, 0] < best:
        side = 0 if keys[0, 0] <= keys[1, 0] else 1
        key = keys[side, 0]
        junction = items[side, 0]
        sizes[side] = drop_top(keys[side], items[side], sizes[side])
        if key > reach[side, junction]:
            continue
        start = graph.out_start if side == 0 else graph.in_start
        arcs = graph.out_arc if side == 0 else graph.in_arc
        ahead = graph.head if side == 0 else graph.tail
        for place in range(start[junction], start[junction + 1]):
            arc = arcs[place]
            if cost[arc] < 0:
                continue
            further = key + cost[arc]
            other = ahead[arc]
            if further < reach[side, other]:
                reach[side, other] = further
                came_by[side, other] = arc
                sizes[side] = push(keys[side], items[side], sizes[side], further, other)
                if further + reach[1 - side, other] < best:
                    best = further + reach[1 - side, other]
                    meeting = other
    if meeting < 0:
        return best, np.empty(0, dtype=np.int32)
    before = 0
    junction = meeting
    while came_by[0, junction] >= 0:
        junction = graph.tail[came_by[0, junction]]
        before += 1
    after = 0
    junction = meeting
    while came_by[1, junction] >= 0:
        junction = graph.head[came_by[1, junction]]
        after += 1
    path = np.empty(before + after, dtype=np.int32)
    junction = meeting
    for place in range(before - 1, -1, -1):
        path[place] = came_by[0, junction]
        junction = graph.tail[path[place]]
    junction = meeting
    for place in range(before, before + after):
        path[place] = came_by[1, junction]
        junction = graph.head[path[place]]
    return best, path


@kernel
def reach_many(graph: ArcGraph, cost: Keys, seeds: tuple[Numbers, Keys], goals: Numbers) -> Keys:
    """Return the least cost from the seeds to each goal junction, FAR where it cannot be reached.

    Parameters
    ----------
    graph, cost, seeds
        As in `shortest_path`.
    goals : (g,) int32
        Junctions; the search ends when it has settled them all.
    """
    count = graph.out_start.size - 1
    reach = np.full(count, FAR, dtype=np.int64)
    wanted = np.zeros(count, dtype=np.bool_)
    keys = np.empty(cost.size + 4, dtype=np.int64)
    items = np.empty(cost.size + 4, dtype=np.int32)
    size = 0
    left = 0
    for goal in goals:
        left += 0 if wanted[goal] else 1
        wanted[goal] = True
    for index in range(seeds[0].size):
        if seeds[1][index] < reach[seeds[0][index]]:
            reach[seeds[0][index]] = seeds[1][index]
            size = push(keys, items, size, seeds[1][index], seeds[0][index])
    while size > 0 and left > 0:
        key = keys[0]
        junction = items[0]
        size = drop_top(keys, items, size)
        if key > reach[junction]:
            continue
        if wanted[junction]:
            wanted[junction] = False
            left -= 1
        for place in range(graph.out_start[junction], graph.out_start[junction + 1]):
            arc = graph.out_arc[place]
            if cost[arc] < 0:
                continue
            further = key + cost[arc]
            if further < reach[graph.head[arc]]:
                reach[graph.head[arc]] = further
                size = push(keys, items, size, further, graph.head[arc])
    return reach[goals]
