"""Put junctions of one or two roads first in the order: dead ends and roads in a row cost nothing; give the rest.

Taking a node out of the graph joins its neighbours with each other. With at most two neighbours the graph never grows,
so these nodes come first, in rounds of nodes that do not touch: a row of roads is halved each round, and stays shallow.
"""

# ruff: noqa: C901 - kernels are long: calls between them cost compiling time

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.plain_graph import PlainGraph
from routing.kernel import kernel, part_of_kernel


@part_of_kernel
def _drop(near: NDArray[np.int32], start: int, size: int, node: int) -> int:
    """Take a neighbour out of a row and return its new size."""
    for place in range(start, start + size):
        if near[place] == node:
            near[place] = near[start + size - 1]
            return size - 1
    return size


@part_of_kernel
def _join(near: NDArray[np.int32], start: int, size: int, nodes: tuple[int, int]) -> int:
    """Put nodes[1] where nodes[0] was in a row, or just take nodes[0] out if it is a neighbour already."""
    for place in range(start, start + size):
        if near[place] == nodes[1]:
            return _drop(near, start, size, nodes[0])
    for place in range(start, start + size):
        if near[place] == nodes[0]:
            near[place] = nodes[1]
    return size


@kernel
def _strip(start: NDArray[np.int64], near: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Take nodes out of the graph in place; return them in order, and the number of neighbours each node has left."""
    count = start.size - 1
    size = np.empty(count, dtype=np.int32)
    for node in range(count):
        size[node] = start[node + 1] - start[node]
    taken = np.empty(count, dtype=np.int32)
    taken_size = 0
    waiting = np.zeros(count, dtype=np.bool_)
    touched = np.full(count, -1, dtype=np.int32)
    this_round = np.empty(count, dtype=np.int32)
    next_round = np.empty(count, dtype=np.int32)
    left = 0
    for node in range(count):
        if size[node] <= 2:
            this_round[left] = node
            waiting[node] = True
            left += 1
    number = 0
    while left > 0:
        further = 0
        for place in range(left):
            node = this_round[place]
            if touched[node] == number:
                next_round[further] = node
                further += 1
                continue
            taken[taken_size] = node
            taken_size += 1
            begin = start[node]
            for beside in range(begin, begin + size[node]):
                other = near[beside]
                touched[other] = number
                if size[node] == 2:
                    across = near[begin + 1] if beside == begin else near[begin]
                    size[other] = _join(near, start[other], size[other], (node, across))
                else:
                    size[other] = _drop(near, start[other], size[other], node)
            for beside in range(begin, begin + size[node]):
                other = near[beside]
                if size[other] <= 2 and not waiting[other]:
                    waiting[other] = True
                    next_round[further] = other
                    further += 1
            size[node] = -1
        this_round, next_round = next_round, this_round
        left = further
        number += 1
    return taken[:taken_size], size


def strip_low_degree(graph: PlainGraph) -> tuple[NDArray[np.int32], NDArray[np.int32], PlainGraph]:
    """Return the nodes to put first, in order; the other nodes; and the graph between those, numbered from 0."""
    near = graph.near.copy()
    taken, size = _strip(graph.start, near)
    kept = np.flatnonzero(size >= 0).astype(np.int32)
    number = np.full(graph.node_count, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    owner = np.repeat(np.arange(graph.node_count), np.diff(graph.start))
    is_left = np.arange(len(near)) - graph.start[owner] < size[owner]
    start = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(size[kept], out=start[1:])
    return taken, kept, PlainGraph(start, number[near[is_left]])
