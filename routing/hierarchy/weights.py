"""What every edge of the hierarchy costs: filled in for one set of arc costs, and updated where a few of them change.

Costs are keys that order by duration and then by length (`routing.metric`). `FAR` means shut: two of them still add up
within 64 bits, and a sum replaces a cost only if it is less, so no cost ever passes `FAR` and none overflows. A shut
arc therefore lies on no path, also where nothing else is left.

Filling in and updating follow Dibbelt, Strasser and Wagner 2016 (basic customisation; lower triangles), with the way
over which each cost came about kept beside it: a cost that grows matters only to those that came about over it.
"""

# ruff: noqa: C901, PLR0912, PLR0915 - kernels are long: calls between them cost compiling time

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.topology import Topology
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]

#: `way` of a slot that nothing leads over.
NO_WAY = -(1 << 31)


class Weights(NamedTuple):
    """Costs of e edges; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    cost : (a,) int64
        What they were filled in from: cost by arc, negative where shut.
    weight : (2, e) int64
        Of each edge upwards and downwards, FAR where there is no way.
    way : (2, e) int32
        Over what: `-1 - arc`; or the edge from a lower junction to this edge's tail, the middle of a triangle.
    """

    cost: Keys
    weight: NDArray[np.int64]
    way: NDArray[np.int32]


def empty_weights(topology: Topology) -> Weights:
    """Return room for weights."""
    shape = (2, topology.edge_count)
    arcs = len(topology.slot_of_arc)
    return Weights(np.empty(arcs, dtype=np.int64), np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int32))


@kernel
def fill_in(topology: Topology, weights: Weights) -> None:
    """Compute every weight from `weights.cost`; every triangle once, those of low junctions first."""
    first, head, tail = topology.first, topology.head, topology.tail
    up, down = weights.weight[0], weights.weight[1]
    way_up, way_down = weights.way[0], weights.way[1]
    for edge in range(head.size):
        up[edge] = FAR
        down[edge] = FAR
        way_up[edge] = NO_WAY
        way_down[edge] = NO_WAY
    for arc in range(topology.slot_of_arc.size):
        slot = topology.slot_of_arc[arc]
        cost = weights.cost[arc]
        if slot >= 0 and cost >= 0:
            edge = slot >> 1
            if slot & 1:
                if cost < down[edge]:
                    down[edge] = cost
                    way_down[edge] = -1 - arc
            elif cost < up[edge]:
                up[edge] = cost
                way_up[edge] = -1 - arc
    edge_to = np.empty(first.size, dtype=np.int32)
    for node in range(first.size - 1):
        for edge in range(first[node], first[node + 1]):
            edge_to[head[edge]] = edge
        for place in range(topology.low_first[node], topology.low_first[node + 1]):
            low = topology.low_edge[place]
            to_low = down[low]
            from_low = up[low]
            if to_low >= FAR and from_low >= FAR:
                continue
            for other in range(low + 1, first[tail[low] + 1]):
                edge = edge_to[head[other]]
                there = to_low + up[other]
                if there < up[edge]:
                    up[edge] = there
                    way_up[edge] = low
                back = down[other] + from_low
                if back < down[edge]:
                    down[edge] = back
                    way_down[edge] = low


@part_of_kernel
def _lift(heap: Numbers, size: int, item: int) -> int:
    """Put a number on a heap, least on top, and return its new size."""
    place = size
    while place > 0 and heap[(place - 1) >> 1] > item:
        heap[place] = heap[(place - 1) >> 1]
        place = (place - 1) >> 1
    heap[place] = item
    return size + 1


@part_of_kernel
def _sink(heap: Numbers, size: int) -> int:
    """Take the least number off a heap (the caller has read place 0) and return its new size."""
    size -= 1
    item = heap[size]
    place = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= item:
            break
        heap[place] = heap[below]
        place = below
        below = 2 * place + 1
    heap[place] = item
    return size


