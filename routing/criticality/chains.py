"""Chains of roads any two of which together cut off the places between them.

Every other road of a chain is enough beside the one: so it is chains that are told, not pairs, of which a chain of ten
roads has forty-five. The roads are taken as if they could be driven both ways, and cut where a place stands on them:
what is told here is true of one-way roads too, and `further_pairs` tells the rest.

Pritchard and Thurimella (Fast computation of small cuts via cycle space sampling, ACM Transactions on Algorithms 7,
2011): give every road outside a spanning tree a random number of 64 bits, and every road of the tree the exclusive or
of those of the circles through it. Two roads are a cut if and only if their numbers are the same, but for one chance in
2^64; a road with zero is a cut by itself, and not told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import BACKWARD, FORWARD
from geodata.snapping import RoadPoint
from routing.criticality.dominators import links_of
from routing.kernel import kernel
from routing.metric import SHUT
from routing.open_network import OpenNetwork

_ROOT: Final = 0
#: Any will do; always the same, so that the same roads give the same answer.
_SEED: Final = 20220622


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups of roads in the order of the ring, and the places between one group and the next.

    Closing one road of a group and one of another cuts off every place between the two groups.

    Attributes
    ----------
    groups
        Road indices.
    between
        Numbers of the places after each group but the last.
    """

    groups: tuple[tuple[int, ...], ...]
    between: tuple[tuple[int, ...], ...]


class _Pieces(NamedTuple):
    """Roads cut at the places on them: which road each piece is of, and what it joins; the goals are one node."""

    road: NDArray[np.int64]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    place_node: NDArray[np.int64]
    nodes: int


class _Walk(NamedTuple):
    """A depth-first walk from the goals: of each piece its number and its lower end, -1 off the tree; of each node."""

    label: NDArray[np.uint64]
    lower: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]


def find_chains(view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint]) -> tuple[Chain, ...]:
    """Return every chain with places between its roads, in no particular order."""
    pieces = _cut_at_points(view, places, goals)
    chance = np.random.default_rng(_SEED).integers(1, 1 << 63, size=len(pieces.road), dtype=np.uint64)
    rows = links_of(
        np.concatenate([pieces.one, pieces.other]), np.tile(np.arange(len(pieces.road)), 2), count=pieces.nodes
    )
    walk = _Walk(*_walk(rows.out_start, rows.head, pieces.one, pieces.other, chance))
    return tuple(_chains_of(walk, pieces))


def _cut_at_points(view: OpenNetwork, places: Sequence[RoadPoint], goals: Sequence[RoadPoint]) -> _Pieces:
    """Cut roads at places and goals, and leave out what is open in neither direction."""
    spots: dict[int, dict[int, int]] = {}
    node_of = 1 + np.arange(view.network.junction_count, dtype=np.int64)
    nodes = 1 + view.network.junction_count
    for goal in goals:
        end = _end_of(view, goal)
        if end is None:
            spots.setdefault(goal.road, {})[view.offset_cm(goal)] = _ROOT
        else:
            node_of[end] = _ROOT
    place_node = np.zeros(len(places), dtype=np.int64)
    for number, place in enumerate(places):
        end = _end_of(view, place)
        if end is None:
            here = spots.setdefault(place.road, {})
            place_node[number] = here.setdefault(view.offset_cm(place), nodes)
            nodes += int(place_node[number] == nodes)
        else:
            place_node[number] = node_of[end]
    open_ways = (view.cost != SHUT).reshape(-1, 2).any(axis=1)
    open_ways[list(spots)] = False
    whole = np.flatnonzero(open_ways)
    ends = node_of[view.network.ends[whole]]
    rows = [piece for road, here in spots.items() for piece in _pieces_of(view, road, here, node_of)]
    cut = np.array(rows, dtype=np.int64).reshape(-1, 3)
    road, one, other = (
        np.concatenate([whole, cut[:, 0]]),
        *(np.concatenate([ends[:, i], cut[:, i + 1]]) for i in (0, 1)),
    )
    joins = one != other
    return _Pieces(road[joins], one[joins], other[joins], place_node, nodes)


def _end_of(view: OpenNetwork, point: RoadPoint) -> int | None:
    """Return the junction that a point stands at, None where it stands on the road between two."""
    at = view.offset_cm(point)
    start, end = (int(junction) for junction in view.network.ends[point.road])
    return start if at == 0 else end if at == int(view.metric.length_cm[point.road]) else None


