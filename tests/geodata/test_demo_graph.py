"""Graph work of the demo generator against networkx and scipy."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from geodata.demo.chains import chains_of
from geodata.demo.graph import WeightedGraph, edge_lengths, edges_of, parts_of, triangles_of, without_longest
from geodata.demo.settlements import share_out


def scattered(count: int, seed: int = 1) -> np.ndarray:
    return np.round(np.random.default_rng(seed).random((count, 2)) * 10_000, 2)


def joined(pairs: list[tuple[int, int]], kinds: list[int] | None = None, one_way: bool = False) -> list[list[int]]:
    edges = np.array(pairs)
    nodes = int(edges.max()) + 1
    chains = chains_of(
        nodes,
        edges,
        kind=np.array(kinds or [0] * len(pairs)),
        one_way=np.full(len(pairs), one_way),
        kept=np.zeros(nodes, dtype=bool),
    )
    return sorted(part.tolist() for part in np.split(chains.nodes, chains.start[1:-1]))


def test_triangulation_has_as_many_edges_as_euler_says() -> None:
    points = scattered(500)
    triangles = triangles_of(points)
    assert len(edges_of(triangles)) == len(points) + len(triangles) - 1


def test_leaving_out_the_longest_sides_keeps_the_shortest_tree() -> None:
    points = scattered(300)
    triangles = triangles_of(points)
    edges = edges_of(triangles)
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        (*edge, length) for edge, length in zip(edges.tolist(), edge_lengths(points, edges), strict=True)
    )
    kept = {tuple(edge) for edge in without_longest(points, triangles).tolist()}
    assert {tuple(sorted(edge)) for edge in nx.minimum_spanning_edges(graph, data=False)} <= kept


def test_cheapest_paths_equal_networkx() -> None:
    points = scattered(200)
    edges = edges_of(triangles_of(points))
    weights = np.rint(edge_lengths(points, edges) * 100).astype(np.int64)
    graph = WeightedGraph(len(points), edges, weights)
    oracle = nx.Graph()
    oracle.add_weighted_edges_from(
        (*edge, weight) for edge, weight in zip(edges.tolist(), weights.tolist(), strict=True)
    )
    for target in range(1, 200, 17):
        cost = sum(weights[graph.cheapest_path(0, (target,))].tolist())
        assert cost == nx.dijkstra_path_length(oracle, 0, target)
        assert cost == graph.cheapest_forest([0]).cost[target]


def test_forest_paths_lead_back_to_the_nearest_source() -> None:
    graph = WeightedGraph(4, np.array([[0, 1], [1, 2], [2, 3]]), np.array([1, 5, 1]))
    forest = graph.cheapest_forest([0, 3])
    assert forest.source == [0, 0, 3, 3]
    assert forest.path_edges(2) == [2]


def test_a_path_from_a_goal_is_empty() -> None:
    graph = WeightedGraph(2, np.array([[0, 1]]), np.array([1]))
    assert graph.cheapest_path(0, {0}) == []


def test_parts_equal_networkx() -> None:
    edges = np.random.default_rng(3).integers(0, 400, (300, 2))
    oracle = nx.Graph(edges.tolist())
    oracle.add_nodes_from(range(400))
    part = parts_of(400, edges)
    for component in nx.connected_components(oracle):
        assert {int(part[node]) for node in component} == {min(component)}


def test_edges_that_meet_alone_become_one_chain() -> None:
    assert joined([(0, 1), (2, 1), (2, 3)]) == [[0, 1, 2, 3]]


def test_a_chain_ends_at_a_fork() -> None:
    assert joined([(0, 1), (1, 2), (1, 3)]) == [[0, 1], [1, 2], [1, 3]]


def test_a_chain_ends_where_the_kind_changes() -> None:
    assert joined([(0, 1), (1, 2)], [1, 2]) == [[0, 1], [1, 2]]


def test_a_one_way_chain_runs_with_its_edges() -> None:
    assert joined([(2, 1), (1, 0)], one_way=True) == [[2, 1, 0]]


def test_one_way_edges_head_to_head_are_not_joined() -> None:
    assert joined([(0, 1), (2, 1)], one_way=True) == [[0, 1], [2, 1]]


def test_a_ring_at_a_fork_is_one_chain_that_comes_back() -> None:
    assert [0, 1, 2, 0] in [
        chain if chain[1] == 1 else chain[::-1] for chain in joined([(0, 1), (1, 2), (2, 0), (0, 3)])
    ]


def test_chains_use_every_edge_once() -> None:
    points = scattered(400)
    edges = without_longest(points, triangles_of(points))
    chains = chains_of(
        400, edges, kind=np.zeros(len(edges), int), one_way=np.zeros(len(edges), bool), kept=np.zeros(400, bool)
    )
    follows = chains.owner[1:] == chains.owner[:-1]
    walked = np.sort(np.stack([chains.nodes[:-1][follows], chains.nodes[1:][follows]], axis=1), axis=1)
    assert sorted(map(tuple, walked.tolist())) == sorted(map(tuple, edges.tolist()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sharing_out_gives_each_seat_its_count_at_least_cost(seed: int) -> None:
    points, seats = scattered(24, seed), scattered(4, seed + 50)
    counts = np.array([3, 9, 5, 7])
    seat = share_out(points, seats, counts)
    assert np.bincount(seat, minlength=4).tolist() == counts.tolist()
    cost = np.rint(((points[:, None] - seats[None]) ** 2).sum(axis=2) / 100).astype(int)
    slots = np.repeat(np.arange(4), counts)
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost[:, slots])
    assert cost[np.arange(24), seat].sum() == cost[rows, slots[columns]].sum()
