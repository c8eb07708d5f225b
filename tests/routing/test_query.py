"""Paths between sets of junctions, with what it costs to reach them."""

from __future__ import annotations

import numpy as np
import pytest

from routing.hierarchy.dissection import dissection_order
from routing.hierarchy.order import junction_order
from routing.hierarchy.query import new_desk, shortest_path
from routing.metric import FAR
from tests.routing.arcs import Arcs, assert_paths_are_least, at, filled, grid


@pytest.mark.parametrize("seed", range(3))
def test_every_path_equals_scipy_with_any_order(seed):
    arcs, random = grid(30, seed=seed), np.random.default_rng(seed)
    spots = random.integers(0, 900, 25).tolist()
    own = junction_order(arcs.ends, arcs.at, dissection=dissection_order)
    for order in (None, own, random.permutation(900).astype(np.int32)):
        topology = arcs.topology(order)
        assert_paths_are_least(arcs, topology, filled(topology, arcs.cost), origins=spots[:3], goals=spots)


def two_roads() -> Arcs:
    ends = np.array([[0, 1], [1, 0], [1, 2], [2, 1]], dtype=np.int32)
    return Arcs(ends, np.zeros((3, 2)), np.full(4, 100))


def test_the_cheapest_of_several_ends_is_taken():
    topology = two_roads().topology()
    seeds = np.array([0, 2, 2], dtype=np.int32), np.array([10, 50, 40], dtype=np.int64)
    weights = filled(topology, two_roads().cost)
    best, path = shortest_path(topology, weights, (seeds, at(1, cost=5)), new_desk(topology))
    assert (best, path.tolist()) == (115, [0])


def test_no_end_to_start_from_is_no_path():
    topology = two_roads().topology()
    best, path = shortest_path(topology, filled(topology, two_roads().cost), (at(), at(1)), new_desk(topology))
    assert (best, len(path)) == (FAR, 0)


def test_ends_on_islands_have_no_path_and_leave_the_desk_clean():
    arcs = Arcs(np.array([[0, 1], [2, 3]], dtype=np.int32), np.zeros((4, 2)), np.array([3, 4]))
    topology = arcs.topology()
    assert_paths_are_least(arcs, topology, filled(topology, arcs.cost), origins=[0, 1, 2, 3], goals=[0, 1, 2, 3])


def test_a_graph_of_one_junction_has_the_empty_path():
    arcs = Arcs(np.empty((0, 2), dtype=np.int32), np.zeros((1, 2)), np.empty(0, dtype=np.int64))
    topology = arcs.topology()
    best, path = shortest_path(topology, filled(topology, arcs.cost), (at(0), at(0)), new_desk(topology))
    assert (best, len(path)) == (0, 0)
