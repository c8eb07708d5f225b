"""routingkit-cch, every change of closures taken in by resetting the whole metric: sooner where many roads change."""

from __future__ import annotations

import routingkit_cch as rk

from tests.benchmarks.peers.routingkit_cch import PACKAGE, RoutingkitRouter

__all__ = ["PACKAGE", "ResetRouter", "make_router"]


class ResetRouter(RoutingkitRouter):
    """A list of all weights, changed in place and handed over whole."""

    def change(self, weights):
        live = self.weights.copy()
        for arc, weight in weights.items():
            live[arc] = weight
        self.query = None
        self.metric.reset(live)
        self.query = rk.CCHQuery(self.metric)


make_router = ResetRouter
