"""scipy.sparse.csgraph: Dijkstra over a sparse matrix; a closed arc weighs infinity."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from web.bench.router import Found

PACKAGE = "scipy"


class ScipyRouter:
    """Entries of one matrix, parallel roads side by side in their row."""

    def __init__(self, arcs):
        usable = arcs.usable_arcs
        self.arc = usable[np.argsort(arcs.tail[usable], kind="stable")]
        count = arcs.junction_count
        self.start = np.concatenate([[0], np.cumsum(np.bincount(arcs.tail[self.arc], minlength=count))])
        self.weight = arcs.weight_ms[self.arc].astype(np.float64)
        self.place = np.full(len(arcs.tail), -1, dtype=np.int64)
        self.place[self.arc] = np.arange(len(self.arc))
        self.head = arcs.head[self.arc]
        self.matrix_of = csr_matrix((self.weight.copy(), self.head, self.start), shape=(count, count))
        self.closed = np.empty(0, dtype=np.int64)

    def places(self, roads):
        found = self.place[np.concatenate([2 * roads, 2 * roads + 1])]
        return found[found >= 0]

    def route_on(self, matrix, origin, destination):
        reach, before = dijkstra(matrix, indices=origin, return_predecessors=True)
        if not np.isfinite(reach[destination]):
            return None
        arcs, junction = [], destination
        while junction != origin:
            tail = before[junction]
            row = slice(self.start[tail], self.start[tail + 1])
            weights = np.where(self.head[row] == junction, matrix.data[row], np.inf)
            arcs.append(int(self.arc[row][weights.argmin()]))
            junction = tail
        return Found(round(reach[destination]), arcs[::-1])

    def route(self, origin, destination):
        return self.route_on(self.matrix_of, origin, destination)

    def read(self, answer):
        return answer

    def close(self, roads):
        self.closed = self.places(roads)
        self.matrix_of.data[self.closed] = np.inf

    def reopen(self):
        self.matrix_of.data[self.closed] = self.weight[self.closed]

    def what_if(self, roads, origin, destination):
        twin = csr_matrix((self.matrix_of.data.copy(), self.head, self.start), shape=self.matrix_of.shape)
        twin.data[self.places(roads)] = np.inf
        return self.route_on(twin, origin, destination)

    def matrix(self, origins, destinations):
        return dijkstra(self.matrix_of, indices=origins)[:, destinations]


make_router = ScipyRouter
