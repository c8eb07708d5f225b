"""routingkit-cch: customizable contraction hierarchies in C++; closing is a partial update of its metric.

Its metric cannot change while a query lives, so a query is made anew after every change; a result must be gone before
the next question; a sum of 2^31 - 1 or more counts as unreachable, which is also how an arc is closed. The order of
the junctions is that of METIS where pymetis is installed, as its own best one, else its inertial one.
"""

from __future__ import annotations

import numpy as np
import routingkit_cch as rk

from web.bench.router import Found

PACKAGE = "routingkit-cch"
CLOSED = (1 << 31) - 1


def elimination_order(arcs):
    """Order the junctions by METIS, or by what the package brings itself."""
    try:
        import pymetis
    except ImportError:
        lat, lon = arcs.lonlat[:, 1].tolist(), arcs.lonlat[:, 0].tolist()
        return rk.compute_order_inertial(arcs.junction_count, arcs.tail.tolist(), arcs.head.tolist(), lat, lon)
    pairs = np.unique(np.stack([arcs.tail, arcs.head], axis=1)[arcs.tail != arcs.head], axis=0)
    start = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=arcs.junction_count))])
    order, _ = pymetis.nested_dissection(pymetis.CSRAdjacency(start.astype(np.int32), pairs[:, 1].astype(np.int32)))
    return np.asarray(order).tolist()


class RoutingkitRouter:
    """Arcs keep their numbers; those that may not be used are closed for good."""

    def __init__(self, arcs):
        usable = np.where(arcs.usable, np.minimum(arcs.weight_ms, CLOSED), CLOSED)
        self.weights = usable.tolist()
        self.shape = rk.CCH(elimination_order(arcs), arcs.tail.tolist(), arcs.head.tolist(), False)
        self.metric = rk.CCHMetric(self.shape, self.weights)
        self.updater = rk.CCHMetricPartialUpdater(self.shape)
        self.query = rk.CCHQuery(self.metric)
        self.closed = []

    def arcs_of(self, roads):
        return np.concatenate([2 * roads, 2 * roads + 1]).tolist()

    def route_by(self, query, origin, destination):
        result = query.run(origin, destination)
        duration = result.distance
        return None if duration is None else Found(duration, result.arc_path)

    def route(self, origin, destination):
        return self.route_by(self.query, origin, destination)

    def read(self, answer):
        return answer

    def change(self, weights):
        self.query = None
        self.updater.apply(self.metric, weights)
        self.query = rk.CCHQuery(self.metric)

    def close(self, roads):
        self.closed = self.arcs_of(roads)
        self.change(dict.fromkeys(self.closed, CLOSED))

    def reopen(self):
        self.change({arc: self.weights[arc] for arc in self.closed})

    def what_if(self, roads, origin, destination):
        weights = self.weights.copy()
        for arc in self.arcs_of(roads):
            weights[arc] = CLOSED
        return self.route_by(rk.CCHQuery(rk.CCHMetric(self.shape, weights)), origin, destination)

    def matrix(self, origins, destinations):
        goals = rk.CCHOneToMany(self.metric, destinations.tolist())
        rows = np.array([goals.distances_from(origin) for origin in origins.tolist()], dtype=np.float64)
        return np.where(np.isnan(rows), np.inf, rows)


make_router = RoutingkitRouter
