"""Least times that keep the turns between many points and many points, or between points and their nearest goal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.hierarchy.query import Ends
from routing.hierarchy.sweeps import seeds_of
from routing.metric import FAR, LENGTH_BITS
from routing.open_network import OpenNetwork
from routing.reaching import Reached, Way
from routing.road_ends import Stretch, stretches_between, stretches_in, stretches_out
from routing.turns.turn_route import End, beginnings, direct_way, endings, ends_of, stands
from routing.turns.turn_search import OpenTurns


def _begin(view: OpenNetwork, turns: OpenTurns, point: RoadPoint) -> list[End]:
    return list(beginnings(view, turns, stretches_out(view, point)))


def _end(view: OpenNetwork, turns: OpenTurns, point: RoadPoint) -> list[End]:
    return list(endings(view, turns, stretches_in(view, point), view.cost))


class _Direct:
    """Ways without any turn to some destinations: straight along one road, or to its end and no farther."""

    def __init__(self, view: OpenNetwork, destinations: Sequence[RoadPoint]) -> None:
        self._view = view
        self._into = [stretches_in(view, point) for point in destinations]
        self._destinations = destinations
        self._on_road: dict[int, set[int]] = {}
        self._at_junction: dict[int, set[int]] = {}
        for number, (point, into) in enumerate(zip(destinations, self._into, strict=True)):
            self._on_road.setdefault(point.road, set()).add(number)
            for one in into:
                if stands(one):
                    self._at_junction.setdefault(one.junction, set()).add(number)

    def keys(self, origin: RoadPoint) -> dict[int, int]:
        """Return the key of such a way to each destination that has one, by number."""
        out = stretches_out(self._view, origin)
        near = set(self._on_road.get(origin.road, ()))
        near.update(number for one in out for number in self._at_junction.get(one.junction, ()))
        return {number: key for number in near if (key := self._key(origin, out, number)) is not None}

    def _key(self, origin: RoadPoint, out: tuple[Stretch, ...], number: int) -> int | None:
        between = stretches_between(self._view, origin, self._destinations[number])
        found = direct_way(out, self._into[number], between)
        return None if found is None else found[0]


def least_turn_keys(
    view: OpenNetwork, turns: OpenTurns, origins: Sequence[RoadPoint], destinations: Sequence[RoadPoint]
) -> NDArray[np.int64]:
    """Return the key of the least-time route of every pair, (o, d), FAR or more where there is none."""
    seeds = seeds_of([ends_of(_begin(view, turns, origin)) for origin in origins])
    last = [(number, one) for number, point in enumerate(destinations) for one in _end(view, turns, point)]
    states = np.array([one.state for _, one in last], dtype=np.int32)
    further = np.array([one.cost for _, one in last], dtype=np.int64)
    keys = np.full((len(destinations), len(origins)), FAR, dtype=np.int64)
    reached = turns.search.hierarchy.reach_many(turns.held, seeds, states)
    np.minimum.at(keys, np.array([number for number, _ in last], dtype=np.int64), (reached + further).T)
    direct = _Direct(view, destinations)
    for row, origin in enumerate(origins):
        for column, key in direct.keys(origin).items():
            keys[column, row] = min(int(keys[column, row]), key)
    return np.ascontiguousarray(keys.T)


def _all_ends(ends: Sequence[list[End]]) -> Ends:
    return ends_of([one for some in ends for one in some])


def reach_nearest_by_turns(
    view: OpenNetwork, turns: OpenTurns, points: Sequence[RoadPoint], *, goals: Sequence[RoadPoint], way: Way
) -> Reached:
    """Return how long it takes between each point and its nearest goal, as a route that keeps the turns would.

    One search for all of them, as `routing.reaching.reach_nearest` is on the plain network.

    Parameters
    ----------
    way
        "in" from a goal to the point, "out" from the point to a goal.
    """
    of_goal, of_point = (_begin, _end) if way == "in" else (_end, _begin)
    seeds = _all_ends([of_goal(view, turns, goal) for goal in goals])
    reach = turns.search.hierarchy.reach_all(turns.held, seeds, back=way == "out")
    keys = np.full(len(points), FAR, dtype=np.int64)
    for number, point in enumerate(points):
        keys[number] = min([FAR, *(int(reach[one.state]) + one.cost for one in of_point(view, turns, point))])
    starts, stops = (goals, points) if way == "in" else (points, goals)
    direct = _Direct(view, stops)
    for row, start in enumerate(starts):
        for column, key in direct.keys(start).items():
            number = column if way == "in" else row
            keys[number] = min(int(keys[number]), key)
    return Reached(np.where(keys >= FAR, np.inf, (keys >> LENGTH_BITS) / 1000))
