"""Pairs of roads that together cut off whom neither cuts off alone, exact and directed, beside those told as chains.

Chains take every road as if it could be driven both ways (`chains`); what they say is true, and with one-way roads it
is not everything. Here are all other pairs. Closed is the whole road, both ways. A smallest cut leads over a two-way
road in one direction only, so that roads are counted by their arcs. A place that hangs on one road already may lose its
way to that road by a pair as well: the pairs before each such road are looked for in turn, from the place to the goals.
A junction that three ways lead to stands for the goals from then on, so that most searches end within a few streets.
Roads that a goal stands on are few: each is taken away, and what is critical then goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, product
from typing import Final, TypeAlias

import numpy as np

from geodata.snapping import RoadPoint
from routing.criticality.chains import Chain
from routing.criticality.ends import Ends, ends_of
from routing.criticality.single_roads import critical_arcs, reached_without
from routing.criticality.two_cuts import Sheet, Streets, blank_sheet, cuts_before
from routing.isolation import CutOff, CutWay
from routing.metric import SHUT
from routing.open_network import OpenNetwork
from routing.reaching import WAYS

_NAMES: Final[dict[int, CutWay]] = {1: "in", 2: "out", 3: "both"}
Roads: TypeAlias = tuple[int, ...]
#: Two groups of roads: one of each is enough.
Sides: TypeAlias = tuple[Roads, Roads]
_Ends: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoadPairs:
    """Closing any road of the one group and any of the other cuts off the places, which neither does alone."""

    one: Roads
    other: Roads
    cut_off: tuple[CutOff, ...]


def find_further_pairs(
    view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint], *, chains: Iterable[Chain]
) -> tuple[RoadPairs, ...]:
    """Return every pair of roads that cuts somebody off and is not told by the chains of the same question."""
    told = _ToldByChains(chains)
    lost: dict[Sides, dict[int, int]] = {}
    for bit, way in enumerate(WAYS, start=1):
        ends = ends_of(view, places, goals, way=way)
        alone = _alone(ends)
        for sides, numbers in _pairs_one_way(ends):
            for part, number in _split(sides, numbers, alone, told):
                here = lost.setdefault(part, {})
                here[number] = here.get(number, 0) | bit
    rows = [
        RoadPairs(*sides, tuple(CutOff(number, _NAMES[bits]) for number, bits in sorted(found.items())))
        for sides, found in lost.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.one, one.other)))


def _alone(ends: Ends) -> dict[int, set[int]]:
    """Return of each place the roads that cut it off alone."""
    found: dict[int, set[int]] = {}
    roads, places, _ = critical_arcs(ends)
    for road, place in zip(roads.tolist(), places.tolist(), strict=True):
        found.setdefault(place, set()).add(road)
    return found


class _ToldByChains:
    """What the chains say already."""

    def __init__(self, chains: Iterable[Chain]) -> None:
        self._groups: dict[int, list[tuple[int, int]]] = {}
        self._between: dict[tuple[int, int], int] = {}
        for chain_number, chain in enumerate(chains):
            for number, group in enumerate(chain.groups):
                for road in group:
                    self._groups.setdefault(road, []).append((chain_number, number))
            for number, places in enumerate(chain.between):
                self._between |= {(chain_number, place): number for place in places}

    def mark(self, road: int) -> tuple[tuple[int, int], ...]:
        """Return in which groups of which chains a road is: roads of one mark are told alike."""
        return tuple(self._groups.get(road, ()))

    def tells(self, one: int, other: int, place: int) -> bool:
        """Tell whether two roads are in groups on the two sides of a place."""
        for (chain, group), (other_chain, other_group) in product(self.mark(one), self.mark(other)):
            gap = self._between.get((chain, place)) if chain == other_chain else None
            if gap is not None and min(group, other_group) <= gap < max(group, other_group):
                return True
        return False


def _split(
    sides: Sides, numbers: Iterable[int], alone: Mapping[int, set[int]], told: _ToldByChains
) -> Iterator[tuple[Sides, int]]:
    """Give the parts of two groups that are news about each place."""
    for number in numbers:
        single = alone.get(number, set())
        groups = []
        for side in sides:
            rest = sorted((road for road in set(side) - single), key=lambda road: (told.mark(road), road))
            groups.append([tuple(some) for _, some in groupby(rest, key=told.mark)])
        for one, other in product(*groups):
            if not told.tells(one[0], other[0], number):
                yield (min(one, other), max(one, other)), number


def _pairs_one_way(ends: Ends) -> Iterator[tuple[Sides, list[int]]]:
    """Give every pair of groups in one direction, with the places that it cuts off."""
    streets = _streets(ends)
    sheet = blank_sheet(ends.view.network.junction_count, len(streets.near))
    known: dict[_Ends, tuple[list[Sides], _Ends]] = {}
    behind: dict[_Ends, list[int]] = {}
    for number in np.flatnonzero(ends.straight < 0).tolist():
        here = tuple(sorted(set(ends.junction[ends.owner == number].tolist())))
        while here:
            behind.setdefault(here, []).append(number)
            if here not in known:
                known[here] = _cuts(streets, sheet, here)
            here = known[here][1]
    for here, numbers in behind.items():
        yield from ((sides, numbers) for sides in known[here][0])
    yield from _with_goal_roads(ends)


def _streets(ends: Ends) -> Streets:
    graph, view = ends.view.graph, ends.view
    is_lasting = np.zeros(view.network.road_count, dtype=np.bool_)
    is_lasting[list(ends.goal_roads)] = True
    is_goal = np.zeros(view.network.junction_count, dtype=np.bool_)
    is_goal[ends.goal_junction] = True
    more = (view.cost != SHUT, np.repeat(is_lasting, 2), is_goal)
    inward = (graph.in_start, graph.in_arc, graph.out_start, graph.out_arc, graph.tail, graph.head)
    outward = (graph.out_start, graph.out_arc, graph.in_start, graph.in_arc, graph.head, graph.tail)
    return Streets(*(inward if ends.way == "in" else outward), *more)


def _cuts(streets: Streets, sheet: Sheet, here: _Ends) -> tuple[list[Sides], _Ends]:
    """Return the pairs next before some junctions, and where to look for those before the road that they hang on."""
    ends = np.array(here, dtype=np.int64)
    found = cuts_before(streets, sheet, ends, -1)
    if found == 3:
        _hold_fast(streets, sheet, here)
    if found == 2:
        return list(_sides(sheet)), ()
    if found != 1:
        return [], ()
    nearest = int(np.flatnonzero(sheet.limits[0, : sheet.lengths[0]] >= 0)[0])
    arc = int(sheet.ways[0, nearest])
    found = cuts_before(streets, sheet, ends, int(streets.far[arc]))
    return list(_sides(sheet)) if found == 2 else [], (int(streets.near[arc]),)


def _hold_fast(streets: Streets, sheet: Sheet, here: _Ends) -> None:
    """Let junctions that no two arcs part from the goals count as goals, so that others' searches end at them.

    Every cut of two arcs or one leaves such a junction on the goals' side: before others there are the same cuts.
    """
    for junction in here:
        if len(here) == 1 or cuts_before(streets, sheet, np.array([junction], dtype=np.int64), -1) == 3:
            streets.is_goal[junction] = True


def _sides(sheet: Sheet) -> Iterator[Sides]:
    """Give the groups of roads of two ways that go together: which of the other way do is a row without a gap."""
    one, other = (np.flatnonzero(sheet.limits[way, : sheet.lengths[way]] >= 0) for way in (0, 1))
    low = np.searchsorted(other, sheet.limits[0, one])
    high = np.searchsorted(sheet.limits[1, other], one, side="right")
    for (start, end), rows in groupby(range(len(one)), key=lambda row: (int(low[row]), int(high[row]))):
        mine = tuple(sorted({int(sheet.ways[0, one[row]]) >> 1 for row in rows}))
        if start < end:
            yield mine, tuple(sorted({int(arc) >> 1 for arc in sheet.ways[1, other[start:end]]}))


def _with_goal_roads(ends: Ends) -> Iterator[tuple[Sides, list[int]]]:
    """Give the pairs of which one is a road that a goal stands on."""
    for goal_road in ends.goal_roads:
        rest = _without(ends, goal_road)
        found: dict[int, list[int]] = {}
        roads, places, _ = critical_arcs(rest, without=goal_road)
        for road, place in zip(roads.tolist(), places.tolist(), strict=True):
            found.setdefault(road, []).append(place)
        by_places: dict[tuple[int, ...], list[int]] = {}
        for road, some in found.items():
            by_places.setdefault(tuple(sorted(some)), []).append(road)
        for some_places, some_roads in by_places.items():
            yield ((goal_road,), tuple(sorted(some_roads))), list(some_places)
    before = reached_without(ends)
    for pair in combinations(ends.goal_roads, 2):
        lost = np.flatnonzero(before & ~reached_without(ends, *pair)).tolist()
        if lost:
            yield ((pair[0],), (pair[1],)), lost


def _without(ends: Ends, road: int) -> Ends:
    """Return places and goals without those that hang on one road."""
    goals, own = ends.goal_road != road, ends.own_road[ends.owner] != road
    return replace(
        ends,
        owner=ends.owner[own],
        junction=ends.junction[own],
        key=ends.key[own],
        goal_road=ends.goal_road[goals],
        goal_junction=ends.goal_junction[goals],
        goal_key=ends.goal_key[goals],
        straight=np.where((ends.straight > 0) & (ends.own_road == road), -1, ends.straight),
    )
