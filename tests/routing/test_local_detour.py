"""Arcs that surely have a way round: where it says so, closing them all changes nobody's reach."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.local_detour import have_ways_round
from routing.metric import SHUT, build_metric
from routing.open_network import close_arcs
from tests.networks import Road, make_network, one_way
from tests.routing.oracle import CAR, SPEEDS, closings_on, networks


def view_of(network, closings=()):
    metric = build_metric(network, CAR, speeds_kmh=SPEEDS)
    return close_arcs(network, metric=metric, closings=closings)


def reach(view, closed=()):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(view.network.junction_count))
    for arc in range(2 * view.network.road_count):
        if view.cost[arc] != SHUT and arc not in closed:
            graph.add_edge(int(view.graph.tail[arc]), int(view.graph.head[arc]))
    return {(one, other) for one, reached in nx.all_pairs_shortest_path_length(graph) for other in reached}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_has_ways_round_changes_nobodys_reach_and_the_rest_changes_somebodys(data):
    network = data.draw(networks())
    view = view_of(network, data.draw(closings_on(network)))
    arcs = data.draw(st.sets(st.integers(0, 2 * network.road_count - 1), max_size=4))
    assert have_ways_round(view, arcs) == (reach(view, arcs) == reach(view))


def test_a_dead_end_has_none_and_a_ring_has_one_each_way():
    network = make_network([Road("a", "A", "B"), Road("b", "B", "C"), Road("c", "C", "A"), one_way("d", "C", "D")])
    view = view_of(network)
    assert have_ways_round(view, [0, 1])
    assert not have_ways_round(view, [6])
    assert not have_ways_round(view, [0, 1, 2, 3])


def test_an_arc_that_nobody_may_use_closes_nothing():
    view = view_of(make_network([one_way("a", "A", "B")]))
    assert have_ways_round(view, [1])
    assert not have_ways_round(view, [0])