@part_of_kernel
def _find(nodes: Numbers, begin: int, end: int, node: int) -> int:
    """Return the first place of an ascending run that holds a junction or a higher one."""
    while begin < end:
        middle = (begin + end) >> 1
        if nodes[middle] < node:
            begin = middle + 1
        else:
            end = middle
    return begin


@part_of_kernel
def _renew_from_arcs(topology: Topology, weights: Weights, edge: int) -> None:
    """Set an edge's two weights to the least of its own arcs."""
    weights.weight[0, edge] = FAR
    weights.weight[1, edge] = FAR
    weights.way[0, edge] = NO_WAY
    weights.way[1, edge] = NO_WAY
    for place in range(topology.arc_first[edge], topology.arc_first[edge + 1]):
        arc = topology.arc[place]
        side = topology.slot_of_arc[arc] & 1
        cost = weights.cost[arc]
        if 0 <= cost < weights.weight[side, edge]:
            weights.weight[side, edge] = cost
            weights.way[side, edge] = -1 - arc


@part_of_kernel
def _relax_triangle(weights: Weights, low: int, other: int, edge: int) -> None:
    """Let an edge go over the lower junction that edges `low` (to its tail) and `other` (to its head) come from."""
    there = weights.weight[1, low] + weights.weight[0, other]
    if there < weights.weight[0, edge]:
        weights.weight[0, edge] = there
        weights.way[0, edge] = low
    back = weights.weight[1, other] + weights.weight[0, low]
    if back < weights.weight[1, edge]:
        weights.weight[1, edge] = back
        weights.way[1, edge] = low


@part_of_kernel
def _below_both(topology: Topology, node: int, above: int) -> tuple[int, int]:
    """Return from where to where the edges up to `above` can come from junctions below `node`, which lie in one run."""
    begin = _find(topology.low_tail, topology.low_first[above], topology.low_first[above + 1], topology.run_start[node])
    return begin, _find(topology.low_tail, begin, topology.low_first[above + 1], node)


@part_of_kernel
def _renew(topology: Topology, weights: Weights, node: int, edges: Numbers, edge_to: Numbers) -> int:
    """Compute edges up from a node anew from arcs and lower triangles; return how many steps it took."""
    first, head, tail = topology.first, topology.head, topology.tail
    low_first, low_edge, low_tail = topology.low_first, topology.low_edge, topology.low_tail
    begin, end = low_first[node], low_first[node + 1]
    steps = 0
    apart = 0
    for edge in edges:
        _renew_from_arcs(topology, weights, edge)
        beside, beside_end = _below_both(topology, node, head[edge])
        apart += (end - begin) + (beside_end - beside)
    if apart <= 4 * (end - begin):
        # Few edges: walk the lower junctions of both ends side by side.
        for edge in edges:
            one = begin
            other, other_end = _below_both(topology, node, head[edge])
            steps += (end - begin) + (other_end - other)
            while one < end and other < other_end:
                lower = low_tail[one] - low_tail[other]
                if lower == 0:
                    _relax_triangle(weights, low_edge[one], low_edge[other], edge)
                one += 1 if lower <= 0 else 0
                other += 1 if lower >= 0 else 0
        return steps
    for edge in edges:
        edge_to[head[edge]] = edge + 1
    for place in range(begin, end):
        low = low_edge[place]
        steps += first[tail[low] + 1] - low
        for other in range(low + 1, first[tail[low] + 1]):
            edge = edge_to[head[other]] - 1
            if edge >= 0:
                _relax_triangle(weights, low, other, edge)
    for edge in edges:
        edge_to[head[edge]] = 0
    return steps


class UpdateDesk(NamedTuple):
    """Room for one update at a time.

    Attributes
    ----------
    state : (e,) uint8
        By edge, zero between two updates; 1: compute anew; 2, 4: the weight upwards, downwards has changed.
    waits : (n,) bool
        By junction, whether it is on the heap; False between two updates.
    heap : (n,) int32
        Junctions to do, least first.
    edge_to : (n,) int32
        Zero between two updates.
    dirty : (n,) int32
        Edges to compute anew.
    old : (2, n) int64
        Their weights before.
    """

    state: NDArray[np.uint8]
    waits: NDArray[np.bool_]
    heap: Numbers
    edge_to: Numbers
    dirty: Numbers
    old: NDArray[np.int64]


