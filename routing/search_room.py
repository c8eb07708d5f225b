"""Room for searches for ways round what is closed: one search at a time, of one thread."""

from __future__ import annotations

import threading
import weakref
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.addressed import addressed, int32_at, int64_at, pairs64_at
from routing.hierarchy.hierarchy import Hierarchy
from routing.hierarchy.query import Walk
from routing.kernel import part_of_kernel
from routing.metric import FAR, Metric

Numbers = NDArray[np.int32]
Keys = NDArray[np.int64]

#: Junctions that may be reached in one search, some of them more than once.
MOST_REACHED: Final = 1 << 15
#: Kind of number in each array of a table of room.
_KINDS: Final = "qqqqii"
#: Columns of the labels of a junction.
REACH, AHEAD, CAME_BY = range(3)
UNKNOWN: Final = -1
#: The lower half of a number that holds two.
LOWER: Final = (1 << 32) - 1


class Room(NamedTuple):
    """The roads, and room for one search at a time. Junctions are named by their rank.

    Attributes
    ----------
    roads
        What the arcs that leave a junction cost; their heads, with the arcs in the upper 32 bits.
    label : (n, 4) int64
        What it costs to come to a junction, FAR everywhere between two searches; at least what it costs from there to
        the goal, -1 where nobody asked, everywhere between two searches; the arc over which one comes there, with the
        junction before in the upper 32 bits, or -1 where the search begins.
    heap : (MOST_REACHED, 2) int64
        Junctions reached, the one with the least cost to the goal on top: that cost, and the junction.
    asked : (n,) int32
        Junctions for which somebody asked.
    reached : (MOST_REACHED,) int32
        Every junction reached.
    """

    roads: Walk
    label: Keys
    heap: Keys
    asked: Numbers
    reached: Numbers


@part_of_kernel
def room_at(table: NDArray[np.int64]) -> Room:
    """Return the room of a table; the order is that of `_Table`."""
    roads = Walk(int64_at(table, 0), pairs64_at(table, 1))
    label = int64_at(table, 2)
    return Room(roads, label.reshape(label.size >> 2, 4), pairs64_at(table, 3), int32_at(table, 4), int32_at(table, 5))


class _Table(NamedTuple):
    """Room as the kernel takes it: of a vehicle, with the arrays that the table notes."""

    metric: Metric
    room: Room
    table: Keys


class _Tables(threading.local):
    """Tables of one thread, one a hierarchy."""

    def __init__(self) -> None:
        self.of: weakref.WeakKeyDictionary[Hierarchy, _Table] = weakref.WeakKeyDictionary()


_TABLES: Final = _Tables()


def _roads_by_rank(rank: Numbers, metric: Metric) -> Walk:
    """Return the arcs that a vehicle may use, by the rank of the junction that they leave."""
    arc = np.flatnonzero(metric.key >= 0)
    arc = arc[np.argsort(rank[metric.tail[arc]], kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(rank[metric.tail[arc]], minlength=len(rank)))])
    return Walk(first, np.stack([metric.key[arc], arc << 32 | rank[metric.tail[arc ^ 1]]], axis=1))


def _new_room(rank: Numbers, metric: Metric) -> Room:
    label = np.empty((len(rank), 4), dtype=np.int64)
    label[:, REACH], label[:, AHEAD] = FAR, UNKNOWN
    return Room(
        _roads_by_rank(rank, metric),
        label,
        heap=np.empty((MOST_REACHED, 2), dtype=np.int64),
        asked=np.empty(len(rank), dtype=np.int32),
        reached=np.empty(MOST_REACHED, dtype=np.int32),
    )


def room_table_of(hierarchy: Hierarchy, metric: Metric) -> Keys:
    """Return the table of this thread's room, made when a vehicle first asks for it."""
    known = _TABLES.of.get(hierarchy)
    if known is None or known.metric is not metric:
        room = _new_room(hierarchy.topology.rank, metric)
        table = addressed([*room.roads, *room[1:]], kinds=_KINDS)
        known = _TABLES.of[hierarchy] = _Table(metric, room, table)
    return known.table
