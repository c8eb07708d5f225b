"""The least-cost way between two points on roads, first and last road in part, in one call of machine code."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from routing.hierarchy.query import Desk, Stairs, begin, clear, climb_both, trace
from routing.hierarchy.weights import Weights
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR, LENGTH_BITS, RoadCosts

#: A road that is no dearer than it is, in percent.
AS_IT_IS: Final = 100
#: Of a part of a road that is closed.
CLOSED: Final = 0


class TwoPoints(NamedTuple):
    """Two points on roads: where a route begins and where it ends."""

    from_road: int
    from_cm: int
    to_road: int
    to_cm: int


class EndRates(NamedTuple):
    """What the search is told of the roads at both ends, in percent: AS_IT_IS or dearer, or CLOSED.

    Attributes
    ----------
    out_forward, out_backward
        From the first point to the end and to the start of its road.
    in_forward, in_backward
        From the start and from the end of the last road to its point.
    straight
        From point to point along one road.
    """

    out_forward: int = AS_IT_IS
    out_backward: int = AS_IT_IS
    in_forward: int = AS_IT_IS
    in_backward: int = AS_IT_IS
    straight: int = AS_IT_IS


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


class _Ways(NamedTuple):
    """Up to two ways between a point and the ends of its road.

    Attributes
    ----------
    arc, junction : (2,) int64, int32
        The arc used in part, and where it meets the rest of the route.
    key, cost : (2,) int64
        As it is, and as the search is told.
    """

    arc: NDArray[np.int64]
    junction: NDArray[np.int32]
    key: NDArray[np.int64]
    cost: NDArray[np.int64]


@part_of_kernel
def _part_key(roads: RoadCosts, arc: int, length_cm: int) -> int:
    """Return the key of a part of an arc: its share of the duration, rounded, and its length."""
    if length_cm == 0:
        return 0
    whole_cm: int = roads.length_cm[arc >> 1]
    duration_ms: int = (roads.duration_ms[arc >> 1, arc & 1] * length_cm * 2 + whole_cm) // (2 * whole_cm)
    return duration_ms << LENGTH_BITS | length_cm


@part_of_kernel
def _ways(roads: RoadCosts, spot: tuple[int, int], rates: tuple[int, int], is_out: bool, ways: _Ways) -> int:
    """Write the open ways between a point and the ends of its road; return how many there are.

    Who stands at a junction needs no other way: along the whole road leads an arc like all others.
    """
    road, at_cm = spot
    whole_cm = roads.length_cm[road]
    stands = at_cm == 0 or at_cm == whole_cm  # noqa: PLR1714 - machine code knows no sets
    many = 0
    for direction in range(2):
        arc = 2 * road + direction
        meets_end = (direction == FORWARD) == is_out
        length_cm = whole_cm - at_cm if meets_end else at_cm
        if length_cm > 0 and (stands or roads.key[arc] < 0 or rates[direction] == CLOSED):
            continue
        key = _part_key(roads, arc, length_cm)
        ways.arc[many] = arc
        ways.junction[many] = roads.tail[2 * road + 1] if meets_end else roads.tail[2 * road]
        ways.key[many] = key
        ways.cost[many] = key + key // AS_IT_IS * (rates[direction] - AS_IT_IS)
        many += 1
    return many


@part_of_kernel
def _used(stairs: Stairs, ways: _Ways, many: int, node: int) -> int:
    """Return which of the ways is the cheapest one to or from a junction of this rank."""
    used = -1
    for number in range(many):
        if stairs.rank[ways.junction[number]] == node and (used < 0 or ways.cost[number] < ways.cost[used]):
            used = number
    return used


@part_of_kernel
def _straight(roads: RoadCosts, points: TwoPoints, rates: EndRates) -> tuple[int, int, int]:
    """Return the arc that leads straight from point to point, what it costs the search, and its key; FAR: none."""
    direction = FORWARD if points.from_cm <= points.to_cm else BACKWARD
    arc = 2 * points.from_road + direction
    length_cm = abs(points.to_cm - points.from_cm)
    if points.from_road != points.to_road or (length_cm > 0 and (roads.key[arc] < 0 or rates.straight == CLOSED)):
        return arc, FAR, FAR
    key = _part_key(roads, arc, length_cm)
    return arc, key + key // AS_IT_IS * (rates.straight - AS_IT_IS), key


@part_of_kernel
def _new_ways() -> _Ways:
    return _Ways(
        np.empty(2, dtype=np.int64),
        np.empty(2, dtype=np.int32),
        np.empty(2, dtype=np.int64),
        np.empty(2, dtype=np.int64),
    )


@kernel
def least_way(
    stairs: Stairs, weights: Weights, roads: RoadCosts, points: TwoPoints, rates: EndRates, desk: Desk
) -> RoadPath:
    """Return the least-cost way between two points; ties by length, as keys say."""
    out, into = _new_ways(), _new_ways()
    outs = _ways(roads, (points.from_road, points.from_cm), (rates.out_forward, rates.out_backward), True, out)
    intos = _ways(roads, (points.to_road, points.to_cm), (rates.in_forward, rates.in_backward), False, into)
    seeds, goals = (out.junction[:outs], out.cost[:outs]), (into.junction[:intos], into.cost[:intos])
    cursor = np.empty(outs + intos, dtype=np.int64)
    begin(stairs, seeds, 0, desk, cursor[:outs])
    begin(stairs, goals, 1, desk, cursor[outs:])
    best, meeting = climb_both(stairs, weights.weight, desk, cursor)
    arc, straight, key = _straight(roads, points, rates)
    size, first, last = np.int64(0), -1, -1
    if meeting >= 0 and best < straight:
        size, first, last = trace(stairs, weights.way, desk, meeting)
    clear(stairs, seeds, desk)
    clear(stairs, goals, desk)
    if first < 0:
        arcs = np.empty(1 if straight < FAR else 0, dtype=np.int32)
        arcs[:] = arc
        return RoadPath(straight, key, arcs, points.from_cm, points.to_cm)
    leaving, arriving = _used(stairs, out, outs, first), _used(stairs, into, intos, last)
    key = out.key[leaving] + into.key[arriving]
    begins = 1 if out.key[leaving] > 0 else 0
    ends = 1 if into.key[arriving] > 0 else 0
    arcs = np.empty(max(1, int(begins + size + ends)), dtype=np.int32)
    arcs[0] = out.arc[leaving]
    for place in range(size):
        arcs[begins + place] = desk.path[place]
        key += roads.key[desk.path[place]]
    if ends:
        arcs[begins + size] = into.arc[arriving]
    from_cm, to_cm = points.from_cm, points.to_cm
    if not begins and size + ends > 0:
        from_cm = roads.length_cm[arcs[0] >> 1] * (arcs[0] & 1)
    if not ends:
        to_cm = roads.length_cm[arcs[-1] >> 1] * (1 - (arcs[-1] & 1)) if begins + size > 0 else from_cm
    return RoadPath(best, key, arcs, from_cm, to_cm)
