"""On real counties, closures come and go on one live engine: durations equal scipy's Dijkstra, with and without turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.network import Network, TurnRestriction
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine
from routing.route import Route
from routing.route_proof import Journey, prove_route
from routing.vehicle_limits import arc_duration_ms, usable_arcs
from tests.conftest import shared

NOW = datetime(2022, 6, 22, tzinfo=UTC)
TRUCK = DEFAULT_VEHICLES["truck"]
FILES = {"yongcheng": "osm/yongcheng_411481_henan_2017.osm.pbf", "liechtenstein": "osm/liechtenstein_2022.osm.pbf"}
#: Bans and commands via a junction that are put on each county, beside none of its own.
RESTRICTIONS = 400


def restricted(network: Network, random: np.random.Generator) -> Network:
    """Return the network with random restrictions via junctions."""
    rules = []
    for road in random.choice(network.road_count, RESTRICTIONS).tolist():
        via = int(network.ends[road, random.integers(2)])
        onward = np.flatnonzero((network.ends == via).any(axis=1))
        to = int(random.choice(onward))
        kind = "only_straight_on" if random.random() < 0.3 else "no_left_turn"
        rules.append(TurnRestriction(kind, (road,), (), (to,), via))
    return replace(network, turn_restrictions=tuple(rules))


@pytest.fixture(scope="module", params=FILES)
def network(request) -> Network:
    tally = ImportTally()
    built = build_osm_network(read_osm_file(shared(FILES[request.param]), tally), country="CN", tally=tally)
    return restricted(built.network, np.random.default_rng(3))


class Plain:
    """The network as scipy reads it: junctions, or arcs that follow one another."""

    def __init__(self, network: Network) -> None:
        self.tail = network.ends.ravel().astype(np.int64)
        self.head = network.ends[:, ::-1].ravel().astype(np.int64)
        self.ms = arc_duration_ms(network, TRUCK, DEFAULT_SPEEDS_KMH).ravel()
        self.usable = usable_arcs(network, TRUCK).ravel()
        self.junctions = network.junction_count
        self.pairs = self._pairs(network)

    def _pairs(self, network: Network) -> np.ndarray:
        """Return which arc may follow which."""
        leaving: dict[int, list[int]] = {}
        for arc in np.flatnonzero(self.usable).tolist():
            leaving.setdefault(int(self.tail[arc]), []).append(arc)
        banned, only = set(), {}
        for one in network.turn_restrictions:
            (road,), (to,) = one.from_roads, one.to_roads
            for came in (2 * road, 2 * road + 1):
                if self.head[came] == one.via_junction and one.kind.startswith("no_"):
                    banned |= {(came, 2 * to), (came, 2 * to + 1)}
                elif self.head[came] == one.via_junction:
                    only.setdefault(came, []).append(to)
        rows = []
        for came in np.flatnonzero(self.usable).tolist():
            ways = leaving.get(int(self.head[came]), [])
            for arc in ways:
                turns_back = arc == came ^ 1 and len(ways) > 1
                is_ordered = all(arc >> 1 == to for to in only.get(came, ()))
                if not turns_back and is_ordered and (came, arc) not in banned:
                    rows.append((came, arc))
        return np.array(rows, dtype=np.int64)

    def milliseconds(self, origin: int, goal: int, closed: np.ndarray) -> float:
        """Return the least duration between junctions, infinity where there is no way."""
        arcs = np.flatnonzero(self.usable & ~closed & (self.tail != self.head))
        order = arcs[np.argsort(-self.ms[arcs], kind="stable")]  # of parallel arcs the last one, the quickest, stays
        ends = self.tail[order] * self.junctions + self.head[order]
        _, last = np.unique(ends[::-1], return_index=True)
        kept = order[::-1][last]
        shape = (self.junctions, self.junctions)
        graph = coo_matrix((self.ms[kept].astype(float), (self.tail[kept], self.head[kept])), shape=shape).tocsr()
        return float(dijkstra(graph, indices=origin)[goal])

    def milliseconds_by_turns(self, origin: int, goal: int, closed: np.ndarray) -> float:
        """Return the same where forbidden turns are not taken; a node is an arc about to be driven."""
        if origin == goal:
            return 0.0
        open_pairs = self.pairs[~closed[self.pairs].any(axis=1)]
        cost = self.ms[open_pairs[:, 0]].astype(float)
        graph = coo_matrix((cost, (open_pairs[:, 0], open_pairs[:, 1])), shape=(len(self.ms),) * 2).tocsr()
        is_open = self.usable & ~closed
        starts, ends = np.flatnonzero(is_open & (self.tail == origin)), np.flatnonzero(is_open & (self.head == goal))
        if not len(starts) or not len(ends):
            return np.inf
        least = dijkstra(graph, indices=starts, min_only=True)
        return float((least[ends] + self.ms[ends]).min())


def spots_of(network: Network) -> dict[int, RoadPoint]:
    """Return a point at each junction that a truck can be at."""
    points: dict[int, RoadPoint] = {}
    for road in np.flatnonzero(usable_arcs(network, TRUCK).any(axis=1)).tolist():
        for end, offset_m in enumerate((0.0, float(network.length_m[road]))):
            points.setdefault(int(network.ends[road, end]), RoadPoint(road, offset_m, 0.0, 0.0, 0.0))
    return points


def closings_of(closed: dict[str, np.ndarray], network: Network) -> list[Closing]:
    names = (Direction.FORWARD, Direction.BACKWARD)
    return [
        Closing(one, arc >> 1, names[arc & 1], 0.0, float(network.length_m[arc >> 1]))
        for one, arcs in closed.items()
        for arc in arcs.tolist()
    ]


def run_changes(network: Network, turns: str, count: int, *, seed: int) -> None:
    """Close or lift something so many times, and compare a route after each."""
    random, plain, points = np.random.default_rng(seed), Plain(network), spots_of(network)
    engine, junctions = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH), list(points)
    closed: dict[str, np.ndarray] = {}
    for _ in range(count):
        one = f"c{random.integers(8)}"
        if one in closed and random.random() < 0.5:
            del closed[one]
            engine.lift(one)
        else:
            closed[one] = np.unique(random.choice(2 * network.road_count, random.choice([1, 10, 100, 1000])))
            engine.apply(closings_of({one: closed[one]}, network))
        is_closed = np.zeros(2 * network.road_count, dtype=bool)
        is_closed[np.concatenate([np.zeros(0, dtype=int), *closed.values()])] = True
        origin, goal = random.choice(junctions, 2).tolist()
        route = engine.route(Ask(points[origin], points[goal], TRUCK, NOW, turns=turns))
        search = plain.milliseconds_by_turns if turns == "kept" else plain.milliseconds
        expected = search(origin, goal, is_closed)
        assert (round(route.duration_s * 1000) if isinstance(route, Route) else np.inf) == expected
        if isinstance(route, Route):
            journey = Journey(TRUCK, NOW, turns=turns)
            near = [one for one in closings_of(closed, network) if one.road in {leg.road for leg in route.legs}]
            assert prove_route(route, network, closings=near, journey=journey) == ()


@pytest.mark.parametrize(("turns", "count"), [("ignored", 60), ("kept", 20)])
def test_routes_on_a_real_county_stay_right_while_closures_come_and_go(network, turns, count):
    run_changes(network, turns, count, seed=11)


@pytest.mark.long
@pytest.mark.parametrize(("turns", "count"), [("ignored", 10_000), ("kept", 2_000)])
def test_thousands_of_routes_on_a_real_county_stay_right(network, turns, count):
    run_changes(network, turns, count, seed=12)
