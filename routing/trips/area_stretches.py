"""Where a way is inside which area: stretches along its line, without the clock on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.route import Route
from routing.trips.area_ground import AreaGround
from routing.trips.line import RouteLine, plane_positions

#: A line inside an area for less than this only touches its edge, unless it starts or ends there.
EDGE_M: Final = 25.0


class Stretch(NamedTuple):
    """A part of a way inside an area (its number): plane metres and seconds since the start of the way."""

    area: int
    start_m: float
    end_m: float
    enter_s: float
    leave_s: float


@dataclass(frozen=True, eq=False)
class Way:
    """The line between two working stops, in plane metres; sampling stops on it are no ends (L3).

    Attributes
    ----------
    plane_m : (p, 2) float64
    position_m, clock_s : (p,) float64
    road : (p,) int32
        On which road each vertex is.
    """

    plane_m: NDArray[np.float64]
    position_m: NDArray[np.float64]
    clock_s: NDArray[np.float64]
    road: NDArray[np.int32]

    @property
    def length_m(self) -> float:
        """Length in the plane."""
        return float(self.position_m[-1])

    @staticmethod
    def joined(ways: Sequence[Way], waited_s: Sequence[float]) -> Way:
        """Put ways end to end; each is set out on so many seconds after the first."""
        plane_m = np.vstack([one.plane_m for one in ways])
        clock_s = [waited + one.clock_s for waited, one in zip(waited_s, ways, strict=True)]
        road = np.concatenate([one.road for one in ways])
        return Way(plane_m, plane_positions(plane_m), np.concatenate(clock_s), road)


def way_of(route: Route, line: RouteLine) -> Way:
    """Return the way over one route."""
    road = np.repeat(route.arcs >> 1, np.diff(line.leg_start))
    return Way(line.plane_m, line.position_m, line.clock_s, road)


def _breaks(way: Way, areas: AreaGround, number: int) -> NDArray[np.float64]:
    """Return the positions at which the line may change between inside and outside, its two ends included.

    Only pieces of roads that meet the area's edge can cross it, and the gap where one road does not begin where the
    one before ends.
    """
    meets = areas.crossed_by(way.road, number)
    looked_at = meets[:-1] | meets[1:] | ((way.road[:-1] != way.road[1:]) & (np.diff(way.position_m) > 0))
    piece = np.flatnonzero(looked_at)
    ends = np.array([0.0, way.length_m])
    if not len(piece):
        return np.unique(ends)
    pieces = shapely.linestrings(np.stack([way.plane_m[piece], way.plane_m[piece + 1]], axis=1))
    met, which = shapely.get_coordinates(shapely.intersection(pieces, areas.edges[number]), return_index=True)
    positions = way.position_m[piece[which]] + np.hypot(*(met - way.plane_m[piece[which]]).T)
    return np.unique(np.concatenate([ends, np.clip(positions, 0.0, way.length_m)]))


def _inside(way: Way, areas: AreaGround, number: int) -> list[tuple[float, float]]:
    """Return the parts (from, to) of the line inside an area; shorter gaps and touches than `EDGE_M` left out."""
    outline, breaks = areas.outlines[number], _breaks(way, areas, number)
    if len(breaks) == 1:
        return [(0.0, 0.0)] if shapely.contains_xy(outline, *way.plane_m[0]) else []
    middles = (breaks[:-1] + breaks[1:]) / 2
    x, y = (np.interp(middles, way.position_m, way.plane_m[:, axis]) for axis in (0, 1))
    stretches: list[tuple[float, float]] = []
    for place in np.flatnonzero(shapely.contains_xy(outline, x, y)):
        start, end = float(breaks[place]), float(breaks[place + 1])
        if stretches and start - stretches[-1][1] < EDGE_M:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return [one for one in stretches if one[1] - one[0] >= EDGE_M or one[0] <= 0 or one[1] >= way.length_m]


def stretches_of(way: Way, areas: AreaGround) -> tuple[Stretch, ...]:
    """Return where a way is inside any area, by area and in the order of travel."""
    found: list[Stretch] = []
    for number in areas.touched_by(way.road):
        for start, end in _inside(way, areas, number):
            enter_s, leave_s = np.interp([start, end], way.position_m, way.clock_s).tolist()
            found.append(Stretch(number, start, end, enter_s, leave_s))
    return tuple(found)
