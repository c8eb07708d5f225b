"""Inner loop of a route's line: its vertices with the distance and the time at each, in one call of machine code.

Numbers are copied one by one: to copy rows and slices takes numba five seconds more to compile, for an error's words.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel, part_of_kernel


class Shapes(NamedTuple):
    """The lines of m roads; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    start : (m + 1,) int64
        `lonlat[start[r]:start[r + 1]]` is the line of road r.
    lonlat : (k, 2) float64
    length_m : (m,) float64
    scale : (2,) float64
        Metres a degree on the plane.
    """

    start: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    length_m: NDArray[np.float64]
    scale: NDArray[np.float64]


class Driven(NamedTuple):
    """The legs of a route, (l,) arrays: see `LegMeasures`."""

    arc: NDArray[np.int32]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]
    length_m: NDArray[np.float64]
    duration_s: NDArray[np.float64]


@part_of_kernel
def _step_m(shapes: Shapes, vertex: int) -> float:
    """Return the plane metres from a vertex to the next one."""
    run = shapes.lonlat[vertex + 1, 0] * shapes.scale[0] - shapes.lonlat[vertex, 0] * shapes.scale[0]
    rise = shapes.lonlat[vertex + 1, 1] * shapes.scale[1] - shapes.lonlat[vertex, 1] * shapes.scale[1]
    return math.hypot(run, rise)


@part_of_kernel
def _spot(shapes: Shapes, begin: int, end: int, wanted_m: float) -> tuple[float, float]:
    """Return the degrees so many plane metres along a line of vertices begin..end."""
    along = 0.0
    for vertex in range(begin, end):
        step = _step_m(shapes, vertex)
        if wanted_m <= along + step and step > 0.0:
            share = (wanted_m - along) / step
            lon = shapes.lonlat[vertex, 0] + share * (shapes.lonlat[vertex + 1, 0] - shapes.lonlat[vertex, 0])
            lat = shapes.lonlat[vertex, 1] + share * (shapes.lonlat[vertex + 1, 1] - shapes.lonlat[vertex, 1])
            return lon, lat
        along += step
    return shapes.lonlat[end, 0], shapes.lonlat[end, 1]


@part_of_kernel
def _put_part(shapes: Shapes, road: int, shares: tuple[float, float], lonlat: NDArray[np.float64], at: int) -> int:
    """Write the part of a road between two shares of its length, in its own direction; return how many vertices."""
    begin, end = shapes.start[road], shapes.start[road + 1] - 1
    whole = 0.0
    for vertex in range(begin, end):
        whole += _step_m(shapes, vertex)
    if whole <= 0.0:
        for axis in range(2):
            lonlat[at, axis], lonlat[at + 1, axis] = shapes.lonlat[begin, axis], shapes.lonlat[end, axis]
        return 2
    first, last = shares[0] * whole, shares[1] * whole
    lonlat[at, 0], lonlat[at, 1] = _spot(shapes, begin, end, first)
    many, along = 1, 0.0
    for vertex in range(begin, end + 1):
        if first < along < last:
            lonlat[at + many, 0], lonlat[at + many, 1] = shapes.lonlat[vertex, 0], shapes.lonlat[vertex, 1]
            many += 1
        if vertex < end:
            along += _step_m(shapes, vertex)
    lonlat[at + many, 0], lonlat[at + many, 1] = _spot(shapes, begin, end, last)
    return many + 1


@part_of_kernel
def _put_leg(shapes: Shapes, driven: Driven, leg: int, lonlat: NDArray[np.float64], at: int) -> int:
    """Write the line of a leg in the order of travel; return how many vertices."""
    road, is_back = driven.arc[leg] >> 1, driven.arc[leg] & 1
    length_m = shapes.length_m[road]
    lower, upper = min(driven.from_m[leg], driven.to_m[leg]), max(driven.from_m[leg], driven.to_m[leg])
    if lower > 0.0 or upper < round(length_m * 100.0) / 100.0:
        shares = (lower / length_m, min(upper / length_m, 1.0)) if length_m > 0.0 else (0.0, 0.0)
        many = _put_part(shapes, road, shares, lonlat, at)
    else:
        begin = shapes.start[road]
        many = shapes.start[road + 1] - begin
        for place in range(many):
            vertex = begin + place
            lonlat[at + place, 0], lonlat[at + place, 1] = shapes.lonlat[vertex, 0], shapes.lonlat[vertex, 1]
    if is_back:
        for place in range(many // 2):
            other = at + many - 1 - place
            for axis in range(2):
                lonlat[at + place, axis], lonlat[other, axis] = lonlat[other, axis], lonlat[at + place, axis]
    return many


@kernel
def trace_vertices(shapes: Shapes, driven: Driven) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the (p, 2) degrees of a route's vertices, and the (l + 1,) vertices at which its legs begin."""
    legs = len(driven.arc)
    most = 0
    for leg in range(legs):
        road = driven.arc[leg] >> 1
        most += shapes.start[road + 1] - shapes.start[road] + 2
    lonlat, begins = np.empty((most, 2)), np.empty(legs + 1, dtype=np.int64)
    begins[0] = 0
    for leg in range(legs):
        begins[leg + 1] = begins[leg] + _put_leg(shapes, driven, leg, lonlat, begins[leg])
    return lonlat[: begins[legs]].copy(), begins


@kernel
def measure_vertices(
    plane_m: NDArray[np.float64], begins: NDArray[np.int64], driven: Driven
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return for each of p vertices its distance along the plane, its road metres and its seconds since the start.

    A leg that has a length on the plane spreads its metres and seconds along it; one without passes its time evenly
    from vertex to vertex.
    """
    position, along, clock = (np.empty(len(plane_m)), np.empty(len(plane_m)), np.empty(len(plane_m)))
    position[0] = 0.0
    for vertex in range(1, len(plane_m)):
        step = math.hypot(plane_m[vertex, 0] - plane_m[vertex - 1, 0], plane_m[vertex, 1] - plane_m[vertex - 1, 1])
        position[vertex] = position[vertex - 1] + step
    before_m, before_s = 0.0, 0.0
    for leg in range(len(begins) - 1):
        first, last = begins[leg], begins[leg + 1] - 1
        whole = position[last] - position[first]
        for vertex in range(first, last + 1):
            share = (position[vertex] - position[first]) / whole if whole > 0.0 else (vertex - first) / (last - first)
            along[vertex] = before_m + share * driven.length_m[leg]
            clock[vertex] = before_s + share * driven.duration_s[leg]
        before_m += driven.length_m[leg]
        before_s += driven.duration_s[leg]
    return position, along, clock
