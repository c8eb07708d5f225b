"""Room for one update of weights at a time: what waits for it, and what it overwrites."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.topology import Topology
from routing.kernel import part_of_kernel

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]

#: Room for notes on a network of any size.
_LEAST_NOTES: Final = 1024


class Notes(NamedTuple):
    """What an update has overwritten: l edges and what they were before.

    Attributes
    ----------
    edge : (l,) int32
    weight : (l, 2) int64
    way : (l, 2) int32
    """

    edge: Numbers
    weight: NDArray[np.int64]
    way: NDArray[np.int32]


class UpdateDesk(NamedTuple):
    """Room for one update at a time.

    Attributes
    ----------
    anew, noted_at : (e,) bool, int32
        By edge, zero between two updates: whether to compute it anew; where it is noted, counted from 1.
    waits, heap : (n,) bool, int32
        By junction, whether it is on the heap, False between two updates; and the heap, least on top.
    mark : (n,) int32
        Zero between two updates.
    some : (n,) int32
        Edges of one junction.
    now, before : (n, 2) int64
        Weights of the edges of one junction, and what they were before the update.
    notes
        Of the last update.
    sizes : (2,) int64
        Of the heap and of the notes.
    """

    anew: NDArray[np.bool_]
    noted_at: Numbers
    waits: NDArray[np.bool_]
    heap: Numbers
    mark: Numbers
    some: Numbers
    now: Keys
    before: Keys
    notes: Notes
    sizes: Keys


def new_update_desk(topology: Topology) -> UpdateDesk:
    """Return room for updates."""
    count, edges = len(topology.parent), topology.edge_count
    room = edges // 4 + _LEAST_NOTES
    return UpdateDesk(
        anew=np.zeros(edges, dtype=np.bool_),
        noted_at=np.zeros(edges, dtype=np.int32),
        waits=np.zeros(count, dtype=np.bool_),
        heap=np.zeros(count, dtype=np.int32),
        mark=np.zeros(count, dtype=np.int32),
        some=np.zeros(count, dtype=np.int32),
        now=np.empty((count, 2), dtype=np.int64),
        before=np.empty((count, 2), dtype=np.int64),
        notes=Notes(
            np.empty(room, dtype=np.int32), np.empty((room, 2), dtype=np.int64), np.empty((room, 2), dtype=np.int32)
        ),
        sizes=np.zeros(2, dtype=np.int64),
    )


@part_of_kernel
def wait(desk: UpdateDesk, node: int) -> None:
    """Put a junction on the heap."""
    heap, place = desk.heap, desk.sizes[0]
    while place > 0 and heap[(place - 1) >> 1] > node:
        heap[place] = heap[(place - 1) >> 1]
        place = (place - 1) >> 1
    heap[place] = node
    desk.sizes[0] += 1
    desk.waits[node] = True


@part_of_kernel
def sink(desk: UpdateDesk) -> None:
    """Take the least junction off the heap; the caller has read place 0."""
    desk.sizes[0] -= 1
    heap, size = desk.heap, desk.sizes[0]
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


def take_notes(desk: UpdateDesk) -> Notes:
    """Return what the last update overwrote, as it was before."""
    many = int(desk.sizes[1])
    edge, weight, way = desk.notes
    return Notes(edge[:many].copy(), weight[:many].copy(), way[:many].copy())
