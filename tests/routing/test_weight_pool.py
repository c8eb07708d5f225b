"""Held weights never change, those nobody holds are used anew, and all are what filling in gives."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hierarchy.weight_pool import WeightPool
from routing.metric import SHUT, Metric
from tests.routing.arcs import filled, grid

ARCS = grid(12, seed=1)
NOTHING = np.empty(0, dtype=np.int32)


def metric_of(cost: np.ndarray) -> Metric:
    whole = cost.reshape(-1, 2)
    return Metric(whole >= 0, whole, np.zeros(len(whole), dtype=np.int64), cost)


METRIC, OTHER = metric_of(ARCS.cost), metric_of(np.where(ARCS.cost < 0, 17, ARCS.cost // 2 + 1))


@pytest.fixture
def pool() -> WeightPool:
    return WeightPool(ARCS.topology())


def is_right(pool: WeightPool, held, metric: Metric, shut: np.ndarray) -> bool:
    cost = metric.key.copy()
    cost[shut] = SHUT
    expected = filled(pool.topology, cost)
    return np.array_equal(held.weights.weight, expected.weight) and np.array_equal(held.weights.cost, cost)


def shut(*arcs: int) -> np.ndarray:
    return np.array(sorted(arcs), dtype=np.int32)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_is_held_meanwhile_weights_are_what_filling_in_gives(data):
    pool, held = WeightPool(ARCS.topology()), []
    for _ in range(data.draw(st.integers(1, 8))):
        metric = data.draw(st.sampled_from([METRIC, OTHER]))
        arcs = shut(*data.draw(st.sets(st.integers(0, len(ARCS.cost) - 1), max_size=60)))
        held.append((pool.hold(metric, arcs), metric, arcs))
        if data.draw(st.booleans()):
            held.pop(data.draw(st.integers(0, len(held) - 1)))
        assert all(is_right(pool, *one) for one in held)


def test_weights_that_nobody_holds_are_used_anew(pool):
    held = pool.hold(METRIC, shut(3))
    first = held.weights.weight
    del held
    assert pool.hold(METRIC, shut(4)).weights.weight is first


def test_weights_that_are_held_are_copied(pool):
    held = pool.hold(METRIC, shut(3))
    further = pool.hold(METRIC, shut(3, 5))
    assert further.weights.weight is not held.weights.weight
    assert is_right(pool, held, METRIC, shut(3))
    assert is_right(pool, further, METRIC, shut(3, 5))


def test_costs_of_any_kind_are_taken_and_the_next_ones_made_of_them(pool):
    near = pool.hold(METRIC, NOTHING)
    for factor in (2, 3):
        cost = np.where(ARCS.cost < 0, SHUT, ARCS.cost * factor)
        assert np.array_equal(pool.hold_costs(cost, near).weights.weight, filled(pool.topology, cost).weight)
    assert is_right(pool, pool.hold(METRIC, shut(8)), METRIC, shut(8))
    assert is_right(pool, near, METRIC, NOTHING)


def test_threads_that_ask_at_once_get_weights_of_their_own(pool):
    wrong: list[int] = []

    def work(number: int) -> None:
        for turn in range(30):
            arcs = shut(number, 50 + turn)
            if not is_right(pool, pool.hold(METRIC, arcs), METRIC, arcs):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_was_closed_step_by_step_is_taken_back_in_any_order(pool):
    for arcs in (shut(3), shut(3, 9), shut(3, 9, 60), shut(3), shut(9), shut(3, 9, 60), NOTHING):
        held = pool.hold(METRIC, arcs)
        assert is_right(pool, held, METRIC, arcs)
        del held
