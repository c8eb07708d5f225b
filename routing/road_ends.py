"""How a route gets from a point on a road to the junctions around it, to such a point, or straight from one to another.

These are the first and the last road of a route, used in part.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from geodata.snapping import RoadPoint
from routing.metric import LENGTH_BITS, LENGTH_MASK
from routing.open_network import OpenNetwork
from routing.route import RoadLeg

#: A road that is no dearer than it is, in percent.
AS_IT_IS: Final = 100


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
    road, direction = divmod(arc, 2)
    if from_cm != to_cm and not view.metric.usable[road, direction]:
        return None
    key = view.metric.part_key(arc, length_cm=abs(to_cm - from_cm))
    closures = view.closures_between(arc, from_cm, to_cm)
    return Stretch(junction, arc, from_cm, to_cm, key, closures, cost=key)


def _kept(*stretches: Stretch | None) -> tuple[Stretch, ...]:
    return tuple(one for one in stretches if one is not None)


def stretches_out(view: OpenNetwork, point: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways from a point to the two ends of its road, stopped ones too."""
    start, end = (int(junction) for junction in view.network.ends[point.road])
    at, whole = view.offset_cm(point), int(view.metric.length_cm[point.road])
    return _kept(
        _stretch(view, 2 * point.road + FORWARD, at, whole, junction=end),
        _stretch(view, 2 * point.road + BACKWARD, at, 0, junction=start),
    )


def stretches_in(view: OpenNetwork, point: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways from the two ends of a point's road to the point, stopped ones too."""
    start, end = (int(junction) for junction in view.network.ends[point.road])
    at, whole = view.offset_cm(point), int(view.metric.length_cm[point.road])
    return _kept(
        _stretch(view, 2 * point.road + FORWARD, 0, at, junction=start),
        _stretch(view, 2 * point.road + BACKWARD, whole, at, junction=end),
    )


def stretches_between(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> tuple[Stretch, ...]:
    """Return the ways straight along one road from a point to another, stopped ones too."""
    if origin.road != destination.road:
        return ()
    start, end = view.offset_cm(origin), view.offset_cm(destination)
    forward = _stretch(view, 2 * origin.road + FORWARD, start, end, junction=-1) if start <= end else None
    backward = _stretch(view, 2 * origin.road + BACKWARD, start, end, junction=-1) if start > end else None
    return _kept(forward, backward)


def open_ends(stretches: tuple[Stretch, ...]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return junctions and costs of the stretches that are open, as the search takes them."""
    free = [one for one in stretches if not one.closures]
    junctions = np.array([one.junction for one in free], dtype=np.int32)
    return junctions, np.array([one.cost for one in free], dtype=np.int64)


def priced(stretches: tuple[Stretch, ...], dearer: NDArray[np.int64] | None) -> tuple[Stretch, ...]:
    """Return stretches with what the search is told they cost: in percent by arc, AS_IT_IS or more."""
    if dearer is None:
        return stretches
    return tuple(
        one._replace(cost=one.key + one.key // AS_IT_IS * (int(dearer[one.arc]) - AS_IT_IS)) for one in stretches
    )
