"""How much longer the way to the nearest goal gets when one road is closed: the worst detour of every road.

Closing a road changes the way only of those whose quickest way leads over it: the part of the tree of quickest ways
that hangs below it. For each road that part alone is searched anew, from its edge inward, which gives the same as a
search of the whole network without the road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.criticality.dominators import links_of
from routing.criticality.ends import Ends, ends_of
from routing.criticality.quickest import QuickestTree, Roads, Seeds, pop, push, quickest, roads_of, seeds_of
from routing.kernel import kernel, part_of_kernel
from routing.metric import FAR, LENGTH_BITS
from routing.open_network import OpenNetwork
from routing.reaching import WAYS, Way


@dataclass(frozen=True, slots=True)
class Detour:
    """The worst that closing one road does to anybody who still has a way.

    Attributes
    ----------
    place
        Number of the place whose way grows most.
    way
        In which direction.
    before_s, after_s
        How long its way takes.
    """

    road: int
    place: int
    way: Way
    before_s: float
    after_s: float

    @property
    def added_s(self) -> float:
        """How much longer."""
        return self.after_s - self.before_s


class _Hung(NamedTuple):
    """How places hang on junctions: the ways of a place by `start`, and the places of a junction by `at_start`."""

    junction: NDArray[np.int64]
    key: NDArray[np.int64]
    start: NDArray[np.int64]
    straight: NDArray[np.int64]
    own_road: NDArray[np.int64]
    at_start: NDArray[np.int64]
    at_place: NDArray[np.int32]


def find_detours(view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint]) -> tuple[Detour, ...]:
    """Return the worst detour of every road whose closure makes somebody's way longer, the longest first.

    Whoever stands on the closed road itself, or has no way left, is not counted: `find_critical_roads` tells them.
    """
    best: dict[int, Detour] = {}
    for way in WAYS:
        for one in _one_way(ends_of(view, places, goals, way=way)):
            if one.road not in best or one.added_s > best[one.road].added_s:
                best[one.road] = one
    return tuple(sorted(best.values(), key=lambda one: (-one.added_s, one.road)))


def _one_way(ends: Ends) -> list[Detour]:
    roads, seeds, hung = roads_of(ends), seeds_of(ends), _hung(ends)
    tree = QuickestTree(*quickest(roads, seeds))
    tops = np.flatnonzero(tree.by_road >= 0)
    tops = tops[np.argsort(tree.by_road[tops], kind="stable")]
    road, place, before, after = _search_anew(roads, seeds, hung, tree, tops)
    found = zip(road.tolist(), place.tolist(), _seconds(before), _seconds(after), strict=True)
    return [Detour(one, number, ends.way, was, gets) for one, number, was, gets in found if number >= 0]


def _seconds(keys: NDArray[np.int64]) -> list[float]:
    seconds: list[float] = ((keys >> LENGTH_BITS) / 1000).tolist()
    return seconds


def _hung(ends: Ends) -> _Hung:
    start = np.searchsorted(ends.owner, np.arange(len(ends.places) + 1)).astype(np.int64)
    count = max(ends.view.network.junction_count, len(ends.places))
    rows = links_of(ends.junction, ends.owner, count=count)
    own = np.array([one.road for one in ends.places], dtype=np.int64)
    own = np.where(ends.own_road >= 0, own, -1)
    return _Hung(ends.junction, ends.key, start, ends.straight, own, rows.out_start, rows.head)


class _Work(NamedTuple):
    """What the searches write on, one after the other; a junction counts as reached anew where `mark` is the road.

    Attributes
    ----------
    fresh : (n,) int64
        Key without the road.
    mark : (n,) int64
        Road for which `fresh` was reckoned last.
    """

    fresh: NDArray[np.int64]
    mark: NDArray[np.int64]
    heap_key: NDArray[np.int64]
    heap_item: NDArray[np.int64]


@part_of_kernel
def _key_of_place(hung: _Hung, place: int, road: int, key: NDArray[np.int64], work: _Work) -> int:
    """Return what the way of a place costs with the junctions below a road reached as they are now."""
    best = FAR
    if hung.straight[place] >= 0:
        best = hung.straight[place]
    for slot in range(hung.start[place], hung.start[place + 1]):
        junction = hung.junction[slot]
        reach = work.fresh[junction] if work.mark[junction] == road else key[junction]
        best = min(best, reach + hung.key[slot])
    return best


@part_of_kernel
def _from_outside(roads: Roads, seeds: Seeds, tree: QuickestTree, work: _Work, junction: int) -> int:
    """Return the least key with which a junction below the closed road is reached from what does not hang there."""
    road = work.mark[junction]
    best = FAR
    for seed in range(seeds.start[junction], seeds.start[junction + 1]):
        if seeds.road[seed] != road:
            best = min(best, seeds.key[seed])
    for slot in range(roads.back_start[junction], roads.back_start[junction + 1]):
        arc = roads.back_arc[slot]
        other = roads.near[arc]
        if roads.cost[arc] >= 0 and arc >> 1 != road and work.mark[other] != road and tree.key[other] < FAR:
            best = min(best, tree.key[other] + roads.cost[arc])
    return best


@part_of_kernel
def _search_below(roads: Roads, seeds: Seeds, tree: QuickestTree, work: _Work, below: NDArray[np.int64]) -> None:
    """Reach the junctions that hang below a closed road, all marked with it, without that road."""
    size = 0
    for junction in below:
        best = _from_outside(roads, seeds, tree, work, junction)
        work.fresh[junction] = best
        if best < FAR:
            size = push(work.heap_key, work.heap_item, size, best, junction)
    while size > 0:
        key, junction = work.heap_key[0], work.heap_item[0]
        size = pop(work.heap_key, work.heap_item, size)
        if key > work.fresh[junction]:
            continue
        road = work.mark[junction]
        for slot in range(roads.start[junction], roads.start[junction + 1]):
            arc = roads.arc[slot]
            other = roads.far[arc]
            if roads.cost[arc] < 0 or arc >> 1 == road or work.mark[other] != road:
                continue
            if key + roads.cost[arc] < work.fresh[other]:
                work.fresh[other] = key + roads.cost[arc]
                size = push(work.heap_key, work.heap_item, size, work.fresh[other], other)


@part_of_kernel
def _hurt_most(hung: _Hung, tree: QuickestTree, work: _Work, below: NDArray[np.int64]) -> tuple[int, int, int]:
    """Return the place whose way grows most, -1 where none does, and its two keys."""
    most, found, was, gets = 0, -1, 0, 0
    for junction in below:
        road = work.mark[junction]
        for slot in range(hung.at_start[junction], hung.at_start[junction + 1]):
            place = hung.at_place[slot]
            if hung.own_road[place] == road:
                continue
            after = _key_of_place(hung, place, road, tree.key, work)
            before = _key_of_place(hung, place, -2, tree.key, work)
            added = (after >> LENGTH_BITS) - (before >> LENGTH_BITS)
            if after < FAR and added > most:
                most, found, was, gets = added, place, before, after
    return found, was, gets


@kernel
def _search_anew(
    roads: Roads, seeds: Seeds, hung: _Hung, tree: QuickestTree, tops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Close every road of the tree in turn; return roads, the place that loses most (-1: none), and its two keys.

    Parameters
    ----------
    tops
        Junctions reached over a road, sorted by it: what hangs below all of one road is searched together.
    """
    count = roads.start.size - 1
    found = np.full((4, tops.size), -1, dtype=np.int64)
    room = 2 * roads.arc.size + 2
    fresh, mark = np.full(count, FAR, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    work = _Work(fresh, mark, np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64))
    below = np.empty(count, dtype=np.int64)
    begin = 0
    while begin < tops.size:
        road = tree.by_road[tops[begin]]
        end, size, places = begin, 0, 0
        while end < tops.size and tree.by_road[tops[end]] == road:
            first = tree.first[tops[end]]
            for spot in range(first, first + tree.size[tops[end]]):
                junction = tree.order[spot]
                if work.mark[junction] != road:
                    work.mark[junction] = road
                    below[size] = junction
                    size += 1
                    places += hung.at_start[junction + 1] - hung.at_start[junction]
            end += 1
        if places > 0:
            _search_below(roads, seeds, tree, work, below[:size])
            found[0, begin] = road
            found[1, begin], found[2, begin], found[3, begin] = _hurt_most(hung, tree, work, below[:size])
        begin = end
    return found[0], found[1], found[2], found[3]
