"""Weights filled in or updated are the same, whatever is closed and reopened, and paths over them equal scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.hierarchy.update_desk import Notes, new_update_desk, take_notes
from routing.hierarchy.updating import take_back, update
from routing.hierarchy.weights import fill_in
from routing.metric import FAR, SHUT
from tests.routing.arcs import Arcs, as_floats, assert_paths_are_least, at, filled, grid, least_costs, small_arcs

ANY = 1 << 60


def assert_is_clear(desk):
    assert not desk.anew.any()
    assert not desk.noted_at.any()
    assert not desk.waits.any()
    assert not desk.mark.any()


def change(topology, weights, arcs, costs) -> bool:
    """Change costs; first take the change back once, and see that nothing is left of it."""
    numbers = np.array(arcs, dtype=np.int32)
    desk = new_update_desk(topology)
    before = [array.copy() for array in weights]
    weights.cost[numbers] = costs
    update(topology, weights, numbers, ANY, desk)
    take_back(weights, take_notes(desk))
    assert_is_clear(desk)
    assert all(np.array_equal(one, other) for one, other in zip(weights[1:], before[1:], strict=True))
    done = update(topology, weights, numbers, ANY, desk)
    if not done:
        fill_in(topology, weights)
    assert_is_clear(desk)
    return done


@pytest.mark.parametrize("seed", range(4))
def test_closing_and_reopening_arcs_gives_the_weights_of_filling_in(seed):
    arcs, random = grid(30, seed=seed), np.random.default_rng(seed)
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    for many in (1, 3, 30, 300, 1500):
        chosen = random.choice(len(arcs.ends), many, replace=False)
        for costs in (np.full(many, SHUT), random.integers(0, 1000, many), arcs.cost[chosen]):
            change(topology, weights, chosen, costs)
            assert np.array_equal(weights.weight, filled(topology, weights.cost).weight)
    assert_paths_are_least(arcs, topology, weights, origins=[7, 333], goals=list(range(0, 900, 37)))


def play(data, arcs: Arcs, *, rounds: int) -> None:
    """Close, open and change arcs round after round; every path holds each time."""
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    spots = list(range(arcs.count))
    assert_paths_are_least(arcs, topology, weights, origins=spots[:2], goals=spots)
    for _ in range(rounds if len(arcs.ends) else 0):
        rows = st.lists(st.integers(0, len(arcs.ends) - 1), min_size=1, max_size=6, unique=True)
        chosen = np.array(data.draw(rows), dtype=np.int64)
        costs = data.draw(
            st.sampled_from([np.full(len(chosen), SHUT), arcs.cost[chosen], (arcs.cost[chosen] * 7 + 3) % 40])
        )
        change(topology, weights, chosen, costs)
        assert np.array_equal(weights.weight, filled(topology, weights.cost).weight)
        assert_paths_are_least(arcs, topology, weights, origins=spots[:2], goals=spots)


@given(st.data())
@settings(deadline=None, max_examples=120)
def test_any_sequence_of_closing_and_reopening_keeps_every_path_right(data):
    play(data, data.draw(small_arcs()), rounds=3)


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_sequences_of_closing_and_reopening_keep_every_path_right(data):
    play(data, data.draw(small_arcs(most_junctions=14, most_arcs=45)), rounds=5)


def test_an_update_gives_up_where_its_notes_are_full():
    arcs = grid(20, seed=9)
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    few = new_update_desk(topology)
    desk = few._replace(notes=Notes(*(array[:40] for array in few.notes)))
    before = weights.weight.copy()
    weights.cost[:200] = 1
    assert not update(topology, weights, np.arange(0, 200, 40, dtype=np.int32), ANY, desk)
    assert_is_clear(desk)
    take_back(weights, take_notes(desk))
    assert np.array_equal(weights.weight, before)


def test_an_update_gives_up_at_once_where_too_many_junctions_are_above():
    arcs = grid(20, seed=9)
    topology = arcs.topology()
    weights, desk = filled(topology, arcs.cost), new_update_desk(topology)
    for most, done in ((3, False), (400, True)):
        assert update(topology, weights, np.arange(0, 200, 40, dtype=np.int32), most, desk) is done
        assert_is_clear(desk)


def test_a_shut_arc_is_not_used_when_nothing_else_is_left():
    ends = np.array([[0, 1], [1, 2], [1, 0], [2, 1]], dtype=np.int32)
    arcs = Arcs(ends, np.zeros((3, 2)), np.array([5, SHUT, 5, 7]))
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    assert as_floats(weights.weight).max() == np.inf
    assert_paths_are_least(arcs, topology, weights, origins=[0, 1, 2], goals=[0, 1, 2])
    change(topology, weights, [1], [9])
    assert_paths_are_least(arcs, topology, weights, origins=[0, 1, 2], goals=[0, 1, 2])


def test_costs_near_the_largest_do_not_overflow():
    huge = FAR // 3
    ends = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]], dtype=np.int32)
    arcs = Arcs(ends, np.zeros((5, 2)), np.full(5, huge))
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    assert (weights.weight >= 0).all()
    assert (weights.weight <= FAR).all()


def test_of_parallel_arcs_the_cheapest_open_one_counts():
    ends = np.array([[0, 1], [0, 1], [0, 1]], dtype=np.int32)
    arcs = Arcs(ends, np.zeros((2, 2)), np.array([8, 5, 9]))
    topology = arcs.topology()
    weights = filled(topology, arcs.cost)
    for costs, least in (([8, SHUT, 9], 8), ([SHUT, SHUT, 9], 9), ([SHUT, SHUT, SHUT], FAR), ([8, 5, SHUT], 5)):
        change(topology, weights, [0, 1, 2], costs)
        assert weights.weight.min() == least
    assert least_costs(arcs, weights.cost, 0).tolist() == [0, 5]
    assert_paths_are_least(arcs, topology, weights, origins=[0], goals=[1])
    assert at(0)[1].tolist() == [0]
