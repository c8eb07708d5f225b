"""Durations and distances from many points to many points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.answering import answer_ask
from routing.ask import Ask, Reckoning, reckon
from routing.closing_set import ClosingSet
from routing.metric import FAR, LENGTH_BITS, LENGTH_MASK
from routing.open_network import OpenNetwork
from routing.open_views import OpenViews
from routing.road_ends import Stretch, open_ends, stretches_between, stretches_in, stretches_out
from routing.route import Route


@dataclass(frozen=True, eq=False)
class Matrix:
    """Least-time routes from o origins to d destinations.

    Attributes
    ----------
    duration_s, distance_m : (o, d) float64
        Infinity where there is no route.
    """

    duration_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """A question for a matrix: `Ask` with many origins and destinations."""

    origins: tuple[RoadPoint, ...]
    destinations: tuple[RoadPoint, ...]
    vehicle: Vehicle
    depart_at: datetime
    holder: str
    until: datetime | None

    def ask(self, row: int, column: int) -> Ask:
        """Return the question of one pair."""
        origin, destination = self.origins[row], self.destinations[column]
        return Ask(origin, destination, self.vehicle, self.depart_at, self.holder, self.until)


def matrix_of(keys: NDArray[np.int64]) -> Matrix:
    """Split (o, d) keys into durations and distances."""
    none = keys >= FAR
    duration_s = np.where(none, np.inf, (keys >> LENGTH_BITS) / 1000)
    return Matrix(duration_s, np.where(none, np.inf, (keys & LENGTH_MASK) / 100))


@dataclass(frozen=True, eq=False)
class _Arrivals:
    """The open last stretches of every destination, one row each."""

    destination: NDArray[np.int64]
    junction: NDArray[np.int32]
    key: NDArray[np.int64]


def _arrivals(view: OpenNetwork, destinations: Sequence[RoadPoint]) -> _Arrivals:
    rows: list[tuple[int, Stretch]] = [
        (number, stretch)
        for number, point in enumerate(destinations)
        for stretch in stretches_in(view, point)
        if not stretch.closures
    ]
    return _Arrivals(
        np.array([number for number, _ in rows], dtype=np.int64),
        np.array([stretch.junction for _, stretch in rows], dtype=np.int32),
        np.array([stretch.key for _, stretch in rows], dtype=np.int64),
    )


def least_keys(view: OpenNetwork, origins: Sequence[RoadPoint], destinations: Sequence[RoadPoint]) -> NDArray[np.int64]:
    """Return the key of the least-time route of every pair, (o, d), FAR or more where there is none."""
    arrivals = _arrivals(view, destinations)
    on_road: dict[int, list[int]] = {}
    for number, point in enumerate(destinations):
        on_road.setdefault(point.road, []).append(number)
    seeds = [open_ends(stretches_out(view, origin)) for origin in origins]
    keys = np.full((len(destinations), len(origins)), FAR, dtype=np.int64)
    reached = view.hierarchy.reach_many(view.held, seeds, arrivals.junction)
    np.minimum.at(keys, arrivals.destination, (reached + arrivals.key).T)
    for number, origin in enumerate(origins):
        for other in on_road.get(origin.road, ()):
            for straight in stretches_between(view, origin, destinations[other]):
                if not straight.closures:
                    keys[other, number] = min(int(keys[other, number]), straight.key)
    return np.ascontiguousarray(keys.T)


def _begin_later(closing_set: ClosingSet, reckoning: Reckoning, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the closings that begin to count while some vehicle of the matrix is under way, (c,)."""
    longest_ms = int(np.max(keys >> LENGTH_BITS, where=keys < FAR, initial=0))
    under_way = closing_set.in_force(reckoning.depart_us, reckoning.depart_us + longest_ms * 1000 + 1)
    return np.asarray(under_way & reckoning.eligible & ~reckoning.counted)


def matrix_over(views: OpenViews, grid: Grid) -> Matrix:
    """Return duration and distance of every pair, as `answer_ask` finds them.

    Closings that begin under way: where counting all of them from the start changes nothing, no vehicle is hindered
    by one; only the other pairs are asked one by one.
    """
    reckoning = reckon(views.closing_set, depart_at=grid.depart_at, until=grid.until, holder=grid.holder)
    keys = least_keys(views.view(grid.vehicle, reckoning.counted), grid.origins, grid.destinations)
    later = _begin_later(views.closing_set, reckoning, keys)
    matrix = matrix_of(keys)
    if not later.any():
        return matrix
    safe = least_keys(views.view(grid.vehicle, reckoning.counted | later), grid.origins, grid.destinations)
    for row, column in np.argwhere(np.minimum(safe, FAR) != np.minimum(keys, FAR)):
        found = answer_ask(views, grid.ask(int(row), int(column)))
        sums = (found.duration_s, found.distance_m) if isinstance(found, Route) else (np.inf, np.inf)
        matrix.duration_s[row, column], matrix.distance_m[row, column] = sums
    return matrix
