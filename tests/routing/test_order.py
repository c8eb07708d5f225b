"""Orders hold every junction once, and good ones are found where a graph has a narrow waist."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings

from geodata.demo.roads import demo_network
from geodata.snapping import LocalPlane
from routing.hierarchy.dissection import dissection_order
from routing.hierarchy.hierarchy import arc_ends
from routing.hierarchy.low_degree import strip_low_degree
from routing.hierarchy.order import junction_order, metis_order, usual_dissection
from routing.hierarchy.plain_graph import plain_graph
from routing.hierarchy.topology import build_topology
from tests.routing.arcs import Arcs, grid, small_arcs


def _with_metis(order):
    """Return the order, or skip the test where it is that of METIS, which has no package for some machines."""
    if order is metis_order:
        pytest.importorskip("pymetis", reason="METIS has no wheel here")
    return order


ORDERS = pytest.mark.parametrize("order", [dissection_order, metis_order])


@ORDERS
@given(arcs=small_arcs(most_arcs=40))
@settings(max_examples=200)
def test_every_junction_comes_once(order, arcs):
    found = junction_order(arcs.ends, arcs.at, dissection=_with_metis(order))
    assert sorted(found.tolist()) == list(range(arcs.count))


@pytest.mark.parametrize("spread", [0.0, 1e9])
def test_junctions_in_one_place_or_one_far_away_are_ordered_too(spread):
    arcs = grid(20, seed=4)
    at = np.zeros_like(arcs.at)
    at[0] = spread
    order = junction_order(arcs.ends, at, dissection=dissection_order)
    assert sorted(order.tolist()) == list(range(400))
    assert arcs.topology(order).edge_count < 3 * arcs.topology().edge_count


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


@ORDERS
def test_the_waist_of_two_blocks_is_cut_first(order):
    left, right = grid(15, seed=5), grid(15, seed=6)
    bridge = np.array([[7 * 15 + 14, 225], [225, 226 + 7 * 15]], dtype=np.int32)
    ends = np.vstack([left.ends, right.ends + 226, bridge])
    at = np.vstack([left.at, [[7.0, 30.0]], right.at + np.array([0.0, 46.0])])
    found = junction_order(ends, at, dissection=_with_metis(order))
    assert {225, 7 * 15 + 14, 226 + 7 * 15} & set(found[-2:].tolist())


@pytest.mark.parametrize("scale", [0.25, pytest.param(1.0, marks=pytest.mark.long)])
def test_our_own_order_needs_hardly_more_shortcuts_than_that_of_metis(scale):
    network = demo_network(scale=scale)
    at, many = LocalPlane(network).to_metres(network.junction_lonlat), network.junction_count
    own, metis = (
        build_topology(
            arc_ends(network), many, junction_order(network.ends, at, dissection=_with_metis(order))
        ).edge_count
        for order in (dissection_order, metis_order)
    )
    print(f"{many} junctions: {own} edges with our own order, {metis} with that of METIS, {own / metis:.3f} times")
    assert own <= 1.1 * metis


def test_metis_orders_wherever_it_is():
    assert usual_dissection() is (metis_order if find_spec("pymetis") else dissection_order)
