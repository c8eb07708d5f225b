"""One whole comparison: our engine, the search under it and its peers, warmed up first on a small network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from geodata.demo.roads import demo_network
from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from web.bench.course import MATRIX_SIZE, SEED, Course, draw_course
from web.bench.lane import Lane, Record
from web.bench.measuring import Track, measure_all
from web.bench.oracle import Oracle
from web.bench.own_engine import NAME, OwnEngine
from web.bench.own_hierarchy import NAME as BARE
from web.bench.own_hierarchy import OwnHierarchy
from web.bench.peers import Peer
from web.bench.quiet import on_one_core
from web.bench.results import measures_json, routers_json
from web.bench.road_arcs import RoadArcs, road_arcs
from web.bench.router import Maker

#: Share of the demo county's junctions in the network on which every router gets warm.
_WARM_SCALE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes
    ----------
    queries, repeats
        Questions with every road open, and runs of every measure.
    budget_s
        Time a router may use up in one measure before it makes fewer runs.
    """

    queries: int = 200
    repeats: int = 20
    budget_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Roads:
    """Roads to measure on, and for which vehicle."""

    network: Network
    vehicle: Vehicle
    speeds_kmh: dict[RoadClass, float]

    def arcs(self, network: Network | None = None) -> RoadArcs:
        """Return these roads, or others under the same rules, as routers get them."""
        return road_arcs(network or self.network, self.vehicle, speeds_kmh=self.speeds_kmh)


def _entrants(peers: Sequence[Peer]) -> list[tuple[str, str, Maker]]:
    known = version("baotong")
    own: list[tuple[str, str, Maker]] = [(NAME, known, OwnEngine), (BARE, known, OwnHierarchy)]
    return [*own, *((peer.name, peer.version, peer.make) for peer in peers if peer.make is not None)]


def _run(
    arcs: RoadArcs, peers: Sequence[Peer], plan: Plan, progress: Callable[[str], None]
) -> tuple[list[Record], Course]:
    oracle = Oracle(arcs)
    progress("questions")
    course = draw_course(arcs, oracle, queries=plan.queries, repeats=plan.repeats)
    lanes = [Lane(Record(name, known), make, budget_s=plan.budget_s) for name, known, make in _entrants(peers)]
    measure_all(lanes, Track(arcs, course, oracle), repeats=plan.repeats, progress=progress)
    return [lane.record for lane in lanes], course


def compare(roads: Roads, peers: Sequence[Peer], plan: Plan, *, progress: Callable[[str], None]) -> dict[str, Any]:
    """Return the whole comparison as the command answers it.

    Raises
    ------
    BadInputError
        `bench-network-small` or `bench-network-disconnected`.
    """
    arcs = roads.arcs()
    with on_one_core() as core:
        progress("warm-up")
        _run(roads.arcs(demo_network(scale=_WARM_SCALE)), peers, Plan(2, 2, 1.0), lambda _: None)
        records, course = _run(arcs, peers, plan, progress)
    closed = {measure.partition("-")[2]: len(cases[0].roads) for measure, cases in course.closures.items()}
    return {
        "ok": True,
        "network": {"junctions": arcs.junction_count, "roads": arcs.road_count, "digest": arcs.network.digest},
        "queries": plan.queries,
        "repeats": plan.repeats,
        "seed": SEED,
        "matrix": list(MATRIX_SIZE),
        "core": core,
        "routers": routers_json(records, [(peer.name, peer.lacks) for peer in peers if peer.make is None]),
        "measures": measures_json(records, closed=closed),
    }
