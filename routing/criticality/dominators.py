"""Which nodes lie on every way from a root: the dominator tree of a directed graph, and what hangs below each node.

The semi-NCA algorithm of Georgiadis (Linear-Time Algorithms for Dominators and Related Problems, Princeton 2005): the
semidominators of Lengauer and Tarjan (ACM TOPLAS 1, 1979), then the nearest common ancestor of semidominator and
parent. Quadratic at worst, on road networks as good as linear.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel, part_of_kernel


class Links(NamedTuple):
    """A directed graph of n nodes and e links, by tail and by head.

    Attributes
    ----------
    out_start : (n + 1,) int64
        `head[out_start[v]:out_start[v + 1]]` are the nodes that v leads to.
    head : (e,) int32
    in_start : (n + 1,) int64
        Likewise `tail`: the nodes that lead to v.
    tail : (e,) int32
    """

    out_start: NDArray[np.int64]
    head: NDArray[np.int32]
    in_start: NDArray[np.int64]
    tail: NDArray[np.int32]


class DominatorTree(NamedTuple):
    """The tree in which the ancestors of a node are those on every way to it; n nodes.

    Attributes
    ----------
    first : (n,) int64
        Place of the node when the tree is walked top down, -1 where the root does not reach it.
    size : (n,) int64
        How many nodes hang below it, itself among them: those with places from `first` to `first + size - 1`.
    """

    first: NDArray[np.int64]
    size: NDArray[np.int64]


def links_of(tails: NDArray[np.int64], heads: NDArray[np.int64], *, count: int) -> Links:
    """Return a graph from its links."""
    return Links(*_rows(tails, heads, count), *_rows(heads, tails, count))


def _rows(
    keys: NDArray[np.int64], values: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    start = np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=count))]).astype(np.int64)
    return start, values[np.argsort(keys, kind="stable")].astype(np.int32)


@part_of_kernel
def _walk(links: Links, root: int, number: NDArray[np.int32], parent: NDArray[np.int32]) -> int:
    """Number the nodes in the order of a depth-first walk and return how many there are; parents are numbers."""
    place = links.out_start[:-1].copy()
    trail = np.empty(number.size, dtype=np.int32)
    trail[0] = root
    number[root] = 0
    seen, depth = 1, 1
    while depth > 0:
        node = trail[depth - 1]
        if place[node] == links.out_start[node + 1]:
            depth -= 1
            continue
        other = links.head[place[node]]
        place[node] += 1
        if number[other] < 0:
            number[other] = seen
            parent[seen] = number[node]
            trail[depth] = other
            seen += 1
            depth += 1
    return seen


@part_of_kernel
def _least_above(
    node: int,
    linked: int,
    above: NDArray[np.int32],
    label: NDArray[np.int32],
    semi: NDArray[np.int32],
    path: NDArray[np.int32],
) -> int:
    """Return the label of least semidominator among the linked ancestors of a node; shortens the way for later."""
    depth = 0
    top = node
    while above[top] >= linked:
        path[depth] = top
        depth += 1
        top = above[top]
    upper = top
    for step in range(depth - 1, -1, -1):
        lower = path[step]
        above[lower] = above[top]
        if semi[label[upper]] < semi[label[lower]]:
            label[lower] = label[upper]
        upper = lower
    return int(label[node])


@kernel
def immediate_dominators(links: Links, root: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return each node's number in a depth-first walk, (n,), -1 where not reached, and the dominators by number, (r,).

    The dominator of a reached node is the last other node that every way from the root to it passes; its number is
    less than the node's. The root's own is 0.
    """
    count = links.out_start.size - 1
    number = np.full(count, -1, dtype=np.int32)
    parent = np.zeros(count, dtype=np.int32)
    reached = _walk(links, root, number, parent)
    node_of = np.empty(reached, dtype=np.int32)
    for node in range(count):
        if number[node] >= 0:
            node_of[number[node]] = node
    dominator = parent[:reached].copy()
    above = parent[:reached].copy()
    above[0] = -1
    semi = np.arange(reached, dtype=np.int32)
    label = np.arange(reached, dtype=np.int32)
    path = np.empty(reached, dtype=np.int32)
    for late in range(reached - 1, 0, -1):
        semi[late] = dominator[late]
        node = node_of[late]
        for link in range(links.in_start[node], links.in_start[node + 1]):
            before = number[links.tail[link]]
            if before >= 0:
                best = semi[_least_above(before, late + 1, above, label, semi, path)]
                semi[late] = min(semi[late], best)
    for late in range(1, reached):
        best = dominator[late]
        while best > semi[late]:
            best = dominator[best]
        dominator[late] = best
    return number, dominator


@kernel
def dominator_tree(links: Links, root: int) -> DominatorTree:
    """Return what hangs below each node in the dominator tree from a root."""
    number, dominator = immediate_dominators(links, root)
    reached = dominator.size
    size = np.ones(reached, dtype=np.int64)
    for late in range(reached - 1, 0, -1):
        size[dominator[late]] += size[late]
    first = np.zeros(reached, dtype=np.int64)
    free = np.ones(reached, dtype=np.int64)
    for late in range(1, reached):
        above = dominator[late]
        first[late] = free[above]
        free[above] += size[late]
        free[late] = first[late] + 1
    firsts = np.full(number.size, -1, dtype=np.int64)
    sizes = np.zeros(number.size, dtype=np.int64)
    for node in range(number.size):
        if number[node] >= 0:
            firsts[node] = first[number[node]]
            sizes[node] = size[number[node]]
    return DominatorTree(firsts, sizes)
