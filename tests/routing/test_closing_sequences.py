"""Closures that come and go on one live engine: after each change every answer is that of a plain search."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.kept_arrays import keep_arrays, read_kept_arrays
from geodata.network import Network
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine, Grid
from routing.hierarchy.dissection import dissection_order
from routing.hierarchy.hierarchy import Hierarchy, arc_ends, hierarchy_of
from routing.hierarchy.order import Dissection, junction_order
from routing.hierarchy.plain_graph import PlainGraph
from routing.hierarchy.topology import Topology, build_topology
from routing.route import Route
from routing.route_proof import Journey, prove_route
from routing.turns.turn_search import turn_search_of
from tests.networks import Road, make_network
from tests.routing.oracle import CAR, SPEEDS, closings_on, points
from tests.routing.turn_oracle import at_junction, plain_seconds, restricted_networks

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
TURNS = ("ignored", "kept")
#: What each closure closes, as arcs.
Closed = dict[str, frozenset[int]]


def closings_of(closed: Closed, network: Network) -> list[Closing]:
    names = (Direction.FORWARD, Direction.BACKWARD)
    return [
        Closing(one, arc >> 1, names[arc & 1], 0.0, float(network.length_m[arc >> 1]))
        for one, arcs in closed.items()
        for arc in arcs
    ]


def check_answers(data: st.DataObject, engine: Engine, closed: Closed) -> None:
    """Ask for one pair of junctions with and without turns."""
    network = engine.network
    origin, destination = (data.draw(st.integers(0, network.junction_count - 1)) for _ in range(2))
    arcs = set().union(*closed.values()) if closed else set()
    asked, answered = [], []
    for turns in TURNS:
        plain = network if turns == "kept" else replace(network, turn_restrictions=())
        ask = Ask(at_junction(network, origin), at_junction(network, destination), CAR, NOW, turns=turns)
        route, expected = engine.route(ask), plain_seconds(plain, origin, destination, arcs)
        asked.append(ask)
        answered.append(route)
        assert isinstance(route, Route) is (expected is not None)
        if isinstance(route, Route):
            assert round(route.duration_s * 1000) << 30 | round(route.distance_m * 100) == expected
            journey = Journey(CAR, NOW, turns=turns)
            assert prove_route(route, network, closings=closings_of(closed, network), journey=journey) == ()
    assert engine.route_batch(asked) == answered


def change(data: st.DataObject, engine: Engine, closed: Closed) -> Closed:
    """Close something under some id, or lift one, which is refused where it closes nothing."""
    one = data.draw(st.sampled_from(["a", "b", "c"]))
    if data.draw(st.booleans()):
        arcs = frozenset(data.draw(st.sets(st.integers(0, 2 * engine.network.road_count - 1), min_size=1, max_size=3)))
        engine.apply(closings_of({one: arcs}, engine.network))
        return {**closed, one: arcs}
    if one not in closed:
        with pytest.raises(BadInputError, match="closure-not-closed"):
            engine.lift(one)
        return closed
    engine.lift(one)
    return {other: arcs for other, arcs in closed.items() if other != one}


def run_sequence(data: st.DataObject) -> None:
    """Change the live engine again and again; a snapshot taken on the way stays as it was."""
    network = data.draw(restricted_networks())
    engine, closed = Engine(network, speeds_kmh=SPEEDS), Closed()
    if data.draw(st.booleans()):
        engine.make_ready(CAR)
    snapshot, at_snapshot = engine.snapshot(), closed
    for number in range(3):
        closed = change(data, engine, closed)
        check_answers(data, engine, closed)
        if number == 0:
            snapshot, at_snapshot = engine.snapshot(), closed
    check_answers(data, snapshot, change(data, snapshot, at_snapshot))
    check_answers(data, engine, closed)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_three_hundred_sequences_of_closing_and_lifting_equal_a_plain_search(data):
    run_sequence(data)


@pytest.mark.long
@given(st.data())
@settings(deadline=None, max_examples=10_000)
def test_ten_thousand_sequences_of_closing_and_lifting_equal_a_plain_search(data):
    run_sequence(data)


def town(side: int) -> Network:
    """A grid of streets of random lengths, some one-way."""
    random = np.random.default_rng(7)
    roads = []
    for row in range(side):
        for column in range(side):
            for down, right in ((0, 1), (1, 0)):
                if row + down < side and column + right < side:
                    access = (3, 0) if random.random() < 0.2 else (3, 3)
                    ends = f"{row},{column}", f"{row + down},{column + right}"
                    roads.append(Road(f"r{len(roads)}", *ends, 100.0 * random.integers(1, 9), access=access))
    return make_network(roads)


@pytest.mark.parametrize("turns", TURNS)
def test_readers_beside_a_writer_get_the_answer_of_one_of_its_states(turns):
    network, random = town(9), np.random.default_rng(8)
    states = [closings_of({"x": frozenset(random.integers(0, 2 * network.road_count, 30))}, network) for _ in range(4)]
    engine = Engine(network, speeds_kmh=SPEEDS, closings=states[0])
    pairs = random.integers(0, network.junction_count, (12, 2)).tolist()
    asks = [Ask(at_junction(network, one), at_junction(network, other), CAR, NOW, turns=turns) for one, other in pairs]
    right = [[sums(Engine(network, speeds_kmh=SPEEDS, closings=state), ask) for state in states] for ask in asks]
    wrong, stop = [], threading.Event()

    def read(start: int) -> None:
        number = start
        while not stop.is_set():
            number = (number + 1) % len(asks)
            if (found := sums(engine, asks[number])) not in right[number]:
                wrong.append((number, found))

    readers = [threading.Thread(target=read, args=(start,)) for start in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(150):
        engine.apply(states[turn % len(states)])
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def sums(engine: Engine, ask: Ask) -> tuple[float, float] | None:
    route = engine.route(ask)
    return (route.duration_s, route.distance_m) if isinstance(route, Route) else None


def with_topologies(network: Network, plain: Topology, of_turns: Topology) -> Network:
    """Return the same network anew, searched in these shapes."""
    twin = replace(network)
    hierarchy_of(twin).take_topology(plain)
    turn_search_of(twin).hierarchy.take_topology(of_turns)
    return twin


def kept(folder, name: str, hierarchy: Hierarchy) -> Topology:
    """Write a shape to a folder and read it back, mapped into memory."""
    keep_arrays(folder, name, hierarchy.topology._asdict())
    return Topology(**read_kept_arrays(folder, name))


def shuffled(graph: PlainGraph, _at: np.ndarray) -> np.ndarray:
    """A poor order: any gives the same answers."""
    return np.random.default_rng(5).permutation(graph.node_count).astype(np.int32)


def in_order(network: Network, dissection: Dissection) -> Network:
    """The same network with its junctions and states taken out in another order."""
    search = turn_search_of(network)
    at, moves, arcs = network.junction_lonlat, search.graph.moves, search.graph.arc
    order = junction_order(network.ends, at, dissection=dissection)
    of_states = junction_order(moves, at[network.ends.ravel()[arcs]], dissection=dissection)
    plain = build_topology(arc_ends(network), network.junction_count, order)
    return with_topologies(network, plain, build_topology(moves, len(arcs), of_states))


def answers(network: Network, closings: list[Closing], spots: tuple[RoadPoint, ...]) -> list[object]:
    """Everything that an engine says between some points, with and without turns."""
    engine, found = Engine(network, speeds_kmh=SPEEDS, closings=closings), []
    for turns in TURNS:
        matrix = engine.grid(Grid(spots, spots, CAR, NOW, turns=turns))
        found += [matrix.duration_s.tolist(), matrix.distance_m.tolist()]
        found += [sums(engine, Ask(*pair, CAR, NOW, turns=turns)) for pair in pairwise(spots)]
    return found


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_answers_are_the_same_after_saving_and_loading_and_with_any_order(data, tmp_path_factory):
    folder, network = tmp_path_factory.mktemp("kept"), data.draw(restricted_networks())
    shapes = hierarchy_of(network), turn_search_of(network).hierarchy
    loaded = with_topologies(network, kept(folder, "plain", shapes[0]), kept(folder, "turns", shapes[1]))
    others = [loaded, in_order(network, shuffled), in_order(network, dissection_order)]
    closings = data.draw(closings_on(network))
    spots = tuple(data.draw(points(network, closings)) for _ in range(3))
    expected = answers(network, closings, spots)
    assert all(answers(one, closings, spots) == expected for one in others)


def test_a_network_of_one_junction_or_none_has_an_engine_of_its_own():
    alone = make_network([Road("loop", "A", "A", 300.0)])
    engine = Engine(alone, speeds_kmh=SPEEDS, closings=[Closing("x", 0, Direction.FORWARD, 100.0, 200.0)])
    for turns in TURNS:
        here = at_junction(alone, 0)
        assert sums(engine, Ask(here, here, CAR, NOW, turns=turns)) == (0.0, 0.0)
        assert engine.grid(Grid((here,), (here,), CAR, NOW, turns=turns)).duration_s.tolist() == [[0.0]]
    nothing = replace(alone, **{name: getattr(alone, name)[:0] for name in ROAD_ARRAYS}, shape_start=np.zeros(1, int))
    empty = Engine(nothing, speeds_kmh=SPEEDS)
    assert empty.usable_roads(CAR).tolist() == []
    with pytest.raises(BadInputError, match="road-point-unknown"):
        empty.route(Ask(at_junction(alone, 0), at_junction(alone, 0), CAR, NOW))


ROAD_ARRAYS = (
    *("road_id", "osm_way_id", "name", "ref", "road_class", "ends", "length_m", "tagged_kmh", "access", "structure"),
    *("max_weight_kg", "max_height_m", "max_width_m", "max_length_m", "max_axle_load_kg", "layer", "surface"),
    *("shape_lonlat", "refused_goods"),
)
