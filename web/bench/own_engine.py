"""Baotong's own engine as one of the routers compared, asked through the interface that pages and commands use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from web.bench.road_arcs import RoadArcs
from web.bench.router import Found

NAME: Final = "baotong"
#: Any instant does: the closings of a comparison have no window.
DEPART_AT: Final = datetime(2022, 6, 22, tzinfo=UTC)
_CLOSURE: Final = "bench"


def _spelled_out(answer: Route | NoRoute) -> Route | NoRoute:
    """Return an answer after asking for its roads: an engine may leave them for whoever wants to know."""
    if isinstance(answer, Route):
        len(answer.legs)
    return answer


class OwnEngine:
    """`routing.engine.Engine` between junctions: a junction is asked for as the end of a road that meets it."""

    def __init__(self, arcs: RoadArcs) -> None:
        # A network object of its own: what an engine derives is kept with the network and must be made anew.
        network = replace(arcs.network)
        self._vehicle = arcs.vehicle
        self._length_m: list[float] = network.length_m.tolist()
        self._lonlat: list[list[float]] = network.junction_lonlat.tolist()
        arc_at = np.zeros(arcs.junction_count, dtype=np.int64)
        arc_at[arcs.tail[::-1]] = np.arange(len(arcs.tail))[::-1]
        self._arc_at: list[int] = arc_at.tolist()
        self._engine = Engine(network, speeds_kmh=arcs.speeds_kmh)
        self.route(int(arcs.tail[0]), int(arcs.head[-1]))

    def _point(self, junction: int) -> RoadPoint:
        road, direction = divmod(self._arc_at[junction], 2)
        lon, lat = self._lonlat[junction]
        return RoadPoint(road, self._length_m[road] if direction else 0.0, 0.0, lon, lat)

    def _ask(self, origin: int, destination: int) -> Ask:
        return Ask(self._point(origin), self._point(destination), self._vehicle, DEPART_AT)

    def _closings(self, roads: NDArray[np.int64]) -> list[Closing]:
        return [Closing(_CLOSURE, road, Direction.BOTH, 0.0, self._length_m[road]) for road in roads.tolist()]

    def route(self, origin: int, destination: int) -> Route | NoRoute:
        """Answer the least-time route between two junctions, every road of it spelled out."""
        return _spelled_out(self._engine.route(self._ask(origin, destination)))

    def read(self, answer: Route | NoRoute) -> Found | None:
        """Return an answer in the common form."""
        if isinstance(answer, NoRoute):
            return None
        return Found(round(answer.duration_s * 1000), [2 * leg.road + leg.direction for leg in answer.legs])

    def close(self, roads: NDArray[np.int64]) -> None:
        """Close roads by one closure."""
        self._engine.apply(self._closings(roads))

    def reopen(self) -> None:
        """Lift that closure."""
        self._engine.lift(_CLOSURE)

    def what_if(self, roads: NDArray[np.int64], origin: int, destination: int) -> Route | NoRoute:
        """Answer on a snapshot with more roads closed."""
        twin = self._engine.snapshot(closings=self._closings(roads))
        return _spelled_out(twin.route(self._ask(origin, destination)))

    def matrix(self, origins: NDArray[np.int64], destinations: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return milliseconds of every pair."""
        ends = ([self._point(one) for one in some.tolist()] for some in (origins, destinations))
        found = self._engine.matrix(*ends, vehicle=self._vehicle, depart_at=DEPART_AT)
        return np.rint(found.duration_s * 1000)
