"""Durations and distances from many points to many points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.ask import KEPT, Ask, Reckoning, reckon
from routing.hierarchy.sweeps import Seeds
from routing.metric import FAR, LENGTH_BITS, LENGTH_MASK
from routing.open_network import OpenNetwork
from routing.open_views import OpenViews
from routing.road_ends import open_ways, stretches_between
from routing.settling import LONGEST_DRIVE_US, Counted, lifting_on_the_way, settle
from routing.turns.turn_matrix import least_turn_keys
from routing.turns.turn_search import turn_search_of


@dataclass(frozen=True, eq=False)
class Matrix:
    """Least-time routes from o origins to d destinations.

    Attributes
    ----------
    duration_s, distance_m : (o, d) float64
        Infinity where there is no route, or one of more than 49 days.
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
    holder: str = "public"
    until: datetime | None = None
    turns: str = "ignored"

    def ask(self, row: int, column: int) -> Ask:
        """Return the question of one pair."""
        origin, destination = self.origins[row], self.destinations[column]
        return Ask(origin, destination, self.vehicle, self.depart_at, self.holder, self.until, self.turns)


def matrix_of(keys: NDArray[np.int64]) -> Matrix:
    """Split (o, d) keys into durations and distances."""
    none = keys >= FAR
    duration_s = np.where(none, np.inf, (keys >> LENGTH_BITS) / 1000)
    return Matrix(duration_s, np.where(none, np.inf, (keys & LENGTH_MASK) / 100))


def least_keys(view: OpenNetwork, origins: Sequence[RoadPoint], destinations: Sequence[RoadPoint]) -> NDArray[np.int64]:
    """Return the key of the least-time route of every pair, (o, d), FAR or more where there is none."""
    departures, arrivals = open_ways(view, origins, is_out=True), open_ways(view, destinations, is_out=False)
    seeds = Seeds(departures.owner.searchsorted(np.arange(len(origins) + 1)), departures.junction, departures.key)
    keys = np.full((len(origins), len(destinations)), FAR, dtype=np.int64)
    reached = view.hierarchy.reach_many(view.held, seeds, arrivals.junction)
    reached += arrivals.key
    if len(arrivals.owner):
        begins = np.flatnonzero(np.diff(arrivals.owner, prepend=-1))
        keys[:, arrivals.owner[begins]] = np.minimum.reduceat(reached, begins, axis=1)
    on_road: dict[int, list[int]] = {}
    for number, point in enumerate(destinations):
        on_road.setdefault(point.road, []).append(number)
    for number, origin in enumerate(origins):
        for other in on_road.get(origin.road, ()):
            for straight in stretches_between(view, origin, destinations[other]):
                if not straight.closures:
                    keys[number, other] = min(int(keys[number, other]), straight.key)
    return keys


def _keys(views: OpenViews, grid: Grid, counted: Counted) -> NDArray[np.int64]:
    """Return the key of every pair past what counts, FAR where there is no way."""
    view = views.view(grid.vehicle, counted.closings)
    if grid.turns != KEPT:
        return np.minimum(least_keys(view, grid.origins, grid.destinations), FAR)
    turns = turn_search_of(views.costs.network).open_turns(view, grid.vehicle, counted.rules)
    return np.minimum(least_turn_keys(view, turns, grid.origins, grid.destinations), FAR)


def _may_not_fit(views: OpenViews, grid: Grid, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the pairs, (o, d), whose way may be too long to be reckoned: asked singly it is refused."""
    longest_ms = views.costs.metric(grid.vehicle).surely_fits_ms
    return np.asarray((keys < FAR) & (keys >> LENGTH_BITS > longest_ms), dtype=np.bool_)


def _in_doubt(views: OpenViews, grid: Grid, reckoning: Reckoning, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the pairs, (o, d), for which it may matter when a vehicle comes where.

    That is where everything that may be met under way, counted from the start, makes a difference, or everything that
    may have lifted, left out.
    """
    start = reckoning.counted
    longest_us = int(np.max(keys >> LENGTH_BITS, where=keys < FAR, initial=0)) * 1000
    later = views.closing_set.in_force(reckoning.depart_us, reckoning.depart_us + longest_us + 1)
    later &= reckoning.eligible & ~start
    has_hours = grid.turns == KEPT and bool(turn_search_of(views.costs.network).rules_by_time(grid.vehicle))
    doubt = _may_not_fit(views, grid, keys)
    if later.any() or has_hours:
        doubt |= _keys(views, grid, Counted(start | later, None)) != keys
    within_us = LONGEST_DRIVE_US if bool((keys >= FAR).any()) else longest_us
    brief = lifting_on_the_way(views, reckoning, within_us=within_us)
    if brief.any():
        doubt |= _keys(views, grid, Counted(start & ~brief)) != keys
    return doubt


def matrix_over(views: OpenViews, grid: Grid) -> Matrix:
    """Return duration and distance of every pair, as a search in time finds them; only pairs in doubt are asked singly.

    Raises
    ------
    BadInputError
        As `reckon`.
    """
    reckoning = reckon(views.closing_set, depart_at=grid.depart_at, until=grid.until, holder=grid.holder)
    is_bound = grid.until is not None
    keys = _keys(views, grid, Counted(reckoning.counted, None if is_bound else frozenset()))
    matrix = matrix_of(keys)
    if not (len(grid.origins) and len(grid.destinations)):
        return matrix
    doubt = _may_not_fit(views, grid, keys) if is_bound else _in_doubt(views, grid, reckoning, keys)
    for row, column in np.argwhere(doubt):
        found = settle(views, grid.ask(int(row), int(column)), reckoning=reckoning).route
        sums = (np.inf, np.inf) if found is None else (found.duration_s, found.distance_m)
        matrix.duration_s[row, column], matrix.distance_m[row, column] = sums
    return matrix
