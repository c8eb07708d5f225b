"""On real counties: routes equal networkx's for 1,000 random pairs, closings or not, and hold under proof."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise, permutations

import networkx as nx
import numpy as np
import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.network import ACCESS_BIT, Network
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.road_classes import ROAD_CLASSES
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine
from routing.order_of_travel import order_by_road
from routing.route import Route
from routing.route_proof import Journey, prove_route
from tests.conftest import shared

NOW = datetime(2022, 6, 22, tzinfo=UTC)
CAR = DEFAULT_VEHICLES["car"]
FILES = {"yongcheng": "osm/yongcheng_411481_henan_2017.osm.pbf", "liechtenstein": "osm/liechtenstein_2022.osm.pbf"}


@pytest.fixture(scope="module", params=FILES)
def network(request) -> Network:
    tally = ImportTally()
    country = "CN" if request.param == "yongcheng" else ""
    return build_osm_network(read_osm_file(shared(FILES[request.param]), tally), country=country, tally=tally).network


def plain_graph(network: Network, closed: set[tuple[int, int]]) -> nx.DiGraph:
    """Build the graph from the arrays' meaning, one arc at a time; of parallel roads the best one stays."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.junction_count))
    for road in range(network.road_count):
        length_m = float(network.length_m[road])
        for direction, (tail, head) in enumerate((network.ends[road], network.ends[road][::-1])):
            if not network.access[road, direction] & ACCESS_BIT["car"] or (road, direction) in closed:
                continue
            signed = float(network.tagged_kmh[road, direction])
            kmh = min(signed or DEFAULT_SPEEDS_KMH[ROAD_CLASSES[network.road_class[road]]], CAR.max_kmh)
            cost = max(1, round(3600 * length_m / kmh)) << 30 | round(length_m * 100)
            known = graph.get_edge_data(int(tail), int(head), {"weight": cost})["weight"]
            graph.add_edge(int(tail), int(head), weight=min(cost, known))
    return graph


def at_junction(network: Network) -> dict[int, RoadPoint]:
    """Return a point at each junction that a car can be at."""
    points: dict[int, RoadPoint] = {}
    for road in np.flatnonzero(network.access.any(axis=1)):
        for end, offset_m in enumerate((0.0, float(network.length_m[road]))):
            points.setdefault(int(network.ends[road, end]), RoadPoint(int(road), offset_m, 0.0, 0.0, 0.0))
    return points


@pytest.mark.parametrize("share_closed", [0.0, 0.03])
def test_routes_of_1000_random_pairs_equal_networkx_and_hold_under_proof(network, share_closed):
    random = np.random.default_rng(20220622)
    arcs = random.random((network.road_count, 2)) < share_closed
    closings = [
        Closing(f"c{road}", int(road), (Direction.FORWARD, Direction.BACKWARD)[way], 0.0, float(network.length_m[road]))
        for road, way in np.argwhere(arcs)
    ]
    graph = plain_graph(network, {(int(road), int(way)) for road, way in np.argwhere(arcs)})
    points, engine = at_junction(network), Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH, closings=closings)
    for origin in random.choice(list(points), 20).tolist():
        least = nx.single_source_dijkstra_path_length(graph, origin)
        for goal in random.choice(list(points), 50).tolist():
            route = engine.route(Ask(points[origin], points[goal], CAR, NOW))
            if goal not in least:
                assert not isinstance(route, Route)
                continue
            assert round(route.duration_s * 1000) << 30 | round(route.distance_m * 100) == least[goal]
            assert prove_route(route, network, closings=closings, journey=Journey(CAR, NOW)) == ()


def test_an_order_of_travel_on_real_roads_is_near_the_shortest_from_any_start(network):
    engine = Engine(network, speeds_kmh=DEFAULT_SPEEDS_KMH)
    parts = engine.matrix(
        list(at_junction(network).values())[:1], list(at_junction(network).values()), vehicle=CAR, depart_at=NOW
    )
    reached = [
        point for point, far in zip(at_junction(network).values(), parts.duration_s[0], strict=True) if np.isfinite(far)
    ]
    chance = np.random.default_rng(20221122)
    for _ in range(5):
        start, *stops = (reached[int(one)] for one in chance.choice(len(reached), 8, replace=False))
        cost = engine.matrix([start, *stops], [start, *stops], vehicle=CAR, depart_at=NOW).duration_s

        def driven(order, cost=cost):
            return sum(cost[one, other] for one, other in pairwise((0, *(stop + 1 for stop in order))))

        found = order_by_road(engine, start, stops, vehicle=CAR, depart_at=NOW)
        best = min(driven(order) for order in permutations(range(7)))
        assert sorted(found) == list(range(7))
        assert driven(found) <= 1.15 * best
        assert driven(found) <= min(driven(tuple(chance.permutation(7))) for _ in range(20))
