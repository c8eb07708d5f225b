"""The file that OSRM and Valhalla read says of every road what the other routers are told."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import osmium
import pytest

from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from tests.benchmarks.peers._exchange import (
    HIGHWAYS,
    PER_DEGREE,
    junction_node,
    metres,
    middle_node,
    polyline,
    ways_of,
    write_osm,
)
from tests.networks import Road, make_network, one_way
from web.bench.road_arcs import road_arcs

#: A to B by two roads, one way from C to A, and a road that ends where it begins.
ROADS = (Road("a", "A", "B", 1000.0), Road("b", "A", "B", 1500.0), one_way("c", "C", "A"), Road("d", "C", "C", 90.0))


def read_back(path):
    places, ways = {}, {}
    for one in osmium.FileProcessor(str(path)):
        if one.is_node():
            places[one.id] = (one.location.lon, one.location.lat)
        elif one.is_way():
            ways[one.id] = ([node.ref for node in one.nodes], dict(one.tags))
    return places, ways


@pytest.mark.parametrize("ending", ["osm", "osm.pbf"])
def test_parallel_roads_stay_apart_and_one_way_roads_one_way(tmp_path, ending):
    arcs = road_arcs(make_network(ROADS), Vehicle(), speeds_kmh=dict.fromkeys(RoadClass, 36.0))
    write_osm(arcs, ways_of(arcs), tmp_path / f"roads.{ending}")
    _, ways = read_back(tmp_path / f"roads.{ending}")
    shapes = {number - 1: (nodes, tags["oneway"], tags["ms"]) for number, (nodes, tags) in ways.items()}
    ends = {
        arc: (junction_node(arcs.tail[arc]), middle_node(arcs, arc), junction_node(arcs.head[arc])) for arc in shapes
    }
    assert shapes == {
        0: (list(ends[0]), "no", "100000"),
        2: (list(ends[2]), "no", "150000"),
        4: (list(ends[4]), "yes", str(arcs.weight_ms[4])),
    }


def test_every_usable_arc_is_one_direction_of_one_way_with_its_milliseconds(arcs, tmp_path):
    write_osm(arcs, ways_of(arcs), tmp_path / "roads.osm.pbf")
    places, ways = read_back(tmp_path / "roads.osm.pbf")
    told = defaultdict(list)
    for number, (nodes, tags) in ways.items():
        arc = number - 1
        steps = [(nodes, arc)] if tags["oneway"] == "yes" else [(nodes, arc), (nodes[::-1], arc ^ 1)]
        for (tail, _, head), one in steps:
            told[one].append((tail, head, int(tags["ms"]), HIGHWAYS.index(tags["highway"])))
    wanted = {
        arc: [
            (
                junction_node(arcs.tail[arc]),
                junction_node(arcs.head[arc]),
                arcs.weight_ms[arc],
                arcs.network.road_class[arc // 2],
            )
        ]
        for arc in arcs.usable_arcs.tolist()
        if arcs.tail[arc] != arcs.head[arc]
    }
    assert told == wanted
    found = np.array([places[junction_node(junction)] for junction in range(arcs.junction_count)])
    assert np.abs(found - arcs.lonlat).max() <= 0.51 / PER_DEGREE


def test_a_bent_road_is_as_long_as_it_lasts(arcs, tmp_path):
    ways = ways_of(arcs, bent=True)
    write_osm(arcs, ways, tmp_path / "roads.osm.pbf")
    places, written = read_back(tmp_path / "roads.osm.pbf")
    way = np.array([[places[node] for node in nodes] for nodes, _ in written.values()])
    lasts = np.array([int(tags["ms"]) for _, tags in written.values()])
    long = metres(way[:, 0], way[:, 1]) + metres(way[:, 1], way[:, 2])
    assert np.abs(long - lasts * ways.metres_per_ms).max() < 0.5
    assert (long >= metres(way[:, 0], way[:, 2]) - 0.5).all()
    assert len(np.unique(ways.middle, axis=0)) == len(ways.arc)


def test_an_encoded_line_is_read():
    assert polyline("_izlhA~rlgdF_{geC~ywl@_kwzCn`{nI") == [
        (-120_200_000, 38_500_000),
        (-120_950_000, 40_700_000),
        (-126_453_000, 43_252_000),
    ]
