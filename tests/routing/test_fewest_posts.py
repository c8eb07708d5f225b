"""The fewest posts: as few as networkx and brute force say, tight, and at the right place on their roads."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.fewest_posts import POST_FROM_JUNCTION_M, Post, Seal, fewest_posts
from routing.max_flow import max_flow
from tests.networks import Road, make_network, one_way
from tests.routing.oracle import networks


def seal(network, inside, outside, **further):
    """Junctions are named in the order in which the roads name them."""
    masks = [np.isin(np.arange(network.junction_count), numbers) for numbers in (inside, outside)]
    return Seal(*masks, usable=network.access > 0, **further)


def posts(network, inside, outside, **further):
    return [one.road for one in fewest_posts(network, seal(network, inside, outside, **further)).posts]


def test_three_roads_out_are_one_post_where_the_line_may_move_to_their_common_road():
    # inside 0; 1 gathers a, b, c; d leads on to outside 2
    network = make_network([Road("a", "0", "1"), Road("b", "0", "1"), Road("c", "0", "1"), Road("d", "1", "2")])
    assert posts(network, [0], [2]) == [3]
    assert posts(network, [0], [1, 2]) == [0, 1, 2]


def test_of_equal_lines_the_nearest_to_the_area_is_taken():
    network = make_network([Road("a", "0", "1"), Road("b", "1", "2")])
    found = fewest_posts(network, seal(network, [0], [2]))
    assert found.posts == (Post(0, POST_FROM_JUNCTION_M),)
    assert found.enclosed.tolist() == [True, False, False]


def test_a_gate_needs_no_post():
    network = make_network([Road("a", "0", "1"), Road("b", "0", "1")])
    assert posts(network, [0], [1], gates=frozenset({0})) == [1]
    assert posts(network, [0], [1], gates=frozenset({0, 1})) == []


def test_a_road_nobody_may_travel_needs_no_post():
    network = make_network([Road("a", "0", "1", access=(0, 0)), Road("b", "0", "1")])
    assert posts(network, [0], [1]) == [1]


def test_a_one_way_road_needs_a_post_whichever_way_it_leads():
    network = make_network([one_way("in", "1", "0"), one_way("out", "0", "1")])
    assert posts(network, [0], [1]) == [0, 1]


def test_one_way_roads_that_meet_head_on_need_no_post():
    # Undirected, a and b join inside and outside; driven, both lead to junction "2" and nobody gets further.
    network = make_network([one_way("a", "0", "2"), one_way("b", "1", "2"), Road("c", "0", "1")])
    found = fewest_posts(network, seal(network, [0], [2]))
    assert [one.road for one in found.posts] == [2]
    assert found.is_proven


def test_a_road_that_dips_into_the_area_gets_a_post_on_either_side():
    network = make_network([Road("dip", "0", "1"), Road("far", "2", "0")])
    found = fewest_posts(network, seal(network, [], [0, 1], edge_m={0: (300.0, 700.0)}, dips=(0,)))
    assert found.posts == (Post(0, 300.0), Post(0, 700.0))


def test_the_post_of_a_road_over_the_edge_stands_at_its_outermost_crossing():
    network = make_network([Road("a", "0", "1"), Road("b", "1", "0")])
    edge_m = {0: (200.0, 500.0, 600.0), 1: (450.0,)}
    found = fewest_posts(network, seal(network, [0], [1], edge_m=edge_m))
    assert found.posts == (Post(0, 600.0), Post(1, 450.0))


def test_the_post_of_a_backward_road_stands_near_its_inner_end():
    network = make_network([Road("a", "1", "0")])
    assert fewest_posts(network, seal(network, [1], [0])).posts == (Post(0, 1000.0 - POST_FROM_JUNCTION_M),)


def test_an_area_without_any_road_out_needs_no_post():
    network = make_network([Road("a", "0", "1"), Road("b", "2", "3")])
    assert posts(network, [0], [3]) == []


@settings(max_examples=200, deadline=None)
@given(networks(most_junctions=8, most_roads=16), st.data())
def test_the_flow_equals_networkx(network, data):
    count = network.junction_count
    assume(count >= 2)
    room = np.array(
        data.draw(
            st.lists(st.tuples(*[st.integers(0, 3)] * 2), min_size=network.road_count, max_size=network.road_count)
        )
    )
    flow, side = max_flow(count, network.ends.astype(np.int64), room.astype(np.int64))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(count))
    for (tail, head), (there, back) in zip(network.ends.tolist(), room.tolist(), strict=True):
        for one, other, amount in ((tail, head, there), (head, tail, back)):
            if one != other:
                known = graph.edges[one, other]["capacity"] if graph.has_edge(one, other) else 0
                graph.add_edge(one, other, capacity=known + int(amount))
    assert flow == nx.maximum_flow_value(graph, 0, 1)
    assert side[0]
    assert not side[1]
    leaving = sum(graph.edges[a, b]["capacity"] for a, b in graph.edges if side[a] and not side[b])
    assert leaving == flow


def leaks(network, closed, inside, outside):
    """Tell by a plain search whether anybody gets in or out."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.junction_count))
    for road, (tail, head) in enumerate(network.ends.tolist()):
        if road not in closed:
            graph.add_edges_from([(tail, head)] * bool(network.access[road, 0]))
            graph.add_edges_from([(head, tail)] * bool(network.access[road, 1]))
    pairs = [(a, b) for a in inside for b in outside]
    return any(nx.has_path(graph, *pair) or nx.has_path(graph, *reversed(pair)) for pair in pairs)


@settings(max_examples=80, deadline=None)
@given(networks(most_junctions=7, most_roads=8), st.data())
def test_posts_seal_tightly_and_are_fewest_where_proven(network, data):
    assume(network.junction_count >= 2)
    inside, outside = [0], [1]
    gates = frozenset(data.draw(st.sets(st.integers(0, network.road_count - 1), max_size=2)))
    found = fewest_posts(network, seal(network, inside, outside, gates=gates))
    closed = {one.road for one in found.posts}
    assert len(closed) == len(found.posts)
    assert not closed & gates
    assert not leaks(network, closed | gates, inside, outside)
    others = [road for road in range(network.road_count) if road not in gates]
    fewest = next(
        size
        for size in range(len(others) + 1)
        if any(not leaks(network, {*some, *gates}, inside, outside) for some in combinations(others, size))
    )
    assert found.least <= fewest <= len(closed)
    if network.access.all():
        assert found.is_proven
