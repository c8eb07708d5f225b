"""The checkpoints that a route passes, and where it passes them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.places import PlaceKind
from routing.trips.line import RouteLine
from routing.trips.trip import TripMap

#: A checkpoint within this distance of the line is passed.
CHECKPOINT_M: Final = 60.0
#: A part of a road is looked at where its road comes so near: coordinates are rounded on the way.
_NEAR_M: Final = CHECKPOINT_M + 1.0


class Passing(NamedTuple):
    """A checkpoint on a route: its number, and seconds and road metres since the start of the route."""

    post: int
    clock_s: float
    along_m: float


class CheckpointGround:
    """The checkpoints of a map, and which roads come near them.

    Attributes
    ----------
    posts
        Ordered by id; a passing names one by its number.
    """

    def __init__(self, trip_map: TripMap) -> None:
        self.posts = trip_map.places.of_kind(PlaceKind.CHECKPOINT)
        lonlat = np.array([[post.lon, post.lat] for post in self.posts]).reshape(-1, 2)
        index = trip_map.road_index
        self._spots = np.asarray(shapely.points(index.plane.to_metres(lonlat)), dtype=np.object_)
        self._near: dict[int, list[int]] = {}
        self._is_near = np.zeros(trip_map.network.road_count, dtype=np.bool_)
        for number, spot in enumerate(self._spots):
            roads = index.roads_along(spot, within_m=_NEAR_M)
            self._is_near[list(roads)] = True
            for road in roads:
                self._near.setdefault(road, []).append(number)

    def passings(self, roads: NDArray[np.int32], line: RouteLine) -> tuple[Passing, ...]:
        """Return the checkpoints within 60 m of a route's line, by number.

        Parameters
        ----------
        roads
            Those of the route.
        """
        near = np.flatnonzero(self._is_near[roads])
        if not len(near):
            return ()
        posts = sorted({post for road in set(roads[near].tolist()) for post in self._near[road]})
        route = shapely.linestrings(line.plane_m)
        passed = [post for post in posts if shapely.distance(self._spots[post], route) <= CHECKPOINT_M]
        where = shapely.line_locate_point(route, self._spots[passed])
        clock = np.interp(where, line.position_m, line.clock_s).tolist()
        along = np.interp(where, line.position_m, line.along_m).tolist()
        return tuple(map(Passing, passed, clock, along))
