"""Seal an area with the fewest staffed posts: a least cut of the roads round it, where the line may move outward.

A post stands on a road and closes it both ways. A gate is a road that stays open: it needs no post. The line may run
anywhere between the area itself and the junctions that must stay outside; of all lines with as few posts the one
nearest to the area is taken, so that nobody is enclosed needlessly.

**How good it is.** The cut is exact where every road is two-way. One-way roads can make a post unnecessary: such posts
are taken away again, and the answer says whether no line with fewer posts can exist (`least`: a cut of one direction
alone needs as many).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from routing.max_flow import max_flow

#: A post on a road that does not touch the area stands this far from the junction that the line encloses.
POST_FROM_JUNCTION_M: Final = 20.0


@dataclass(frozen=True, slots=True)
class Seal:
    """What is to be sealed; n junctions, m roads.

    Attributes
    ----------
    inside : (n,) bool
        Junctions that must be inside the line.
    outside : (n,) bool
        Junctions that must be outside.
    usable : (m, 2) bool
        Roads that anybody may travel, forward and backward.
    gates
        Roads that stay open.
    edge_m
        Where the area's edge crosses a road, metres from its start, ascending.
    dips
        Roads of `edge_m` that are inside only between two crossings, with neither end inside.
    """

    inside: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    gates: frozenset[int] = frozenset()
    edge_m: Mapping[int, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    dips: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Post:
    """A staffed post: a road, and where on it, metres from its start."""

    road: int
    offset_m: float


@dataclass(frozen=True, eq=False)
class Sealed:
    """The fewest posts.

    Attributes
    ----------
    posts
        By road.
    enclosed : (n,) bool
        Junctions on the inner side of the line.
    least
        No line has fewer posts than this.
    """

    posts: tuple[Post, ...]
    enclosed: NDArray[np.bool_]
    least: int

    @property
    def is_proven(self) -> bool:
        """Tell whether no line has fewer posts."""
        return len(self.posts) <= self.least


@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges between nodes: 0 what must be inside, 1 what must be outside, others from 2; e edges.

    Attributes
    ----------
    node : (n,) int64
        Node of each junction.
    road, end : (e,) int64
        The road of each edge, and of a dipping road the end that it leads to, else -1.
    pairs : (e, 2) int64
    usable : (e, 2) bool
        From the first node to the second, and back.
    """

    node: NDArray[np.int64]
    road: NDArray[np.int64]
    end: NDArray[np.int64]
    pairs: NDArray[np.int64]
    usable: NDArray[np.bool_]


def _nodes(seal: Seal) -> NDArray[np.int64]:
    node = np.full(len(seal.inside), -1, dtype=np.int64)
    node[seal.outside] = 1
    node[seal.inside] = 0
    free = node < 0
    node[free] = np.arange(2, 2 + int(free.sum()))
    return node


def _edges(network: Network, seal: Seal) -> _Edges:
    node = _nodes(seal)
    open_roads = np.array(seal.usable.any(axis=1))
    open_roads[list(seal.gates)] = False
    dips = np.array([road for road in seal.dips if open_roads[road]], dtype=np.int64)
    plain = open_roads.copy()
    plain[dips] = False
    roads = np.flatnonzero(plain)
    pairs, usable, end = node[network.ends[roads]], seal.usable[roads], np.full(len(roads), -1, dtype=np.int64)
    for side in (0, 1):
        # A dipping road is two roads from what is inside, each to one of its ends.
        outward = seal.usable[dips] if side == 1 else seal.usable[dips][:, ::-1]
        pairs = np.vstack(
            [pairs, np.column_stack([np.zeros(len(dips), dtype=np.int64), node[network.ends[dips, side]]])]
        )
        usable = np.vstack([usable, outward])
        end = np.concatenate([end, np.full(len(dips), side, dtype=np.int64)])
    road = np.concatenate([roads, dips, dips])
    kept = pairs[:, 0] != pairs[:, 1]
    return _Edges(node, road[kept], end[kept], pairs[kept], usable[kept])


def _flow(edges: _Edges, room: NDArray[np.bool_]) -> tuple[int, NDArray[np.bool_]]:
    count = int(max(edges.node.max(initial=1), 1)) + 1
    return max_flow(count, edges.pairs, room.astype(np.int64))


def _leaks(edges: _Edges, cut: Collection[int]) -> bool:
    """Tell whether some way leads in or out although the edges of a cut are closed."""
    room = edges.usable.copy()
    room[list(cut)] = False
    return any(bool(_flow(edges, way)[0]) for way in (room, room[:, ::-1]))


def _without_needless(edges: _Edges, cut: list[int]) -> list[int]:
    """Take away posts that one-way roads make unnecessary, one after the other."""
    for one in list(cut):
        rest = [other for other in cut if other != one]
        if not _leaks(edges, rest):
            cut = rest
    return cut


def _post(network: Network, edges: _Edges, edge: int, *, seal: Seal, inner: int) -> Post:
    """Return where the post of a cut edge stands: on the area's edge nearest to its outer end, else near the line.

    Parameters
    ----------
    inner
        Which node of the edge is inside: 0 or 1.
    """
    road, length_m = int(edges.road[edge]), float(network.length_m[int(edges.road[edge])])
    outer_end = int(edges.end[edge]) if edges.end[edge] >= 0 else 1 - inner
    marks = seal.edge_m.get(road, ())
    if marks:
        return Post(road, marks[-1] if outer_end == 1 else marks[0])
    from_inner = min(POST_FROM_JUNCTION_M, length_m / 2)
    return Post(road, from_inner if outer_end == 1 else length_m - from_inner)


def fewest_posts(network: Network, seal: Seal) -> Sealed:
    """Return the fewest staffed posts that seal an area, and the line they stand on.

    Without any post, everything is sealed by gates and by roads that nobody may travel.
    """
    edges = _edges(network, seal)
    both = np.repeat(np.array(edges.usable.any(axis=1))[:, None], 2, axis=1)
    _, side = _flow(edges, both)
    first, second = (side[edges.pairs[:, number]] for number in (0, 1))
    cut = [int(edge) for edge in np.flatnonzero(first != second)]
    least = max(_flow(edges, edges.usable)[0], _flow(edges, edges.usable[:, ::-1])[0])
    if len(cut) > least:
        cut = _without_needless(edges, cut)
    posts = {
        (int(edges.road[edge]), int(edges.end[edge])): _post(
            network, edges, edge, seal=seal, inner=0 if first[edge] else 1
        )
        for edge in cut
    }
    return Sealed(tuple(sorted(set(posts.values()))), side[edges.node], least)
