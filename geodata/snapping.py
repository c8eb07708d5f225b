"""Snap positions to the nearest point of the nearest road a vehicle may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.network import Network

#: A position farther from every usable road than this is refused (contract of the command line).
FARTHEST_M: Final = 2_000.0
EARTH_RADIUS_M: Final = 6_371_008.8
METRES_PER_DEGREE: Final = EARTH_RADIUS_M * np.pi / 180.0


@dataclass(frozen=True, slots=True)
class RoadPoint:
    """A point on a road.

    Attributes
    ----------
    road
        Road index.
    offset_m
        Distance from the road's start along its digitised direction.
    distance_m
        Distance of the position asked for from the road.
    lon, lat
        The point on the road.
    """

    road: int
    offset_m: float
    distance_m: float
    lon: float
    lat: float


class LocalPlane:
    """Equirectangular metres around the network's middle latitude: good to 0.1 % within a county or province."""

    def __init__(self, network: Network) -> None:
        lat = network.junction_lonlat[:, 1]
        self.middle_lat = float((lat.min() + lat.max()) / 2) if len(lat) else 0.0
        self.scale: NDArray[np.float64] = np.array(
            [METRES_PER_DEGREE * np.cos(np.radians(self.middle_lat)), METRES_PER_DEGREE]
        )

    def to_metres(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (…, 2) plane metres of (…, 2) degrees."""
        return lonlat * self.scale

    def to_degrees(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (…, 2) degrees of (…, 2) plane metres."""
        return metres / self.scale


class RoadIndex:
    """Search tree over road lines; one a network, safe to share between threads."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.plane = LocalPlane(network)
        owner = np.repeat(np.arange(network.road_count), np.diff(network.shape_start))
        lines = shapely.linestrings(self.plane.to_metres(network.shape_lonlat), indices=owner)
        self.lines: NDArray[np.object_] = np.asarray(lines, dtype=np.object_)
        self._trees: dict[bytes, tuple[NDArray[np.intp], shapely.STRtree]] = {}

    def _tree_of(self, usable: NDArray[np.bool_]) -> tuple[NDArray[np.intp], shapely.STRtree]:
        key = np.packbits(usable).tobytes()
        if key not in self._trees:
            roads = np.flatnonzero(usable)
            self._trees[key] = (roads, shapely.STRtree(self.lines[roads]))
        return self._trees[key]

    def roads_near(self, lon: float, lat: float, *, within_m: float) -> tuple[int, ...]:
        """Return the roads within so many metres of a position, by index."""
        point = shapely.points(self.plane.to_metres(np.array([lon, lat])))
        return tuple(sorted(int(road) for road in self._all().query(point, predicate="dwithin", distance=within_m)))

    def _all(self) -> shapely.STRtree:
        return self._tree_of(np.ones(self.network.road_count, dtype=np.bool_))[1]

    def roads_along(self, line: shapely.Geometry, *, within_m: float) -> tuple[int, ...]:
        """Return the roads within so many metres of a line on the index's plane, by index."""
        return tuple(sorted(int(road) for road in self._all().query(line, predicate="dwithin", distance=within_m)))

    def roads_meeting(self, geometry: shapely.Geometry) -> NDArray[np.intp]:
        """Return the roads that share a point with a geometry on the index's plane, by index."""
        return np.sort(self._all().query(geometry, predicate="intersects"))

    def distances_m(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (q,) distances of (q, 2) plane positions from the nearest road; infinity where there is none."""
        found = np.full(len(points), np.inf)
        if self.network.road_count:
            spots = shapely.points(points)
            (asked, _), gaps = self._all().query_nearest(spots, return_distance=True, all_matches=False)
            found[asked] = gaps
        return found

    def point_on_road(self, road: int, lon: float, lat: float) -> RoadPoint:
        """Return the point of one road nearest to a position."""
        point = shapely.points(self.plane.to_metres(np.array([lon, lat])))
        line = self.lines[road]
        along = float(shapely.line_locate_point(line, point))
        whole = float(shapely.length(line))
        share = along / whole if whole > 0 else 0.0
        spot = self.plane.to_degrees(shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0])
        return RoadPoint(
            road=road,
            offset_m=share * float(self.network.length_m[road]),
            distance_m=float(shapely.distance(line, point)),
            lon=float(spot[0]),
            lat=float(spot[1]),
        )

    def snap(self, lon: float, lat: float, *, usable: NDArray[np.bool_], where: str = "position") -> RoadPoint:
        """Snap a position to the nearest point of the nearest usable road; ties go to the lower road index.

        Parameters
        ----------
        lon, lat
            WGS-84 degrees.
        usable
            (m,) mask of roads that the vehicle may use in at least one direction.
        where
            What the position is called in an error.

        Raises
        ------
        BadInputError
            `position-not-a-number`, or `position-far-from-road` with the distance.
        """
        if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
            raise BadInputError("position-not-a-number", where, lon=str(lon), lat=str(lat))
        roads, tree = self._tree_of(usable)
        point = shapely.points(self.plane.to_metres(np.array([lon, lat])))
        if not len(roads):
            raise BadInputError("no-usable-road", where)
        hits, distances = tree.query_nearest(point, return_distance=True, all_matches=True)
        if float(distances[0]) > FARTHEST_M:
            raise BadInputError(
                "position-far-from-road",
                where,
                lon=lon,
                lat=lat,
                distance_m=round(float(distances[0])),
                most_m=FARTHEST_M,
            )
        return self.point_on_road(int(roads[hits].min()), lon, lat)
