"""Weights brought up to date only where paths need them give the least path, and leave what nobody asked for undone."""

from __future__ import annotations

import threading
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hierarchy.query import new_desk, shortest_path
from routing.hierarchy.topology import Topology
from routing.hierarchy.weight_pool import WeightPool
from routing.hierarchy.weights_on_demand import WeightsOnDemand
from routing.metric import SHUT, Metric
from tests.routing.arcs import at, filled, grid

ARCS = grid(9, seed=4)
WHOLE = ARCS.cost.reshape(-1, 2)
METRIC = Metric(WHOLE >= 0, WHOLE, np.zeros(len(WHOLE), dtype=np.int64), ARCS.cost)


@cache
def topology() -> Topology:
    """The shape of these arcs; made by a test, not while tests are collected: kernels may have to be compiled."""
    return ARCS.topology()


@pytest.fixture
def pool() -> WeightPool:
    return WeightPool(topology())


def arcs(*numbers: int) -> np.ndarray:
    return np.array(sorted(numbers), dtype=np.int32)


def least(weights: WeightsOnDemand, origin: int, goal: int):
    desk = new_desk(topology())
    return weights.least(lambda given: shortest_path(topology(), given.weights, (at(origin), at(goal)), desk))


def costs_with(shut: np.ndarray) -> np.ndarray:
    cost = METRIC.key.copy()
    cost[shut] = SHUT
    return cost


def is_right(shut: np.ndarray, origin: int, goal: int, found) -> bool:
    exact = filled(topology(), costs_with(shut))
    expected = shortest_path(topology(), exact, (at(origin), at(goal)), new_desk(topology()))
    return found.cost == expected.cost and not np.isin(found.arcs, shut).any()


@given(st.data())
@settings(deadline=None, max_examples=80)
def test_whatever_was_asked_before_every_path_is_the_least_past_the_shut_arcs(data):
    pool, kept = WeightPool(topology()), []
    spots = st.integers(0, ARCS.count - 1)
    for _ in range(data.draw(st.integers(1, 5))):
        shut = arcs(*data.draw(st.sets(st.integers(0, len(ARCS.cost) - 1), max_size=120)))
        kept.append((shut, WeightsOnDemand(pool, METRIC, shut)))
        if data.draw(st.booleans()):
            kept.pop(data.draw(st.integers(0, len(kept) - 1)))
        for one, weights in kept * 2:
            origin, goal = data.draw(spots), data.draw(spots)
            assert is_right(one, origin, goal, least(weights, origin, goal))
        for one, weights in kept[:1]:
            assert np.array_equal(weights.held.weights.weight, filled(topology(), costs_with(one)).weight)


def test_arcs_shut_beside_the_path_cost_no_work_and_those_on_it_are_shut(pool):
    live = WeightsOnDemand(pool, METRIC, arcs())
    path = least(live, 0, ARCS.count - 1).arcs
    beside = arcs(*np.setdiff1d(np.arange(40), path))
    what_if = WeightsOnDemand(pool, METRIC, beside)
    assert least(what_if, 0, ARCS.count - 1).arcs.tolist() == path.tolist()
    assert what_if._held is live._held
    cut = WeightsOnDemand(pool, METRIC, arcs(*beside, path[2]))
    assert path[2] not in least(cut, 0, ARCS.count - 1).arcs
    assert cut._held.shut.tolist() == [path[2]]
    assert len(live.held.shut) == 0


def test_threads_that_ask_at_once_find_the_least_path(pool):
    random = np.random.default_rng(5)
    shut = np.unique(random.integers(0, len(ARCS.cost), 60)).astype(np.int32)
    weights, wrong = WeightsOnDemand(pool, METRIC, shut), []

    def work(seed: int) -> None:
        for origin, goal in np.random.default_rng(seed).integers(0, ARCS.count, (25, 2)).tolist():
            if not is_right(shut, origin, goal, least(weights, origin, goal)):
                wrong.append((origin, goal))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
