"""Routing done the slow, plain way with networkx: every road cut at every place that matters, closed pieces left out.

Roads of these worlds have whole metres and speeds at which a metre takes whole milliseconds, so that both sides
compute exactly the same sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD, Network
from geodata.road_classes import RoadClass
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from tests.networks import Road, make_network, on_road

SPEEDS = dict.fromkeys(RoadClass, 36.0)
CAR = Vehicle(access="car", max_kmh=90.0)


def _node(network: Network, road: int, direction: int, at: int):
    """Name a place: a junction at a road's end, else a spot that only this direction passes."""
    if at == 0:
        return ("junction", int(network.ends[road, 0]))
    if at == int(network.length_m[road]):
        return ("junction", int(network.ends[road, 1]))
    return ("spot", road, direction, at)


def _is_closed(road: int, direction: int, piece: tuple[int, int], closings: Iterable[Closing]) -> bool:
    name = Direction.BACKWARD if direction == BACKWARD else Direction.FORWARD
    return any(
        closing.road == road
        and closing.direction in (Direction.BOTH, name)
        and (
            piece[0] <= closing.from_m <= piece[1]
            if closing.from_m == closing.to_m
            else closing.from_m <= piece[0] and piece[1] <= closing.to_m
        )
        for closing in closings
    )


def plain_graph(network: Network, closings: Collection[Closing], ends: Collection[RoadPoint]) -> nx.MultiDiGraph:
    """Cut every road at ends of closings and of the trip; leave out what is closed or not for cars."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(("junction", number) for number in range(network.junction_count))
    for road in range(network.road_count):
        marks = {0, int(network.length_m[road])}
        marks |= {int(end.offset_m) for end in ends if end.road == road}
        marks |= {int(at) for one in closings if one.road == road for at in (one.from_m, one.to_m)}
        for direction in (FORWARD, BACKWARD):
            kmh = float(network.tagged_kmh[road, direction]) or 36.0
            for piece in pairwise(sorted(marks)):
                tail, head = (_node(network, road, direction, at) for at in piece)
                graph.add_nodes_from([tail, head])
                if not network.access[road, direction] & 1 or _is_closed(road, direction, piece, closings):
                    continue
                length = piece[1] - piece[0]
                key = (round(3600 * length / kmh), length * 100)
                tail, head = (head, tail) if direction == BACKWARD else (tail, head)
                graph.add_edge(tail, head, weight=key[0] << 30 | key[1])
    return graph


def plain_key(network: Network, origin: RoadPoint, destination: RoadPoint, closings: Collection[Closing]) -> int | None:
    """Return the least key between two points, None where there is no way."""
    graph = plain_graph(network, closings, (origin, destination))
    for way in (FORWARD, BACKWARD):
        graph.add_edge("origin", _node(network, origin.road, way, int(origin.offset_m)), weight=0)
        graph.add_edge(_node(network, destination.road, way, int(destination.offset_m)), "destination", weight=0)
    try:
        return nx.dijkstra_path_length(graph, "origin", "destination")
    except nx.NetworkXNoPath:
        return None


def smallest_blocking_size(
    network: Network, origin: RoadPoint, destination: RoadPoint, closings: Collection[Closing]
) -> int | None:
    """Try every set of closures, small ones first; None where even lifting all gives no way."""
    ids = sorted({closing.closure_id for closing in closings})
    for size in range(len(ids) + 1):
        for lifted in combinations(ids, size):
            rest = [closing for closing in closings if closing.closure_id not in lifted]
            if plain_key(network, origin, destination, rest) is not None:
                return size
    return None


@st.composite
def networks(draw: st.DrawFn, *, most_junctions: int = 6, most_roads: int = 12) -> Network:
    """Draw a small network; parallel roads, roads from a junction to itself, one-ways and cut-off parts occur."""
    junctions = [f"j{number}" for number in range(draw(st.integers(2, most_junctions)))]
    spots = st.sampled_from(junctions)
    ways = st.sampled_from([(3, 3), (3, 3), (3, 0), (1, 2), (0, 3)])
    speeds = st.sampled_from([(0.0, 0.0), (72.0, 72.0), (18.0, 36.0)])
    roads = draw(st.lists(st.tuples(spots, spots, st.integers(1, 30), ways, speeds), min_size=1, max_size=most_roads))
    return make_network(
        [
            Road(f"r{number}", start, end, 100.0 * length, access=access, kmh=kmh)
            for number, (start, end, length, access, kmh) in enumerate(roads)
        ]
    )


@st.composite
def points(draw: st.DrawFn, network: Network, closings: Collection[Closing] = ()) -> RoadPoint:
    """Draw a point on a road, often one of its ends or the edge of a closing."""
    road = draw(st.sampled_from([*range(network.road_count), *(closing.road for closing in closings)]))
    length = int(network.length_m[road])
    edges = [int(at) for one in closings if one.road == road for at in (one.from_m, one.to_m)]
    at = draw(st.one_of(st.sampled_from([0, length, *edges]), st.integers(0, length)))
    return on_road(network, str(network.road_id[road]), at)


@st.composite
def closings_on(draw: st.DrawFn, network: Network, *, most: int = 6, closures: int = 4) -> list[Closing]:
    """Draw closings of whole roads, parts and barriers at a point; a closure may have several."""
    drawn = []
    for _ in range(draw(st.integers(0, most))):
        road = draw(st.integers(0, network.road_count - 1))
        length = int(network.length_m[road])
        part = st.tuples(st.integers(0, length), st.integers(0, length)).map(sorted)
        from_m, to_m = draw(st.one_of(st.just((0, length)), part))
        closure = f"c{draw(st.integers(1, closures))}"
        drawn.append(Closing(closure, road, draw(st.sampled_from(list(Direction))), float(from_m), float(to_m)))
    return drawn
