"""Least costs to all, and from many to many by sweeps and by buckets, equal scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from routing.hierarchy import sweeps
from routing.hierarchy.sweeps import reach_all, reach_many, seeds_of
from routing.metric import FAR
from tests.routing.arcs import as_floats, at, filled, grid, least_costs, small_arcs


@given(small_arcs())
@settings(deadline=None, max_examples=150)
def test_one_to_all_and_back_equal_scipy(arcs):
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    costs = np.array([least_costs(arcs, arcs.cost, junction) for junction in range(arcs.count)])
    assert np.array_equal(as_floats(reach_all(topology, weights, at(0))), costs[0])
    assert np.array_equal(as_floats(reach_all(topology, weights, at(0), back=True)), costs[:, 0])


@pytest.mark.parametrize("few", [0, 1000])
def test_many_to_many_equals_scipy_by_sweeps_and_by_buckets(few, monkeypatch):
    monkeypatch.setattr(sweeps, "FEW_GOALS", few)
    arcs, random = grid(25, seed=3), np.random.default_rng(3)
    topology = arcs.topology()
    origins, goals = random.integers(0, 625, 19), random.integers(0, 625, 40).astype(np.int32)
    expected = [least_costs(arcs, arcs.cost, int(origin))[goals] for origin in origins]
    table = reach_many(topology, filled(topology, arcs.cost), seeds_of([at(int(origin)) for origin in origins]), goals)
    assert np.array_equal(as_floats(table), np.array(expected))


@pytest.mark.parametrize("few", [0, 1000])
def test_origins_of_two_junctions_or_none_are_rows_of_their_own(few, monkeypatch):
    monkeypatch.setattr(sweeps, "FEW_GOALS", few)
    arcs = grid(5, seed=4)
    topology = arcs.topology()
    seeds = [(np.array([3, 9], dtype=np.int32), np.array([40, 7])), at()]
    table = reach_many(topology, filled(topology, arcs.cost), seeds_of(seeds), np.arange(25, dtype=np.int32))
    both = np.minimum(least_costs(arcs, arcs.cost, 3) + 40, least_costs(arcs, arcs.cost, 9) + 7)
    assert np.array_equal(as_floats(table[0]), both)
    assert (table[1] == FAR).all()


@pytest.mark.parametrize(("origins", "goals"), [(0, 3), (3, 0), (0, 0)])
def test_an_empty_table_is_empty(origins, goals):
    topology = grid(3, seed=5).topology()
    table = reach_many(
        topology, filled(topology, grid(3, seed=5).cost), seeds_of([at(1)] * origins), np.zeros(goals, dtype=np.int32)
    )
    assert table.shape == (origins, goals)
