"""Only edges that lie on no least path are left out of a walk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from routing.hierarchy.pruning import needed_walks, whole_walks
from routing.hierarchy.weight_pool import WeightPool
from routing.hierarchy.weights_on_demand import SORTED_OUT_AFTER, WeightsOnDemand
from routing.metric import FAR, Metric
from tests.routing.arcs import filled, grid, least_costs, small_arcs

NOTHING = np.empty(0, dtype=np.int32)


@given(small_arcs())
def test_an_edge_is_left_out_where_a_path_between_its_junctions_costs_less(arcs):
    topology = arcs.topology()
    weights, junction = filled(topology, arcs.cost), np.argsort(topology.rank)
    least = np.array([least_costs(arcs, arcs.cost, int(one)) for one in junction])[:, junction]
    for side, walk in enumerate(needed_walks(topology, weights)):
        way = (topology.tail, topology.head) if side == 0 else (topology.head, topology.tail)
        cost = weights.weight[:, side]
        expected = np.flatnonzero((cost < FAR) & (cost == least[way]))
        assert walk.edge.tolist() == expected.tolist()
        assert walk.head.tolist() == topology.head[expected].tolist()
        assert walk.cost.tolist() == cost[expected].tolist()
        assert np.repeat(np.arange(arcs.count), np.diff(walk.first)).tolist() == topology.tail[expected].tolist()


@pytest.mark.parametrize("shut", [[], [3]])
def test_edges_are_sorted_out_after_many_searches_while_every_road_is_open(shut):
    arcs = grid(9, seed=2)
    whole = arcs.cost.reshape(-1, 2)
    pool = WeightPool(arcs.topology())
    metric = Metric(whole >= 0, whole, np.zeros(len(whole), dtype=np.int64), arcs.cost)
    held = pool.hold(metric, np.array(shut, dtype=np.int32))
    weights = WeightsOnDemand(pool, metric, held.shut)
    for number in range(SORTED_OUT_AFTER + 1):
        assert len(weights.least(lambda given: given.walks[0].edge)) == 0 or number == SORTED_OUT_AFTER
    assert (len(held.walks[0].edge) > 0) is not bool(shut)
    assert len(whole_walks(pool.topology, held.weights)[0].edge) == 0
