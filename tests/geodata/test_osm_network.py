"""The network of real files against a graph made straight from their ways, node by node."""

from __future__ import annotations

import math
import random

import networkx as nx
import numpy as np
import pytest

from geodata.components import car_arcs
from geodata.demo.roads import demo_network
from geodata.osm.access import access_bits, read_oneway
from geodata.osm.barriers import read_barrier
from geodata.osm.file import OsmExtract, read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.road_lengths import segment_lengths_m
from tests.conftest import shared
from tests.osm_writing import write_osm

COLUMNS = (
    "road_class",
    "name",
    "ref",
    "access",
    "tagged_kmh",
    "structure",
    "layer",
    "surface",
    "max_weight_kg",
    "max_height_m",
    "max_width_m",
    "max_length_m",
    "max_axle_load_kg",
)


def node_graph(extract: OsmExtract) -> nx.DiGraph:
    """Every segment of every way as an arc between OSM nodes; a blocking barrier's node is a place apart in each way."""
    graph = nx.DiGraph()
    blocked = {node for node, tags in extract.tagged_nodes.items() if (found := read_barrier(tags)) and found.cuts}
    for way in extract.ways:
        forward, backward = read_oneway(way.tags)[0].value
        forward = forward and access_bits(way.tags, default=3, suffix=":forward") & 1
        backward = backward and access_bits(way.tags, default=3, suffix=":backward") & 1
        at = extract.index_of(way.nodes)
        lengths = segment_lengths_m(extract.node_lonlat[at[:-1]], extract.node_lonlat[at[1:]])
        for number, (one, two, length) in enumerate(zip(way.nodes[:-1], way.nodes[1:], lengths, strict=True)):
            start = (int(one), way.id, number, "after") if int(one) in blocked else int(one)
            end = (int(two), way.id, number, "before") if int(two) in blocked else int(two)
            for tail, head, is_open in ((start, end, forward), (end, start, backward)):
                if is_open and length < graph.get_edge_data(tail, head, {"length": math.inf})["length"]:
                    graph.add_edge(tail, head, length=length)
    return graph


def junction_graph(network) -> nx.DiGraph:
    graph, usable = nx.DiGraph(), car_arcs(network)
    for road, direction in np.argwhere(usable):
        ends = network.junction_id[network.ends[road]].tolist()
        tail, head = ends if direction == 0 else ends[::-1]
        if network.length_m[road] < graph.get_edge_data(tail, head, {"length": math.inf})["length"]:
            graph.add_edge(tail, head, length=float(network.length_m[road]))
    return graph


@pytest.mark.parametrize(
    "name",
    ["yongcheng_411481_henan_2017.osm.pbf", "lixin_341623_2017.osm.pbf", "north-bayreuth_2014.osm.gz"],
)
def test_shortest_distances_equal_those_over_single_nodes(name):
    tally = ImportTally()
    extract = read_osm_file(shared(f"osm/{name}"), tally)
    network = build_osm_network(extract, country="CN", tally=tally).network
    by_node, by_junction = node_graph(extract), junction_graph(network)
    ids = sorted(set(by_junction) & set(by_node))
    choose = random.Random(7)
    for origin in choose.sample(ids, 15):
        expected = nx.single_source_dijkstra_path_length(by_node, origin, weight="length")
        found = nx.single_source_dijkstra_path_length(by_junction, origin, weight="length")
        for destination in ids:
            wanted = expected.get(destination, math.inf)
            assert found.get(destination, math.inf) == pytest.approx(wanted, abs=1e-3), (origin, destination)


def test_every_metre_of_the_ways_is_in_the_network():
    tally = ImportTally()
    extract = read_osm_file(shared("osm/yongcheng_411481_henan_2017.osm.pbf"), tally)
    whole = 0.0
    for way in extract.ways:
        at = extract.index_of(way.nodes)
        whole += float(segment_lengths_m(extract.node_lonlat[at[:-1]], extract.node_lonlat[at[1:]]).sum())
    network = build_osm_network(extract, country="CN", tally=tally).network
    assert float(network.length_m.sum()) == pytest.approx(whole, abs=0.01)


@pytest.fixture(scope="module", params=[0.2, pytest.param(1.0, marks=pytest.mark.long)])
def demo_twice(request, tmp_path_factory):
    """A network like the demo county's, small or in its full size, and the same written out as OSM and imported again."""
    path = tmp_path_factory.mktemp("demo") / "demo.osm.pbf"
    network, tally = demo_network(scale=request.param), ImportTally()
    write_osm(network, path)
    return network, build_osm_network(read_osm_file(path, tally), country="CN", tally=tally).network, tally


def test_the_demo_county_written_as_osm_comes_back_road_by_road(demo_twice):
    before, after, tally = demo_twice
    assert tally.dropped == []
    assert after.osm_way_id.tolist() == list(range(1, before.road_count + 1))
    assert np.array_equal(before.junction_id[before.ends], after.junction_id[after.ends])
    assert np.allclose(before.length_m, after.length_m, rtol=2e-3, atol=0.05)


@pytest.mark.parametrize("column", COLUMNS)
def test_what_is_known_of_the_demo_roads_comes_back(demo_twice, column):
    before, after = (getattr(network, column) for network in demo_twice[:2])
    different = np.flatnonzero((before != after).reshape(len(before), -1).any(axis=1))
    assert len(different) == 0, [(before[road], after[road]) for road in different[:5]]
