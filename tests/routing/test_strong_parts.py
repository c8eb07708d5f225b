"""Strongly connected parts equal networkx's."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings

from routing.arc_graph import build_arc_graph
from routing.metric import build_metric
from routing.strong_parts import number_strong_parts
from tests.routing.oracle import CAR, SPEEDS, networks


@given(networks(most_junctions=9, most_roads=14))
@settings(deadline=None, max_examples=150)
def test_parts_equal_those_of_networkx_and_arcs_lead_to_lower_numbers(network):
    arcs, cost = build_arc_graph(network), build_metric(network, CAR, speeds_kmh=SPEEDS).key
    part = number_strong_parts(arcs, cost)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.junction_count))
    graph.add_edges_from(zip(arcs.tail[cost >= 0].tolist(), arcs.head[cost >= 0].tolist(), strict=True))
    expected = {frozenset(component) for component in nx.strongly_connected_components(graph)}
    assert {frozenset(np.flatnonzero(part == number).tolist()) for number in np.unique(part)} == expected
    assert (part[arcs.head[cost >= 0]] <= part[arcs.tail[cost >= 0]]).all()
