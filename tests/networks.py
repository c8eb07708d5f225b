"""Tiny road networks for tests: say the roads, get a `Network`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.network import FORWARD, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.snapping import METRES_PER_DEGREE, RoadPoint

#: Where a network's first junction lies unless the test says otherwise.
CORNER = (113.0, 33.0)


@dataclass(frozen=True)
class Road:
    """One road of a test network, two-way and open to everybody unless said otherwise.

    `access` is (forward, backward) in bits: 1 car, 2 truck, 3 both, 0 nobody.
    `bend` are (lon, lat) points between the two ends.
    """

    id: str
    start: str
    end: str
    length_m: float = 1000.0
    road_class: RoadClass = RoadClass.COUNTY
    access: tuple[int, int] = (3, 3)
    kmh: tuple[float, float] = (0.0, 0.0)
    max_weight_kg: float = np.inf
    max_height_m: float = np.inf
    max_width_m: float = np.inf
    name: str = ""
    ref: str = ""
    bend: tuple[tuple[float, float], ...] = ()
    structure: int = 0
    layer: int = 0
    max_length_m: float = np.inf
    max_axle_load_kg: float = np.inf
    refused_goods: tuple[int, int] = (0, 0)


def one_way(road_id: str, start: str, end: str, length_m: float = 1000.0) -> Road:
    """Return a road open forward only."""
    return Road(road_id, start, end, length_m, access=(3, 0))


def _positions(names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Put junctions on a square grid, about a kilometre apart, in the order they are named."""
    side = max(1, int(np.ceil(np.sqrt(len(names)))))
    step = 1000.0 / METRES_PER_DEGREE
    return {
        name: (CORNER[0] + (index % side) * step / np.cos(np.radians(CORNER[1])), CORNER[1] + (index // side) * step)
        for index, name in enumerate(names)
    }


def _line(road: Road, at: Mapping[str, tuple[float, float]]) -> list[tuple[float, float]]:
    bend = list(road.bend)
    if road.start == road.end and not bend:
        lon, lat = at[road.start]
        bend = [(lon + 0.002, lat), (lon + 0.002, lat + 0.002)]
    return [at[road.start], *bend, at[road.end]]


def make_network(roads: Sequence[Road], positions: Mapping[str, tuple[float, float]] | None = None) -> Network:
    """Build a network; junctions are numbered in the order the roads name them, with OSM-like ids from 1."""
    names = list(dict.fromkeys(name for road in roads for name in (road.start, road.end)))
    at = {**_positions(names), **(positions or {})}
    number = {name: index for index, name in enumerate(names)}
    lines = [_line(road, at) for road in roads]
    count = len(roads)

    def limits(key: str) -> np.ndarray:
        return np.array([getattr(road, key) for road in roads], dtype=np.float32)

    return Network(
        junction_id=np.arange(1, len(names) + 1, dtype=np.int64),
        junction_lonlat=np.array([at[name] for name in names], dtype=np.float64).reshape(-1, 2),
        road_id=np.array([road.id for road in roads], dtype=np.str_),
        osm_way_id=np.arange(100, 100 + count, dtype=np.int64),
        name=np.array([road.name for road in roads], dtype=np.str_),
        ref=np.array([road.ref for road in roads], dtype=np.str_),
        road_class=np.array([ROAD_CLASSES.index(road.road_class) for road in roads], dtype=np.uint8),
        ends=np.array([(number[road.start], number[road.end]) for road in roads], dtype=np.int32).reshape(-1, 2),
        length_m=np.array([road.length_m for road in roads], dtype=np.float64),
        tagged_kmh=np.array([road.kmh for road in roads], dtype=np.float32).reshape(-1, 2),
        access=np.array([road.access for road in roads], dtype=np.uint8).reshape(-1, 2),
        max_weight_kg=limits("max_weight_kg"),
        max_height_m=limits("max_height_m"),
        max_width_m=limits("max_width_m"),
        max_length_m=limits("max_length_m"),
        max_axle_load_kg=limits("max_axle_load_kg"),
        structure=np.array([road.structure for road in roads], dtype=np.uint8),
        layer=np.array([road.layer for road in roads], dtype=np.int8),
        surface=np.array([""] * count, dtype=np.str_),
        shape_start=np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64),
        shape_lonlat=np.array([point for line in lines for point in line], dtype=np.float64).reshape(-1, 2),
        refused_goods=np.array([road.refused_goods for road in roads], dtype=np.uint8).reshape(-1, 2),
    )


def on_road(network: Network, road_id: str, offset_m: float) -> RoadPoint:
    """Return the point so many metres along a road of a test network."""
    road = network.road_index[road_id]
    line = network.line_of(road)
    share = offset_m / float(network.length_m[road])
    lon, lat = line[0] + share * (line[-1] - line[0])
    return RoadPoint(road, offset_m, 0.0, float(lon), float(lat))


def roads_of(network: Network, legs: Sequence[object]) -> list[str]:
    """Name the roads of a route's legs: "a" forward, "-a" backward."""
    return [
        ("" if leg.direction == FORWARD else "-") + str(network.road_id[leg.road])  # type: ignore[attr-defined]
        for leg in legs
    ]
