"""How a route gets from a point on a road to the junctions around it, to such a point, or straight from one to another.

These are the first and the last road of a route, used in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from geodata.snapping import RoadPoint
from routing.metric import LENGTH_BITS, LENGTH_MASK
from routing.open_network import OpenNetwork
from routing.road_path import AS_IT_IS
from routing.route import RoadLeg

_NOBODY: Final[frozenset[str]] = frozenset()


class Stretch(NamedTuple):
    """Part of an arc at an end of a route.

    Attributes
    ----------
    junction
        Where it meets the rest of the route; -1 if it is the whole route.
    from_cm, to_cm
        In the order of travel, along the digitised direction.
    key
        What it costs: duration and length.
    closures
        Closures that stop it; empty where it is open.
    cost
        What the search is told it costs: the key, or more where alternatives are looked for.
    """

    junction: int
    arc: int
    from_cm: int
    to_cm: int
    key: int
    closures: frozenset[str]
    cost: int

    def leg(self) -> RoadLeg:
        """Return the stretch as a leg of a route."""
        return RoadLeg(
            road=self.arc // 2,
            direction=self.arc % 2,
            from_m=self.from_cm / 100,
            to_m=self.to_cm / 100,
            length_m=(self.key & LENGTH_MASK) / 100,
            duration_s=(self.key >> LENGTH_BITS) / 1000,
        )


def _stretch(view: OpenNetwork, arc: int, from_cm: int, to_cm: int, *, junction: int) -> Stretch | None:
    """Return a stretch, or None where the vehicle may not go that way; standing still needs no leave."""
    if from_cm == to_cm:
        return Stretch(junction, arc, from_cm, to_cm, 0, _NOBODY, 0)
    if view.metric.key[arc] < 0:
        return None
    key = view.metric.part_key(arc, length_cm=abs(to_cm - from_cm))
    closures = view.closures_between(arc, from_cm, to_cm)
    return Stretch(junction, arc, from_cm, to_cm, key, closures, cost=key)


def _kept(*stretches: Stretch | None) -> tuple[Stretch, ...]:
    return tuple(filter(None, stretches))


def stretches_out(view: OpenNetwork, point: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways from a point to the two ends of its road, stopped ones too."""
    start, end = view.network.ends[point.road].tolist()
    at, whole = view.offset_cm(point), int(view.metric.length_cm[point.road])
    return _kept(
        _stretch(view, 2 * point.road + FORWARD, at, whole, junction=end),
        _stretch(view, 2 * point.road + BACKWARD, at, 0, junction=start),
    )


def stretches_in(view: OpenNetwork, point: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways from the two ends of a point's road to the point, stopped ones too."""
    start, end = view.network.ends[point.road].tolist()
    at, whole = view.offset_cm(point), int(view.metric.length_cm[point.road])
    return _kept(
        _stretch(view, 2 * point.road + FORWARD, 0, at, junction=start),
        _stretch(view, 2 * point.road + BACKWARD, whole, at, junction=end),
    )


def without_detours(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Return what a search needs: from a junction the way along the whole road is an arc like all others."""
    return tuple(one for one in stretches if one.from_cm == one.to_cm) or stretches


def stretches_between(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways straight along one road from a point to another, stopped ones too."""
    if origin.road != destination.road:
        return ()
    start, end = view.offset_cm(origin), view.offset_cm(destination)
    forward = _stretch(view, 2 * origin.road + FORWARD, start, end, junction=-1) if start <= end else None
    backward = _stretch(view, 2 * origin.road + BACKWARD, start, end, junction=-1) if start > end else None
    return _kept(forward, backward)


def priced(stretches: tuple[Stretch, ...], dearer: NDArray[np.int64] | None) -> tuple[Stretch, ...]:
    """Return stretches with what the search is told they cost: in percent by arc, AS_IT_IS or more."""
    if dearer is None:
        return stretches
    return tuple(
        one._replace(cost=one.key + one.key // AS_IT_IS * (int(dearer[one.arc]) - AS_IT_IS)) for one in stretches
    )


class ManyEnds(NamedTuple):
    """The open ways between many points and the junctions around them, point by point.

    Attributes
    ----------
    owner : (e,) int64
        Number of the point, ascending.
    junction : (e,) int32
    key : (e,) int64
    """

    owner: NDArray[np.int64]
    junction: NDArray[np.int32]
    key: NDArray[np.int64]


def open_ways(view: OpenNetwork, points: Sequence[RoadPoint], *, is_out: bool) -> ManyEnds:
    """Return the open ways of `stretches_out` or `stretches_in` for many points, those that a search needs."""
    road = np.array([point.road for point in points], dtype=np.int64)
    whole = view.metric.length_cm[road]
    offset_cm = np.rint(np.array([point.offset_m for point in points], dtype=np.float64) * 100).astype(np.int64)
    at = np.minimum(np.maximum(offset_cm, 0), whole)
    part = np.stack([whole - at, at] if is_out else [at, whole - at], axis=1)
    duration = (view.metric.duration_ms[road] * part * 2 + whole[:, None]) // np.maximum(2 * whole, 1)[:, None]
    key = np.where(part > 0, duration << LENGTH_BITS | part, 0)
    arc = 2 * road[:, None] + np.array([FORWARD, BACKWARD])
    stands = part == 0
    is_open = stands | ((view.metric.key[arc] >= 0) & ~stands.any(axis=1)[:, None])
    # Where part of the road is closed, it matters which.
    stretches = stretches_out if is_out else stretches_in
    for number in np.flatnonzero(np.isin(arc, view.shut).any(axis=1)).tolist():
        ways = [one for one in without_detours(stretches(view, points[number])) if not one.closures]
        is_open[number] = [any(one.arc == way for one in ways) for way in arc[number].tolist()]
    owner, direction = np.nonzero(is_open)
    end = 1 - direction if is_out else direction
    return ManyEnds(owner, view.network.ends[road][owner, end].astype(np.int32), key[owner, direction])
