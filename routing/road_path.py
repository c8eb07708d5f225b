"""The least-cost way between two points on roads, first and last road in part, many of them in one call of a kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from routing.addressed import addressed, int32_at, int64_at, pairs32_at, pairs64_at
from routing.hierarchy.ascending import find
from routing.hierarchy.query import Desk, Edges, Stairs, Walk, climb_two, go_back, trace
from routing.kernel import enter, kernel, part_of_kernel
from routing.metric import FAR, LENGTH_BITS, RoadCosts

#: A road that is no dearer than it is, in percent.
AS_IT_IS: Final = 100
#: Of a part of a road that is closed.
CLOSED: Final = 0
Keys = NDArray[np.int64]
#: Numbers of a question, and of what is found, in their rows.
ASKED_NUMBERS: Final = 9
FOUND_NUMBERS: Final = 6
_ASKED: Final = Struct(f"{ASKED_NUMBERS}q")
_FOUND: Final = Struct(f"{FOUND_NUMBERS}q")
#: Kind of number in each array of a ground, in the order of `GroundTable`.
_KINDS: Final = "iiqiiqqqqqiqiiiqqqi"
#: Places of a question in its row.
_POINTS: Final = 4
_STRAIGHT: Final = 8
#: Places of a way at an end in its row: the arc used in part, where it meets the rest, its key, its cost to the search.
_ARC, JUNCTION, _KEY, COST = range(4)


class Between(NamedTuple):
    """A question: two points on roads, and what the search is told of the roads there, in percent.

    AS_IT_IS or dearer, or CLOSED.

    Attributes
    ----------
    out_forward, out_backward
        From the first point to the end and to the start of its road.
    in_forward, in_backward
        From the start and from the end of the last road to its point.
    straight
        From point to point along one road.
    """

    from_road: int
    from_cm: int
    to_road: int
    to_cm: int
    out_forward: int = AS_IT_IS
    out_backward: int = AS_IT_IS
    in_forward: int = AS_IT_IS
    in_backward: int = AS_IT_IS
    straight: int = AS_IT_IS


class Ground(NamedTuple):
    """What a search runs on: stairs, edges up on either side, over what each edge leads, room, and what roads cost."""

    stairs: Stairs
    edges: Edges
    way: NDArray[np.int32]
    desk: Desk
    roads: RoadCosts


@part_of_kernel
def ground_at(table: NDArray[np.int64]) -> Ground:
    """Return the ground of a table; the order is that of `GroundTable`."""
    stairs = Stairs(int32_at(table, 0), int32_at(table, 1), int64_at(table, 2), int32_at(table, 3), int32_at(table, 4))
    up, down = Walk(int64_at(table, 5), pairs64_at(table, 6)), Walk(int64_at(table, 7), pairs64_at(table, 8))
    desk = Desk(pairs64_at(table, 11), pairs32_at(table, 12), int32_at(table, 13), int32_at(table, 14))
    roads = RoadCosts(int64_at(table, 15), pairs64_at(table, 16), int64_at(table, 17), int32_at(table, 18))
    return Ground(stairs, Edges(up, down, pairs64_at(table, 9)), pairs32_at(table, 10), desk, roads)


class Ends(NamedTuple):
    """The open ways at both ends, (2, 2, 4), and how many they are."""

    ways: NDArray[np.int64]
    outs: int
    intos: int


class RoadPath(NamedTuple):
    """A least-cost way.

    Attributes
    ----------
    cost
        As the search was told; FAR where there is no way.
    key
        Duration and length as they are.
    arcs : int32
        In the order of travel, the first and the last one used in part, or a single one.
    from_cm, to_cm
        Where the way begins on the first arc and ends on the last, along the digitised direction.
    """

    cost: int
    key: int
    arcs: NDArray[np.int32]
    from_cm: int
    to_cm: int


@part_of_kernel
def _part_key(roads: RoadCosts, arc: int, length_cm: int) -> int:
    """Return the key of a part of an arc: its share of the duration, rounded, and its length."""
    if length_cm == 0:
        return 0
    whole_cm: int = roads.length_cm[arc >> 1]
    duration_ms: int = (roads.duration_ms[arc >> 1, arc & 1] * length_cm * 2 + whole_cm) // (2 * whole_cm)
    return duration_ms << LENGTH_BITS | length_cm


@part_of_kernel
def _ways(roads: RoadCosts, asked: NDArray[np.int64], side: int, ways: NDArray[np.int64]) -> int:
    """Write the open ways between a point and the ends of its road; return how many there are, up to two.

    Who stands at a junction needs no other way: along the whole road leads an arc like all others.
    """
    road, at_cm = asked[2 * side], asked[2 * side + 1]
    whole_cm = roads.length_cm[road]
    stands = at_cm == 0 or at_cm == whole_cm  # noqa: PLR1714 - machine code knows no sets
    many = 0
    for direction in range(2):
        arc = 2 * road + direction
        rate = asked[_POINTS + 2 * side + direction]
        meets_end = (direction == FORWARD) == (side == 0)
        length_cm = whole_cm - at_cm if meets_end else at_cm
        if length_cm > 0 and (stands or roads.key[arc] < 0 or rate == CLOSED):
            continue
        key = _part_key(roads, arc, length_cm)
        ways[many, _ARC] = arc
        ways[many, JUNCTION] = roads.tail[2 * road + 1] if meets_end else roads.tail[2 * road]
        ways[many, _KEY] = key
        ways[many, COST] = key + key // AS_IT_IS * (rate - AS_IT_IS)
        many += 1
    return many


@part_of_kernel
def ends_at(roads: RoadCosts, asked: NDArray[np.int64], ways: NDArray[np.int64]) -> Ends:
    """Write the open ways at both ends of a question, its points put on their roads."""
    for side in range(2):
        asked[2 * side + 1] = min(max(asked[2 * side + 1], 0), roads.length_cm[asked[2 * side]])
    outs, intos = _ways(roads, asked, 0, ways[0]), _ways(roads, asked, 1, ways[1])
    return Ends(ways, outs, intos)


@part_of_kernel
def _used(stairs: Stairs, ways: NDArray[np.int64], many: int, node: int) -> int:
    """Return which of the ways is the cheapest one to or from a junction of this rank."""
    used = -1
    for number in range(many):
        if stairs.rank[ways[number, JUNCTION]] == node and (used < 0 or ways[number, COST] < ways[used, COST]):
            used = number
    return used


@part_of_kernel
def straight_way(roads: RoadCosts, asked: NDArray[np.int64]) -> tuple[int, int, int]:
    """Return the arc that leads straight from point to point, what it costs the search, and its key; FAR: none."""
    direction = FORWARD if asked[1] <= asked[3] else BACKWARD
    arc = 2 * asked[0] + direction
    length_cm = abs(asked[3] - asked[1])
    rate = asked[_STRAIGHT]
    if asked[0] != asked[2] or (length_cm > 0 and (roads.key[arc] < 0 or rate == CLOSED)):
        return arc, FAR, FAR
    key = _part_key(roads, arc, length_cm)
    return arc, key + key // AS_IT_IS * (rate - AS_IT_IS), key


@part_of_kernel
def leave(ground: Ground, ends: Ends, first: int) -> tuple[np.int64, int]:
    """Write the arc from the first point to a junction of this rank, if it leads anywhere; return how many, its key."""
    leaving = _used(ground.stairs, ends.ways[0], ends.outs, first)
    ground.desk.path[0] = ends.ways[0, leaving, _ARC]
    key = ends.ways[0, leaving, _KEY]
    return np.int64(1 if key > 0 else 0), key


@part_of_kernel
def arrive(ground: Ground, ends: Ends, found: Keys, so_far: tuple[np.int64, np.int64, int, int]) -> np.int64:
    """Write the arc from the last junction to the second point, if it leads anywhere; return how many arcs there are.

    `so_far` is how many arcs `leave` wrote, how many there are, their key, and the rank of the last junction. `found`
    holds the two points; what is known better is put in their places, and the key of the way.
    """
    begins, size, key, last = so_far
    path, roads, into = ground.desk.path, ground.roads, ends.ways[1]
    arriving = _used(ground.stairs, into, ends.intos, last)
    arc = path[0] if size > 0 else into[arriving, _ARC]
    if begins == 0 and (size > 0 or into[arriving, _KEY] > 0):
        found[2] = roads.length_cm[arc >> 1] * (arc & 1)
    found[1] = key + into[arriving, _KEY]
    if into[arriving, _KEY] > 0:
        path[size] = into[arriving, _ARC]
        return size + 1
    if size > 0:
        found[3] = roads.length_cm[path[size - 1] >> 1] * (1 - (path[size - 1] & 1))
        return size
    found[3] = found[2]
    return np.int64(1)


@part_of_kernel
def _join(ground: Ground, ends: Ends, found: Keys) -> np.int64:
    """Write the arcs of a way over the meeting of both sides on the desk, which `found` holds; return how many."""
    desk, edges = ground.desk, ground.edges
    climb, first = go_back(ground.stairs, edges.up, desk, found[1])
    begins, key = leave(ground, ends, first)
    size, last = trace(ground.stairs, ground.way, desk, (edges.down, found[1]), climb, begins)
    for place in range(begins, size):
        key += ground.roads.key[desk.path[place]]
    return arrive(ground, ends, found, (begins, size, key, last))


@part_of_kernel
def _set_out(stairs: Stairs, ways: NDArray[np.int64], many: int, side: int, desk: Desk) -> int:
    """Let a side's walk begin at the junctions of its ways; return the lower rank, or past all where there is no way.

    Both are ends of one road, so the higher one is an ancestor of the lower one and on its walk.
    """
    lowest = stairs.parent.size
    for number in range(many):
        node = stairs.rank[ways[number, JUNCTION]]
        desk.reach[node, side] = min(desk.reach[node, side], ways[number, COST])
        desk.came_by[node, side] = -1
        lowest = min(lowest, node)
    return lowest


@part_of_kernel
def _least_way(ground: Ground, asked: Keys, ways: NDArray[np.int64], found: Keys) -> np.int64:
    """Leave the arcs of the least-cost way on the desk, what it costs in its row; return how many arcs there are."""
    stairs, desk, roads = ground.stairs, ground.desk, ground.roads
    ends = ends_at(roads, asked, ways)
    one = _set_out(stairs, ways[0], ends.outs, 0, desk)
    other = _set_out(stairs, ways[1], ends.intos, 1, desk)
    best, meeting = climb_two(stairs, ground.edges, desk, one, other)
    arc, straight, key = straight_way(roads, asked)
    found[2] = asked[1]
    found[3] = asked[3]
    if meeting >= 0 and best < straight:
        found[0] = best
        found[1] = meeting
        return _join(ground, ends, found)
    found[0] = straight
    found[1] = key
    desk.path[0] = arc
    return np.int64(1) if straight < FAR else np.int64(0)


@part_of_kernel
def _count_met(path: NDArray[np.int32], size: np.int64, beware: NDArray[np.int32]) -> int:
    """Return how many arcs of a path are in an ascending run of arcs."""
    met = 0
    if beware.size:
        for arc in path[:size]:
            place = find(beware, 0, beware.size, arc)
            met += 1 if place < beware.size and beware[place] == arc else 0
    return met


@kernel
def least_ways(table: NDArray[np.int64], asked: Keys, found: Keys, beware: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the arcs of the least-cost ways between points, one way after the other; ties by length, as keys say.

    Parameters
    ----------
    table
        Of the ground.
    asked : (q, 9) int64
        `Between` two points, row by row.
    found : (q, 6) int64
        Of each way its cost, its key, the two positions of `RoadPath`, where its arcs end among those of all, and how
        many of them are among those to look out for: written here.
    beware
        Arcs, in ascending order, to look out for on the ways.
    """
    ground = ground_at(table)
    ways = np.empty((2, 2, 4), dtype=np.int64)
    path = ground.desk.path
    arcs = path[:0]
    many = np.int64(0)
    for number in range(asked.shape[0]):
        size = _least_way(ground, asked[number], ways, found[number])
        if many + size > arcs.size:
            more = np.empty(size if asked.shape[0] == 1 else 2 * (many + size), dtype=np.int32)
            for place in range(many):  # a slice would be shorter, and take seconds more to compile
                more[place] = arcs[place]
            arcs = more
        for place in range(size):
            arcs[many + place] = path[place]
        many += size
        found[number, 4] = many
        found[number, 5] = _count_met(path, size, beware)
    return arcs[:many]


