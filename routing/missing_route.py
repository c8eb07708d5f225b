"""Why is there no route: the smallest set of closures whose lifting would give one.

A cheapest path over "closed roads cost 1" is not an answer: one closure over five roads loses to two closures there,
and lifting is done by closure. The question is the minimum-label path, NP-hard in general. So:

1. If there is no route with every closure lifted, the destination is unreachable.
2. Junctions that reach each other on open roads are one node; closed roads between them carry the closures that
   would have to be lifted. In a county this graph is tiny.
3. A greedy search gives one set that works, thinned until every closure in it is needed.
4. A lower bound: share out the cost of a closure over the gaps between nodes that it closes; no path that visits a
   node once can pay more than its closures. If the set found is no larger, it is smallest.
5. Else an exact search over (node, set of lifted closures), smallest sets first, with dominance (a set counts at a
   node only if no subset of it got there), looks for a smaller one up to `LARGEST_PROVEN`. The answer is proven if
   the search ended by itself and left no smaller size open.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, TypeAlias

import numpy as np

from geodata.errors import BadInputError
from geodata.snapping import RoadPoint
from routing.metric import SHUT
from routing.open_network import OpenNetwork
from routing.road_ends import stretches_between, stretches_in, stretches_out
from routing.route import NoRoute
from routing.shortest import shortest_route
from routing.strong_parts import is_joined

#: Sets up to this size are searched exactly.
LARGEST_PROVEN: Final = 6
#: Comparisons of two sets that the exact search may make before it gives up and says "not proven"; about a second.
MOST_STEPS: Final = 5_000_000
ORIGIN: Final = -1
DESTINATION: Final = -2
#: Node, next node, and the closures that would have to be lifted on the way there.
Gaps: TypeAlias = Iterator[tuple[int, int, frozenset[str]]]


@dataclass(frozen=True)
class LabelGraph:
    """Strong parts of the open network, joined by roads that cost closures to lift; a set is an integer of bits.

    Attributes
    ----------
    ids
        Closure of each bit, sorted.
    edges
        By node: next node and the closures to lift on the way there.
    """

    ids: tuple[str, ...]
    edges: Mapping[int, tuple[tuple[int, int], ...]]

    def each_edge(self) -> Iterator[tuple[int, int, int]]:
        """Give every edge as node, next node and closures."""
        for tail, edges in self.edges.items():
            for head, closures in edges:
                yield tail, head, closures

    def names(self, lifted: int) -> tuple[str, ...]:
        """Return the closures of a set, sorted."""
        return tuple(self.ids[bit] for bit in _bits(lifted))


def _bits(closures: int) -> Iterator[int]:
    while closures:
        lowest = closures & -closures
        yield lowest.bit_length() - 1
        closures ^= lowest


def _drop_dominated(sets: Iterable[int]) -> tuple[int, ...]:
    kept: list[int] = []
    for one in sorted(set(sets), key=lambda lifted: (lifted.bit_count(), lifted)):
        if not any(less & one == less for less in kept):
            kept.append(one)
    return tuple(kept)


def _gaps(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> Gaps:
    """Give the arcs that join two different strong parts, and the ways from the origin and to the destination."""
    usable = view.metric.key != SHUT
    tails, heads = view.strong_part[view.graph.tail], view.strong_part[view.graph.head]
    for arc in np.flatnonzero(usable & (tails != heads)):
        parts = view.closed_parts.of_arc(int(arc))
        yield int(tails[arc]), int(heads[arc]), frozenset(part.closure_id for part in parts)
    for stretch in stretches_out(view, origin):
        yield ORIGIN, int(view.strong_part[stretch.junction]), stretch.closures
    for stretch in stretches_in(view, destination):
        yield int(view.strong_part[stretch.junction]), DESTINATION, stretch.closures
    for stretch in stretches_between(view, origin, destination):
        yield ORIGIN, DESTINATION, stretch.closures


def label_graph(view: OpenNetwork, gaps: Gaps) -> LabelGraph:
    """Return the graph of these gaps; between two nodes only sets stay that hold no other one."""
    ids = tuple(sorted(view.closed_parts.closure_ids))
    bit_of = {one: 1 << bit for bit, one in enumerate(ids)}
    sets: dict[tuple[int, int], set[int]] = {}
    for tail, head, closures in gaps:
        sets.setdefault((tail, head), set()).add(sum(bit_of[one] for one in closures))
    edges: dict[int, list[tuple[int, int]]] = {}
    for (tail, head), some in sets.items():
        edges.setdefault(tail, []).extend((head, one) for one in _drop_dominated(some))
    return LabelGraph(ids, {tail: tuple(heads) for tail, heads in edges.items()})


def _greedy_set(graph: LabelGraph, allowed: int) -> int | None:
    """Return the closures of a path that lifts few of those allowed: each node keeps one set only."""
    heap = [(0, 0, ORIGIN)]
    settled: set[int] = set()
    while heap:
        _, lifted, node = heapq.heappop(heap)
        if node == DESTINATION:
            return lifted
        if node in settled:
            continue
        settled.add(node)
        for head, closures in graph.edges.get(node, ()):
            if head not in settled and closures & ~allowed == 0:
                heapq.heappush(heap, ((lifted | closures).bit_count(), lifted | closures, head))
    return None


def _thinned(graph: LabelGraph, lifted: int) -> int:
    """Leave out closures that need not be lifted, one after the other."""
    for bit in _bits(lifted):
        without = _greedy_set(graph, lifted & ~(1 << bit))
        lifted = lifted if without is None else without
    return lifted


def _least_size(graph: LabelGraph) -> int:
    """Return a number of closures that no path can do without."""
    gaps: dict[int, set[frozenset[int]]] = {}
    for tail, head, closures in graph.each_edge():
        for bit in _bits(closures):
            gaps.setdefault(bit, set()).add(frozenset((tail, head)))
    heap = [(0.0, ORIGIN)]
    settled: set[int] = set()
    while heap:
        paid, node = heapq.heappop(heap)
        if node == DESTINATION:
            return ceil(paid - 1e-9)
        if node in settled:
            continue
        settled.add(node)
        for head, closures in graph.edges.get(node, ()):
            heapq.heappush(heap, (paid + sum(1 / len(gaps[bit]) for bit in _bits(closures)), head))
    return 0


def _exact_set(graph: LabelGraph, largest: int) -> tuple[int | None, bool]:
    """Return the smallest set of at most so many closures, if any, and whether the search ended by itself."""
    heap = [(0, 0, ORIGIN)]
    best_sets: dict[int, list[int]] = {ORIGIN: [0]}
    steps = 0
    while heap:
        _, lifted, node = heapq.heappop(heap)
        if node == DESTINATION:
            return lifted, True
        if lifted not in best_sets[node]:
            continue
        for head, closures in graph.edges.get(node, ()):
            joint = lifted | closures
            known = best_sets.setdefault(head, [])
            steps += 1 + len(known)
            if steps > MOST_STEPS:
                return None, False
            if joint.bit_count() > largest or any(less & joint == less for less in known):
                continue
            best_sets[head] = [more for more in known if joint & more != joint] + [joint]
            heapq.heappush(heap, (joint.bit_count(), joint, head))
    return None, True


def explain_missing_route(view: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> NoRoute:
    """Return why there is no route; ask only where `shortest_route` found none.

    Parameters
    ----------
    view
        The network with the closings that count.

    Raises
    ------
    BadInputError
        `route-too-long` where there are ways, but none that can be reckoned.
    """
    lifted = view.lifted()
    if shortest_route(lifted, origin, destination) is None:
        if not view.metric.is_within_far:
            _refuse_if_joined(lifted, origin, destination)
        return NoRoute("unreachable")
    return smallest_set(label_graph(view, _gaps(view, origin, destination)))


def _refuse_if_joined(lifted: OpenNetwork, origin: RoadPoint, destination: RoadPoint) -> None:
    """Refuse a question to which the answer is not that there is no way, but that it costs too much to add up."""
    seeds, goals = stretches_out(lifted, origin), stretches_in(lifted, destination)
    if is_joined(lifted.graph, lifted.cost, (one.junction for one in seeds), (one.junction for one in goals)):
        raise BadInputError("route-too-long", "route")


def smallest_set(graph: LabelGraph) -> NoRoute:
    """Return the smallest set of closures that leads through a graph, or the best one found and that it is not proven.

    Lifting all of them must lead through.
    """
    found = _greedy_set(graph, (1 << len(graph.ids)) - 1)
    if found is None:
        raise AssertionError("a route exists with every closure lifted, but not over the label graph")
    lifted = _thinned(graph, found)
    size = lifted.bit_count()
    if size <= _least_size(graph):
        return NoRoute("no-route", graph.names(lifted), proven=True)
    largest = min(size - 1, LARGEST_PROVEN)
    smaller, ended = _exact_set(graph, largest)
    if smaller is not None:
        return NoRoute("no-route", graph.names(smaller), proven=True)
    return NoRoute("no-route", graph.names(lifted), proven=ended and largest == size - 1)
