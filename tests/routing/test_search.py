"""The search equals scipy's on networks of thousands of junctions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from routing.arc_graph import ArcGraph, build_arc_graph
from routing.metric import FAR, SHUT
from routing.search import reach_many, shortest_path
from tests.networks import Road, make_network


def grid(side: int, *, seed: int) -> tuple[ArcGraph, np.ndarray]:
    """Return a street grid with random costs and a fifth of the arcs shut; parallel roads of equal ends too."""
    random = np.random.default_rng(seed)
    pairs = [(j, j + 1) for j in range(side * side) if (j + 1) % side] + [
        (j, j + side) for j in range(side * (side - 1))
    ]
    pairs += [pairs[index] for index in random.integers(0, len(pairs), side)]
    arcs = build_arc_graph(make_network([Road(f"r{n}", str(a), str(b)) for n, (a, b) in enumerate(pairs)]))
    cost = random.integers(1, 1000, 2 * len(pairs))
    cost[random.random(len(cost)) < 0.2] = SHUT
    return arcs, cost


def least_costs(arcs: ArcGraph, cost: np.ndarray, junction: int) -> np.ndarray:
    count = len(arcs.out_start) - 1
    table = np.full((count, count), np.inf)
    np.minimum.at(table, (arcs.tail[cost >= 0], arcs.head[cost >= 0]), cost[cost >= 0].astype(float))
    tails, heads = np.nonzero(np.isfinite(table))
    return dijkstra(coo_matrix((table[tails, heads], (tails, heads)), shape=table.shape).tocsr(), indices=junction)


def at(*junctions: int) -> tuple[np.ndarray, np.ndarray]:
    return np.array(junctions, dtype=np.int32), np.zeros(len(junctions), dtype=np.int64)


@pytest.mark.parametrize("seed", range(4))
def test_every_reach_and_path_equals_scipy(seed):
    arcs, cost = grid(30, seed=seed)
    expected = least_costs(arcs, cost, 7)
    everywhere = np.arange(900, dtype=np.int32)
    reached = reach_many(arcs, cost, at(7), everywhere)
    assert np.array_equal(np.where(reached == FAR, np.inf, reached.astype(float)), expected)
    for goal in np.random.default_rng(seed).integers(0, 900, 60):
        best, path = shortest_path(arcs, cost, at(7), at(int(goal)))
        assert (best if best < FAR else np.inf) == expected[goal]
        assert best >= FAR or ((cost[path] >= 0).all() and cost[path].sum() == best)
        joined = [7, *arcs.head[path].tolist()][:-1]
        assert joined == arcs.tail[path].tolist()


def test_the_cheapest_of_several_ends_is_taken():
    arcs = build_arc_graph(make_network([Road("a", "0", "1"), Road("b", "1", "2")]))
    seeds = np.array([0, 2, 2], dtype=np.int32), np.array([10, 50, 40], dtype=np.int64)
    best, path = shortest_path(
        arcs, np.full(4, 100, dtype=np.int64), seeds, (np.array([1], dtype=np.int32), np.array([5]))
    )
    assert (best, path.tolist()) == (115, [0])


def test_no_end_to_start_from_is_no_path():
    arcs = build_arc_graph(make_network([Road("a", "0", "1")]))
    best, path = shortest_path(arcs, np.full(2, 100, dtype=np.int64), at(), at(1))
    assert (best, len(path)) == (FAR, 0)
