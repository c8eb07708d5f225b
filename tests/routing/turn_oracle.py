"""Turns done the slow, plain way: a search over whole histories of arcs; and small networks with restrictions."""

from __future__ import annotations

import heapq
from dataclasses import replace
from itertools import combinations

from hypothesis import strategies as st

from geodata.network import Network, TurnRestriction
from routing.turns.rules import lay_out
from tests.networks import Road, make_network, on_road, one_way
from tests.routing.oracle import networks

# A cross: W --w-- M --e-- E, N --n-> M --s-- S, and the way round from W to S: W --r-- S, 3 km. Beyond E the fork X.
CROSS = (
    Road("w", "W", "M"),
    Road("e", "M", "E"),
    one_way("n", "N", "M"),
    Road("s", "M", "S"),
    Road("r", "W", "S", 3000.0),
    Road("x", "E", "X"),
    Road("y", "X", "Y"),
    Road("z", "X", "Z", 1500.0),
)


def restricted(*restrictions: TurnRestriction, roads=CROSS) -> Network:
    return replace(make_network(roads), turn_restrictions=restrictions)


def rule(network: Network, kind: str, *roads: str, at: str = "M", **further) -> TurnRestriction:
    """Restrict the turn from the first road via those between to the last one."""
    first, *via, last = (network.road_index[road] for road in roads)
    names = list(dict.fromkeys(name for road in CROSS for name in (road.start, road.end)))
    junction = -1 if via else names.index(at)
    return TurnRestriction(kind, (first,), tuple(via), (last,), junction, **further)


PLAIN = make_network(CROSS)
NO_RIGHT = rule(PLAIN, "no_right_turn", "w", "s")


def plain_seconds(network: Network, origin: int, destination: int, closed: set[int]) -> int | None:
    """Search over the last four arcs driven, from one junction to another: ms << 30 | cm, None where there is no way."""
    rules = [one for restriction in network.turn_restrictions for one in lay_out(restriction, network)]
    heads = [int(network.ends[arc >> 1, 1 - (arc & 1)]) for arc in range(2 * network.road_count)]
    tails = [heads[arc ^ 1] for arc in range(len(heads))]
    open_arcs = [arc for arc in range(len(heads)) if network.access[arc >> 1, arc & 1] & 1]
    dead = {junction: [a for a in open_arcs if tails[a] == junction] for junction in range(network.junction_count)}
    heap: list[tuple[int, int, tuple[int, ...]]] = [(0, origin, ())]
    settled = set()
    while heap:
        cost, junction, history = heapq.heappop(heap)
        if junction == destination:
            return cost
        if (junction, history) in settled:
            continue
        settled.add((junction, history))
        for arc in dead[junction]:
            turns_back = bool(history) and arc == history[-1] ^ 1 and len(dead[junction]) > 1
            if arc in closed or turns_back or (history and any(one.forbids(history, arc) for one in rules)):
                continue
            road = arc >> 1
            kmh = float(network.tagged_kmh[road, arc & 1]) or 36.0
            length = float(network.length_m[road])
            step = round(3600 * length / kmh) << 30 | round(length * 100)
            heapq.heappush(heap, (cost + step, heads[arc], (*history, arc)[-4:]))
    return None


@st.composite
def restricted_networks(draw: st.DrawFn) -> Network:
    """Draw a small network with restrictions that fit it, via a junction or via one or two roads."""
    network = draw(networks(most_junctions=6, most_roads=10))
    arcs = [[2 * road, 2 * road + 1] for road in range(network.road_count)]
    heads = {arc: int(network.ends[arc >> 1, 1 - (arc & 1)]) for pair in arcs for arc in pair}
    restrictions = []
    for _ in range(draw(st.integers(0, 4))):
        way = [draw(st.sampled_from(sorted(heads)))]
        for _ in range(draw(st.integers(1, 3))):
            onward = sorted(arc for arc in heads if heads[arc ^ 1] == heads[way[-1]])
            way.append(draw(st.sampled_from(onward)))
        first, *via, last = (arc >> 1 for arc in way)
        kind = draw(st.sampled_from(["no_left_turn", "only_straight_on"]))
        restrictions.append(TurnRestriction(kind, (first,), tuple(via), (last,), -1 if via else heads[way[0]]))
    return replace(network, turn_restrictions=tuple(restrictions))


def at_junction(network: Network, junction: int):
    road = next(road for road in range(network.road_count) if junction in network.ends[road])
    offset = 0.0 if network.ends[road, 0] == junction else float(network.length_m[road])
    return on_road(network, str(network.road_id[road]), offset)


def smallest_size(network: Network, origin: int, destination: int, closed: set[int]) -> int | None:
    """Try every set of roads closed forward, small ones first; None where even lifting all gives no way."""
    for size in range(len(closed) + 1):
        for lifted in combinations(sorted(closed), size):
            rest = {2 * road for road in closed.difference(lifted)}
            if plain_seconds(network, origin, destination, rest) is not None:
                return size
    return None
