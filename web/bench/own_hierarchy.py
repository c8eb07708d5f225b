"""The search under our engine, bare: junctions in, arcs out, as the packages compared are asked.

What the engine adds to it is what a county needs: positions on roads, closures with windows, parts of roads and
holders, and a route as people read it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.hierarchy import hierarchy_of
from routing.hierarchy.query import Ends, Path
from routing.hierarchy.sweeps import Seeds
from routing.metric import FAR, LENGTH_BITS, build_metric
from web.bench.road_arcs import RoadArcs
from web.bench.router import Found

NAME: Final = "baotong-search"
_NO_ARCS: Final = np.empty(0, dtype=np.int32)


def _arcs_of(roads: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return both arcs of every road, ascending."""
    return np.sort(np.concatenate([2 * roads, 2 * roads + 1])).astype(np.int32)


def _at(junction: int) -> Ends:
    return np.array([junction], dtype=np.int32), np.zeros(1, dtype=np.int64)


class OwnHierarchy:
    """`routing.hierarchy` with weights for the arcs shut at the moment, brought up to date as paths need them."""

    def __init__(self, arcs: RoadArcs) -> None:
        self._network = replace(arcs.network)  # a hierarchy lives as long as its network
        self._hierarchy = hierarchy_of(self._network)
        self._metric = build_metric(self._network, arcs.vehicle, speeds_kmh=arcs.speeds_kmh)
        self._shut = _NO_ARCS
        self._live = self._hierarchy.weights(self._metric, _NO_ARCS)
        self.route(0, arcs.junction_count - 1)

    def route(self, origin: int, destination: int) -> Path:
        """Answer cost and arcs of the least-time route between two junctions."""
        return self._hierarchy.path(self._live, _at(origin), _at(destination))

    def read(self, answer: Path) -> Found | None:
        """Return an answer in the common form."""
        cost, arcs = answer
        return None if cost >= FAR else Found(cost >> LENGTH_BITS, arcs.tolist())

    def _hold(self, shut: NDArray[np.int32]) -> None:
        del self._live  # so that its weights can be changed in place
        self._shut, self._live = shut, self._hierarchy.weights(self._metric, shut)

    def close(self, roads: NDArray[np.int64]) -> None:
        """Shut both arcs of roads."""
        self._hold(_arcs_of(roads))

    def reopen(self) -> None:
        """Shut nothing."""
        self._hold(_NO_ARCS)

    def what_if(self, roads: NDArray[np.int64], origin: int, destination: int) -> Path:
        """Answer with weights of its own, while the live ones are held."""
        twin = self._hierarchy.weights(self._metric, np.union1d(self._shut, _arcs_of(roads)))
        return self._hierarchy.path(twin, _at(origin), _at(destination))

    def matrix(self, origins: NDArray[np.int64], destinations: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return milliseconds of every pair."""
        none = np.zeros(len(origins), dtype=np.int64)
        seeds = Seeds(np.arange(len(origins) + 1), origins.astype(np.int32), none)
        keys = self._hierarchy.reach_many(self._live.held, seeds, destinations.astype(np.int32))
        return np.where(keys >= FAR, np.inf, keys >> LENGTH_BITS).astype(np.float64)
