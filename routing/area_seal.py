"""Turn a drawn area into what is to be sealed: junctions inside, junctions that stay outside, roads over its edge."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.area_roads import TOUCH_M, AreaRoads
from geodata.drawn_area import DrawnPolygon
from geodata.network import Network
from geodata.snapping import RoadIndex, RoadPoint
from routing.fewest_posts import Seal


def nearest_ends(points: Iterable[RoadPoint], network: Network) -> NDArray[np.int64]:
    """Return the junction nearest to each point along its road."""
    ends = [int(network.ends[one.road, int(one.offset_m > float(network.length_m[one.road]) / 2)]) for one in points]
    return np.array(ends, dtype=np.int64)


def seal_of_area(
    area: DrawnPolygon,
    roads: AreaRoads,
    index: RoadIndex,
    *,
    move_m: float,
    gates: Collection[int] = (),
    exits: Iterable[RoadPoint] = (),
) -> Seal:
    """Return what is to be sealed.

    Parameters
    ----------
    area, roads
        The area, and `find_area_roads` of it.
    move_m
        How far outward the line may move; 0 keeps it on the area's edge.
    gates
        Roads that stay open.
    exits
        Where roads leave the county: they stay outside, however near, unless they lie in the area itself.
    """
    network = index.network
    flat = shapely.transform(area, index.plane.to_metres)
    shapely.prepare(flat)
    spots = shapely.points(index.plane.to_metres(network.junction_lonlat))
    touched = np.zeros(network.junction_count, dtype=np.bool_)
    # A junction of roads that only pass over the area is not in it.
    counted = np.unique(np.concatenate([roads.inside, np.array([one.road for one in roads.crossings], dtype=np.int64)]))
    touched[network.ends[counted].ravel()] = True
    away_m = np.asarray(shapely.distance(flat, spots))
    inside = (away_m <= TOUCH_M) & touched
    outside = (away_m > max(move_m, TOUCH_M)) & ~inside
    beyond = nearest_ends(exits, network)
    outside[beyond[~inside[beyond]]] = True
    edge: dict[int, tuple[float, ...]] = {}
    for one in roads.crossings:
        edge[one.road] = (*edge.get(one.road, ()), one.offset_m)
    dips = tuple(road for road in edge if not inside[network.ends[road]].any())
    return Seal(inside, outside, network.access > 0, frozenset(gates), MappingProxyType(edge), dips)
