"""Write the roads of a comparison as an OpenStreetMap file, for routers that read nothing else.

A junction keeps its place, rounded to the micro-degree that both routers calculate in. A road becomes one way over
three nodes: its junctions, and between them a **middle of its own**, so that parallel roads stay apart and the nodes or
the coordinates of an answer tell its roads. A road that takes longer one way than the other becomes two one-way ways.
What takes part in no least-time route is left out: roads that end where they begin, arcs that may not be used.

**The same weights.** Each way carries its whole milliseconds as the tag `ms`, for routers whose rules can read it. For
routers that can weigh nothing but length (`bent=True`) the middle is moved aside until the way is as long as it lasts,
`metres_per_ms` being the fastest way's straight speed; such a router rounds each way to a whole metre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import osmium
from osmium.osm.mutable import Node, Way

#: Roads of these classes, in the order of `geodata.road_classes.ROAD_CLASSES`.
HIGHWAYS = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service")
#: Coordinates are whole numbers of this fraction of a degree.
PER_DEGREE = 1_000_000
EARTH_M = 6_378_160.187


def metres(one, other):
    """Return great-circle distances between places in degrees, (k, 2) each."""
    lon, lat = np.radians(other - one).T
    half = np.sin(lat / 2) ** 2 + np.cos(np.radians(one[:, 1])) * np.cos(np.radians(other[:, 1])) * np.sin(lon / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(half))


@dataclass(frozen=True)
class Ways:
    """The ways of the file, one an element: the arc it stands for, and whether it stands for the way back too."""

    arc: np.ndarray
    both: np.ndarray
    ends: np.ndarray
    middle: np.ndarray
    metres_per_ms: float


def _bent(one, other, wanted_m):
    """Move the middles between places aside until the way over them has the wanted length."""
    straight = (other - one) * np.cos(np.radians(one[:, 1:])) ** np.array([1, 0])
    aside = np.stack([-straight[:, 1], straight[:, 0]], axis=1)
    aside /= np.maximum(np.hypot(aside[:, 0], aside[:, 1]), 1e-12)[:, None]
    aside /= np.cos(np.radians(one[:, 1:])) ** np.array([1, 0])
    middle, low, high = (one + other) / 2, np.zeros(len(one)), wanted_m / EARTH_M * 57.3
    for _ in range(40):
        far = (low + high) / 2
        place = middle + far[:, None] * aside
        long = metres(one, place) + metres(place, other) > wanted_m
        low, high = np.where(long, low, far), np.where(long, far, high)
    return middle + low[:, None] * aside


def ways_of(arcs, *, bent=False):
    """Return the ways that stand for the usable arcs."""
    usable = arcs.usable & (arcs.tail != arcs.head)
    forward, backward = usable[0::2], usable[1::2]
    alike = forward & backward & (arcs.weight_ms[0::2] == arcs.weight_ms[1::2])
    usable[1::2] &= ~alike
    arc = np.flatnonzero(usable)
    ends = np.round(arcs.lonlat * PER_DEGREE) / PER_DEGREE
    one, other = ends[arcs.tail[arc]], ends[arcs.head[arc]]
    ms = arcs.weight_ms[arc]
    metres_per_ms = float((metres(one, other) / ms).max())
    middle = _bent(one, other, ms * metres_per_ms) if bent else (one + other) / 2
    return Ways(arc, alike[arc // 2], ends, np.round(middle * PER_DEGREE).astype(np.int64), metres_per_ms)


def junction_node(junction):
    """Return the number of a junction's node."""
    return junction + 1


def middle_node(arcs, arc):
    """Return the number of the node in the middle of an arc's way."""
    return arcs.junction_count + 1 + arc


def write_osm(arcs, ways, path):
    """Write the file; its ending tells the format (.osm or .osm.pbf)."""
    tails, heads = arcs.tail.tolist(), arcs.head.tolist()
    weights, classes = arcs.weight_ms.tolist(), arcs.network.road_class.tolist()
    with osmium.SimpleWriter(str(path)) as writer:
        for junction, place in enumerate(ways.ends.tolist()):
            writer.add_node(Node(id=junction_node(junction), version=1, location=tuple(place)))
        for arc, place in zip(ways.arc.tolist(), (ways.middle / PER_DEGREE).tolist(), strict=True):
            writer.add_node(Node(id=middle_node(arcs, arc), version=1, location=tuple(place)))
        for arc, both in zip(ways.arc.tolist(), ways.both.tolist(), strict=True):
            nodes = [junction_node(tails[arc]), middle_node(arcs, arc), junction_node(heads[arc])]
            tags = {
                "highway": HIGHWAYS[classes[arc // 2]],
                "oneway": "no" if both else "yes",
                "ms": str(weights[arc]),
            }
            writer.add_way(Way(id=arc + 1, version=1, nodes=nodes, tags=tags))


def polyline(text):
    """Return the places of an encoded line, in whole micro-degrees (longitude, latitude)."""
    numbers, number, shift = [], 0, 0
    for letter in text.encode("ascii"):
        number |= (letter - 63 & 31) << shift
        shift += 5
        if letter - 63 < 32:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    lat, lon = np.cumsum(numbers[0::2]), np.cumsum(numbers[1::2])
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