def _pieces_of(
    view: OpenNetwork, road: int, spots: dict[int, int], node_of: NDArray[np.int64]
) -> Iterator[tuple[int, int, int]]:
    start, end = (int(node_of[junction]) for junction in view.network.ends[road])
    marks = sorted({**spots, 0: start, int(view.metric.length_cm[road]): end}.items())
    for (one_cm, one), (other_cm, other) in pairwise(marks):
        ways = (FORWARD, BACKWARD)
        usable = [way for way in ways if view.metric.usable[road, way]]
        if any(not view.closures_between(2 * road + way, one_cm, other_cm) for way in usable):
            yield road, one, other


@kernel
def _walk(
    start: NDArray[np.int64],
    piece_at: NDArray[np.int32],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    chance: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Walk depth first and label every piece; what is not reached has 0."""
    count = start.size - 1
    label = np.zeros(one.size, dtype=np.uint64)
    lower = np.full(one.size, -1, dtype=np.int64)
    circles = np.zeros(count, dtype=np.uint64)
    first = np.full(count, -1, dtype=np.int64)
    size = np.zeros(count, dtype=np.int64)
    place = start[:-1].copy()
    trail = np.empty(count, dtype=np.int64)
    came_by = np.full(count, -1, dtype=np.int64)
    trail[0] = 0
    first[0] = 0
    seen, depth = 1, 1
    while depth > 0:
        node = trail[depth - 1]
        if place[node] < start[node + 1]:
            piece = piece_at[place[node]]
            place[node] += 1
            if piece == came_by[node] or label[piece] != 0:
                continue
            far = other[piece] if one[piece] == node else one[piece]
            if first[far] < 0:
                came_by[far] = piece
                lower[piece] = far
                first[far] = seen
                seen += 1
                trail[depth] = far
                depth += 1
            elif first[far] < first[node]:
                label[piece] = chance[piece]
                circles[node] ^= chance[piece]
                circles[far] ^= chance[piece]
            continue
        depth -= 1
        size[node] = seen - first[node]
        if depth > 0:
            label[came_by[node]] = circles[node]
            circles[trail[depth - 1]] ^= circles[node]
    return label, lower, first, size


def _chains_of(walk: _Walk, pieces: _Pieces) -> Iterator[Chain]:
    """Give the chains: pieces with one label, from the goals outward along the tree."""
    labels, sizes = np.unique(walk.label, return_counts=True)
    chosen = np.flatnonzero(np.isin(walk.label, labels[(sizes > 1) & (labels != 0)]))
    on_tree = walk.lower[chosen] >= 0
    depth = np.where(on_tree, walk.first[walk.lower[chosen]], np.iinfo(np.int64).max)
    order = np.lexsort((depth, walk.label[chosen]))
    chosen, on_tree = chosen[order], on_tree[order]
    firsts = walk.first[pieces.place_node]
    places = np.argsort(firsts, kind="stable")
    top, size = walk.first[walk.lower[chosen]], walk.size[walk.lower[chosen]]
    rows = np.searchsorted(firsts[places], np.stack([top, top + size])) * on_tree
    hanging: list[tuple[int, int]] = list(zip(*rows.tolist(), strict=True))
    roads = pieces.road[chosen].tolist()
    begins = np.flatnonzero(np.diff(walk.label[chosen], prepend=np.uint64(0))).tolist()
    for start, end in pairwise([*begins, len(chosen)]):
        chain = _chain(roads[start:end], hanging[start:end], places)
        if chain is not None:
            yield chain


def _chain(roads: Sequence[int], hanging: Sequence[tuple[int, int]], places: NDArray[np.int64]) -> Chain | None:
    """Return a class of pieces as a chain; None where nobody lives between them, or all are of one road.

    Parameters
    ----------
    hanging
        Of each piece, which row of the places hangs below it in the tree, as (start, end); nothing off the tree. What
        hangs below a piece hangs below those before it too.
    """
    groups, between = [[roads[0]]], []
    for ((start, end), (below, below_end)), road in zip(pairwise(hanging), roads[1:], strict=True):
        if end - start > below_end - below:
            parts = (places[start:below], places[below_end:end]) if below < below_end else (places[start:end],)
            between.append(tuple(sorted(np.concatenate(parts).tolist())))
            groups.append([])
        groups[-1].append(road)
    if not between or len(set(roads)) == 1:
        return None
    return Chain(tuple(_each_once(group) for group in groups), tuple(between))


def _each_once(roads: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(roads))
