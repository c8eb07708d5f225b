"""Measure how far positions are from the nearest road that cars may use."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.components import car_arcs
from geodata.network import Network
from geodata.snapping import LocalPlane


def distance_to_roads_m(network: Network, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far (k, 2) WGS-84 positions are from the nearest road open to cars; infinity where there is none."""
    plane = LocalPlane(network)
    open_roads = car_arcs(network).any(axis=1)
    distance = np.full(len(lonlat), np.inf)
    if not open_roads.any() or not len(lonlat):
        return distance
    owner = np.repeat(np.arange(network.road_count), np.diff(network.shape_start))
    lines = np.asarray(shapely.linestrings(plane.to_metres(network.shape_lonlat), indices=owner), dtype=np.object_)
    points = shapely.points(plane.to_metres(lonlat))
    asked, found = shapely.STRtree(lines[open_roads]).query_nearest(points, return_distance=True, all_matches=False)
    distance[asked[0]] = found
    return distance
