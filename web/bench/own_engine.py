"""Baotong's own engine as one of the routers compared, asked through the interface that pages and commands use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import SurroundingsError
from geodata.kept_arrays import keep_arrays, read_kept_arrays
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine
from routing.hierarchy.hierarchy import hierarchy_of, topology_key
from routing.hierarchy.topology import Topology
from routing.metric import build_metric
from routing.route import NoRoute, Route
from web.bench.road_arcs import RoadArcs
from web.bench.router import Found
from web.kept_weights import FOLDER as WEIGHTS
from web.kept_weights import ready_weights

NAME: Final = "baotong"
#: Any instant does: the closings of a comparison have no window.
DEPART_AT: Final = datetime(2022, 6, 22, tzinfo=UTC)
_CLOSURE: Final = "bench"


def _with_roads(answer: Route | NoRoute) -> tuple[Route | NoRoute, list[int]]:
    """Return an answer and the roads it runs over, as the packages compared give them: a list of arcs."""
    return answer, answer.arcs.tolist() if isinstance(answer, Route) else []


class OwnEngine:
    """`routing.engine.Engine` between junctions: a junction is asked for as the end of a road that meets it."""

    def __init__(self, arcs: RoadArcs, kept: Path | None = None) -> None:
        # A network object of its own: what an engine derives is kept with the network and must be made anew.
        network = replace(arcs.network)
        self._arcs, self._network, self._vehicle = arcs, network, arcs.vehicle
        if kept is not None:
            self._take(kept)
        self._arc_at = np.zeros(arcs.junction_count, dtype=np.int32)
        self._arc_at[arcs.tail] = np.arange(len(arcs.tail), dtype=np.int32)
        # Who asks has these: where a junction lies, how long a road is.
        self._points: dict[int, RoadPoint] = {}
        self._length_m = np.ascontiguousarray(network.length_m).data
        self._engine = Engine(network, speeds_kmh=arcs.speeds_kmh)
        self._engine.make_ready(arcs.vehicle)
        self.route(int(arcs.tail[0]), int(arcs.head[-1]))

    def _point(self, junction: int) -> RoadPoint:
        point = self._points.get(junction)
        if point is None:
            point = self._points[junction] = self._point_at(junction)
        return point

    def _point_at(self, junction: int) -> RoadPoint:
        road, direction = divmod(int(self._arc_at[junction]), 2)
        lon, lat = self._network.junction_lonlat[junction].tolist()
        return RoadPoint(road, float(self._network.length_m[road]) if direction else 0.0, 0.0, lon, lat)

    def _ask(self, origin: int, destination: int) -> Ask:
        return Ask(self._point(origin), self._point(destination), self._vehicle, DEPART_AT)

    def _closings(self, roads: NDArray[np.int64]) -> list[Closing]:
        return [Closing(_CLOSURE, road, Direction.BOTH, 0.0, self._length_m[road]) for road in roads.tolist()]

    def route(self, origin: int, destination: int) -> tuple[Route | NoRoute, list[int]]:
        """Answer the least-time route between two junctions with its roads."""
        return _with_roads(self._engine.route(self._ask(origin, destination)))

    def read(self, answer: tuple[Route | NoRoute, list[int]]) -> Found | None:
        """Return an answer in the common form."""
        route, arcs = answer
        return None if isinstance(route, NoRoute) else Found(round(route.duration_s * 1000), arcs)

    def close(self, roads: NDArray[np.int64]) -> None:
        """Close roads by one closure."""
        self._engine.apply(self._closings(roads))

    def reopen(self) -> None:
        """Lift that closure."""
        self._engine.lift(_CLOSURE)

    def what_if(self, roads: NDArray[np.int64], origin: int, destination: int) -> tuple[Route | NoRoute, list[int]]:
        """Answer on a snapshot with more roads closed."""
        twin = self._engine.snapshot(closings=self._closings(roads))
        return _with_roads(twin.route(self._ask(origin, destination)))

    def matrix(self, origins: NDArray[np.int64], destinations: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return milliseconds of every pair."""
        ends = ([self._point(one) for one in some.tolist()] for some in (origins, destinations))
        found = self._engine.matrix(*ends, vehicle=self._vehicle, depart_at=DEPART_AT)
        return np.rint(found.duration_s * 1000)

    def keep(self, folder: Path) -> None:
        """Keep the hierarchy's shape and the vehicle's weights, as `web.kept_hierarchy` does with a county."""
        keep_arrays(folder, topology_key(self._network), hierarchy_of(self._network).topology._asdict())
        self._ready_weights(folder)

    def _ready_weights(self, folder: Path) -> None:
        hierarchy, arcs = hierarchy_of(self._network), self._arcs
        costs = hierarchy.shared(build_metric(self._network, arcs.vehicle, speeds_kmh=arcs.speeds_kmh))
        ready_weights(hierarchy, costs, [folder / WEIGHTS])

    def restart(self, folder: Path) -> OwnEngine:
        """Return an engine ready to answer, its hierarchy's shape and weights read back and checked."""
        return OwnEngine(self._arcs, folder)

    def _take(self, folder: Path) -> None:
        arrays = read_kept_arrays(folder, topology_key(self._network))
        if arrays is None:
            raise SurroundingsError("surroundings-failed", str(folder), reason="nothing kept")
        hierarchy_of(self._network).take_topology(Topology(**arrays))
        self._ready_weights(folder)
