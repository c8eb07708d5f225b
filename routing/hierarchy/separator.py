"""Find few nodes that part a graph into two halves of fair size, by inertial flow.

Schild and Sommer 2015, "On balanced separators in road networks": nodes are sorted along a line on the map, the first
and the last quarter are held apart, and a maximum flow between them (Dinic 1970) gives the fewest edges to cut.
"""

# ruff: noqa: C901 - kernels are long: calls between them cost compiling time

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.kernel import part_of_kernel

#: Share of the nodes held together at either end of a line.
HELD: Final = 0.25
#: Lines on the map along which cuts are looked for: dx, dy.
LINES: Final = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0))
#: Stretches of a line in which nodes are counted to find its quarters.
_BINS: Final = 1024

Numbers = NDArray[np.int32]


class FlowNet(NamedTuple):
    """A connected graph that carries flow, at most one unit an edge; a named tuple, since that is what a kernel takes.

    Attributes
    ----------
    start, near
        Rows of neighbours, as in `PlainGraph`.
    back
        For each entry the one that leads back.
    flow : int8
        Along each entry; the opposite along the one that leads back.
    side : (n,) int8
        1 held at the source, 2 held at the sink, 0 neither.
    """

    start: NDArray[np.int64]
    near: Numbers
    back: Numbers
    flow: NDArray[np.int8]
    side: NDArray[np.int8]


@part_of_kernel
def _levels(net: FlowNet, level: Numbers, queue: Numbers) -> bool:
    """Number nodes by steps from the source over edges with room; tell whether the sink is reached."""
    start, near, _, flow, side = net
    tail = 0
    for node in range(side.size):
        level[node] = -1
        if side[node] == 1:
            level[node] = 0
            queue[tail] = node
            tail += 1
    front = 0
    reached = False
    while front < tail:
        node = queue[front]
        front += 1
        if reached and level[node] >= level[queue[tail - 1]]:
            break
        for edge in range(start[node], start[node + 1]):
            other = near[edge]
            if flow[edge] < 1 and level[other] < 0:
                level[other] = level[node] + 1
                queue[tail] = other
                tail += 1
                if side[other] == 2:
                    reached = True
    return reached


@part_of_kernel
def _push_flow(net: FlowNet, level: Numbers, place: NDArray[np.int64], trail: Numbers) -> int:
    """Push flow along shortest ways until each is full; return how much."""
    start, near, back, flow, side = net
    pushed = 0
    for node in range(side.size):
        place[node] = start[node]
    for origin in range(side.size):
        if side[origin] != 1:
            continue
        depth = 0
        node = origin
        while True:
            if side[node] == 2:
                for step in range(depth):
                    flow[trail[step]] += 1
                    flow[back[trail[step]]] -= 1
                pushed += 1
                depth = 0
                node = origin
                continue
            forward = -1
            while place[node] < start[node + 1]:
                edge = place[node]
                if flow[edge] < 1 and level[near[edge]] == level[node] + 1:
                    forward = edge
                    break
                place[node] += 1
            if forward >= 0:
                trail[depth] = forward
                depth += 1
                node = near[forward]
                continue
            if depth == 0:
                break
            depth -= 1
            node = near[back[trail[depth]]]
            place[node] += 1
    return pushed


@part_of_kernel
def _hold(along: NDArray[np.float64], side: NDArray[np.int8]) -> bool:
    """Mark the first nodes along a line as source (1), the last as sink (2); tell whether both are there."""
    count = along.size
    least = along.min()
    step = (along.max() - least) / _BINS
    if not step > 0:
        return False
    bins = np.zeros(_BINS, dtype=np.int64)
    for node in range(count):
        bins[min(_BINS - 1, int((along[node] - least) / step))] += 1
    low = 0
    held = bins[0]
    while held < count * HELD:
        low += 1
        held += bins[low]
    high = _BINS - 1
    held = bins[high]
    while held < count * HELD:
        high -= 1
        held += bins[high]
    if low >= high:
        return False
    for node in range(count):
        place = min(_BINS - 1, int((along[node] - least) / step))
        side[node] = 1 if place <= low else (2 if place >= high else 0)
    return True


