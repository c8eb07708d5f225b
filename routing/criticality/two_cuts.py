"""Which two arcs together part a junction from every goal, exact and directed: the smallest cuts of a flow of two.

As many ways as there are from the goals to a junction that share no arc, so many arcs must be closed (Menger). Where
there are two such ways and no third, every cut of two arcs takes one arc of each way; which go together is told by what
can be reached against the flow that the two ways make (Picard and Queyranne, On the structure of all minimum cuts in a
network, Mathematical Programming Study 13, 1980). All searches run from the junction backward: they see no more of the
roads than what would be cut off, and the way to the nearest goal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel, part_of_kernel


class Streets(NamedTuple):
    """Arcs as they are walked from the goals; n junctions, 2m arcs.

    Attributes
    ----------
    in_start, in_arc, out_start, out_arc
        Arcs that lead to a junction, and away from it.
    near, far : (2m,) int32
        Where an arc begins and ends.
    is_open : (2m,) bool
    is_lasting : (2m,) bool
        Not to be cut, however many ways lead over it.
    is_goal : (n,) bool
    """

    in_start: NDArray[np.int64]
    in_arc: NDArray[np.int32]
    out_start: NDArray[np.int64]
    out_arc: NDArray[np.int32]
    near: NDArray[np.int32]
    far: NDArray[np.int32]
    is_open: NDArray[np.bool_]
    is_lasting: NDArray[np.bool_]
    is_goal: NDArray[np.bool_]


class Sheet(NamedTuple):
    """What the searches write on, one after the other.

    Attributes
    ----------
    flow : (2m,) int8
        How many ways lead over an arc.
    stamp : (n,) int64
        Number of the search that saw a junction last.
    came : (n,) int64
        Arc by which it did, `2m + arc` where against the flow on it.
    waiting : (n,) int64
    spot : (2, n) int32
        Place of a junction on each of the two ways, -1 where it is not on it.
    touched : (3n,) int64
        Arcs that a way ever led over.
    tally : (2,) int64
        Number of the newest search; how many arcs were touched.
    ways, limits : (2, n) int64
        Where there are two ways or one: their arcs from the end backward, and of each arc how far along the other way
        a cut with it must at least lie, -1 where it is in none.
    lengths : (2,) int64
        How many arcs each of them has.
    """

    flow: NDArray[np.int8]
    stamp: NDArray[np.int64]
    came: NDArray[np.int64]
    waiting: NDArray[np.int64]
    spot: NDArray[np.int32]
    touched: NDArray[np.int64]
    tally: NDArray[np.int64]
    ways: NDArray[np.int64]
    limits: NDArray[np.int64]
    lengths: NDArray[np.int64]


def blank_sheet(junctions: int, arcs: int) -> Sheet:
    """Return a sheet for a network of so many junctions and arcs."""
    return Sheet(
        np.zeros(arcs, dtype=np.int8),
        np.zeros(junctions, dtype=np.int64),
        np.zeros(junctions, dtype=np.int64),
        np.zeros(junctions, dtype=np.int64),
        np.full((2, junctions), -1, dtype=np.int32),
        np.zeros(3 * junctions, dtype=np.int64),
        np.zeros(2, dtype=np.int64),
        np.zeros((2, junctions), dtype=np.int64),
        np.zeros((2, junctions), dtype=np.int64),
        np.zeros(2, dtype=np.int64),
    )


@part_of_kernel
def _is_start(streets: Streets, junction: int, only: int) -> bool:
    return junction == only if only >= 0 else streets.is_goal[junction]


@part_of_kernel
def _spread(streets: Streets, sheet: Sheet, head: int, size: int, only: int) -> tuple[int, int]:
    """Go on with a search backward against the flow; return the goal it met first, -1 for none, and its new size."""
    arcs = streets.near.size
    while head < size:
        junction = sheet.waiting[head]
        head += 1
        if _is_start(streets, junction, only):
            return junction, size
        for slot in range(streets.in_start[junction], streets.in_start[junction + 1]):
            arc = streets.in_arc[slot]
            other = streets.near[arc]
            room = streets.is_open[arc] and (sheet.flow[arc] == 0 or streets.is_lasting[arc])
            if room and sheet.stamp[other] != sheet.tally[0]:
                sheet.stamp[other] = sheet.tally[0]
                sheet.came[other] = arc
                sheet.waiting[size] = other
                size += 1
        for slot in range(streets.out_start[junction], streets.out_start[junction + 1]):
            arc = streets.out_arc[slot]
            other = streets.far[arc]
            if sheet.flow[arc] > 0 and sheet.stamp[other] != sheet.tally[0]:
                sheet.stamp[other] = sheet.tally[0]
                sheet.came[other] = arcs + arc
                sheet.waiting[size] = other
                size += 1
    return -1, size


@part_of_kernel
def _begin(sheet: Sheet, ends: NDArray[np.int64]) -> int:
    """Begin a search at some junctions and return its size."""
    sheet.tally[0] += 1
    size = 0
    for end in ends:
        if sheet.stamp[end] != sheet.tally[0]:
            sheet.stamp[end] = sheet.tally[0]
            sheet.came[end] = -1
            sheet.waiting[size] = end
            size += 1
    return size


@part_of_kernel
def _one_more_way(streets: Streets, sheet: Sheet, ends: NDArray[np.int64], only: int) -> bool:
    """Lead one more way to the ends, over arcs that no other uses; tell whether there is one."""
    arcs = streets.near.size
    junction, _ = _spread(streets, sheet, 0, _begin(sheet, ends), only)
    if junction < 0:
        return False
    while sheet.came[junction] >= 0:
        step = sheet.came[junction]
        if step < arcs:
            sheet.flow[step] += 1
            sheet.touched[sheet.tally[1]] = step
            sheet.tally[1] += 1
            junction = streets.far[step]
        else:
            sheet.flow[step - arcs] -= 1
            junction = streets.near[step - arcs]
    return True


@part_of_kernel
def _follow(streets: Streets, sheet: Sheet, ends: NDArray[np.int64], number: int, only: int) -> None:
    """Take one way out of the flow, from its end backward; circles are left out.

    The spots of its junctions count from the end, as its arcs do.
    """
    spot, way = sheet.spot[number], sheet.ways[number]
    junction, arc, length = -1, -1, 0
    for end in ends:
        for slot in range(streets.in_start[end], streets.in_start[end + 1]):
            if junction < 0 and sheet.flow[streets.in_arc[slot]] > 0:
                junction = end
    spot[junction] = 0
    while not _is_start(streets, junction, only):
        for slot in range(streets.in_start[junction], streets.in_start[junction + 1]):
            arc = streets.in_arc[slot]
            if sheet.flow[arc] > 0:
                break
        sheet.flow[arc] -= 1
        junction = streets.near[arc]
        back = spot[junction]
        if back >= 0:  # a circle: what came since the junction was passed before is left out
            while length > back:
                length -= 1
                spot[streets.near[way[length]]] = -1
            spot[junction] = back
            continue
        way[length] = arc
        length += 1
        spot[junction] = length
    sheet.lengths[number] = length


@part_of_kernel
def _grow(streets: Streets, sheet: Sheet, ends: NDArray[np.int64], number: int, only: int) -> None:
    """Tell of each arc of one way how far along the other the parts before it are forced; -1 where it is in no cut.

    What would be cut off with an arc closed is everything that is reached backward from behind it against the flow.
    """
    limit, length = sheet.limits[number], sheet.lengths[number]
    limit[:length] = -1
    size, head = _begin(sheet, ends), 0
    own, other = sheet.spot[number], sheet.spot[1 - number]
    most_own, most_other = 0, 0
    for place in range(length):
        arc = sheet.ways[number, place]
        behind = streets.far[arc]
        if sheet.stamp[behind] != sheet.tally[0]:
            sheet.stamp[behind] = sheet.tally[0]
            sheet.waiting[size] = behind
            size += 1
        met, size = _spread(streets, sheet, head, size, only)
        if met >= 0:
            return
        while head < size:
            junction = sheet.waiting[head]
            head += 1
            most_own = max(most_own, own[junction])
            most_other = max(most_other, other[junction])
        if most_own == place and not streets.is_lasting[arc]:
            limit[place] = most_other


@part_of_kernel
def _forget(sheet: Sheet) -> None:
    """Take all flow away, with every circle that ways which changed their course have left behind."""
    for number in range(sheet.tally[1]):
        sheet.flow[sheet.touched[number]] = 0
    sheet.tally[1] = 0


@part_of_kernel
def _put_flow(sheet: Sheet, found: int, step: int) -> None:
    """Lay the flow of the ways on their arcs, or take it away."""
    for number in range(found):
        for place in range(sheet.lengths[number]):
            sheet.flow[sheet.ways[number, place]] += step


@part_of_kernel
def _wipe_spots(streets: Streets, sheet: Sheet, ends: NDArray[np.int64], found: int) -> None:
    for number in range(found):
        for end in ends:
            sheet.spot[number, end] = -1
        for place in range(sheet.lengths[number]):
            sheet.spot[number, streets.near[sheet.ways[number, place]]] = -1


@kernel
def cuts_before(streets: Streets, sheet: Sheet, ends: NDArray[np.int64], only: int) -> int:
    """Return how many ways without a common arc lead to some ends, at most three; describe the cuts of two or of one.

    Parameters
    ----------
    sheet
        Takes ways, limits and lengths where there are two ways or one.
    only
        The one junction that they begin at; -1: any goal.
    """
    found = 0
    while found < 3 and _one_more_way(streets, sheet, ends, only):
        found += 1
    sheet.lengths[:] = 0
    if found in (0, 3):
        _forget(sheet)
        return found
    for number in range(found):
        _follow(streets, sheet, ends, number, only)
    _forget(sheet)
    _put_flow(sheet, found, 1)
    for number in range(found):
        _grow(streets, sheet, ends, number, only)
    _put_flow(sheet, found, -1)
    _wipe_spots(streets, sheet, ends, found)
    return found
