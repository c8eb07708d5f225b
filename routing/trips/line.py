"""The line of a whole trip on the map, with the distance and the time at every bend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.snapping import LocalPlane
from routing.route import Route, leg_line


@dataclass(frozen=True, eq=False)
class TripLine:
    """Vertices of a trip's line, k in all; a stop shows as two vertices at one spot, at arrival and at departure.

    Attributes
    ----------
    lonlat : (k, 2) float64
    plane_m : (k, 2) float64
        The same in plane metres.
    along_m : (k,) float64
        Road metres since the origin.
    clock_s : (k,) float64
        Seconds since `depart_at`.
    route_start : (r + 1,) int64
        Vertices `route_start[i]:route_start[i + 1]` are the line of route i, at least two.
    """

    lonlat: NDArray[np.float64]
    plane_m: NDArray[np.float64]
    along_m: NDArray[np.float64]
    clock_s: NDArray[np.float64]
    route_start: NDArray[np.int64]
    depart_at: datetime

    def part(self, first_route: int, last_route: int) -> slice:
        """Return the vertices from the start of one route to the end of another."""
        return slice(int(self.route_start[first_route]), int(self.route_start[last_route + 1]))

    def instant(self, clock_s: float) -> datetime:
        """Return the instant so many seconds after departure, to the second."""
        return self.depart_at + timedelta(seconds=round(clock_s))


def plane_positions(plane_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (k,) distance of every vertex along a plane line."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(plane_m, axis=0).T))])


def _vertices_of(route: Route, network: Network, plane: LocalPlane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (p, 2) degrees of a route's vertices, and their (p, 2) metres and seconds since its start."""
    lines = [leg_line(leg, network, plane=plane) for leg in route.legs]
    counts = np.array([len(line) for line in lines])
    lonlat = np.vstack(lines)
    along = plane_positions(plane.to_metres(lonlat))
    ends = np.cumsum(counts) - 1
    starts = ends - counts + 1
    lengths = np.repeat(along[ends] - along[starts], counts)
    order = np.arange(len(lonlat)) - np.repeat(starts, counts)
    # A leg without length passes its time evenly from vertex to vertex.
    evenly = order / np.repeat(np.maximum(counts - 1, 1), counts)
    share = np.where(
        lengths > 0, (along - np.repeat(along[starts], counts)) / np.where(lengths > 0, lengths, 1.0), evenly
    )
    whole = np.array([(leg.length_m, leg.duration_s) for leg in route.legs])
    before = np.cumsum(whole, axis=0) - whole
    return lonlat, np.repeat(before, counts, axis=0) + share[:, None] * np.repeat(whole, counts, axis=0)


def line_of_trip(
    routes: Sequence[Route], leave_at: Sequence[datetime], network: Network, *, plane: LocalPlane
) -> TripLine:
    """Put the lines of a trip's routes end to end.

    Parameters
    ----------
    leave_at
        When each route is set out on; the first is the departure.
    """
    lonlat, along, clock, starts = [], [], [], [0]
    driven_m = 0.0
    for route, start in zip(routes, leave_at, strict=True):
        line, progress = _vertices_of(route, network, plane)
        lonlat.append(line)
        along.append(driven_m + progress[:, 0])
        clock.append((start - leave_at[0]).total_seconds() + progress[:, 1])
        starts.append(starts[-1] + len(line))
        driven_m += route.distance_m
    degrees = np.vstack(lonlat)
    return TripLine(
        lonlat=degrees,
        plane_m=plane.to_metres(degrees),
        along_m=np.concatenate(along),
        clock_s=np.concatenate(clock),
        route_start=np.array(starts, dtype=np.int64),
        depart_at=leave_at[0],
    )


def rounded_points(lonlat: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """Return a (k, 2) line as (lon, lat) to a tenth of a metre, points repeated in a row left out, at least two."""
    points = np.round(lonlat, 6)
    keep = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    kept = points[keep] if keep.sum() > 1 else points[[0, -1]]
    return tuple(map(tuple, kept.tolist()))


def points_of(line: TripLine) -> tuple[tuple[float, float], ...]:
    """Return a trip's line as (lon, lat), as `rounded_points`."""
    return rounded_points(line.lonlat)