@part_of_kernel
def _steps_from(start: NDArray[np.int64], near: Numbers, origin: int) -> tuple[NDArray[np.float64], int]:
    """Return the number of steps from a node to each, and the last node reached."""
    count = start.size - 1
    steps = np.full(count, -1.0)
    queue = np.empty(count, dtype=np.int32)
    queue[0] = origin
    steps[origin] = 0.0
    front = 0
    tail = 1
    while front < tail:
        node = queue[front]
        front += 1
        for edge in range(start[node], start[node + 1]):
            other = near[edge]
            if steps[other] < 0:
                steps[other] = steps[node] + 1.0
                queue[tail] = other
                tail += 1
    return steps, queue[tail - 1]


@part_of_kernel
def _shore(net: FlowNet, held: int) -> NDArray[np.bool_]:
    """Return the nodes still joined to the source (held 1), or from which the sink can be reached (held 2)."""
    start, near, back, flow, side = net
    count = side.size
    inside = np.zeros(count, dtype=np.bool_)
    queue = np.empty(count, dtype=np.int32)
    tail = 0
    for node in range(count):
        if side[node] == held:
            inside[node] = True
            queue[tail] = node
            tail += 1
    front = 0
    while front < tail:
        node = queue[front]
        front += 1
        for edge in range(start[node], start[node + 1]):
            other = near[edge]
            room = flow[edge] if held == 1 else flow[back[edge]]
            if room < 1 and not inside[other]:
                inside[other] = True
                queue[tail] = other
                tail += 1
    return inside


@part_of_kernel
def _edge_of_cut(
    start: NDArray[np.int64], near: Numbers, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], int, int]:
    """Return the nodes that part inside from outside: few nodes that touch every edge of the cut; and both sizes."""
    count = inside.size
    chosen = np.zeros(count, dtype=np.bool_)
    within = 0
    rim_in = 0
    rim_out = 0
    for node in range(count):
        within += 1 if inside[node] else 0
        for edge in range(start[node], start[node + 1]):
            if inside[near[edge]] != inside[node]:
                rim_in += 1 if inside[node] else 0
                rim_out += 0 if inside[node] else 1
                break
    take = rim_in < rim_out or (rim_in == rim_out and 2 * within >= count)
    for node in range(count):
        if inside[node] == take:
            for edge in range(start[node], start[node + 1]):
                if inside[near[edge]] != inside[node]:
                    chosen[node] = True
                    break
    return chosen, min(rim_in, rim_out), within


@part_of_kernel
def find_separator(
    start: NDArray[np.int64], near: Numbers, back: Numbers, at: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return nodes that part a connected graph into two parts of fair size, few for what they achieve."""
    count = start.size - 1
    side = np.zeros(count, dtype=np.int8)
    level = np.empty(count, dtype=np.int32)
    place = np.empty(count, dtype=np.int64)
    queue = np.empty(count, dtype=np.int32)
    trail = np.empty(count + 1, dtype=np.int32)
    best = np.zeros(count, dtype=np.bool_)
    least = np.inf
    for number in range(len(LINES) + 1):
        if number < len(LINES):
            along = at[:, 0] * LINES[number][0] + at[:, 1] * LINES[number][1]
        elif least < np.inf:
            break
        else:
            # All in one place on the map: go by steps from a node at the rim instead.
            _, rim = _steps_from(start, near, 0)
            along, _ = _steps_from(start, near, rim)
        if not _hold(along, side):
            continue
        net = FlowNet(start, near, back, np.zeros(near.size, dtype=np.int8), side)
        total = 0
        while _levels(net, level, queue):
            total += _push_flow(net, level, place, trail)
            if total > least * count / 2:
                break
        if total > least * count / 2:
            continue  # even an even cut would be worse than the one at hand
        for held in (1, 2):
            inside = _shore(net, held)
            chosen, cut, within = _edge_of_cut(start, near, inside)
            fair = cut / max(1, min(within, count - within))
            if fair < least:
                least = fair
                best = chosen
    if least == np.inf:
        best[0] = True  # a clique in one place: any node is as good
    return best
