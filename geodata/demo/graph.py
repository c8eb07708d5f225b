"""Plain graph work for the demo generator: triangulation, cheapest paths, connected parts, chains of edges."""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.demo.plane import Points, centimetres, lengths_of

Edges = NDArray[np.int64]


def triangles_of(points: Points) -> Edges:
    """Return the (t, 3) point indices of the Delaunay triangles of points rounded to the centimetre."""
    parts = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(points)))
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
    keys = keys_of(points)
    order = np.argsort(keys, kind="stable")
    found = order[np.searchsorted(keys[order], keys_of(corners))]
    return np.sort(found.reshape(-1, 3), axis=1)


def keys_of(points: Points) -> Edges:
    """Return a whole number for each point, equal for equal centimetres and ordered by x, then y."""
    whole = np.rint(centimetres(points) * 100).astype(np.int64) + 2**30
    return np.asarray(whole[:, 0] * 2**32 + whole[:, 1])


def edges_of(triangles: Edges) -> Edges:
    """Return each (low, high) edge of the triangles once, ordered."""
    low = np.concatenate([triangles[:, 0], triangles[:, 0], triangles[:, 1]])
    high = np.concatenate([triangles[:, 1], triangles[:, 2], triangles[:, 2]])
    keys = np.unique(low * np.int64(2**32) + high)
    return np.stack([keys >> 32, keys & (2**32 - 1)], axis=1)


def edge_lengths(points: Points, edges: Edges) -> NDArray[np.float64]:
    """Return the length of each edge."""
    return lengths_of(points[edges[:, 1]] - points[edges[:, 0]])


def without_longest(points: Points, triangles: Edges) -> Edges:
    """Return the edges that are the longest of no triangle (Urquhart 1980): connected, and looks like lanes."""
    edges = edges_of(triangles)
    pairs = triangles[:, [[0, 1], [0, 2], [1, 2]]]
    length = lengths_of(points[pairs[..., 1]] - points[pairs[..., 0]])
    longest = pairs[np.arange(len(triangles)), np.argmax(length, axis=1)]
    size = np.int64(len(points))
    keep = ~np.isin(edges[:, 0] * size + edges[:, 1], longest[:, 0] * size + longest[:, 1])
    return edges[keep]


@dataclass(frozen=True, slots=True)
class Forest:
    """Cheapest paths from many sources: of each node its cost, its edge towards the source, and the source."""

    cost: list[int]
    edge: list[int]
    parent: list[int]
    source: list[int]

    def path_edges(self, node: int) -> list[int]:
        """Return the edges from a node back to its source."""
        edges = []
        while self.parent[node] >= 0:
            edges.append(self.edge[node])
            node = self.parent[node]
        return edges


class WeightedGraph:
    """An undirected graph with whole-number weights that may be lowered where a road is laid."""

    def __init__(self, nodes: int, edges: Edges, weights: NDArray[np.int64]) -> None:
        self.weight: list[int] = weights.tolist()
        self._beside: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
        for number, (one, other) in enumerate(edges.tolist()):
            self._beside[one].append((other, number))
            self._beside[other].append((one, number))

    def cheapest_path(self, start: int, goals: Container[int]) -> list[int]:
        """Return the edges of the cheapest path to the first of the goals, goal first; empty where it starts at one.

        Dijkstra's algorithm, ties to lower numbers.
        """
        cost, came = {start: 0}, {start: (-1, -1)}
        queue, node = [(0, start)], start
        while queue:
            reached, node = heapq.heappop(queue)
            if node in goals:
                break
            if reached > cost[node]:
                continue
            for other, edge in self._beside[node]:
                further = reached + self.weight[edge]
                if further < cost.get(other, 2**62):
                    cost[other], came[other] = further, (edge, node)
                    heapq.heappush(queue, (further, other))
        path = []
        while came[node][0] >= 0:
            path.append(came[node][0])
            node = came[node][1]
        return path

    def cheapest_forest(self, sources: Iterable[int]) -> Forest:
        """Run Dijkstra's algorithm from all sources at once; ties go to lower numbers."""
        count = len(self._beside)
        forest = Forest([2**62] * count, [-1] * count, [-1] * count, [-1] * count)
        queue = []
        for node in sources:
            forest.cost[node], forest.source[node] = 0, node
            queue.append((0, node))
        heapq.heapify(queue)
        while queue:
            cost, node = heapq.heappop(queue)
            if cost == forest.cost[node]:
                self._relax(forest, queue, node)
        return forest

    def _relax(self, forest: Forest, queue: list[tuple[int, int]], node: int) -> None:
        for other, edge in self._beside[node]:
            cost = forest.cost[node] + self.weight[edge]
            if cost < forest.cost[other]:
                forest.cost[other], forest.edge[other] = cost, edge
                forest.parent[other], forest.source[other] = node, forest.source[node]
                heapq.heappush(queue, (cost, other))


def parts_of(nodes: int, edges: Edges) -> Edges:
    """Return for each node the lowest node of its connected part."""
    part = np.arange(nodes)
    while True:
        low = np.minimum(part[edges[:, 0]], part[edges[:, 1]])
        lower = part.copy()
        for side in (0, 1):
            np.minimum.at(lower, part[edges[:, side]], low)
            np.minimum.at(lower, edges[:, side], low)
        lower = lower[lower]
        if np.array_equal(lower, part):
            return part
        part = lower
