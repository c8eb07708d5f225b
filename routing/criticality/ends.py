"""How places and hubs hang on the junctions around them, in one direction of travel; what is closed does not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.open_network import OpenNetwork
from routing.reaching import Way
from routing.road_ends import Stretch, stretches_between, stretches_in, stretches_out


@dataclass(frozen=True, eq=False)
class Ends:
    """Places and goals on one view of the roads; p places, q ways between a place and a junction, g of goals.

    "in" is travel from a goal to the place, "out" from the place to a goal; both are walked from the goals.

    Attributes
    ----------
    owner, junction : (q,)
        Place and junction of each open way on the place's own road.
    key : (q,) int64
        What that way costs.
    goal_road, goal_junction : (g,)
        Likewise of the goals; road -1 where the goal stands at the junction itself.
    goal_key : (g,) int64
    straight : (p,) int64
        What the way along the place's own road to a goal on it costs; -1 where there is none, or where one of the two
        stands at an end of it.
    """

    view: OpenNetwork
    places: tuple[RoadPoint, ...]
    way: Way
    owner: NDArray[np.int64]
    junction: NDArray[np.int64]
    key: NDArray[np.int64]
    goal_road: NDArray[np.int64]
    goal_junction: NDArray[np.int64]
    goal_key: NDArray[np.int64]
    straight: NDArray[np.int64]

    @cached_property
    def own_road(self) -> NDArray[np.int64]:
        """Road that a place stands on, (p,); -1 where it stands at a junction, or where a goal stands itself."""
        own = [-1 if _is_at_end(self.view, one) else one.road for one in self.places]
        return np.where(self.straight == 0, -1, np.array(own, dtype=np.int64))

    @cached_property
    def goal_roads(self) -> tuple[int, ...]:
        """Roads that a goal stands on, not at their ends."""
        return tuple(sorted({int(road) for road in self.goal_road if road >= 0}))


def _is_at_end(view: OpenNetwork, point: RoadPoint) -> bool:
    return view.offset_cm(point) in {0, int(view.metric.length_cm[point.road])}


def _is_way(view: OpenNetwork, point: RoadPoint, stretch: Stretch) -> bool:
    """Tell whether a stretch is open; a whole road from its one end is an arc like any other, and not counted here."""
    return not stretch.closures and (stretch.from_cm == stretch.to_cm or not _is_at_end(view, point))


def _ints(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def ends_of(view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint], *, way: Way) -> Ends:
    """Return how places and goals hang on the roads of a view."""
    to_place, from_goal = (stretches_in, stretches_out) if way == "in" else (stretches_out, stretches_in)
    rows = [
        (number, one.junction, one.key)
        for number, place in enumerate(places)
        for one in to_place(view, place)
        if _is_way(view, place, one)
    ]
    seeds = [
        (-1 if one.from_cm == one.to_cm else goal.road, one.junction, one.key)
        for goal in goals
        for one in from_goal(view, goal)
        if _is_way(view, goal, one)
    ]
    owner, junction, key = (_ints([row[column] for row in rows]) for column in range(3))
    goal_road, goal_junction, goal_key = (_ints([seed[column] for seed in seeds]) for column in range(3))
    straight = _ints([_straight(view, place, goals, way) for place in places])
    return Ends(view, tuple(places), way, owner, junction, key, goal_road, goal_junction, goal_key, straight)


def _straight(view: OpenNetwork, place: RoadPoint, goals: Sequence[RoadPoint], way: Way) -> int:
    if _is_at_end(view, place):
        return -1
    here = [goal for goal in goals if goal.road == place.road and not _is_at_end(view, goal)]
    pairs = [(goal, place) if way == "in" else (place, goal) for goal in here]
    keys = [one.key for pair in pairs for one in stretches_between(view, *pair) if not one.closures]
    return min(keys, default=-1)