class GroundTable:
    """A ground as the kernel takes it, and room for one question at a time: of one thread, and of one vehicle.

    Attributes
    ----------
    desk, roads, up
        For whom it was made, and along which edges.
    table
        The arrays that the ground consists of, by their addresses.
    """

    __slots__ = ("_asked", "_asked_row", "_found", "_found_row", "_ground", "desk", "roads", "table", "up")

    def __init__(self, ground: Ground) -> None:
        stairs, edges, way, desk, roads = self._ground = ground
        self.desk, self.roads, self.up = desk, roads, edges.up
        arrays: list[NDArray[Any]] = [*stairs, *edges.up, *edges.down, edges.weight, way, *desk, *roads]
        self.table = addressed(arrays, kinds=_KINDS)
        self._asked, self._found = bytearray(_ASKED.size), bytearray(_FOUND.size)
        self._asked_row = np.frombuffer(self._asked, dtype=np.int64).reshape(1, -1)
        self._found_row = np.frombuffer(self._found, dtype=np.int64).reshape(1, -1)

    def find(self, question: Sequence[int], beware: NDArray[np.int32]) -> tuple[tuple[int, ...], NDArray[np.int32]]:
        """Return the row and the arcs that `least_ways` finds for a question, the numbers of `Between`."""
        _ASKED.pack_into(self._asked, 0, *question)
        arcs = enter(least_ways, self.table, self._asked_row, self._found_row, beware)
        return _FOUND.unpack(self._found), arcs

    def ask_again(
        self, search: Callable[..., NDArray[np.int32]], *more: object
    ) -> tuple[tuple[int, ...], NDArray[np.int32]]:
        """Return the row and the arcs that another search finds for the last question, told some more."""
        arcs = enter(search, self.table, self._asked_row, self._found_row, *more)
        return _FOUND.unpack(self._found), arcs

    def find_all(self, asked: Keys, beware: NDArray[np.int32]) -> tuple[Keys, NDArray[np.int32]]:
        """Return the rows and the arcs that `least_ways` finds for many questions."""
        found = np.empty((len(asked), FOUND_NUMBERS), dtype=np.int64)
        return found, enter(least_ways, self.table, asked, found, beware)
