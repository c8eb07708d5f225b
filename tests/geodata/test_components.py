"""Strongly connected parts for cars, against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.components import NO_PART, car_arcs, find_components, part_of_junctions, part_of_roads
from geodata.road_classes import RoadClass
from tests.networks import Road, make_network
from tests.osm_world import World

SPOTS = {letter: (113.0 + 0.01 * index, 33.0) for index, letter in enumerate("abcdefgh")}
ARCS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.integers(0, 3)), min_size=1)


def network_of(arcs):
    roads = [
        Road(f"r{number}", start, end, 100.0, RoadClass.COUNTY, access=(directions & 1, directions >> 1))
        for number, (start, end, directions) in enumerate(arcs)
    ]
    return make_network(roads, SPOTS)


def oracle(network) -> list[int]:
    graph, usable = nx.DiGraph(), car_arcs(network)
    for road in range(network.road_count):
        start, end = (int(junction) for junction in network.ends[road])
        graph.add_edges_from([(start, end)] * int(usable[road, 0]) + [(end, start)] * int(usable[road, 1]))
    return sorted((len(part) for part in nx.strongly_connected_components(graph)), reverse=True)


@given(ARCS)
def test_parts_equal_those_of_networkx(arcs):
    network = network_of(arcs)
    found = find_components(network, part_of_junctions(network))
    assert [part.junctions for part in found] == oracle(network)


@given(ARCS)
def test_every_open_road_is_in_a_part_or_between_two(arcs):
    network = network_of(arcs)
    part = part_of_junctions(network)
    inside = part_of_roads(network, part) != NO_PART
    counted = sum(sum(one.classes.values()) for one in find_components(network, part))
    assert counted == int(inside.sum())


def test_a_one_way_dead_end_is_a_part_of_its_own(tmp_path):
    built, _ = World().way(1, "abgfa").way(2, "bc", oneway="yes").build(tmp_path)
    part = part_of_junctions(built.network)
    parts = find_components(built.network, part)
    assert [one.junctions for one in parts] == [2, 1]
    assert part_of_roads(built.network, part).tolist().count(NO_PART) == 1


def test_junctions_that_no_car_reaches_are_in_no_part(tmp_path):
    network = World().way(1, "ab").way(2, "cd", access="no").build(tmp_path)[0].network
    assert part_of_junctions(network).tolist() == [0, 0, NO_PART, NO_PART]


@pytest.mark.parametrize("length", [5_000])
def test_a_long_chain_needs_no_deep_recursion(length):
    spots = {str(number): (113.0 + number / length, 33.0) for number in range(length)}
    roads = [Road(f"r{n}", str(n), str(n + 1), 1.0, RoadClass.VILLAGE) for n in range(length - 1)]
    assert np.all(part_of_junctions(make_network(roads, spots)) == 0)
