"""The least-time route that keeps every turn restriction, first and last road in part.

Who starts or ends at a junction is free there: no turn is taken. Else the turns off the first road and onto the last
one count like all others. U-turns are made at dead ends only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import RoadPoint
from routing.hierarchy.query import Ends
from routing.metric import FAR
from routing.open_network import OpenNetwork
from routing.road_ends import Stretch, priced, stretches_between, stretches_in, stretches_out
from routing.road_path import AS_IT_IS
from routing.route import Route, route_of
from routing.shortest import assemble
from routing.turns.turn_search import OpenTurns


class End(NamedTuple):
    """A state at which the search begins or ends.

    Attributes
    ----------
    arcs
        Whole arcs between the search and the stretch: the last one, where the route ends at a junction.
    """

    state: int
    cost: int
    stretch: Stretch
    arcs: tuple[int, ...]


def stands(stretch: Stretch) -> bool:
    """Tell whether the vehicle does not move on a stretch: it is at the junction."""
    return stretch.from_cm == stretch.to_cm


def beginnings(view: OpenNetwork, turns: OpenTurns, out: tuple[Stretch, ...]) -> Iterator[End]:
    """Give every state into which a route can begin."""
    graph = view.graph
    for stretch in out:
        if stretch.closures:
            continue
        if stands(stretch):
            junction = stretch.junction
            for arc in graph.out_arc[graph.out_start[junction] : graph.out_start[junction + 1]].tolist():
                yield End(arc, stretch.cost, stretch, ())
            continue
        for move in turns.search.moves_from(stretch.arc):
            if turns.may_turn(move):
                yield End(int(turns.search.graph.moves[move, 1]), stretch.cost, stretch, ())


def endings(
    view: OpenNetwork, turns: OpenTurns, into: tuple[Stretch, ...], arc_cost: NDArray[np.int64]
) -> Iterator[End]:
    """Give every state from which a route can end."""
    graph = view.graph
    for stretch in into:
        if stretch.closures:
            continue
        if not stands(stretch):
            yield from (End(s, stretch.cost, stretch, ()) for s in turns.search.graph.all_states_of(stretch.arc))
            continue
        junction = stretch.junction
        for arc in graph.in_arc[graph.in_start[junction] : graph.in_start[junction + 1]].tolist():
            if arc_cost[arc] >= 0:
                cost = stretch.cost + int(arc_cost[arc])
                yield from (End(s, cost, stretch, (arc,)) for s in turns.search.graph.all_states_of(arc))


def ends_of(ends: list[End]) -> Ends:
    """Return states and costs as the search takes them."""
    return np.array([one.state for one in ends], dtype=np.int32), np.array([one.cost for one in ends], dtype=np.int64)


def direct_way(
    out: tuple[Stretch, ...], into: tuple[Stretch, ...], between: tuple[Stretch, ...]
) -> tuple[int, tuple[Stretch, Stretch | None]] | None:
    """Return the cheapest route without any turn: straight along one road, or to its end and no farther."""
    found: list[tuple[int, tuple[Stretch, Stretch | None]]] = [
        (one.cost, (one, None)) for one in between if not one.closures
    ]
    found += [
        (one.cost + other.cost, (one, other))
        for one in out
        for other in into
        if one.junction == other.junction and stands(other) and not one.closures | other.closures
    ]
    return min(found, key=lambda one: one[0], default=None)


def _dearer_costs(view: OpenNetwork, dearer: NDArray[np.int64] | None) -> NDArray[np.int64]:
    if dearer is None:
        return view.cost
    return np.where(view.cost < 0, view.cost, view.cost + view.cost // AS_IT_IS * (dearer - AS_IT_IS))


def shortest_turn_route(
    view: OpenNetwork,
    turns: OpenTurns,
    *,
    ends: tuple[RoadPoint, RoadPoint],
    dearer: NDArray[np.int64] | None = None,
) -> Route | None:
    """Return the route of least duration, ties by length, that takes no forbidden turn; None where there is none.

    Parameters
    ----------
    dearer : (2m,) int64
        By arc, in percent: how dear the search holds it, to look for alternatives.
    """
    out, into = priced(stretches_out(view, ends[0]), dearer), priced(stretches_in(view, ends[1]), dearer)
    direct = direct_way(out, into, priced(stretches_between(view, *ends), dearer))
    starts = list(beginnings(view, turns, out))
    goals = list(endings(view, turns, into, _dearer_costs(view, dearer)))
    weights = turns.weights if dearer is None else turns.search.raised(turns, dearer)
    best, path = turns.search.hierarchy.path(weights, ends_of(starts), ends_of(goals))
    if direct is not None and direct[0] <= best:
        first, last = direct[1]
        return (
            route_of([first.leg()])
            if last is None
            else assemble(view.metric, np.empty(0, np.int32), ends=(first, last))
        )
    return None if best >= FAR else _spell_out(view, turns, path, ends=(starts, goals))


def _spell_out(
    view: OpenNetwork, turns: OpenTurns, path: NDArray[np.int32], *, ends: tuple[list[End], list[End]]
) -> Route:
    """Return the route over the moves of a path and its two ends."""
    moves = turns.search.graph.moves[path]
    if len(path):
        first = min((one for one in ends[0] if one.state == moves[0, 0]), key=lambda one: one.cost)
        last = min((one for one in ends[1] if one.state == moves[-1, 1]), key=lambda one: one.cost)
    else:
        pairs = [(one, other) for one in ends[0] for other in ends[1] if one.state == other.state]
        first, last = min(pairs, key=lambda pair: pair[0].cost + pair[1].cost)
    arcs = np.array([*turns.search.graph.arc[moves[:, 0]].tolist(), *last.arcs], dtype=np.int32)
    return assemble(view.metric, arcs, ends=(first.stretch, last.stretch))
