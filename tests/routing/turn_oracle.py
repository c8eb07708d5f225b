"""Turns done the slow, plain way: a search over whole histories of arcs; and small networks with restrictions."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import Network, TurnRestriction
from geodata.snapping import RoadPoint
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


class _Roads:
    """Roads as the slow search sees them: metres, closings, and what may follow what."""

    def __init__(self, network: Network, closings: Collection[Closing]) -> None:
        self.network, self.closings = network, closings
        self.rules = [one for restriction in network.turn_restrictions for one in lay_out(restriction, network)]
        arcs = range(2 * network.road_count)
        self.open = [arc for arc in arcs if network.access[arc >> 1, arc & 1] & 1]

    def tail(self, arc: int) -> int:
        return int(self.network.ends[arc >> 1, arc & 1])

    def whole(self, arc: int) -> tuple[int, int]:
        return 0, int(self.network.length_m[arc >> 1])

    def key(self, arc: int, lower: int, upper: int) -> int | None:
        """What the part between two positions costs; None where it may not be driven."""
        if lower == upper:
            return 0
        name = Direction.BACKWARD if arc & 1 else Direction.FORWARD
        here = [one for one in self.closings if one.road == arc >> 1 and one.direction in (Direction.BOTH, name)]
        if arc not in self.open or any(
            lower <= one.from_m <= upper if one.from_m == one.to_m else max(lower, one.from_m) < min(upper, one.to_m)
            for one in here
        ):
            return None
        kmh = float(self.network.tagged_kmh[arc >> 1, arc & 1]) or 36.0
        return round(3600 * (upper - lower) / kmh) << 30 | 100 * (upper - lower)

    def may_follow(self, history: tuple[int, ...], arc: int) -> bool:
        """Tell whether an arc may be driven after others: no rule broken, no U-turn but where nothing else leads on."""
        if not history:
            return True
        turns_back = arc == history[-1] ^ 1 and sum(self.tail(one) == self.tail(arc) for one in self.open) > 1
        return not turns_back and not any(one.forbids(history, arc) for one in self.rules)


def plain_turn_key(
    network: Network, origin: RoadPoint, destination: RoadPoint, closings: Collection[Closing]
) -> int | None:
    """Search over whole histories between any two points: ms << 30 | cm, None where there is no way."""
    roads, best = _Roads(network, closings), []
    start, end = int(origin.offset_m), int(destination.offset_m)
    heap: list[tuple[int, int, tuple[int, ...]]] = []
    length = int(network.length_m[origin.road])
    for way, part in ((0, (start, length)), (1, (0, start))):
        arc = 2 * origin.road + way
        if (cost := roads.key(arc, *part)) is not None:
            heap.append((cost, roads.tail(arc ^ 1), (arc,) if part[0] < part[1] else ()))
        straight = origin.road == destination.road and (start == end or (start < end) is (way == 0))
        if straight and (cost := roads.key(arc, min(start, end), max(start, end))) is not None:
            best.append(cost)
    heapq.heapify(heap)
    ends = zip(network.ends[destination.road].tolist(), (0, network.length_m[destination.road]), strict=True)
    ends_here = {junction for junction, at in ends if at == end}
    settled = set()
    while heap:
        cost, junction, history = heapq.heappop(heap)
        if (junction, history) in settled:
            continue
        settled.add((junction, history))
        if junction in ends_here:
            best.append(cost)
        for arc in (one for one in roads.open if roads.tail(one) == junction and roads.may_follow(history, one)):
            if arc >> 1 == destination.road:
                last = roads.key(arc, *((end, roads.whole(arc)[1]) if arc & 1 else (0, end)))
                best += [] if last is None else [cost + last]
            if (step := roads.key(arc, *roads.whole(arc))) is not None:
                heapq.heappush(heap, (cost + step, roads.tail(arc ^ 1), (*history, arc)[-4:]))
    return min(best, default=None)


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
