"""Write a network as an OSM file, so that importing it again can be compared and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from geodata.network import BRIDGE, TUNNEL, Network
from geodata.road_classes import RoadClass

HIGHWAYS = {
    RoadClass.EXPRESSWAY: "motorway",
    RoadClass.NATIONAL: "trunk",
    RoadClass.PROVINCIAL: "primary",
    RoadClass.COUNTY: "secondary",
    RoadClass.TOWNSHIP: "tertiary",
    RoadClass.VILLAGE: "unclassified",
    RoadClass.STREET: "residential",
    RoadClass.TRACK: "track",
}
LIMITS = {
    "maxweight": ("max_weight_kg", 0.001),
    "maxheight": ("max_height_m", 1.0),
    "maxwidth": ("max_width_m", 1.0),
    "maxlength": ("max_length_m", 1.0),
    "maxaxleload": ("max_axle_load_kg", 0.001),
}
#: Bits (forward, backward) of a road as `oneway` and access tags.
ONEWAYS = {(True, True): "no", (True, False): "yes", (False, True): "-1", (False, False): "no"}


def _tags(network: Network, road: int) -> dict[str, str]:
    forward, backward = (int(bits) for bits in network.access[road])
    tags = {"highway": HIGHWAYS[network.class_of(road)], "oneway": ONEWAYS[bool(forward), bool(backward)]}
    tags |= {key: text for key in ("name", "ref", "surface") if (text := str(getattr(network, key)[road]))}
    bits = forward | backward
    tags |= {"motorcar": "yes" if bits & 1 else "no", "hgv": "yes" if bits & 2 else "no"}
    for key, (column, factor) in LIMITS.items():
        if np.isfinite(value := float(getattr(network, column)[road])):
            tags[key] = f"{value * factor:.3f}"
    if network.tagged_kmh[road, 0]:
        tags["maxspeed"] = f"{network.tagged_kmh[road, 0]:g}"
    tags |= {"bridge": "yes"} if network.structure[road] & BRIDGE else {}
    tags |= {"tunnel": "yes"} if network.structure[road] & TUNNEL else {}
    return tags | ({"layer": str(network.layer[road])} if network.layer[road] else {})


def write_osm(network: Network, path: Path) -> int:
    """Write every road as a way of its own, way ids counting from 1, and return how many nodes there are."""
    import osmium

    mutable: Any = osmium.osm.mutable
    ways: list[list[int]] = []
    next_id = int(network.junction_id.max()) + 1
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for junction, lonlat in zip(network.junction_id.tolist(), network.junction_lonlat.tolist(), strict=True):
            writer.add_node(mutable.Node(id=junction, location=tuple(lonlat), version=1))
        for road in range(network.road_count):
            inner = network.line_of(road)[1:-1].tolist()
            for number, lonlat in enumerate(inner):
                writer.add_node(mutable.Node(id=next_id + number, location=tuple(lonlat), version=1))
            start, end = network.junction_id[network.ends[road]].tolist()
            ways.append([start, *range(next_id, next_id + len(inner)), end])
            next_id += len(inner)
        for road, nodes in enumerate(ways):
            writer.add_way(mutable.Way(id=road + 1, nodes=nodes, tags=_tags(network, road), version=1))
    return next_id - 1
