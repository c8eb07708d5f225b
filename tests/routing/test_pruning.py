"""Only edges that lie on no least path are left out of a walk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.engine import Ask, Engine
from routing.hierarchy.pruning import EVERYWHERE, needed_walks
from routing.hierarchy.weight_pool import WeightPool
from routing.hierarchy.weights_on_demand import SORTED_OUT_AFTER, WeightsOnDemand
from routing.metric import FAR, Metric
from routing.route import Route
from tests.routing.arcs import filled, grid, least_costs, small_arcs
from tests.routing.oracle import CAR, SPEEDS, networks, points

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)


def sums(answer) -> tuple | None:
    return (answer.duration_s, answer.distance_m) if isinstance(answer, Route) else None


@given(small_arcs())
def test_an_edge_is_left_out_where_a_path_between_its_junctions_costs_less(arcs):
    topology = arcs.topology()
    weights, junction = filled(topology, arcs.cost), np.argsort(topology.rank)
    least = np.array([least_costs(arcs, arcs.cost, int(one)) for one in junction])[:, junction]
    for side, walk in enumerate(needed_walks(topology, weights)):
        way = (topology.tail, topology.head) if side == 0 else (topology.head, topology.tail)
        cost = weights.weight[:, side]
        expected = np.flatnonzero((cost < FAR) & (cost == least[way]))
        assert (walk.row[:, 1] >> 32).tolist() == expected.tolist()
        assert (walk.row[:, 1] & 0xFFFFFFFF).tolist() == topology.head[expected].tolist()
        assert walk.row[:, 0].tolist() == cost[expected].tolist()
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
        walks = weights.to_search().walks
        assert walks is EVERYWHERE or number == SORTED_OUT_AFTER
    assert (held.walks is EVERYWHERE) is bool(shut)


@given(st.data())
@settings(max_examples=40)
def test_a_route_along_the_needed_edges_is_the_route_along_all_of_them(data):
    network = data.draw(networks())
    whole, sorted_out = (Engine(replace(network), speeds_kmh=SPEEDS) for _ in range(2))
    sorted_out.make_ready(CAR)
    spots = [data.draw(points(network, [])) for _ in range(3)]
    for origin, destination in product(spots, spots):
        ask = Ask(origin, destination, CAR, NOW)
        assert sums(whole.route(ask)) == sums(sorted_out.route(ask))
