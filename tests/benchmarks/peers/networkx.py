"""networkx: bidirectional Dijkstra over a multigraph; a closed arc is taken out."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np

from web.bench.router import Found

PACKAGE = "networkx"


class NetworkxRouter:
    """One edge an arc, its key the arc's number."""

    def __init__(self, arcs):
        self.tail, self.head, self.weight = arcs.tail.tolist(), arcs.head.tolist(), arcs.weight_ms.tolist()
        self.usable = arcs.usable.tolist()
        self.graph = nx.MultiDiGraph()
        self.graph.add_nodes_from(range(arcs.junction_count))
        self.graph.add_edges_from(self.edge(arc) for arc in arcs.usable_arcs.tolist())
        self.closed = []

    def edge(self, arc):
        return self.tail[arc], self.head[arc], arc, {"weight": self.weight[arc]}

    def edges(self, roads):
        both = np.concatenate([2 * roads, 2 * roads + 1]).tolist()
        return [self.edge(arc) for arc in both if self.usable[arc]]

    def route_on(self, graph, origin, destination):
        try:
            duration, junctions = nx.bidirectional_dijkstra(graph, origin, destination)
        except nx.NetworkXNoPath:
            return None
        steps = pairwise(junctions)
        return Found(duration, [min(graph[one][other], key=self.weight.__getitem__) for one, other in steps])

    def route(self, origin, destination):
        return self.route_on(self.graph, origin, destination)

    def read(self, answer):
        return answer

    def close(self, roads):
        self.closed = self.edges(roads)
        self.graph.remove_edges_from(self.closed)

    def reopen(self):
        self.graph.add_edges_from(self.closed)

    def what_if(self, roads, origin, destination):
        view = nx.restricted_view(self.graph, [], [edge[:3] for edge in self.edges(roads)])
        return self.route_on(view, origin, destination)

    def matrix(self, origins, destinations):
        goals, rows = destinations.tolist(), []
        for origin in origins.tolist():
            reach = nx.single_source_dijkstra_path_length(self.graph, origin)
            rows.append([reach.get(goal, np.inf) for goal in goals])
        return np.array(rows, dtype=np.float64)


make_router = NetworkxRouter
