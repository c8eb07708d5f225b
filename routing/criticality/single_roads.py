"""Roads whose closure alone cuts places off from every goal, exact and directed (L9, L13).

Closed is the whole road, both ways; who stands on it, not at its end, loses his way too. Every arc becomes a node
between its junctions; then a road cuts a place off if and only if one of its two arcs lies on every way to the place
from a root on all goals, which is what the dominator tree tells, once along the roads and once against them. (Two ways
that use a road in opposite directions can be joined to one that leaves it out.) Roads that a goal itself stands on are
few: they are tried one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.criticality.dominators import Links, dominator_tree, links_of
from routing.criticality.ends import Ends, ends_of
from routing.isolation import CutOff, CutWay
from routing.kernel import kernel
from routing.metric import SHUT
from routing.open_network import OpenNetwork

_IN: Final = 1
_OUT: Final = 2
_NAME: Final[dict[int, CutWay]] = {_IN: "in", _OUT: "out", _IN | _OUT: "both"}
_ROOT: Final = 0


@dataclass(frozen=True, eq=False)
class CriticalRoads:
    """Every road that alone cuts somebody off, and whom; t pairs of road and place, ordered by road, then place.

    Attributes
    ----------
    road, place : (t,) int64
    lost : (t,) int64
        Bits of the ways lost.
    already
        Places without a way before: no road here answers for them.
    own_road : (p,) int64
        Road that each place stands on, -1 where at a junction.
    """

    road: NDArray[np.int64]
    place: NDArray[np.int64]
    lost: NDArray[np.int64]
    already: tuple[CutOff, ...]
    own_road: NDArray[np.int64]

    @cached_property
    def roads(self) -> NDArray[np.int64]:
        """The roads, each once, ascending."""
        return np.unique(self.road)

    def cut_off_by(self, road: int) -> tuple[CutOff, ...]:
        """Return whom the closure of a road cuts off, in the order of the places."""
        start, end = np.searchsorted(self.road, [road, road + 1])
        pairs = zip(self.place[start:end].tolist(), self.lost[start:end].tolist(), strict=True)
        return tuple(CutOff(number, _NAME[lost]) for number, lost in pairs)


def find_critical_roads(view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint]) -> CriticalRoads:
    """Return every road of a view whose closure alone takes the last way in or out from a place.

    Parameters
    ----------
    view
        The network as one vehicle finds it, closings in force left out.
    places
        Where places meet the road.
    goals
        Hubs, or whatever must be reached; without any, everybody is cut off already.
    """
    pairs, gone, own = [], np.zeros(len(places), dtype=np.int64), np.full(len(places), -1, dtype=np.int64)
    for bit, ends in ((_IN, ends_of(view, places, goals, way="in")), (_OUT, ends_of(view, places, goals, way="out"))):
        roads, cut, reached = critical_arcs(ends)
        pairs.append(np.stack([roads, cut, np.full(len(roads), bit, dtype=np.int64)]))
        gone[~reached] |= bit
        own = np.maximum(own, ends.own_road)
    road, place, lost = _merged(np.concatenate(pairs, axis=1), len(places))
    already = tuple(CutOff(number, _NAME[int(bits)]) for number, bits in enumerate(gone) if bits)
    return CriticalRoads(road, place, lost, already, own)


def _merged(pairs: NDArray[np.int64], places: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Join what was found about the same road and place."""
    keys, index = np.unique(pairs[0] * max(places, 1) + pairs[1], return_inverse=True)
    lost = np.zeros(len(keys), dtype=np.int64)
    np.bitwise_or.at(lost, index, pairs[2])
    return keys // max(places, 1), keys % max(places, 1), lost


