"""Order the nodes of a graph by nested dissection: cut it in two along few nodes, put those last, go on with the parts.

Small parts are ordered by least degree, with their surroundings counted.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.plain_graph import PlainGraph
from routing.hierarchy.separator import find_separator
from routing.kernel import kernel, part_of_kernel

#: Parts up to this size are ordered by least degree; they and what surrounds them fit the bits of one word.
LEAF: Final = 32
_WORD: Final = 64

Numbers = NDArray[np.int32]


class _Desk(NamedTuple):
    """Room for one dissection; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    local : (n,) int32
        Number of each node within the part at hand, -1 outside.
    placed : (n,) bool
        Who has a place in the order.
    mark : (n,) bool
        False between two uses.
    """

    local: Numbers
    placed: NDArray[np.bool_]
    mark: NDArray[np.bool_]


@part_of_kernel
def _least_degree(near_bits: NDArray[np.uint64], inner: int, order: Numbers) -> None:
    """Order the first so many nodes of a small graph, each time the one with the fewest neighbours left."""
    gone = np.uint64(0)
    one = np.uint64(1)
    for turn in range(inner):
        pick = -1
        fewest = 999
        for node in range(inner):
            if (gone >> np.uint64(node)) & one:
                continue
            bits = near_bits[node]
            degree = 0
            while bits:
                bits &= bits - one
                degree += 1
            if degree < fewest:
                fewest = degree
                pick = node
        order[turn] = pick
        gone |= one << np.uint64(pick)
        joined = near_bits[pick] & ~(one << np.uint64(pick))
        bits = joined
        while bits:
            low = bits & (~bits + one)
            bits ^= low
            node = 0
            while low > one:
                low >>= one
                node += 1
            near_bits[node] = (near_bits[node] | joined) & ~(one << np.uint64(pick)) & ~(one << np.uint64(node))


@part_of_kernel
def _order_leaf(graph: PlainGraph, part: Numbers, local: Numbers, placed: NDArray[np.bool_], order: Numbers) -> None:
    """Order a small part by least degree; its neighbours among the nodes placed already are counted as far as fit."""
    start, near = graph.start, graph.near
    bits = np.zeros(_WORD, dtype=np.uint64)
    beside = np.empty(_WORD, dtype=np.int32)
    turns = np.empty(_WORD, dtype=np.int32)
    one = np.uint64(1)
    size = part.size
    outer = size
    for place in range(size):
        for edge in range(start[part[place]], start[part[place] + 1]):
            other = near[edge]
            if local[other] < 0 and placed[other] and outer < _WORD:
                local[other] = outer
                beside[outer - size] = other
                outer += 1
            if local[other] >= 0:
                bits[place] |= one << np.uint64(local[other])
                bits[local[other]] |= one << np.uint64(place)
    for place in range(outer - size):
        local[beside[place]] = -1
    _least_degree(bits, size, turns)
    for turn in range(size):
        order[turn] = part[turns[turn]]


@part_of_kernel
def _part_graph(graph: PlainGraph, part: Numbers, local: Numbers) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """Return the rows of neighbours within a part, numbered from 0, and for each entry the one that leads back."""
    size = part.size
    first = np.zeros(size + 1, dtype=np.int64)
    for place in range(size):
        first[place + 1] = first[place]
        for edge in range(graph.start[part[place]], graph.start[part[place] + 1]):
            first[place + 1] += 1 if local[graph.near[edge]] >= 0 else 0
    beside = np.empty(first[size], dtype=np.int32)
    back = np.empty(first[size], dtype=np.int32)
    put = 0
    for place in range(size):
        for edge in range(graph.start[part[place]], graph.start[part[place] + 1]):
            if local[graph.near[edge]] >= 0:
                beside[put] = local[graph.near[edge]]
                put += 1
    for place in range(size):
        for edge in range(first[place], first[place + 1]):
            for other in range(first[beside[edge]], first[beside[edge] + 1]):
                if beside[other] == place:
                    back[edge] = other
    return first, beside, back


@part_of_kernel
def _connected_first(graph: PlainGraph, nodes: Numbers, mark: NDArray[np.bool_]) -> int:
    """Put the nodes joined to the first one in front; return how many they are. `mark` is all False, and left so."""
    size = nodes.size
    queue = np.empty(size, dtype=np.int32)
    for place in range(size):
        mark[nodes[place]] = True
    queue[0] = nodes[0]
    mark[nodes[0]] = False
    tail = 1
    front = 0
    while front < tail:
        node = queue[front]
        front += 1
        for edge in range(graph.start[node], graph.start[node + 1]):
            other = graph.near[edge]
            if mark[other]:
                mark[other] = False
                queue[tail] = other
                tail += 1
    put = size
    for place in range(size - 1, -1, -1):
        if mark[nodes[place]]:
            mark[nodes[place]] = False
            put -= 1
            nodes[put] = nodes[place]
    for place in range(tail):
        nodes[place] = queue[place]
    return tail


@part_of_kernel
def _cut(graph: PlainGraph, at: NDArray[np.float64], part: Numbers, local: Numbers) -> NDArray[np.bool_]:
    """Return which nodes of a part part it in two; `local` numbers its nodes."""
    where = np.empty((part.size, 2), dtype=np.float64)
    for place in range(part.size):
        where[place, 0] = at[part[place], 0]
        where[place, 1] = at[part[place], 1]
    first, beside, back = _part_graph(graph, part, local)
    return find_separator(first, beside, back, where)


@part_of_kernel
def _put_last(part: Numbers, chosen: NDArray[np.bool_], nodes: Numbers, order: Numbers, desk: _Desk) -> int:
    """Give the nodes chosen of a part its last places in the order, the others stay; return how many those are."""
    put = 0
    last = part.size
    for place in range(part.size):
        desk.local[part[place]] = -1
        if chosen[place]:
            last -= 1
            order[last] = part[place]
            desk.placed[part[place]] = True
        else:
            nodes[put] = part[place]
            put += 1
    return put


@part_of_kernel
def _divide(graph: PlainGraph, at: NDArray[np.float64], nodes: Numbers, order: Numbers, desk: _Desk) -> int:
    """Order a connected part if it is small; else place its separator; return how many nodes are left to order."""
    part = nodes.copy()
    for place in range(part.size):
        desk.local[part[place]] = place
    if part.size > LEAF:
        return _put_last(part, _cut(graph, at, part, desk.local), nodes, order, desk)
    _order_leaf(graph, part, desk.local, desk.placed, order)
    for node in part:
        desk.local[node] = -1
        desk.placed[node] = True
    return 0


@kernel
def dissect(graph: PlainGraph, at: NDArray[np.float64]) -> Numbers:
    """Return the nodes of a graph in the order in which to take them out.

    Parameters
    ----------
    graph
        Who is a neighbour of whom.
    at : (n, 2) float64
        Where each node lies, in a plane.
    """
    count = graph.start.size - 1
    nodes = np.arange(count).astype(np.int32)
    order = np.empty(count, dtype=np.int32)
    desk = _Desk(np.full(count, -1, dtype=np.int32), np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_))
    # Runs of `nodes` still to order; their places in the order are the same.
    stack = np.empty((count + 2, 2), dtype=np.int64)
    stack[0, 0] = 0
    stack[0, 1] = count
    depth = 1 if count > 0 else 0
    while depth > 0:
        depth -= 1
        low, high = stack[depth, 0], stack[depth, 1]
        end = low + _connected_first(graph, nodes[low:high], desk.mark)
        if end < high:
            stack[depth, 0], stack[depth, 1] = end, high
            depth += 1
        left = _divide(graph, at, nodes[low:end], order[low:end], desk)
        if left > 0:
            stack[depth, 0], stack[depth, 1] = low, low + left
            depth += 1
    return order


def dissection_order(graph: PlainGraph, at: NDArray[np.float64]) -> Numbers:
    """Return the nodes in the order in which to take them out; `at` is (n, 2), where they lie in a plane."""
    return np.asarray(dissect(graph, np.ascontiguousarray(at, dtype=np.float64)))
