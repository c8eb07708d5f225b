"""The corridor of a trip: a line of few points near its route, and how far beside it the route may lie (L5).

It goes into the signed pass instead of the roads themselves, so that it fits a printed code; a checkpoint measures how
far a truck is from it (`corridor_distance`). Whether a loop was kept is judged on the roads, not on this line (X4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import LocalPlane
from routing.corridor_distance import METRES_PER_DEGREE
from routing.route import RoadLeg, leg_line
from routing.trips.line import plane_positions
from routing.trips.trip import Trip

#: Added to the largest deviation: a phone's position and the width of a road and its yards.
MARGIN_M: Final = 100.0
#: Decimals of a degree that a pass carries (11 m); the deviation is measured after rounding.
DECIMALS: Final = 4
#: The route is measured against the corridor at every bend and at least this often.
STEP_M: Final = 10.0
#: The county's one plane and the plane at a position differ by less than this share within a province.
_PLANE_FIDELITY: Final = 0.97
_HALVINGS: Final = 24
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


def _was_driven(leg: RoadLeg, earlier: list[RoadLeg]) -> bool:
    """Tell whether an earlier leg covers this part of its road, in either direction."""
    low, high = sorted((leg.from_m, leg.to_m))
    spans = (sorted((one.from_m, one.to_m)) for one in earlier)
    return any(start - _SAME_SPOT_M <= low and high <= end + _SAME_SPOT_M for start, end in spans)


def _legs_once(legs: tuple[RoadLeg, ...]) -> tuple[RoadLeg, ...]:
    """Leave off the end of a trip that only repeats roads already driven: the way back by the way out."""
    on_road: dict[int, list[RoadLeg]] = {}
    last_new = 0
    for number, leg in enumerate(legs):
        earlier = on_road.setdefault(leg.road, [])
        if not _was_driven(leg, earlier):
            last_new = number
        earlier.append(leg)
    return legs[: last_new + 1]


def _line_of(legs: tuple[RoadLeg, ...], network: Network, plane: LocalPlane) -> NDArray[np.float64]:
    return np.vstack([leg_line(leg, network, plane=plane) for leg in legs])


def _rounded(plane_m: NDArray[np.float64], plane: LocalPlane) -> NDArray[np.float64]:
    """Return plane points as degrees of few decimals, points repeated in a row left out."""
    degrees = np.round(plane.to_degrees(plane_m), DECIMALS)
    keep = np.concatenate([[True], (np.diff(degrees, axis=0) != 0).any(axis=1)])
    return degrees[keep] if keep.sum() > 1 else degrees[[0, -1]]


def _simplified(plane_m: NDArray[np.float64], most_points: int, plane: LocalPlane) -> NDArray[np.float64]:
    """Return the line of least Douglas-Peucker tolerance that has at most so many points after rounding."""
    line = shapely.linestrings(plane_m)

    def simplified(tolerance_m: float) -> NDArray[np.float64]:
        bends = shapely.get_coordinates(shapely.simplify(line, tolerance_m, preserve_topology=False))
        return _rounded(bends if len(bends) > 1 else plane_m[[0, -1]], plane)

    low_m, high_m = 0.0, float(np.hypot(*np.ptp(plane_m, axis=0))) + 1.0
    best = simplified(low_m)
    if len(best) <= most_points:
        return best
    best = simplified(high_m)
    for _ in range(_HALVINGS):
        middle_m = math.sqrt(low_m * high_m) if low_m > 0 else high_m / 64
        trial = simplified(middle_m)
        if len(trial) <= most_points:
            best, high_m = trial, middle_m
        else:
            low_m = middle_m
        if high_m - low_m < STEP_M / 10:
            break
    return best


def _distances_m(lonlat: NDArray[np.float64], corridor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (n,) distances of (n, 2) positions from a corridor, as `distance_to_corridor_m` measures them."""
    scale = METRES_PER_DEGREE * np.column_stack([np.cos(np.radians(lonlat[:, 1])), np.ones(len(lonlat))])
    points = (corridor[None, :, :] - lonlat[:, None, :]) * scale[:, None, :]
    start, step = points[:, :-1], np.diff(points, axis=1)
    square = (step**2).sum(axis=2)
    share = -(start * step).sum(axis=2) / np.where(square > 0, square, 1.0)
    nearest = start + np.clip(share, 0.0, 1.0)[:, :, None] * step
    distances: NDArray[np.float64] = np.hypot(nearest[..., 0], nearest[..., 1]).min(axis=1)
    return distances


def _walked(line_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every bend of a plane line, and points between them so often that none is missed."""
    positions = plane_positions(line_m)
    steps = np.unique(np.concatenate([positions, np.arange(0.0, positions[-1], STEP_M)]))
    return np.column_stack([np.interp(steps, positions, line_m[:, axis]) for axis in (0, 1)])


@dataclass(frozen=True, eq=False)
class CorridorLine:
    """A trip's line made ready for drawing corridors of several sizes round it.

    Attributes
    ----------
    line_m
        (p, 2) bends in metres on the county's plane, the end that only repeats roads driven before left off.
    walked
        (k, 2) every bend and points between them.
    spots
        The same as shapely points.
    """

    plane: LocalPlane
    line_m: NDArray[np.float64]
    walked: NDArray[np.float64]
    spots: NDArray[np.object_]

    def corridor(self, most_points: int) -> Corridor:
        """Draw a corridor of at most so many points round every road of the trip, the way back included.

        Raises
        ------
        BadInputError
            `corridor-points-too-few`: fewer than 2.
        """
        if most_points < 2:
            raise BadInputError("corridor-points-too-few", "most_points", value=most_points)
        points = _simplified(self.line_m, most_points, self.plane)
        return Corridor(
            points=tuple((float(lon), float(lat)) for lon, lat in points),
            tolerance_m=math.ceil(round(self._largest_deviation_m(points) + MARGIN_M, 2)),
        )

    def _largest_deviation_m(self, corridor: NDArray[np.float64]) -> float:
        """Return the largest distance of the line from a corridor; the plane tells where to measure exactly."""
        rough = shapely.distance(self.spots, shapely.linestrings(self.plane.to_metres(corridor)))
        far = rough >= _PLANE_FIDELITY * rough.max()
        return float(_distances_m(self.plane.to_degrees(self.walked[far]), corridor).max())


def corridor_line(trip: Trip, network: Network) -> CorridorLine:
    """Make a trip's line ready; a way back by roads driven before costs no points."""
    plane = LocalPlane(network)
    line_m = plane.to_metres(_line_of(_legs_once(trip.legs), network, plane))
    walked = _walked(line_m)
    return CorridorLine(plane, line_m, walked, np.asarray(shapely.points(walked)))


def corridor_of(trip: Trip, network: Network, *, most_points: int) -> Corridor:
    """Draw one corridor round a trip, as `CorridorLine.corridor` does.

    Raises
    ------
    BadInputError
        `corridor-points-too-few`.
    """
    return corridor_line(trip, network).corridor(most_points)
