"""What a junction is away from the goal, at least, found by the hierarchy for those that a search asks about.

On weights with fewer roads closed than there are this is a bound from below, and a tight one (Strasser and Zeitz 2021,
"A Fast and Tight Heuristic for A* in Road Networks"): a way from a junction leads up over one of its edges, and what
those above are away from the goal is known for good once it was found. Bounds are whole milliseconds, rounded down:
ten thousand edges are read for one way round, mostly from memory that nobody read lately, so these are kept short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.query import Edges, Stairs
from routing.kernel import part_of_kernel
from routing.metric import LENGTH_BITS
from routing.road_path import COST, JUNCTION, Ends, Ground
from routing.search_room import FAR_MS, LOWER, UNKNOWN, Room

Keys = NDArray[np.int64]


@part_of_kernel
def _over_edges_up(stairs: Stairs, edges: Edges, room: Room, node: int) -> int:
    """Return how far it is to the goal over an edge up from a junction, with what is known of those above."""
    ahead, bound = room.ahead, room.bound
    least = FAR_MS
    if edges.up.first.size:
        for place in range(edges.up.first[node], edges.up.first[node + 1]):
            least = min(least, bound[place, 0] + ahead[bound[place, 1]])
    else:
        for edge in range(stairs.first[node], stairs.first[node + 1]):
            least = min(least, (edges.weight[edge, 0] >> LENGTH_BITS) + ahead[stairs.head[edge]])
    return least


@part_of_kernel
def _down_from_heads(stairs: Stairs, edges: Edges, ahead: Keys, node: int) -> None:
    """Let the heads of the edges up from a junction come down over them."""
    so_far = ahead[node]
    walk = edges.down
    if walk.first.size:
        for place in range(walk.first[node], walk.first[node + 1]):
            above = walk.row[place, 1] & LOWER
            ahead[above] = min(ahead[above], so_far + (walk.row[place, 0] >> LENGTH_BITS))
    else:
        for edge in range(stairs.first[node], stairs.first[node + 1]):
            above = stairs.head[edge]
            ahead[above] = min(ahead[above], so_far + (edges.weight[edge, 1] >> LENGTH_BITS))


@part_of_kernel
def look_from_goal(ground: Ground, ends: Ends, room: Room) -> int:
    """Find what the junctions above the goal are away from it; return how many there are."""
    stairs, ahead, asked, many = ground.stairs, room.ahead, room.asked, 0
    count = stairs.parent.size
    node = count
    for number in range(ends.intos):
        node = min(node, stairs.rank[ends.ways[1, number, JUNCTION]])
    while node < count:
        ahead[node] = FAR_MS
        asked[many] = node
        many += 1
        node = stairs.parent[node]
    for number in range(ends.intos):
        node = stairs.rank[ends.ways[1, number, JUNCTION]]
        ahead[node] = min(ahead[node], ends.ways[1, number, COST] >> LENGTH_BITS)
    for place in range(many):
        if ahead[asked[place]] < FAR_MS:
            _down_from_heads(stairs, ground.edges, ahead, asked[place])
    for place in range(many - 1, -1, -1):
        node = asked[place]
        ahead[node] = min(ahead[node], _over_edges_up(stairs, ground.edges, room, node))
    return many


@part_of_kernel
def look_ahead(ground: Ground, room: Room, many: int, node: int) -> int:
    """Find what a junction, and those above it, are away from the goal; return for how many that is known then."""
    stairs, ahead, asked = ground.stairs, room.ahead, room.asked
    before = many
    while node < stairs.parent.size and ahead[node] == UNKNOWN:
        asked[many] = node
        many += 1
        node = stairs.parent[node]
    for place in range(many - 1, before - 1, -1):
        ahead[asked[place]] = _over_edges_up(stairs, ground.edges, room, asked[place])
    return many
