"""The line of a whole trip on the map, with the distance and the time at every bend."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.snapping import LocalPlane
from routing.route import Route
from routing.trips.line_kernel import Driven, Shapes, measure_vertices, trace_vertices

_OF_NETWORK: Final[weakref.WeakKeyDictionary[Network, Shapes]] = weakref.WeakKeyDictionary()
_LOOKUP: Final = threading.Lock()


def shapes_of(network: Network) -> Shapes:
    """Return the lines of a network's roads as a kernel takes them; everybody who asks for this network shares them."""
    with _LOOKUP:
        shapes = _OF_NETWORK.get(network)
        if shapes is None:
            start, lonlat = np.ascontiguousarray(network.shape_start), np.ascontiguousarray(network.shape_lonlat)
            shapes = Shapes(start, lonlat, np.ascontiguousarray(network.length_m), LocalPlane(network).scale)
            _OF_NETWORK[network] = shapes
        return shapes


@dataclass(frozen=True, eq=False)
class RouteLine:
    """The line of one route; p vertices, at least two, and l legs.

    Attributes
    ----------
    lonlat, plane_m : (p, 2) float64
        Degrees and plane metres.
    position_m : (p,) float64
        Distance along the line in the plane.
    along_m, clock_s : (p,) float64
        Road metres and seconds since the start.
    leg_start : (l + 1,) int64
        Vertices `leg_start[i]:leg_start[i + 1]` are the line of leg i.
    """

    lonlat: NDArray[np.float64]
    plane_m: NDArray[np.float64]
    position_m: NDArray[np.float64]
    along_m: NDArray[np.float64]
    clock_s: NDArray[np.float64]
    leg_start: NDArray[np.int64]


def _driven(route: Route) -> Driven:
    measures = route.measures
    return Driven(route.arcs, measures.from_m, measures.to_m, measures.length_cm / 100.0, measures.duration_ms / 1000.0)


def vertices_of(route: Route, network: Network) -> NDArray[np.float64]:
    """Return the (p, 2) degrees of a route's vertices, both ends of every leg included."""
    return trace_vertices(shapes_of(network), _driven(route))[0]


def legs_traced(route: Route, network: Network) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the (p, 2) degrees of a route's vertices, and the (l + 1,) vertices at which its legs begin."""
    lonlat, leg_start = trace_vertices(shapes_of(network), _driven(route))
    return lonlat, leg_start


def whole_roads(route: Route, network: Network) -> NDArray[np.bool_]:
    """Return which legs of a route, (l,), run over their whole road: their line is that of the road."""
    measures, length_m = route.measures, network.length_m[route.arcs >> 1]
    lower, upper = (pick(measures.from_m, measures.to_m) for pick in (np.minimum, np.maximum))
    return np.asarray((lower <= 0) & (upper >= np.round(length_m * 100) / 100))


def line_of_route(route: Route, network: Network) -> RouteLine:
    """Return the line of a route with the distance and the time at every vertex."""
    shapes, driven = shapes_of(network), _driven(route)
    lonlat, leg_start = trace_vertices(shapes, driven)
    plane_m = lonlat * shapes.scale
    return RouteLine(lonlat, plane_m, *measure_vertices(plane_m, leg_start, driven), leg_start)


def time_after(clock_s: float) -> timedelta:
    """Return the time of so many seconds after a departure, to the second."""
    return timedelta(seconds=round(clock_s))


def plane_positions(plane_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (k,) distance of every vertex along a plane line."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(plane_m, axis=0).T))])


def rounded_points(lonlat: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """Return a (k, 2) line as (lon, lat) to a tenth of a metre, points repeated in a row left out, at least two."""
    points = np.round(lonlat, 6)
    keep = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    kept = points[keep] if keep.sum() > 1 else points[[0, -1]]
    return tuple(map(tuple, kept.tolist()))
