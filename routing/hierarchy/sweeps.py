"""Least costs from junctions to every junction, or from many to many: upward walks, and sweeps down the hierarchy.

One to all after PHAST (Delling, Goldberg, Nowatzyk and Werneck 2011), many to many after RPHAST (Delling, Goldberg and
Werneck 2011) where there are many targets, and with buckets (Knopp, Sanders, Schultes, Schulz and Wagner 2007) where
there are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.query import Ends
from routing.hierarchy.topology import Topology
from routing.hierarchy.weights import Weights
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]
#: Origins swept down side by side; they fill the lanes of the machine's vector unit.
LANES: Final = 32
#: Up to so many goal junctions, buckets are sooner than sweeps.
FEW_GOALS: Final = 50


class Seeds(NamedTuple):
    """Sets of junctions to start from, o of them, side by side.

    Attributes
    ----------
    start : (o + 1,) int64
        `junction[start[i]:start[i + 1]]` are the junctions of set i.
    junction : int32
    cost : int64
        What it costs to reach each of them.
    """

    start: NDArray[np.int64]
    junction: Numbers
    cost: Keys


@part_of_kernel
def _climb(topology: Topology, weight: Keys, ends: Ends, part: tuple[int, int], desk: tuple[Keys, Numbers]) -> int:
    """Walk up from some of the junctions; leave the ancestors in the trail, lowest first; return how many there are.

    The desk holds costs by rank, FAR before (the caller clears them along the trail), and the trail.
    """
    reach, trail = desk
    first, head, parent = topology.first, topology.head, topology.parent
    count = parent.size
    cursor = np.empty(part[1] - part[0], dtype=np.int64)
    for index in range(cursor.size):
        cursor[index] = topology.rank[ends[0][part[0] + index]]
        reach[cursor[index]] = min(reach[cursor[index]], ends[1][part[0] + index])
    size = 0
    while True:
        node = count
        for index in range(cursor.size):
            node = min(node, cursor[index])
        if node == count:
            return size
        trail[size] = node
        size += 1
        here = reach[node]
        if here < FAR:
            for edge in range(first[node], first[node + 1]):
                further = here + weight[edge]
                reach[head[edge]] = min(reach[head[edge]], further)
        for index in range(cursor.size):
            if cursor[index] == node:
                cursor[index] = parent[node]


@kernel
def _sweep_all(topology: Topology, ahead: Keys, against: Keys, seeds: Ends) -> Keys:
    """Return the least cost from the seeds to every junction, by rank."""
    first, head = topology.first, topology.head
    count = topology.parent.size
    reach = np.full(count, FAR, dtype=np.int64)
    for index in range(seeds[0].size):
        node = topology.rank[seeds[0][index]]
        reach[node] = min(reach[node], seeds[1][index])
    for node in range(count):
        if reach[node] < FAR:
            for edge in range(first[node], first[node + 1]):
                reach[head[edge]] = min(reach[head[edge]], reach[node] + ahead[edge])
    for node in range(count - 1, -1, -1):
        for edge in range(first[node], first[node + 1]):
            reach[node] = min(reach[node], reach[head[edge]] + against[edge])
    return reach


def reach_all(topology: Topology, weights: Weights, seeds: Ends, *, back: bool = False) -> Keys:
    """Return the least cost from the seeds to every junction of the network, FAR where it cannot be reached.

    Parameters
    ----------
    back
        From every junction to the seeds instead.
    """
    up, down = weights.weight[:, 0], weights.weight[:, 1]
    reach = _sweep_all(topology, down, up, seeds) if back else _sweep_all(topology, up, down, seeds)
    return np.asarray(reach[topology.rank])


@part_of_kernel
def _rows_of(topology: Topology, goals: Numbers) -> tuple[Numbers, int, int]:
    """Number the ancestors of the goals, highest first: only they matter; return how many, and their edges up."""
    count = topology.parent.size
    number = np.full(count, -1, dtype=np.int32)
    for goal in goals:
        node = goal
        while node < count and number[node] < 0:
            number[node] = 0
            node = topology.parent[node]
    rows = 0
    edges = 0
    for node in range(count - 1, -1, -1):
        if number[node] == 0:
            number[node] = rows
            rows += 1
            edges += topology.first[node + 1] - topology.first[node]
    return number, rows, edges


@part_of_kernel
def _downward(topology: Topology, down: Keys, number: Numbers, rows: int, edges: int) -> tuple[Keys, Numbers, Keys]:
    """Return the open edges down to each row from rows above, and their costs."""
    begin = np.zeros(rows + 1, dtype=np.int64)
    above = np.empty(edges, dtype=np.int32)
    cost = np.empty(edges, dtype=np.int64)
    put = 0
    row = 0
    for node in range(number.size - 1, -1, -1):
        if number[node] < 0:
            continue
        for edge in range(topology.first[node], topology.first[node + 1]):
            if down[edge] < FAR:
                above[put] = number[topology.head[edge]]
                cost[put] = down[edge]
                put += 1
        row += 1
        begin[row] = put
    return begin, above, cost


@part_of_kernel
def _sweep_down(begin: Keys, above: Numbers, cost: Keys, lanes: NDArray[np.int64]) -> None:
    """Take costs down to all rows. How many lanes there are is not known to the compiler, so that it makes them one."""
    for row in range(begin.size - 1):
        for place in range(begin[row], begin[row + 1]):
            more = cost[place]
            over = above[place]
            for lane in range(lanes.shape[1]):
                lanes[row, lane] = min(lanes[row, lane], lanes[over, lane] + more)


@kernel
def _by_sweeps(topology: Topology, weights: Weights, seeds: Seeds, goals: Numbers, most: int) -> Keys:
    """Fill the table by sweeping down to the goals, so many origins at a time; goals are ranks."""
    number, many, edges = _rows_of(topology, goals)
    begin, above, cost = _downward(topology, weights.weight[:, 1], number, many, edges)
    rows = seeds[0].size - 1
    table = np.empty((rows, goals.size), dtype=np.int64)
    reach = np.full(number.size, FAR, dtype=np.int64)
    trail = np.empty(number.size, dtype=np.int32)
    lanes = np.empty((many, min(most, rows)), dtype=np.int64)
    for group in range(0, rows, most):
        width = min(most, rows - group)
        lanes[:] = FAR
        for lane in range(width):
            part = (seeds[0][group + lane], seeds[0][group + lane + 1])
            size = _climb(topology, weights.weight[:, 0], (seeds[1], seeds[2]), part, (reach, trail))
            for place in range(size):
                node = trail[place]
                if number[node] >= 0:
                    lanes[number[node], lane] = reach[node]
                reach[node] = FAR
        _sweep_down(begin, above, cost, lanes)
        for column in range(goals.size):
            row = number[goals[column]]
            for lane in range(width):
                table[group + lane, column] = lanes[row, lane]
    return table


@kernel
def _by_buckets(topology: Topology, weights: Weights, seeds: Seeds, goals: Numbers) -> Keys:
    """Fill the table by leaving each goal's costs at its ancestors, where the walks from the origins find them."""
    count = topology.parent.size
    reach = np.full(count, FAR, dtype=np.int64)
    trail = np.empty(count, dtype=np.int32)
    nothing = np.zeros(goals.size, dtype=np.int64)
    room = 0
    for goal in goals:
        node = topology.rank[goal]
        while node < count:
            room += 1
            node = topology.parent[node]
    newest = np.full(count, -1, dtype=np.int64)  # newest entry at a node; entries are chained
    chain = np.empty(room, dtype=np.int64)
    column_of = np.empty(room, dtype=np.int32)
    cost_of = np.empty(room, dtype=np.int64)
    entries = 0
    table = np.full((seeds[0].size - 1, goals.size), FAR, dtype=np.int64)
    for column in range(goals.size):
        size = _climb(topology, weights.weight[:, 1], (goals, nothing), (column, column + 1), (reach, trail))
        for place in range(size):
            node = trail[place]
            if reach[node] < FAR:
                chain[entries] = newest[node]
                column_of[entries] = column
                cost_of[entries] = reach[node]
                newest[node] = entries
                entries += 1
            reach[node] = FAR
    for row in range(table.shape[0]):
        part = (seeds[0][row], seeds[0][row + 1])
        size = _climb(topology, weights.weight[:, 0], (seeds[1], seeds[2]), part, (reach, trail))
        for place in range(size):
            node = trail[place]
            here = reach[node]
            reach[node] = FAR
            entry = newest[node] if here < FAR else -1
            while entry >= 0:
                table[row, column_of[entry]] = min(table[row, column_of[entry]], here + cost_of[entry])
                entry = chain[entry]
    return table


def seeds_of(sets: Sequence[Ends]) -> Seeds:
    """Return sets of seeds side by side."""
    start = np.zeros(len(sets) + 1, dtype=np.int64)
    np.cumsum([len(junctions) for junctions, _ in sets], out=start[1:])
    empty = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64))
    return Seeds(start, *(np.concatenate(arrays) for arrays in zip(empty, *sets, strict=True)))


def reach_many(topology: Topology, weights: Weights, seeds: Seeds, goals: Numbers) -> Keys:
    """Return the least cost from each of o sets of seeds to each of g junctions, (o, g), FAR where there is no way."""
    if len(goals) <= FEW_GOALS:
        return np.asarray(_by_buckets(topology, weights, seeds, goals))
    return np.asarray(_by_sweeps(topology, weights, seeds, topology.rank[goals], LANES))
