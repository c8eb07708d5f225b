"""Random road-like graphs as bare arcs with costs, and scipy's answers on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from routing.hierarchy.order import junction_order
from routing.hierarchy.query import new_desk, shortest_path
from routing.hierarchy.topology import Topology, build_topology
from routing.hierarchy.weights import Weights, empty_weights, fill_in
from routing.metric import FAR, SHUT


@dataclass(frozen=True)
class Arcs:
    """Arcs between n junctions: (a, 2) ends, (n, 2) positions, (a,) costs."""

    ends: np.ndarray
    at: np.ndarray
    cost: np.ndarray

    @property
    def count(self) -> int:
        return len(self.at)

    def topology(self, order: np.ndarray | None = None) -> Topology:
        return build_topology(self.ends, self.count, junction_order(self.ends, self.at) if order is None else order)


def grid(side: int, *, seed: int) -> Arcs:
    """Return a street grid, both ways, with random costs and a fifth of the arcs shut; parallel arcs and loops too."""
    random = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    pairs = np.vstack(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    pairs = np.vstack([pairs, pairs[random.integers(0, len(pairs), side)], np.column_stack([number[0], number[0]])])
    ends = np.vstack([pairs, pairs[:, ::-1]]).astype(np.int32)
    cost = random.integers(1, 1000, len(ends))
    cost[random.random(len(cost)) < 0.2] = SHUT
    at = np.column_stack(np.divmod(np.arange(side * side), side)) + random.normal(0, 0.1, (side * side, 2))
    return Arcs(ends, at, cost)


@st.composite
def small_arcs(draw: st.DrawFn, *, most_junctions: int = 9, most_arcs: int = 24) -> Arcs:
    """Draw a small graph; parallel arcs, loops, islands and shut arcs occur."""
    count = draw(st.integers(1, most_junctions))
    spot = st.integers(0, count - 1)
    arcs = draw(st.lists(st.tuples(spot, spot, st.integers(-1, 30)), max_size=most_arcs))
    rows = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    at = np.array([divmod(number, 3) for number in range(count)], dtype=float)
    return Arcs(rows[:, :2].astype(np.int32), at, rows[:, 2])


def least_costs(arcs: Arcs, cost: np.ndarray, junction: int) -> np.ndarray:
    """Return scipy's least costs from a junction, infinity where there is no way."""
    count = arcs.count
    least: dict[tuple[int, int], int] = {}
    for (tail, head), one in zip(arcs.ends.tolist(), cost.tolist(), strict=True):
        if one >= 0 and tail != head:
            least[tail, head] = min(one, least.get((tail, head), one))
    pairs = np.array(list(least), dtype=np.int64).reshape(-1, 2)
    # scipy takes a stored zero for no arc: everything is counted in halves, and a free arc costs less than any other.
    values = np.array([max(one, 1e-9) for one in least.values()])
    graph = coo_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()
    return np.where(np.isfinite(found := dijkstra(graph, indices=junction)), np.floor(found + 1e-3), np.inf)


def filled(topology: Topology, cost: np.ndarray) -> Weights:
    """Return weights filled in for these costs."""
    weights = empty_weights(topology)
    weights.cost[:] = cost
    fill_in(topology, weights)
    return weights


def at(*junctions: int, cost: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return np.array(junctions, dtype=np.int32), np.full(len(junctions), cost, dtype=np.int64)


def as_floats(keys: np.ndarray) -> np.ndarray:
    return np.where(keys >= FAR, np.inf, keys.astype(float))


def assert_paths_are_least(arcs: Arcs, topology: Topology, weights: Weights, *, origins: list[int], goals: list[int]):
    """Every path costs what scipy says, joins its ends, and runs over no shut arc."""
    desk = new_desk(topology)
    for origin in origins:
        expected = least_costs(arcs, weights.cost, origin)
        for goal in goals:
            best, path = shortest_path(topology, weights, (at(origin), at(goal)), desk)
            assert (best if best < FAR else np.inf) == expected[goal]
            assert (weights.cost[path] >= 0).all()
            assert best >= FAR or weights.cost[path].sum() == best
            steps = [origin, *arcs.ends[path, 1].tolist()]
            assert steps[:-1] == arcs.ends[path, 0].tolist()
            assert best >= FAR or steps[-1] == goal
        assert (desk.reach == FAR).all()
