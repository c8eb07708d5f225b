"""Bring weights up to date where a few costs changed, and take such a change back.

Closing and opening follow the partial updates of Dibbelt, Strasser and Wagner 2016: a cost that grows matters only to
those that came about over it, a cost that falls only to those it undercuts. What an update overwrites it writes down,
so that taking it back costs a copy of that and no computing: whoever opens what was just closed, or drops a what-if,
has done so at once.
"""

# ruff: noqa: C901 - kernels are long: calls between them cost time

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.ascending import find
from routing.hierarchy.topology import Topology
from routing.hierarchy.update_desk import Notes, UpdateDesk, sink, wait
from routing.hierarchy.weights import NO_WAY, Weights
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]


@part_of_kernel
def _note(weights: Weights, desk: UpdateDesk, edge: int) -> None:
    """Write down what an edge is."""
    notes, place = desk.notes, desk.sizes[1]
    desk.sizes[1] += 1
    desk.noted_at[edge] = place + 1
    notes.edge[place] = edge
    for side in range(2):
        notes.weight[place, side] = weights.weight[edge, side]
        notes.way[place, side] = weights.way[edge, side]


@part_of_kernel
def _renew(topology: Topology, weights: Weights, desk: UpdateDesk, node: int, many: int) -> None:
    """Compute so many edges up from a node anew: the least of their own arcs and of the ways over lower junctions."""
    low_first, low_edge, low_tail = topology.low_first, topology.low_edge, topology.low_tail
    weight, mark = weights.weight, desk.mark
    for place in range(low_first[node], low_first[node + 1]):
        mark[low_tail[place]] = low_edge[place] + 1
    for edge in desk.some[:many]:
        up, down, way_up, way_down = FAR, FAR, NO_WAY, NO_WAY
        for place in range(topology.arc_first[node], topology.arc_first[node + 1]):
            arc = topology.arc[place]
            slot, cost = topology.slot_of_arc[arc], weights.cost[arc]
            if slot == 2 * edge and 0 <= cost < up:
                up, way_up = cost, -1 - arc
            elif slot == 2 * edge + 1 and 0 <= cost < down:
                down, way_down = cost, -1 - arc
        # Whatever is below the node lies in one run of ranks: only from there can both ends be reached.
        above = topology.head[edge]
        place = find(low_tail, low_first[above], low_first[above + 1], topology.run_start[node])
        while low_tail[place] < node:
            low = mark[low_tail[place]] - 1
            if low >= 0 and (weight[low, 1] < up or weight[low, 0] < down):
                other = low_edge[place]
                there = weight[low, 1] + weight[other, 0]
                if there < up:
                    up, way_up = there, low
                back = weight[other, 1] + weight[low, 0]
                if back < down:
                    down, way_down = back, low
            place += 1
        weight[edge, 0], weight[edge, 1] = up, down
        weights.way[edge, 0], weights.way[edge, 1] = way_up, way_down
    for place in range(low_first[node], low_first[node + 1]):
        mark[low_tail[place]] = 0


@part_of_kernel
def _collect_anew(topology: Topology, weights: Weights, desk: UpdateDesk, node: int) -> int:
    """Note the edges up from a node that are to be computed anew, and return how many there are."""
    many = 0
    for edge in range(topology.first[node], topology.first[node + 1]):
        if desk.anew[edge]:
            desk.anew[edge] = False
            desk.some[many] = edge
            many += 1
            if not desk.noted_at[edge]:
                _note(weights, desk, edge)
    return many


@part_of_kernel
def _collect_moved(topology: Topology, weights: Weights, desk: UpdateDesk, node: int) -> int:
    """Put weights of the edges up from a node side by side, now and before; return how many of them differ."""
    begin = topology.first[node]
    now, before, noted_at = desk.now, desk.before, desk.noted_at
    moved = 0
    for row in range(topology.first[node + 1] - begin):
        now[row, 0] = before[row, 0] = weights.weight[begin + row, 0]
        now[row, 1] = before[row, 1] = weights.weight[begin + row, 1]
        at = noted_at[begin + row] - 1
        if at >= 0:
            noted_at[begin + row] = 0
            before[row, 0] = desk.notes.weight[at, 0]
            before[row, 1] = desk.notes.weight[at, 1]
            if before[row, 0] != now[row, 0] or before[row, 1] != now[row, 1]:
                desk.some[moved] = row
                moved += 1
    return moved


@part_of_kernel
def _has_fallen(desk: UpdateDesk, moved: int) -> bool:
    """Tell whether any of the edges that moved costs less now."""
    now, before = desk.now, desk.before
    fallen = 0
    for row in desk.some[:moved]:
        fallen += 1 if now[row, 0] < before[row, 0] or now[row, 1] < before[row, 1] else 0
    return fallen > 0


@part_of_kernel
def _spread_dearer(topology: Topology, weights: Weights, desk: UpdateDesk, node: int, moved: int) -> None:
    """Do as `_spread` where no edge costs less: only those count then that came about over this node."""
    first, head, row_of = topology.first, topology.head, desk.mark
    weight, way, now = weights.weight, weights.way, desk.now
    begin, end = first[node], first[node + 1]
    for edge in range(begin, end):
        row_of[head[edge]] = edge - begin
    for row in range(desk.some[moved - 1] + 1):
        low = begin + row
        corner = head[low]
        touched = False
        for above in range(first[corner], first[corner + 1]):
            if way[above, 0] != low and way[above, 1] != low:
                continue
            other = row_of[head[above]]
            for side in range(2):
                if way[above, side] == low and now[row, 1 - side] + now[other, side] > weight[above, side]:
                    desk.anew[above] = True
                    touched = True
        if touched and not desk.waits[corner]:
            wait(desk, corner)
    for edge in range(begin, end):
        row_of[head[edge]] = 0


