"""The judge itself is judged: by networkx, with roads closed, and where there is no way."""

from __future__ import annotations

import networkx as nx
import numpy as np


def plain_graph(arcs, closed=frozenset()):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(arcs.junction_count))
    for arc in arcs.usable_arcs.tolist():
        if arc // 2 not in closed:
            graph.add_edge(int(arcs.tail[arc]), int(arcs.head[arc]), weight=int(arcs.weight_ms[arc]))
    return graph


def test_durations_from_a_junction_are_those_of_networkx(arcs, oracle):
    reach = nx.single_source_dijkstra_path_length(plain_graph(arcs), 7)
    expected = np.array([reach.get(junction, np.inf) for junction in range(arcs.junction_count)])
    assert np.array_equal(oracle.all_ms(7), expected)


def test_closed_roads_are_never_used(arcs, oracle):
    chance = np.random.default_rng(1)
    for _ in range(20):
        closed = frozenset(chance.choice(arcs.road_count, 150, replace=False).tolist())
        origin, destination = chance.choice(arcs.junction_count, 2, replace=False).tolist()
        reach = nx.single_source_dijkstra_path_length(plain_graph(arcs, closed), origin)
        assert oracle.least_ms(origin, destination, closed) == reach.get(destination)


def test_there_is_no_way_out_of_closed_roads(arcs, oracle):
    assert oracle.least_ms(0, 5, frozenset(range(arcs.road_count))) is None
