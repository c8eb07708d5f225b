"""The least-cost way round closed roads, while the weights at hand do not know yet that they are closed.

To close roads makes no way cheaper. So what a junction is away from the goal over the weights at hand, with fewer roads
closed, is a bound from below that A* can be led by (Hart, Nilsson and Raphael 1968), and a tight one (see
`routing.look_ahead`): only junctions are looked at over which a way is hardly longer than the least one. A few hundred
junctions looked at are sooner done than weights brought up to date, of which one question needs next to nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.ascending import find
from routing.kernel import kernel, part_of_kernel
from routing.look_ahead import look_ahead, look_from_goal
from routing.metric import FAR, LENGTH_BITS
from routing.road_path import COST, JUNCTION, Ends, Ground, arrive, ends_at, ground_at, leave, straight_way
from routing.search_room import CAME_BY, FAR_MS, LOWER, REACH, UNKNOWN, Room, room_at

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]


@part_of_kernel
def _push(heap: Keys, size: int, key: int, node: int) -> int:
    """Put a junction on the heap; return its size then."""
    place = size
    while place > 0 and heap[(place - 1) >> 1, 0] > key:
        heap[place, 0] = heap[(place - 1) >> 1, 0]
        heap[place, 1] = heap[(place - 1) >> 1, 1]
        place = (place - 1) >> 1
    heap[place, 0] = key
    heap[place, 1] = node
    return size + 1


@part_of_kernel
def _pop(heap: Keys, size: int) -> int:
    """Take the top off the heap, which the caller has read; return its size then."""
    size -= 1
    key, node = heap[size, 0], heap[size, 1]
    place = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[below + 1, 0] < heap[below, 0]:
            below += 1
        if heap[below, 0] >= key:
            break
        heap[place, 0] = heap[below, 0]
        heap[place, 1] = heap[below, 1]
        place = below
        below = 2 * place + 1
    heap[place, 0] = key
    heap[place, 1] = node
    return size


@part_of_kernel
def _reach(ground: Ground, room: Room, sizes: Keys, node: int, came: tuple[int, int]) -> None:
    """Come to a junction at some cost over some arc, if there is a way on from there to the goal.

    `sizes` holds how many junctions are on the heap, were reached, and were asked about.
    """
    label = room.label
    if room.ahead[node] == UNKNOWN:
        sizes[2] = look_ahead(ground, room, sizes[2], node)
    if room.ahead[node] < FAR_MS:
        label[node, REACH] = came[0]
        label[node, CAME_BY] = came[1]
        room.reached[sizes[1]] = node
        sizes[1] += 1
        sizes[0] = _push(room.heap, sizes[0], came[0] + (room.ahead[node] << LENGTH_BITS), node)


@part_of_kernel
def _go_on_from(ground: Ground, room: Room, sizes: Keys, node: int, beware: Numbers) -> None:
    """Reach the junctions next to one over open arcs."""
    so_far, row = room.label[node, REACH], room.roads.row
    for place in range(room.roads.first[node], room.roads.first[node + 1]):
        head, arc = row[place, 1] & LOWER, row[place, 1] >> 32
        further = so_far + row[place, 0]
        if further < room.label[head, REACH]:
            at = find(beware, 0, beware.size, arc)
            if at == beware.size or beware[at] != arc:
                _reach(ground, room, sizes, head, (further, node << 32 | arc))


@part_of_kernel
def _arrival(ground: Ground, ends: Ends, node: int) -> int:
    """Return what it costs from a junction to the goal over the goal's own road; FAR: it is not next to it."""
    least = FAR
    for number in range(ends.intos):
        if ground.stairs.rank[ends.ways[1, number, JUNCTION]] == node:
            least = min(least, ends.ways[1, number, COST])
    return least


@part_of_kernel
def _search(ground: Ground, ends: Ends, room: Room, sizes: Keys, asked: tuple[int, int, Numbers]) -> tuple[int, int]:
    """Return the cost of the least way if it is below so much, and the junction next to the goal; else that, and -1.

    `asked` is what the way must cost less than, how many junctions to look at, and what is closed; `sizes[3]` counts
    the junctions looked at, and is one more where they were too many.
    """
    best, most, beware = asked
    last = -1
    for number in range(ends.outs):
        node, cost = ground.stairs.rank[ends.ways[0, number, JUNCTION]], ends.ways[0, number, COST]
        if cost < room.label[node, REACH]:
            _reach(ground, room, sizes, node, (cost, -1))
    while sizes[0] > 0 and room.heap[0, 0] < best:
        key, node = room.heap[0, 0], room.heap[0, 1]
        sizes[0] = _pop(room.heap, sizes[0])
        so_far = room.label[node, REACH]
        if key != so_far + (room.ahead[node] << LENGTH_BITS):
            continue
        sizes[3] += 1
        if sizes[3] > most or sizes[1] + room.roads.first[node + 1] - room.roads.first[node] > room.reached.size:
            sizes[3] = most + 1
            return best, -1
        cost = so_far + _arrival(ground, ends, node)
        if cost < best:
            best = cost
            last = node
        _go_on_from(ground, room, sizes, node, beware)
    return best, last


@part_of_kernel
def _write(ground: Ground, ends: Ends, room: Room, last: int, found: Keys) -> np.int64:
    """Write the arcs of the way that arrives over a junction; return how many."""
    path, label = ground.desk.path, room.label
    node = last
    many = 0
    while label[node, CAME_BY] >= 0:
        node = label[node, CAME_BY] >> 32
        many += 1
    begins, key = leave(ground, ends, node)
    key += label[last, REACH] - label[node, REACH]
    size = begins + many
    node = last
    for place in range(size - 1, begins - 1, -1):
        path[place] = label[node, CAME_BY] & LOWER
        node = label[node, CAME_BY] >> 32
    return arrive(ground, ends, found, (begins, size, key, last))


@kernel
def way_round(table: Keys, asked: Keys, found: Keys, beware: Numbers, most: int, room_table: Keys) -> Numbers:
    """Return the arcs of the least-cost way between two points past closed arcs, as `least_ways` does.

    Parameters
    ----------
    table
        Of the ground, for whose weights some or all of the closed arcs may be open.
    asked : (1, 9) int64
    found : (1, 6) int64
        As there, but the last number is how many junctions were looked at.
    beware
        The closed arcs, in ascending order.
    most
        So many junctions are looked at, at most: where that does not do, the last number is higher.
    room_table
        Of the room.
    """
    ground, room = ground_at(table), room_at(room_table)
    question, row = asked[0], found[0]
    ends = ends_at(ground.roads, question, np.empty((2, 2, 4), dtype=np.int64))
    arc, straight, key = straight_way(ground.roads, question)
    sizes = np.zeros(4, dtype=np.int64)
    sizes[2] = look_from_goal(ground, ends, room)
    best, last = _search(ground, ends, room, sizes, (straight, most, beware))
    row[0], row[1], row[2], row[3], row[5] = best, key, question[1], question[3], sizes[3]
    ground.desk.path[0] = arc
    size = np.int64(1) if straight < FAR else np.int64(0)
    if last >= 0:
        size = _write(ground, ends, room, last, row)
    for place in range(sizes[1]):
        room.label[room.reached[place], REACH] = FAR
    for place in range(sizes[2]):
        room.ahead[room.asked[place]] = UNKNOWN
    return ground.desk.path[:size].copy()
