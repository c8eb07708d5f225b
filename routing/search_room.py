"""Room for searches for ways round what is closed: one search at a time, of one thread."""

from __future__ import annotations

import threading
import weakref
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.addressed import addressed, int32_at, int64_at, pairs32_at, pairs64_at
from routing.hierarchy.hierarchy import Hierarchy
from routing.hierarchy.query import Walk
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR, LENGTH_BITS, Metric

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]

#: Junctions that may be reached in one search, some of them more than once.
MOST_REACHED: Final = 1 << 15
#: Kind of number in each array of a table of room.
_KINDS: Final = "qqiqqqii"
#: Columns of the labels of a junction.
REACH, CAME_BY = range(2)
#: Bounds, in milliseconds: of what nobody asked for, and of a junction from where there is no way.
UNKNOWN: Final = -1
FAR_MS: Final = FAR >> LENGTH_BITS
#: The lower half of a number that holds two.
LOWER: Final = (1 << 32) - 1


class Room(NamedTuple):
    """The roads, and room for one search at a time. Junctions are named by their rank.

    Attributes
    ----------
    roads
        What the arcs that leave a junction cost; their heads, with the arcs in the upper 32 bits.
    bound : (k, 2) int32
        How long the edges of a walk up take, in milliseconds, and their heads; empty where the walk is along all edges.
    label : (n, 2) int64
        What it costs to come to a junction, FAR everywhere between two searches; the arc over which one comes there,
        with the junction before in the upper 32 bits, or -1 where the search begins.
    ahead : (n,) int64
        Milliseconds to the goal, at least: UNKNOWN everywhere between two searches, and where nobody asked.
    heap : (MOST_REACHED, 2) int64
        Junctions reached, the one with the least cost to the goal on top: that cost, and the junction.
    asked : (n,) int32
        Junctions for which somebody asked.
    reached : (MOST_REACHED,) int32
        Every junction reached.
    """

    roads: Walk
    bound: Numbers
    label: Keys
    ahead: Keys
    heap: Keys
    asked: Numbers
    reached: Numbers


@part_of_kernel
def room_at(table: NDArray[np.int64]) -> Room:
    """Return the room of a table; the order is that of `_Table`."""
    roads = Walk(int64_at(table, 0), pairs64_at(table, 1))
    by_junction = pairs64_at(table, 3), int64_at(table, 4)
    return Room(roads, pairs32_at(table, 2), *by_junction, pairs64_at(table, 5), int32_at(table, 6), int32_at(table, 7))


class _Table(NamedTuple):
    """Room as the kernel takes it: of a vehicle and along a walk up, with the arrays that the table notes."""

    metric: Metric
    up: Walk
    room: Room
    table: Keys


class _Tables(threading.local):
    """Tables of one thread, one a hierarchy."""

    def __init__(self) -> None:
        self.of: weakref.WeakKeyDictionary[Hierarchy, _Table] = weakref.WeakKeyDictionary()


_TABLES: Final = _Tables()


@kernel
def _by_rank(rank: Numbers, key: Keys, tail: Numbers) -> tuple[Keys, Keys]:
    """Return the arcs that may be used as a walk of roads."""
    first = np.zeros(rank.size + 2, dtype=np.int64)
    for arc in range(key.size):
        if key[arc] >= 0:
            first[rank[tail[arc]] + 2] += 1
    for node in range(rank.size):
        first[node + 2] += first[node + 1]
    row = np.empty((first[rank.size + 1], 2), dtype=np.int64)
    for arc in range(key.size):
        if key[arc] >= 0:
            place = first[rank[tail[arc]] + 1]
            first[rank[tail[arc]] + 1] += 1
            row[place, 0] = key[arc]
            row[place, 1] = np.int64(arc) << 32 | np.int64(rank[tail[arc ^ 1]])
    return first[: rank.size + 1].copy(), row


def _bounds(up: Walk) -> Numbers:
    """Return the edges of a walk, kept short."""
    bound = np.empty(up.row.shape, dtype=np.int32)
    bound[:, 0] = np.minimum(up.row[:, 0] >> LENGTH_BITS, np.iinfo(np.int32).max)
    bound[:, 1] = up.row[:, 1] & LOWER
    return bound


class _Shared(NamedTuple):
    """What the rooms of all threads share for a vehicle: the roads by rank, and the bounds of the edges up."""

    rank: Numbers
    up: Walk
    roads: Walk
    bound: Numbers


_SHARED: Final[weakref.WeakKeyDictionary[Metric, _Shared]] = weakref.WeakKeyDictionary()
_LOOKUP: Final = threading.Lock()


def _shared_by_all(rank: Numbers, metric: Metric, up: Walk) -> _Shared:
    """Return what threads share; the first one to ask makes it, and again when other edges are looked at."""
    with _LOOKUP:
        known = _SHARED.get(metric)
        if known is None or known.rank is not rank or known.up is not up:
            roads = Walk(*_by_rank(rank, metric.key, metric.tail))
            known = _SHARED[metric] = _Shared(rank, up, roads, _bounds(up))
        return known


def _new_room(shared: _Shared) -> Room:
    count = len(shared.rank)
    label = np.empty((count, 2), dtype=np.int64)
    label[:, REACH] = FAR
    return Room(
        shared.roads,
        shared.bound,
        label,
        ahead=np.full(count, UNKNOWN, dtype=np.int64),
        heap=np.empty((MOST_REACHED, 2), dtype=np.int64),
        asked=np.empty(count, dtype=np.int32),
        reached=np.empty(MOST_REACHED, dtype=np.int32),
    )


def room_table_of(hierarchy: Hierarchy, metric: Metric, up: Walk) -> Keys:
    """Return the table of this thread's room, for a vehicle and the edges up that its searches look at."""
    known = _TABLES.of.get(hierarchy)
    if known is None or known.metric is not metric or known.up is not up:
        room = _new_room(_shared_by_all(hierarchy.topology.rank, metric, up))
        table = addressed([*room.roads, *room[1:]], kinds=_KINDS)
        known = _TABLES.of[hierarchy] = _Table(metric, up, room, table)
    return known.table
