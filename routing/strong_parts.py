"""Number the strongly connected parts of the open network: who is in one part can reach everybody else in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.arc_graph import ArcGraph
from routing.kernel import kernel, part_of_kernel

Numbers = NDArray[np.int32]


class _Walk(NamedTuple):
    """A walk over n junctions that goes deeper first; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    part : (n,) int32
        The answer, -1 where not known yet.
    order, lowest : (n,) int32
        When a junction was first seen, -1 where not yet; and the first seen of those known to be in its part.
    place : (n,) int64
        The next of its arcs to look at.
    waiting : (n,) int32
        Junctions seen whose part is not complete.
    """

    part: Numbers
    order: Numbers
    lowest: Numbers
    place: NDArray[np.int64]
    waiting: Numbers


@part_of_kernel
def _next_unseen(graph: ArcGraph, cost: NDArray[np.int64], walk: _Walk, junction: int) -> int:
    """Look at further arcs of a junction until one leads to a junction not seen yet; return that, or -1."""
    while walk.place[junction] < graph.out_start[junction + 1]:
        arc = graph.out_arc[walk.place[junction]]
        walk.place[junction] += 1
        other = graph.head[arc]
        if cost[arc] < 0 or walk.part[other] >= 0:
            continue
        if walk.order[other] < 0:
            return int(other)
        walk.lowest[junction] = min(walk.lowest[junction], walk.order[other])
    return -1


@part_of_kernel
def _complete(walk: _Walk, junction: int, waits: int, number: int) -> int:
    """Number the part that begins with a junction; return how many junctions still wait."""
    member = -1
    while member != junction:
        waits -= 1
        member = walk.waiting[waits]
        walk.part[member] = number
    return waits


@kernel
def number_strong_parts(graph: ArcGraph, cost: NDArray[np.int64]) -> Numbers:
    """Return the number of each junction's strongly connected part over the arcs that are not shut.

    Tarjan 1972 without recursion. Parts are numbered in reverse topological order: an arc between two parts leads
    to the lower number.

    Parameters
    ----------
    graph
        Arcs of n junctions.
    cost : (2m,) int64
        By arc; negative where shut.

    Returns
    -------
    (n,) int32
    """
    count = graph.out_start.size - 1
    unknown = np.full((2, count), -1, dtype=np.int32)
    walk = _Walk(unknown[0], unknown[1], np.zeros(count, np.int32), graph.out_start.copy(), np.empty(count, np.int32))
    trail = np.empty(count, dtype=np.int32)
    waits, seen, parts = 0, 0, 0
    for root in range(count):
        depth = 0
        following = root if walk.order[root] < 0 else -1
        while depth > 0 or following >= 0:
            if following >= 0:
                walk.order[following] = walk.lowest[following] = seen
                walk.waiting[waits] = trail[depth] = following
                seen, waits, depth = seen + 1, waits + 1, depth + 1
            junction = trail[depth - 1]
            following = _next_unseen(graph, cost, walk, junction)
            if following >= 0:
                continue
            if walk.lowest[junction] == walk.order[junction]:
                waits = _complete(walk, junction, waits, parts)
                parts += 1
            depth -= 1
            if depth > 0:
                above = trail[depth - 1]
                walk.lowest[above] = min(walk.lowest[above], walk.lowest[junction])
    return walk.part


def is_joined(graph: ArcGraph, cost: NDArray[np.int64], seeds: Iterable[int], goals: Iterable[int]) -> bool:
    """Tell whether any way leads from a seed to a goal over the arcs that are not shut, whatever it costs."""
    part = number_strong_parts(graph, cost)
    tails, heads = part[graph.tail], part[graph.head]
    between = np.flatnonzero((cost >= 0) & (tails != heads))
    reached = {int(part[one]) for one in seeds}
    # Arcs between parts lead to lower numbers, so that one pass from the highest down is enough.
    for arc in between[np.argsort(-tails[between], kind="stable")].tolist():
        if int(tails[arc]) in reached:
            reached.add(int(heads[arc]))
    return any(int(part[one]) in reached for one in goals)
