"""Join edges that meet at a node where nothing else meets, into chains: pieces between two junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.demo.graph import Edges


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of nodes: chain c is `nodes[start[c]:start[c + 1]]`; `edge[c]` is its first edge."""

    nodes: Edges
    start: Edges
    edge: Edges

    @property
    def count(self) -> int:
        """Number of chains."""
        return len(self.edge)

    @property
    def ends(self) -> Edges:
        """The (c, 2) first and last node of each chain."""
        return np.stack([self.nodes[self.start[:-1]], self.nodes[self.start[1:] - 1]], axis=1)

    @property
    def owner(self) -> Edges:
        """The chain of each element of `nodes`."""
        return np.repeat(np.arange(self.count), np.diff(self.start))


def _leaving(node_count: int, edges: Edges) -> tuple[Edges, Edges, Edges]:
    """Return how many edge sides leave each node, and the first two of them (side 2e runs along e, 2e + 1 back)."""
    tail = edges.reshape(-1)
    order = np.argsort(tail, kind="stable")
    degree = np.bincount(tail, minlength=node_count)
    first = np.concatenate([[0], np.cumsum(degree)[:-1]])
    side = np.append(order, [-1, -1])
    return degree, side[np.minimum(first, len(order))], side[np.minimum(first + 1, len(order))]


def chains_of(
    node_count: int, edges: Edges, *, kind: Edges, one_way: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> Chains:
    """Join edges into chains.

    Parameters
    ----------
    node_count, edges
        The graph; an edge (a, b) runs from a to b.
    kind
        Edges of another kind are not joined.
    one_way
        A chain of one-way edges runs along them, and they are joined only head to tail.
    kept
        (node_count,) nodes at which a chain always ends.
    """
    degree, one, other = _leaving(node_count, edges)
    through = (degree == 2) & ~kept
    through[through] &= kind[one[through] // 2] == kind[other[through] // 2]
    through[through] &= ~one_way[one[through] // 2] | (one[through] % 2 != other[through] % 2)
    head = edges[:, ::-1].reshape(-1)
    side = np.arange(2 * len(edges))
    following = np.where(one[head] == side ^ 1, other[head], one[head])
    starts = side[~through[edges.reshape(-1)]]
    last = starts.copy()
    while (going := through[head[last]]).any():
        last[going] = following[last[going]]
    chosen = np.where(one_way[starts // 2], starts % 2 == 0, starts < last ^ 1)
    return _walk(starts[chosen], edges=edges, through=through, following=following)


def _walk(starts: Edges, *, edges: Edges, through: NDArray[np.bool_], following: Edges) -> Chains:
    """Write down the nodes of each chain, all chains one step at a time."""
    tail, head = edges.reshape(-1), edges[:, ::-1].reshape(-1)
    chain = np.arange(len(starts))
    owners, steps, nodes = [chain], [np.zeros_like(chain)], [tail[starts]]
    side, step = starts, 1
    while len(side):
        owners.append(chain)
        steps.append(np.full(len(chain), step))
        nodes.append(head[side])
        going = through[head[side]]
        chain, side, step = chain[going], following[side[going]], step + 1
    owner = np.concatenate(owners)
    order = np.lexsort((np.concatenate(steps), owner))
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(starts)))])
    return Chains(np.concatenate(nodes)[order], start, starts // 2)
