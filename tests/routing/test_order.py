"""Orders hold every junction once, and good ones are found where a graph has a narrow waist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from routing.hierarchy.dissection import dissection_order
from routing.hierarchy.low_degree import strip_low_degree
from routing.hierarchy.order import MANY_NODES, dissection_for, junction_order, metis_order
from routing.hierarchy.plain_graph import plain_graph
from tests.routing.arcs import Arcs, grid, small_arcs


@given(small_arcs(most_arcs=40))
@settings(deadline=None, max_examples=200)
def test_every_junction_comes_once(arcs):
    assert sorted(junction_order(arcs.ends, arcs.at).tolist()) == list(range(arcs.count))


@pytest.mark.parametrize("spread", [0.0, 1e9])
def test_junctions_in_one_place_or_one_far_away_are_ordered_too(spread):
    arcs = grid(20, seed=4)
    at = np.zeros_like(arcs.at)
    at[0] = spread
    assert sorted(junction_order(arcs.ends, at).tolist()) == list(range(400))
    assert arcs.topology(junction_order(arcs.ends, at)).edge_count < 3 * arcs.topology().edge_count


def test_a_clique_is_ordered_too():
    ends = np.array([(one, other) for one in range(70) for other in range(one)], dtype=np.int32)
    assert sorted(dissection_order(plain_graph(ends, 70), np.zeros((70, 2))).tolist()) == list(range(70))


def test_a_row_of_roads_stays_shallow():
    ends = np.column_stack([np.arange(1023), np.arange(1, 1024)]).astype(np.int32)
    topology = Arcs(ends, np.zeros((1024, 2)), np.ones(1023, dtype=np.int64)).topology()
    height = np.zeros(1025, dtype=int)
    for node in range(1023, -1, -1):
        height[node] = height[topology.parent[node]] + 1
    assert height.max() <= 20
    assert topology.edge_count <= 2 * 1024


def test_stripping_joins_the_neighbours_of_what_it_takes_out():
    # A square 0-1-2-3 with both diagonals, and a tail 3-4-5 that ends in a triangle's corner 0.
    ends = np.array([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 3), (3, 4), (4, 5), (5, 0)], dtype=np.int32)
    taken, kept, inner = strip_low_degree(plain_graph(ends, 6))
    assert (sorted(taken.tolist()), kept.tolist()) == ([4, 5], [0, 1, 2, 3])
    assert [sorted(inner.near[inner.start[n] : inner.start[n + 1]].tolist()) for n in range(4)] == [
        [1, 2, 3],
        [0, 2, 3],
        [0, 1, 3],
        [0, 1, 2],
    ]


def test_the_waist_of_two_blocks_is_cut_first():
    left, right = grid(15, seed=5), grid(15, seed=6)
    bridge = np.array([[7 * 15 + 14, 225], [225, 226 + 7 * 15]], dtype=np.int32)
    ends = np.vstack([left.ends, right.ends + 226, bridge])
    at = np.vstack([left.at, [[7.0, 30.0]], right.at + np.array([0.0, 46.0])])
    order = junction_order(ends, at)
    assert {225, 7 * 15 + 14, 226 + 7 * 15} & set(order[-2:].tolist())


def test_our_own_order_needs_hardly_more_shortcuts_than_that_of_metis():
    pytest.importorskip("pymetis", reason="METIS has no wheel here")
    whole = grid(60, seed=7)
    open_ends = whole.ends[: len(whole.ends) // 2][
        whole.cost[: len(whole.ends) // 2] >= 0
    ]  # a fifth of the streets is missing: no even grid, where METIS is better
    arcs = Arcs(open_ends, whole.at, np.ones(len(open_ends), dtype=np.int64))
    own = arcs.topology().edge_count
    assert own <= 1.1 * arcs.topology(junction_order(arcs.ends, arcs.at, dissection=metis_order)).edge_count


def test_metis_orders_large_graphs_only():
    pytest.importorskip("pymetis")
    assert dissection_for(MANY_NODES - 1) is dissection_order
    assert dissection_for(MANY_NODES) is metis_order