@part_of_kernel
def _spread(topology: Topology, weights: Weights, desk: UpdateDesk, node: int, moved: int) -> None:
    """Let the edges up from a node that moved count for the edges above the triangles they are lower sides of.

    Of two edges up from a node the one to the lower head is `low`; the edge above them leads up from that head.
    """
    first, head = topology.first, topology.head
    weight, way = weights.weight, weights.way
    now, before, some = desk.now, desk.before, desk.some
    begin = first[node]
    width = first[node + 1] - begin
    turn = 0
    for row in range(some[moved - 1] + 1):
        low = begin + row
        corner = head[low]
        above = first[corner]
        # Heads of edges up from here, higher than this one, are heads of edges up from it too: so far on at least.
        offset = above - row - 1
        is_moved = some[turn] == row
        turn += 1 if is_moved else 0
        touched = False
        for place in range(width - 1 - row if is_moved else moved - turn):
            other = row + 1 + place if is_moved else some[turn + place]
            above = max(above, offset + other)
            while head[above] < head[begin + other]:
                above += 1
            for side in range(2):
                # Upwards over the triangle: down `low`, up the other; downwards: down the other, up `low`.
                sum_now = now[row, 1 - side] + now[other, side]
                sum_before = before[row, 1 - side] + before[other, side]
                if sum_now < weight[above, side]:
                    if not desk.noted_at[above]:
                        _note(weights, desk, above)
                    weight[above, side] = sum_now
                    way[above, side] = low
                    touched = True
                elif sum_now > sum_before == weight[above, side] and way[above, side] == low:
                    desk.anew[above] = True
                    touched = True
        if touched and not desk.waits[corner]:
            wait(desk, corner)


@part_of_kernel
def _wait_for_arcs(topology: Topology, arcs: Numbers, desk: UpdateDesk) -> None:
    """Let the edges of these arcs wait to be computed anew."""
    for arc in arcs:
        edge = topology.slot_of_arc[arc] >> 1
        if edge >= 0:
            desk.anew[edge] = True
            if not desk.waits[topology.tail[edge]]:
                wait(desk, topology.tail[edge])


@part_of_kernel
def _clear(topology: Topology, desk: UpdateDesk) -> None:
    """Leave nothing on the desk of what still waits."""
    for place in range(desk.sizes[0]):
        node = desk.heap[place]
        desk.waits[node] = False
        for edge in range(topology.first[node], topology.first[node + 1]):
            desk.anew[edge] = False
            desk.noted_at[edge] = 0


@part_of_kernel
def _is_too_much(topology: Topology, arcs: Numbers, most: int, desk: UpdateDesk) -> bool:
    """Tell whether more than so many junctions are above these arcs."""
    parent, waits, trail = topology.parent, desk.waits, desk.mark
    size = 0
    for arc in arcs:
        edge = topology.slot_of_arc[arc] >> 1
        node = topology.tail[edge] if edge >= 0 else parent.size
        while node < parent.size and not waits[node] and size <= most and size < trail.size:
            waits[node] = True
            trail[size] = node
            size += 1
            node = parent[node]
    for place in range(size):
        waits[trail[place]] = False
        trail[place] = 0
    return size > most


@kernel
def update(topology: Topology, weights: Weights, arcs: Numbers, most_above: int, desk: UpdateDesk) -> bool:
    """Bring weights up to date after `weights.cost` changed for some arcs; what was overwritten is noted on the desk.

    Junctions are done in ascending order. An edge is computed anew if an arc of it changed, or if the way it goes over
    grew dearer; where a way over a changed edge is shorter, it is taken at once.

    Returns
    -------
    bool
        False where it gave up: more than so many junctions are above the arcs, or there is no more room for notes.
    """
    desk.sizes[:] = 0
    if _is_too_much(topology, arcs, most_above, desk):
        return False
    _wait_for_arcs(topology, arcs, desk)
    while desk.sizes[0] > 0:
        node = desk.heap[0]
        # Room for notes: of the edges up from here, and of each of their pairs.
        width = topology.first[node + 1] - topology.first[node]
        if desk.sizes[1] + width * (width + 1) // 2 > desk.notes.edge.size:
            _clear(topology, desk)
            return False
        sink(desk)
        desk.waits[node] = False
        many = _collect_anew(topology, weights, desk, node)
        if many:
            _renew(topology, weights, desk, node, many)
        moved = _collect_moved(topology, weights, desk, node)
        if moved and _has_fallen(desk, moved):
            _spread(topology, weights, desk, node, moved)
        elif moved:
            _spread_dearer(topology, weights, desk, node, moved)
    return True


@kernel
def take_back(weights: Weights, notes: Notes) -> None:
    """Put back what an update overwrote, arcs' costs left aside; of several the last one first."""
    for place in range(notes.edge.size):
        edge = notes.edge[place]
        for side in range(2):
            weights.weight[edge, side] = notes.weight[place, side]
            weights.way[edge, side] = notes.way[place, side]
