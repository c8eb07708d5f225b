"""On real counties, closures come and go on one live engine: durations equal scipy's Dijkstra, with and without turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.sparse import csr_array
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
#: How often 1, 10, 100 and 1,000 arcs are closed.
SIZES = (0.4, 0.3, 0.25, 0.05)
#: Routes asked for after every change, all from one junction: one search of scipy's tells them all.
GOALS = 2


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


class Graph:
    """Costs between nodes as scipy reads them; of edges side by side the cheapest open one counts."""

    def __init__(self, tail: np.ndarray, head: np.ndarray, cost: np.ndarray, count: int) -> None:
        pairs, self.place = np.unique(tail * count + head, return_inverse=True)
        self.cost, self.is_open = cost.astype(float), np.ones(len(cost), dtype=bool)
        self.sides = csr_array((np.ones(len(cost)), (self.place, np.arange(len(cost)))), shape=(len(pairs), len(cost)))
        self.graph = csr_array((np.full(len(pairs), np.inf), (pairs // count, pairs % count)), shape=(count, count))
        self._take(np.arange(len(pairs)))

    def close(self, closed: np.ndarray) -> None:
        """Leave exactly these edges closed, a mask; only what differs is taken in."""
        changed = np.flatnonzero(self.is_open == closed)
        self.is_open = ~closed
        self._take(np.unique(self.place[changed]))

    def _take(self, places: np.ndarray) -> None:
        begin, end = self.sides.indptr[places], self.sides.indptr[places + 1]
        for place, first, last in zip(places.tolist(), begin.tolist(), end.tolist(), strict=True):
            edges = self.sides.indices[first:last]
            self.graph.data[place] = np.min(self.cost[edges], where=self.is_open[edges], initial=np.inf)

    def least(self, starts: np.ndarray) -> np.ndarray:
        """Return the least cost from the nearest of some nodes to every node; an endless edge leads nowhere."""
        return dijkstra(self.graph, indices=starts, min_only=True)


class Plain:
    """The network as scipy reads it: junctions, or arcs that follow one another, closed as the engine is told."""

    def __init__(self, network: Network, turns: str) -> None:
        self.tail = network.ends.ravel().astype(np.int64)
        self.head = network.ends[:, ::-1].ravel().astype(np.int64)
        self.ms = arc_duration_ms(network, TRUCK, DEFAULT_SPEEDS_KMH).ravel()
        self.usable = usable_arcs(network, TRUCK).ravel()
        self.keeps_turns = turns == "kept"
        if self.keeps_turns:
            self.pairs = self._pairs(network)
            self.graph = Graph(*self.pairs.T, self.ms[self.pairs[:, 0]], len(self.ms))
        else:
            self.arcs = np.flatnonzero(self.usable & (self.tail != self.head))
            tail, head = self.tail[self.arcs], self.head[self.arcs]
            self.graph = Graph(tail, head, self.ms[self.arcs], network.junction_count)

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

    def milliseconds(self, origin: int, goals: list[int], closed: np.ndarray) -> list[float]:
        """Return the least durations between junctions, infinity where there is no way."""
        if not self.keeps_turns:
            self.graph.close(closed[self.arcs])
            return self.graph.least(np.array([origin]))[goals].tolist()
        self.graph.close(closed[self.pairs].any(axis=1))
        is_open = self.usable & ~closed
        starts = np.flatnonzero(is_open & (self.tail == origin))
        least = self.graph.least(starts) if len(starts) else np.full(len(self.ms), np.inf)
        ends = [np.flatnonzero(is_open & (self.head == goal)) for goal in goals]
        through = [float(np.min(least[one] + self.ms[one], initial=np.inf)) for one in ends]
        return [0.0 if goal == origin else one for goal, one in zip(goals, through, strict=True)]


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


def check(engine: Engine, closed: dict[str, np.ndarray], asks: list[Ask], expected: list[float]) -> None:
    """Ask everything at once and hold each answer against what scipy says; a route must hold under proof."""
    for ask, answer, least in zip(asks, engine.route_batch(asks), expected, strict=True):
        assert (round(answer.duration_s * 1000) if isinstance(answer, Route) else np.inf) == least
        if isinstance(answer, Route):
            on_way = {name: arcs[np.isin(arcs >> 1, answer.arcs >> 1)] for name, arcs in closed.items()}
            journey = Journey(TRUCK, NOW, turns=ask.turns)
            assert (
                prove_route(answer, engine.network, closings=closings_of(on_way, engine.network), journey=journey) == ()
            )


def run_changes(network: Network, turns: str, count: int, *, seed: int) -> None:
    """Close or lift something so many times, and compare routes after each."""
    random, plain, points = np.random.default_rng(seed), Plain(network, turns), spots_of(network)
    engine, junctions = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH), list(points)
    closed: dict[str, np.ndarray] = {}
    for _ in range(count):
        one = f"c{random.integers(8)}"
        if one in closed and random.random() < 0.5:
            del closed[one]
            engine.lift(one)
        else:
            closed[one] = np.unique(random.choice(2 * network.road_count, random.choice([1, 10, 100, 1000], p=SIZES)))
            engine.apply(closings_of({one: closed[one]}, network))
        is_closed = np.zeros(2 * network.road_count, dtype=bool)
        is_closed[np.concatenate([np.zeros(0, dtype=int), *closed.values()])] = True
        origin, *goals = random.choice(junctions, 1 + GOALS).tolist()
        asks = [Ask(points[origin], points[goal], TRUCK, NOW, turns=turns) for goal in goals]
        check(engine, closed, asks, plain.milliseconds(origin, goals, is_closed))


@pytest.mark.parametrize(("turns", "count"), [("ignored", 60), ("kept", 20)])
def test_routes_on_a_real_county_stay_right_while_closures_come_and_go(network, turns, count):
    run_changes(network, turns, count, seed=11)


@pytest.mark.long
@pytest.mark.parametrize(("turns", "count"), [("ignored", 10_000), ("kept", 2_000)])
def test_thousands_of_routes_on_a_real_county_stay_right(network, turns, count):
    run_changes(network, turns, count, seed=12)
