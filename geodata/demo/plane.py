"""Plane metres around the demo county and back, rounded so that every machine builds the very same county."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
#: The plane's origin and the length of a degree there; constants, because a cosine may differ in its last bit.
ORIGIN_LONLAT: Final = np.array([113.0, 33.28])
METRES_PER_DEGREE: Final = np.array([92_958.6, 111_195.1])


def to_plane(lonlat: Points) -> Points:
    """Return (…, 2) plane metres of (…, 2) degrees, to the centimetre."""
    return centimetres((lonlat - ORIGIN_LONLAT) * METRES_PER_DEGREE)


def to_lonlat(metres: Points) -> Points:
    """Return (…, 2) degrees of (…, 2) plane metres, to 1e-7 degree (a centimetre), as OSM stores them."""
    lonlat: Points = np.round(metres / METRES_PER_DEGREE + ORIGIN_LONLAT, 7)
    return lonlat


def centimetres(metres: Points) -> Points:
    """Round plane metres to the centimetre: what follows then starts from exactly equal numbers everywhere."""
    rounded: Points = np.round(metres, 2)
    return rounded


def lengths_of(vectors: Points) -> NDArray[np.float64]:
    """Return the lengths of (…, 2) vectors; only operations that IEEE 754 rounds alike everywhere."""
    return np.sqrt(vectors[..., 0] * vectors[..., 0] + vectors[..., 1] * vectors[..., 1])


def lattice(region: BaseGeometry, *, spacing_m: float) -> Points:
    """Return the points of a hexagonal lattice inside a region, row by row."""
    west, south, east, north = region.bounds
    row_m = spacing_m * 0.8660254
    rows = np.arange(int((north - south) / row_m) + 1)
    columns = np.arange(int((east - west) / spacing_m) + 2)
    column, row = np.meshgrid(columns, rows)
    points = np.stack([west + (column - 0.5 * (row % 2)) * spacing_m, south + row * row_m], axis=-1).reshape(-1, 2)
    return points[inside(region, points)]


def inside(region: BaseGeometry, points: Points) -> NDArray[np.bool_]:
    """Tell for each point whether it lies in a region."""
    shapely.prepare(region)
    return np.asarray(shapely.contains_xy(region, points[:, 0], points[:, 1]), dtype=np.bool_)


def _as_points(positions: Points) -> NDArray[np.object_]:
    return np.asarray(shapely.points(positions), dtype=np.object_)


def near(points: Points, others: Points, *, within_m: float) -> NDArray[np.bool_]:
    """Tell for each point whether one of the other points lies within so many metres."""
    close = np.zeros(len(points), dtype=np.bool_)
    if len(points) and len(others):
        tree = shapely.STRtree(_as_points(others))
        close[tree.query(_as_points(points), predicate="dwithin", distance=within_m)[0]] = True
    return close


def apart(points: Points, *, least_m: float) -> NDArray[np.intp]:
    """Return the indices of points that keep a least distance; of two that are too close the earlier one stays."""
    tree = shapely.STRtree(_as_points(points))
    pairs = tree.query(_as_points(points), predicate="dwithin", distance=least_m)
    later, earlier = pairs[:, pairs[0] > pairs[1]]
    order = np.lexsort((earlier, later))
    dropped = np.zeros(len(points), dtype=np.bool_)
    for one, other in zip(later[order].tolist(), earlier[order].tolist(), strict=True):
        if not dropped[other]:
            dropped[one] = True
    return np.flatnonzero(~dropped)


def free_of(points: Points, obstacles: Points, *, within_m: float) -> Points:
    """Return the points that keep off the obstacles."""
    return points[~near(points, obstacles, within_m=within_m)]


def crosses(strokes: Points, obstacle: BaseGeometry) -> NDArray[np.bool_]:
    """Tell which of (k, 2, 2) straight strokes meet an obstacle made of lines."""
    hit = np.zeros(len(strokes), dtype=np.bool_)
    points, part = shapely.get_coordinates(shapely.get_parts(obstacle), return_index=True)
    together = part[1:] == part[:-1]
    pieces = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[together])
    if len(pieces) and len(strokes):
        hit[shapely.STRtree(pieces).query(shapely.linestrings(strokes), predicate="intersects")[0]] = True
    return hit
