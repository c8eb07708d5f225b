"""Two editions of one small map, and closures and passes on the older one.

The newer edition cuts the first road elsewhere (ids stand for other pieces), turns the second round, moves the third by
four metres, and has the fourth no more; the fifth is as it was.
"""

from __future__ import annotations

from geodata.closures.map_matching import MapMatcher
from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.snapping import METRES_PER_DEGREE
from tests.conftest import distance_m
from tests.networks import Road, make_network

WEST, MIDDLE, EAST = 113.0, 113.015, 113.03
THIRD = 113.022
#: Four metres in degrees of latitude.
FOUR_M = 4.0 / METRES_PER_DEGREE


def _network(roads, at) -> Network:
    def road(name, start, end, **more):
        return Road(name, start, end, distance_m(at[start], at[end]), RoadClass.COUNTY, **more)

    return make_network([road(*one) for one in roads], at)


def older() -> Network:
    """The map that closures and passes were put on."""
    at = {"a": (WEST, 33.0), "b": (MIDDLE, 33.0), "c": (EAST, 33.0)}
    at |= {f"{row}{side}": (lon, lat) for row, lat in _ROWS.items() for side, lon in (("w", WEST), ("e", EAST))}
    roads = [("w1-1", "a", "b"), ("w1-2", "b", "c"), *((name, f"{name}w", f"{name}e") for name in _ROWS)]
    return _network(roads, at)


_ROWS = {"turned": 33.02, "moved": 33.04, "gone": 33.06, "same": 33.08}


def newer() -> Network:
    """The map that is brought into use."""
    at = {"a": (WEST, 33.0), "b": (THIRD, 33.0), "c": (EAST, 33.0)}
    for row, lat in _ROWS.items():
        north = FOUR_M if row == "moved" else 0.0
        at |= {f"{row}w": (WEST, lat + north), f"{row}e": (EAST, lat + north)}
    roads = [("w1-1", "a", "b"), ("w1-2", "b", "c"), ("turned", "turnede", "turnedw")]
    return _network([*roads, ("moved", "movedw", "movede"), ("same", "samew", "samee")], at)


def matcher(*, editions=None) -> MapMatcher:
    """From the older to the newer."""
    return MapMatcher(older(), newer(), editions or {})