def new_update_desk(topology: Topology) -> UpdateDesk:
    """Return room for updates."""
    count = len(topology.parent)
    heap, edge_to, dirty = (np.zeros(count, dtype=np.int32) for _ in range(3))
    old = np.empty((2, count), dtype=np.int64)
    state, waits = np.zeros(topology.edge_count, dtype=np.uint8), np.zeros(count, dtype=np.bool_)
    return UpdateDesk(state, waits, heap, edge_to, dirty, old)


@part_of_kernel
def _clear(topology: Topology, desk: UpdateDesk, node: int) -> None:
    """Leave nothing of a junction and its edges on the desk."""
    desk.waits[node] = False
    for edge in range(topology.first[node], topology.first[node + 1]):
        desk.state[edge] = 0


@kernel
def update(topology: Topology, weights: Weights, arcs: Numbers, most_steps: int, desk: UpdateDesk) -> bool:
    """Bring weights up to date after `weights.cost` changed for some arcs.

    Junctions are done in ascending order. An edge is computed anew if an arc of it changed, or if the way it goes over
    grew dearer; where a way over a changed edge is shorter, it is taken at once.

    Returns
    -------
    bool
        False where it gave up after so many steps: every weight is then to be filled in.
    """
    first, head, tail = topology.first, topology.head, topology.tail
    weight, way = weights.weight, weights.way
    state, waits, heap, edge_to, dirty, old = desk
    size = 0
    steps = 0
    for arc in arcs:
        slot = topology.slot_of_arc[arc]
        if slot < 0:
            continue
        edge = slot >> 1
        state[edge] |= 1
        if not waits[tail[edge]]:
            waits[tail[edge]] = True
            size = _lift(heap, size, tail[edge])
    while size > 0:
        node = heap[0]
        size = _sink(heap, size)
        begin = first[node]
        end = first[node + 1]
        many = 0
        for edge in range(begin, end):
            if state[edge] & 1:
                dirty[many] = edge
                old[0, many] = weight[0, edge]
                old[1, many] = weight[1, edge]
                many += 1
        if many:
            steps += _renew(topology, weights, node, dirty[:many], edge_to)
            for place in range(many):
                edge = dirty[place]
                state[edge] |= 2 if weight[0, edge] != old[0, place] else 0
                state[edge] |= 4 if weight[1, edge] != old[1, place] else 0
        for edge in range(begin, end):
            moved = state[edge] >> 1
            if not moved:
                continue
            top = head[edge]
            steps += end - begin
            if steps > most_steps:
                _clear(topology, desk, node)
                for place in range(size):
                    _clear(topology, desk, heap[place])
                return False
            seek = first[top]
            for other in range(begin, end):
                if other == edge:
                    continue
                if other > edge:
                    while head[seek] < head[other]:
                        seek += 1
                    above = seek
                    low = edge
                    high = other
                else:
                    above = _find(head, first[head[other]], first[head[other] + 1], top)
                    low = other
                    high = edge
                changed = 0
                # Upwards over the triangle: down `low`, up `high`; downwards: down `high`, up `low`.
                upwards = moved & (2 if low == edge else 1)
                downwards = moved & (1 if low == edge else 2)
                if upwards:
                    there = weight[1, low] + weight[0, high]
                    if there < weight[0, above]:
                        weight[0, above] = there
                        way[0, above] = low
                        changed |= 2
                    elif way[0, above] == low and there > weight[0, above]:
                        changed |= 1
                if downwards:
                    back = weight[1, high] + weight[0, low]
                    if back < weight[1, above]:
                        weight[1, above] = back
                        way[1, above] = low
                        changed |= 4
                    elif way[1, above] == low and back > weight[1, above]:
                        changed |= 1
                if changed:
                    state[above] |= changed
                    if not waits[tail[above]]:
                        waits[tail[above]] = True
                        size = _lift(heap, size, tail[above])
        _clear(topology, desk, node)
    return True
