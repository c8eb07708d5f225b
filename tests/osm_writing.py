"""Write a network out as an OSM file, one way a road, so that an import of it must give the same roads again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium

from geodata.network import ACCESS_BIT, BRIDGE, TUNNEL, Network
from geodata.road_classes import RoadClass

HIGHWAY = {
    RoadClass.EXPRESSWAY: "motorway",
    RoadClass.NATIONAL: "trunk",
    RoadClass.PROVINCIAL: "primary",
    RoadClass.COUNTY: "secondary",
    RoadClass.TOWNSHIP: "tertiary",
    RoadClass.VILLAGE: "unclassified",
    RoadClass.STREET: "residential",
    RoadClass.TRACK: "track",
}
LIMIT_KEYS = {
    "maxweight": ("max_weight_kg", 1000.0),
    "maxheight": ("max_height_m", 1.0),
    "maxwidth": ("max_width_m", 1.0),
    "maxlength": ("max_length_m", 1.0),
    "maxaxleload": ("max_axle_load_kg", 1000.0),
}


def road_node_count(network: Network) -> int:
    """Return how many OSM nodes the written file holds."""
    return network.junction_count + len(network.shape_lonlat) - 2 * network.road_count


def write_osm(network: Network, path: Path) -> None:
    """Write the network as .osm.pbf, .osm.gz or .osm, as the name ends.

    Junctions keep their ids; bends are numbered on from the highest. The way of road r has the id r + 1.
    """
    nodes = _nodes_of_roads(network)
    bend = np.setdiff1d(np.arange(len(nodes)), np.concatenate([network.shape_start[:-1], network.shape_start[1:] - 1]))
    with osmium.SimpleWriter(str(path)) as writer:
        positions = [(network.junction_id, network.junction_lonlat), (nodes[bend], network.shape_lonlat[bend])]
        for ids, lonlat in positions:
            for node, position in zip(ids.tolist(), lonlat.tolist(), strict=True):
                writer.add_node(osmium.osm.mutable.Node(id=node, version=1, location=tuple(position)))
        for road in range(network.road_count):
            refs = nodes[network.shape_start[road] : network.shape_start[road + 1]].tolist()
            way = osmium.osm.mutable.Way(id=road + 1, version=1, nodes=refs, tags=way_tags(network, road))
            writer.add_way(way)
        for number, (members, tags) in enumerate(_relations(network), start=1):
            writer.add_relation(osmium.osm.mutable.Relation(id=number, version=1, members=members, tags=tags))


def _nodes_of_roads(network: Network) -> np.ndarray:
    """Return the node id of every shape point."""
    first, last = network.shape_start[:-1], network.shape_start[1:] - 1
    inner = np.ones(len(network.shape_lonlat), dtype=bool)
    inner[first] = inner[last] = False
    nodes = int(network.junction_id.max()) + np.cumsum(inner)
    nodes[first] = network.junction_id[network.ends[:, 0]]
    nodes[last] = network.junction_id[network.ends[:, 1]]
    return nodes


def way_tags(network: Network, road: int) -> dict[str, str]:
    """Return the tags that say what a road is."""
    road_class = network.class_of(road)
    tags = {"highway": HIGHWAY[road_class]}
    for key in ("name", "ref", "surface"):
        if text := str(getattr(network, key)[road]):
            tags[key] = text
    tags |= _access_tags(int(network.access[road, 0]), int(network.access[road, 1]))
    for suffix, kmh in zip((":forward", ":backward"), network.tagged_kmh[road].tolist(), strict=True):
        if kmh:
            tags[f"maxspeed{suffix}"] = f"{kmh:g}"
    for key, (column, unit) in LIMIT_KEYS.items():
        value = float(getattr(network, column)[road])
        if np.isfinite(value):
            tags[key] = f"{value / unit:.6g}"
    structure = int(network.structure[road])
    tags |= {"bridge": "yes"} if structure & BRIDGE else {}
    tags |= {"tunnel": "yes"} if structure & TUNNEL else {}
    return tags | ({"layer": str(network.layer[road])} if network.layer[road] else {})


def _access_tags(forward: int, backward: int) -> dict[str, str]:
    everybody = ACCESS_BIT["car"] | ACCESS_BIT["truck"]
    open_to = forward | backward
    tags = {"oneway": "no" if forward and backward else "-1" if backward else "yes"}
    if open_to != everybody:
        tags["motorcar"] = "yes" if open_to & ACCESS_BIT["car"] else "no"
        tags["hgv"] = "yes" if open_to & ACCESS_BIT["truck"] else "no"
    return tags


def _relations(network: Network) -> list[tuple[list[tuple[str, int, str]], dict[str, str]]]:
    found = []
    for one in network.turn_restrictions:
        members = [("w", road + 1, "from") for road in one.from_roads] + [
            ("w", road + 1, "to") for road in one.to_roads
        ]
        members += [("w", road + 1, "via") for road in one.via_roads]
        if one.via_junction >= 0:
            members.append(("n", int(network.junction_id[one.via_junction]), "via"))
        tags = {"type": "restriction", "restriction": one.kind}
        found.append((members, tags | ({"except": ";".join(one.exempt)} if one.exempt else {})))
    return found
