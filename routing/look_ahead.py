"""What a junction is away from the goal, at least, found by the hierarchy for those that a search asks about.

On weights with fewer roads closed than there are this is a bound from below, and a tight one (Strasser and Zeitz 2021,
"A Fast and Tight Heuristic for A* in Road Networks"): a way from a junction leads up over one of its edges, and what
those above are away from the goal is known for good once it was found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.query import Edges, Stairs
from routing.kernel import part_of_kernel
from routing.metric import FAR
from routing.road_path import COST, JUNCTION, Ends, Ground
from routing.search_room import AHEAD, LOWER, UNKNOWN, Room

Keys = NDArray[np.int64]


@part_of_kernel
def _over_edges_up(stairs: Stairs, edges: Edges, label: Keys, node: int) -> int:
    """Return what it costs to the goal over an edge up from a junction, with what is known of those above."""
    least = FAR
    walk = edges.up
    if walk.first.size:
        for place in range(walk.first[node], walk.first[node + 1]):
            least = min(least, walk.row[place, 0] + label[walk.row[place, 1] & LOWER, AHEAD])
    else:
        for edge in range(stairs.first[node], stairs.first[node + 1]):
            least = min(least, edges.weight[edge, 0] + label[stairs.head[edge], AHEAD])
    return least


@part_of_kernel
def _down_from_heads(stairs: Stairs, edges: Edges, label: Keys, node: int) -> None:
    """Let the heads of the edges up from a junction come down over them."""
    so_far = label[node, AHEAD]
    walk = edges.down
    if walk.first.size:
        for place in range(walk.first[node], walk.first[node + 1]):
            above = walk.row[place, 1] & LOWER
            label[above, AHEAD] = min(label[above, AHEAD], so_far + walk.row[place, 0])
    else:
        for edge in range(stairs.first[node], stairs.first[node + 1]):
            above = stairs.head[edge]
            label[above, AHEAD] = min(label[above, AHEAD], so_far + edges.weight[edge, 1])


@part_of_kernel
def look_from_goal(ground: Ground, ends: Ends, room: Room) -> int:
    """Find what the junctions above the goal are away from it; return how many there are."""
    stairs, label, asked, many = ground.stairs, room.label, room.asked, 0
    count = stairs.parent.size
    node = count
    for number in range(ends.intos):
        node = min(node, stairs.rank[ends.ways[1, number, JUNCTION]])
    while node < count:
        label[node, AHEAD] = FAR
        asked[many] = node
        many += 1
        node = stairs.parent[node]
    for number in range(ends.intos):
        node = stairs.rank[ends.ways[1, number, JUNCTION]]
        label[node, AHEAD] = min(label[node, AHEAD], ends.ways[1, number, COST])
    for place in range(many):
        if label[asked[place], AHEAD] < FAR:
            _down_from_heads(stairs, ground.edges, label, asked[place])
    for place in range(many - 1, -1, -1):
        node = asked[place]
        label[node, AHEAD] = min(label[node, AHEAD], _over_edges_up(stairs, ground.edges, label, node))
    return many


@part_of_kernel
def look_ahead(ground: Ground, room: Room, many: int, node: int) -> int:
    """Find what a junction, and those above it, are away from the goal; return for how many that is known then."""
    stairs, label, asked = ground.stairs, room.label, room.asked
    before = many
    while node < stairs.parent.size and label[node, AHEAD] == UNKNOWN:
        asked[many] = node
        many += 1
        node = stairs.parent[node]
    for place in range(many - 1, before - 1, -1):
        label[asked[place], AHEAD] = _over_edges_up(stairs, ground.edges, label, asked[place])
    return many