def critical_arcs(
    ends: Ends, *, without: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return pairs of road and place cut off in one direction, and which places have a way at all.

    Parameters
    ----------
    without
        One road that is closed already; those that a goal stands on are then not tried.
    """
    view, count = ends.view, ends.view.network.junction_count
    arcs, arc_nodes = _open_arcs(view), 1 + count
    arcs = arcs if without is None else arcs[arcs >> 1 != without]
    place_nodes = arc_nodes + 2 * view.network.road_count
    tree = dominator_tree(_split_graph(ends, arcs), _ROOT)
    first = tree.first[place_nodes:]
    order = np.argsort(first, kind="stable")
    begins = np.searchsorted(first[order], tree.first[arc_nodes + arcs])
    lasts = np.searchsorted(first[order], (tree.first + tree.size)[arc_nodes + arcs])
    found = (tree.first[arc_nodes + arcs] >= 0) & (lasts > begins) & ~np.isin(arcs >> 1, ends.goal_roads)
    sizes = (lasts - begins)[found]
    slots = np.repeat(begins[found] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    reached = first >= 0
    own = reached & (ends.own_road >= 0) & ~np.isin(ends.own_road, ends.goal_roads)
    roads = [np.repeat(arcs[found] >> 1, sizes), ends.own_road[own]]
    cut = [order[slots], np.flatnonzero(own)]
    for road in ends.goal_roads if without is None else ():
        lost = np.flatnonzero(reached & ~reached_without(ends, road))
        roads.append(np.full(len(lost), road, dtype=np.int64))
        cut.append(lost)
    return np.concatenate(roads).astype(np.int64), np.concatenate(cut).astype(np.int64), reached


def _open_arcs(view: OpenNetwork) -> NDArray[np.int64]:
    return np.flatnonzero(view.cost != SHUT)


def _split_graph(ends: Ends, arcs: NDArray[np.int64]) -> Links:
    """Return the graph to walk from the goals: root, junctions, arcs, places; against the roads for the way out."""
    view, count = ends.view, ends.view.network.junction_count
    arc_nodes, place_nodes = 1 + count, 1 + count + 2 * view.network.road_count
    near, far = (view.graph.tail, view.graph.head) if ends.way == "in" else (view.graph.head, view.graph.tail)
    straight = np.flatnonzero(ends.straight >= 0)
    tails: list[NDArray[np.int64]] = [
        np.zeros(len(ends.goal_junction), dtype=np.int64),
        1 + near[arcs].astype(np.int64),
        arc_nodes + arcs,
        1 + ends.junction,
        np.zeros(len(straight), dtype=np.int64),
    ]
    heads: list[NDArray[np.int64]] = [
        1 + ends.goal_junction,
        arc_nodes + arcs,
        1 + far[arcs].astype(np.int64),
        place_nodes + ends.owner,
        place_nodes + straight,
    ]
    total = place_nodes + len(ends.places)
    return links_of(np.concatenate(tails), np.concatenate(heads), count=total)


def reached_without(ends: Ends, *roads: int) -> NDArray[np.bool_]:
    """Return which places are reached while some roads are closed."""
    view, closed = ends.view, np.array(roads, dtype=np.int64)
    cost = view.cost.copy()
    cost[np.concatenate([2 * closed, 2 * closed + 1])] = SHUT
    seeds = ends.goal_junction[~np.isin(ends.goal_road, closed)]
    graph = view.graph
    rows = (
        (graph.out_start, graph.out_arc, graph.head) if ends.way == "in" else (graph.in_start, graph.in_arc, graph.tail)
    )
    seen = _flood(*rows, cost, seeds)
    is_own_open = ~np.isin(ends.own_road, closed)
    reached: NDArray[np.bool_] = (ends.straight == 0) | ((ends.straight > 0) & is_own_open)
    usable = seen[ends.junction] & is_own_open[ends.owner]
    reached[ends.owner[usable]] = True
    return reached


@kernel
def _flood(
    start: NDArray[np.int64],
    arc: NDArray[np.int32],
    far: NDArray[np.int32],
    cost: NDArray[np.int64],
    seeds: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return which junctions are reached over arcs that are not shut."""
    seen = np.zeros(start.size - 1, dtype=np.bool_)
    waiting = np.empty(start.size, dtype=np.int64)
    size = 0
    for seed in seeds:
        if not seen[seed]:
            seen[seed] = True
            waiting[size] = seed
            size += 1
    while size > 0:
        size -= 1
        junction = waiting[size]
        for slot in range(start[junction], start[junction + 1]):
            other = far[arc[slot]]
            if cost[arc[slot]] >= 0 and not seen[other]:
                seen[other] = True
                waiting[size] = other
                size += 1
    return seen
