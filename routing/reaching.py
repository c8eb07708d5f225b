"""Least time between many points and the nearest of some goals, there or back: one search for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from geodata.snapping import RoadPoint
from routing.metric import FAR, LENGTH_BITS
from routing.open_network import OpenNetwork
from routing.road_ends import Stretch, stretches_between, stretches_in, stretches_out

#: "out" from a point to the nearest goal, "in" from the nearest goal to a point.
Way = Literal["in", "out"]
WAYS: Final[tuple[Way, Way]] = ("in", "out")


@dataclass(frozen=True, eq=False)
class Reached:
    """What one search found for p points.

    Attributes
    ----------
    duration_s : (p,) float64
        Of the quickest way between the point and any goal; infinity where there is none.
    """

    duration_s: NDArray[np.float64]

    @property
    def is_reached(self) -> NDArray[np.bool_]:
        """Which points have a way, (p,)."""
        return np.isfinite(self.duration_s)


def _open(stretches: Sequence[Stretch]) -> list[Stretch]:
    return [one for one in stretches if not one.closures]


def _seeds(view: OpenNetwork, goals: Sequence[RoadPoint], way: Way) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the junctions next to the goals and what the goals' own roads cost to or from there."""
    ends = stretches_out if way == "in" else stretches_in
    found = [stretch for goal in goals for stretch in _open(ends(view, goal))]
    junctions = np.array([one.junction for one in found], dtype=np.int32)
    return junctions, np.array([one.key for one in found], dtype=np.int64)


def _on_one_road(view: OpenNetwork, point: RoadPoint, goals: Sequence[RoadPoint], way: Way) -> int:
    """Return the key of the way straight along a point's road to a goal on it."""
    best = FAR
    for goal in goals:
        origin, destination = (goal, point) if way == "in" else (point, goal)
        best = min([best, *(one.key for one in _open(stretches_between(view, origin, destination)))])
    return best


def reach_nearest(view: OpenNetwork, points: Sequence[RoadPoint], *, goals: Sequence[RoadPoint], way: Way) -> Reached:
    """Return how long it takes between each point and its nearest goal, exactly as a route would.

    Parameters
    ----------
    view
        The network as one vehicle finds it.
    points, goals
        Points on roads.
    way
        "in" from a goal to the point, "out" from the point to a goal.
    """
    reach = view.hierarchy.reach_all(view.held, _seeds(view, goals, way), back=way == "out")
    ends = stretches_in if way == "in" else stretches_out
    on_road: dict[int, list[RoadPoint]] = {}
    for goal in goals:
        on_road.setdefault(goal.road, []).append(goal)
    keys = _over_plain_roads(view, points, reach, way)
    apart = {*on_road, *(view.shut // 2).tolist()}
    for number, point in enumerate(points):
        if point.road in apart:
            best = min([FAR, *(int(reach[one.junction]) + one.key for one in _open(ends(view, point)))])
            keys[number] = min(best, _on_one_road(view, point, on_road.get(point.road, ()), way))
    return Reached(np.where(keys >= FAR, np.inf, (keys >> LENGTH_BITS) / 1000))


def _over_plain_roads(
    view: OpenNetwork, points: Sequence[RoadPoint], reach: NDArray[np.int64], way: Way
) -> NDArray[np.int64]:
    """Return the key of each point over either end of its road, all at once, as if no part of that road were closed.

    It is `stretches_in` and `stretches_out` over arrays: a part costs its share of the road, standing still nothing.
    """
    metric, roads = view.metric, np.array([point.road for point in points], dtype=np.int64)
    whole = metric.length_cm[roads]
    offsets = np.rint(np.array([point.offset_m for point in points]) * 100).astype(np.int64)
    at = np.clip(offsets, 0, whole)
    best = np.full(len(points), FAR, dtype=np.int64)
    for direction in (FORWARD, BACKWARD):
        to_end = (direction == FORWARD) == (way == "out")
        run = whole - at if to_end else at
        junction = view.network.ends[roads, int(to_end)]
        share = (metric.duration_ms[roads, direction] * run * 2 + whole) // np.maximum(2 * whole, 1)
        key = np.where(run > 0, share << LENGTH_BITS | run, 0)
        may_go = metric.usable[roads, direction] | (run == 0)
        best = np.where(may_go, np.minimum(best, reach[junction] + key), best)
    return best
