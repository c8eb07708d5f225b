"""rustworkx: Dijkstra over a multigraph; a closed arc is taken out, since it routes through infinite weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import rustworkx as rx

from web.bench.router import Found

PACKAGE = "rustworkx"


class RustworkxRouter:
    """One edge an arc; what it carries is weight and arc, so its weight is asked for by a function."""

    def __init__(self, arcs):
        self.tail, self.head, self.weight = arcs.tail.tolist(), arcs.head.tolist(), arcs.weight_ms.tolist()
        self.usable = arcs.usable.tolist()
        self.graph = rx.PyDiGraph(multigraph=True)
        self.graph.add_nodes_from(range(arcs.junction_count))
        used = arcs.usable_arcs.tolist()
        self.edge_of = dict(zip(used, self.graph.add_edges_from([self.edge(arc) for arc in used]), strict=True))
        self.closed = []

    def edge(self, arc):
        return self.tail[arc], self.head[arc], (float(self.weight[arc]), arc)

    def arcs_of(self, roads):
        return [arc for arc in np.concatenate([2 * roads, 2 * roads + 1]).tolist() if self.usable[arc]]

    def route_on(self, graph, origin, destination):
        found = rx.digraph_dijkstra_shortest_paths(graph, origin, target=destination, weight_fn=lambda one: one[0])
        if destination not in found:
            return None
        steps = [min(graph.get_all_edge_data(one, other)) for one, other in pairwise(found[destination])]
        return Found(round(sum(weight for weight, _ in steps)), [arc for _, arc in steps])

    def route(self, origin, destination):
        return self.route_on(self.graph, origin, destination)

    def read(self, answer):
        return answer

    def close(self, roads):
        self.closed = self.arcs_of(roads)
        for arc in self.closed:
            self.graph.remove_edge_from_index(self.edge_of[arc])

    def reopen(self):
        edges = self.graph.add_edges_from([self.edge(arc) for arc in self.closed])
        self.edge_of.update(zip(self.closed, edges, strict=True))

    def what_if(self, roads, origin, destination):
        twin = self.graph.copy()
        for arc in self.arcs_of(roads):
            twin.remove_edge_from_index(self.edge_of[arc])
        return self.route_on(twin, origin, destination)

    def matrix(self, origins, destinations):
        goals, rows = destinations.tolist(), []
        for origin in origins.tolist():
            reach = dict(rx.digraph_dijkstra_shortest_path_lengths(self.graph, origin, lambda one: one[0]))
            reach[origin] = 0.0
            rows.append([reach.get(goal, np.inf) for goal in goals])
        return np.array(rows, dtype=np.float64)


make_router = RustworkxRouter
