"""Tell cheaply that closing some arcs cuts nobody off: each of them has a way round it.

Where every arc that is closed has another way from its tail to its head, whatever could be reached before can be
reached still, so that no search of the whole network is needed. Most roads have one a few junctions long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from routing.metric import SHUT
from routing.open_network import OpenNetwork

#: A way round is looked for over so many junctions; beyond, nobody says that there is none.
MOST_JUNCTIONS: Final = 600


def have_ways_round(view: OpenNetwork, arcs: Iterable[int]) -> bool:
    """Tell whether each of these arcs surely has a way round once all of them are closed; False may mean not looked.

    Parameters
    ----------
    view
        The network while the arcs are open; those that nobody may use anyway close nothing.
    """
    closed = {arc for arc in arcs if view.cost[arc] != SHUT}
    return all(_has_way_round(view, arc, closed) for arc in closed)


def _has_way_round(view: OpenNetwork, arc: int, closed: set[int]) -> bool:
    graph, cost = view.graph, view.cost
    start, goal = int(graph.tail[arc]), int(graph.head[arc])
    seen, front = {start}, [start]
    while front and len(seen) <= MOST_JUNCTIONS:
        further: list[int] = []
        for junction in front:
            for way in graph.out_arc[graph.out_start[junction] : graph.out_start[junction + 1]].tolist():
                if way in closed or cost[way] == SHUT:
                    continue
                head = int(graph.head[way])
                if head == goal:
                    return True
                if head not in seen:
                    seen.add(head)
                    further.append(head)
        front = further
    return start == goal
