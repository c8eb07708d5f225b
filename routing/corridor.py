"""The corridor of a trip: a line of few points near its route, and how far beside it the route may lie (L5).

It goes into the signed pass instead of the roads themselves, so that it fits a printed code; a checkpoint measures how
far a truck is from it (`corridor_distance`). Whether a loop was kept is judged on the roads, not on this line (X4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.network import Network
from routing.corridor_distance import METRES_PER_DEGREE
from routing.corridor_kernel import bend_weights, largest_deviation_m, legs_until_repeated
from routing.trips.line import legs_traced, shapes_of
from routing.trips.trip import Trip

#: Added to the largest deviation: a phone's position and the width of a road and its yards.
MARGIN_M: Final = 100.0
#: Decimals of a degree that a pass carries (11 m); the deviation is measured after rounding.
DECIMALS: Final = 4
#: The route is measured against the corridor at every bend and at least this often.
STEP_M: Final = 10.0
#: Bends that lie closer to the line without them are none.
_LEAST_BEND_M: Final = 0.01
#: Two ends of a leg closer than this are the same spot on their road.
_SAME_SPOT_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class Corridor:
    """A line near a route.

    Attributes
    ----------
    points
        WGS-84 (lon, lat), at least two.
    tolerance_m
        The route lies nowhere farther beside the line than this less 100 m.
    """

    points: tuple[tuple[float, float], ...]
    tolerance_m: int


def _new_legs(trip: Trip) -> int:
    """Return how many legs there are until a trip only repeats roads already driven: the way back by the way out."""
    measures = [route.measures for route in trip.routes]
    from_m, to_m = (np.concatenate(ends) for ends in ([one.from_m for one in measures], [one.to_m for one in measures]))
    return int(legs_until_repeated(trip.roads, np.minimum(from_m, to_m), np.maximum(from_m, to_m), _SAME_SPOT_M))


def _kept(weights: NDArray[np.float64], most_points: int) -> tuple[NDArray[np.int64], float]:
    """Return the bends to keep, so many at most, and the greatest weight among the others.

    Bends of one weight go or stay together: without the one the other would lie farther off than it says.
    """
    if most_points >= len(weights):
        return np.arange(len(weights)), 0.0
    first_dropped = float(-np.partition(-weights, most_points)[most_points])
    return np.flatnonzero(weights > first_dropped), first_dropped


@dataclass(frozen=True, eq=False)
class CorridorLine:
    """A trip's line made ready for drawing corridors of several sizes round it.

    Attributes
    ----------
    bends
        (p, 2) degrees of its bends, the end that only repeats roads driven before left off.
    weights
        (p,) how far off the line would lie without each (`bend_weights`).
    """

    bends: NDArray[np.float64]
    weights: NDArray[np.float64]
    _drawn: dict[int, Corridor] = field(default_factory=dict, repr=False)

    @cached_property
    def most_points(self) -> int:
        """The most points that make a difference."""
        return max(2, int((self.weights > _LEAST_BEND_M).sum()))

    def corridor(self, most_points: int) -> Corridor:
        """Draw a corridor of at most so many points round every road of the trip, the way back included.

        Its bends are those that Douglas and Peucker keep at the least tolerance that leaves so many.

        Raises
        ------
        BadInputError
            `corridor-points-too-few`: fewer than 2.
        """
        if most_points < 2:
            raise BadInputError("corridor-points-too-few", "most_points", value=most_points)
        points = min(most_points, self.most_points)
        if points not in self._drawn:
            self._drawn[points] = self._draw(points)
        return self._drawn[points]

    def _draw(self, most_points: int) -> Corridor:
        kept, _ = _kept(self.weights, most_points)
        drawn = np.round(self.bends[kept], DECIMALS)
        farthest_m = float(largest_deviation_m(self.bends, kept, drawn, STEP_M))
        new = np.concatenate([[True], (np.diff(drawn, axis=0) != 0).any(axis=1)])
        points = drawn[new] if new.sum() > 1 else drawn[[0, -1]]
        return Corridor(tuple(map(tuple, points.tolist())), math.ceil(round(farthest_m + MARGIN_M, 2)))


@dataclass(frozen=True, slots=True)
class CorridorAgain:
    """A corridor that was drawn before, as the source of coarser ones: the route itself need not be known."""

    drawn: Corridor

    @property
    def most_points(self) -> int:
        """The most points that make a difference."""
        return len(self.drawn.points)

    def corridor(self, most_points: int) -> Corridor:
        """Return it, or leave points out and widen it by what they lay off the line that is left."""
        if most_points >= self.most_points:
            return self.drawn
        points = np.array(self.drawn.points)
        scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(np.abs(points[:, 1]).min())), 1.0])
        weights = bend_weights(*np.ascontiguousarray((points * scale).T))
        kept, off_m = _kept(weights, most_points)
        return Corridor(tuple(map(tuple, points[kept].tolist())), self.drawn.tolerance_m + math.ceil(off_m))


def corridor_line(trip: Trip, network: Network) -> CorridorLine:
    """Make a trip's line ready; a way back by roads driven before costs no points."""
    new, lines = _new_legs(trip), list[NDArray[np.float64]]()
    for route in trip.routes:
        lonlat, leg_start = legs_traced(route, network)
        lines.append(lonlat[: leg_start[min(max(new, 0), len(leg_start) - 1)]])
        new -= len(leg_start) - 1
    bends = np.vstack(lines)
    return CorridorLine(bends, bend_weights(*np.ascontiguousarray((bends * shapes_of(network).scale).T)))
