"""Find sites for places in the demo county: junctions that every truck reaches, and free ground beside them."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.demo.plane import Points, centimetres, lengths_of, to_plane
from geodata.network import ACCESS_BIT, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass

_PLAIN: Final = tuple(
    ROAD_CLASSES.index(one) for one in (RoadClass.COUNTY, RoadClass.TOWNSHIP, RoadClass.VILLAGE, RoadClass.STREET)
)
#: Directions tried for free ground, as unit vectors.
_AROUND: Final = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-0.6, 0.8], [-1.0, 0.0], [-0.6, -0.8], [0.0, -1.0]])


class Ground:
    """The built network as a place to put things."""

    def __init__(self, network: Network) -> None:
        self.junctions = to_plane(network.junction_lonlat)
        owner = np.repeat(np.arange(network.road_count), np.diff(network.shape_start))
        lines = shapely.linestrings(to_plane(network.shape_lonlat), indices=owner)
        self._roads = shapely.STRtree(np.asarray(lines, dtype=np.object_))
        self._free = _open_junctions(network)

    def junction_near(self, target: Points) -> Points:
        """Return the nearest junction not yet given away at which only open two-way roads meet, in plane metres."""
        far = lengths_of(self.junctions - target)
        far[~self._free] = np.inf
        found = int(np.argmin(far))
        self._free &= lengths_of(self.junctions - self.junctions[found]) > 120.0
        spot: Points = self.junctions[found]
        return spot

    def beside(self, junction: Points, *, metres: float) -> Points:
        """Return the point at this distance from a junction that is farthest from any road."""
        tried = junction + _AROUND * metres
        found = np.asarray(shapely.points(tried), dtype=np.object_)
        _, room = self._roads.query_nearest(found, return_distance=True, all_matches=False)
        return centimetres(tried[int(np.argmax(np.round(room, 1)))])


def _open_junctions(network: Network) -> NDArray[np.bool_]:
    """Return the mask of junctions where every road is open to every truck in both directions, tracks left out."""
    trucks = (network.access & ACCESS_BIT["truck"] > 0).all(axis=1)
    unlimited = np.isinf(network.max_weight_kg) & np.isinf(network.max_height_m) & np.isinf(network.max_width_m)
    good = trucks & unlimited & np.isin(network.road_class, _PLAIN)
    ends = network.ends.astype(np.int64)
    bad = np.bincount(ends[~good].reshape(-1), minlength=network.junction_count)
    degree = np.bincount(ends.reshape(-1), minlength=network.junction_count)
    free: NDArray[np.bool_] = (bad == 0) & (degree >= 3)
    return free
