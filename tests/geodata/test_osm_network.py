"""The network of real files against a graph made straight from their ways, node by node."""

from __future__ import annotations

import math
import random

import networkx as nx
import numpy as np
import pytest

from geodata.components import car_arcs
from geodata.import_tally import ImportTally
from geodata.osm_access import access_bits, read_oneway
from geodata.osm_barriers import read_barrier
from geodata.osm_file import OsmExtract, read_osm_file
from geodata.osm_network import build_osm_network
from geodata.road_lengths import segment_lengths_m
from tests.conftest import shared


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
