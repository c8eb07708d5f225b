"""Why is there no route that keeps the turns: the smallest set of closures whose lifting would give one.

As `routing.missing_route`, with the states of the turn graph in place of junctions: turns that are forbidden stay so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.snapping import RoadPoint
from routing.arc_graph import ArcGraph
from routing.missing_route import DESTINATION, ORIGIN, Gaps, LabelGraph, label_graph, smallest_set
from routing.open_network import OpenNetwork
from routing.road_ends import Stretch, stretches_between, stretches_in, stretches_out
from routing.route import NoRoute
from routing.strong_parts import is_joined, number_strong_parts
from routing.turns.turn_route import beginnings, endings, shortest_turn_route, stands
from routing.turns.turn_search import OpenTurns

_NO_ARCS: Final = np.empty(0, dtype=np.int32)


def _moves_as_arcs(turns: OpenTurns) -> ArcGraph:
    """Return the states as junctions and the moves as arcs."""
    graph = turns.search.graph
    tail, head = (np.ascontiguousarray(graph.moves[:, side]) for side in (0, 1))
    moves = np.arange(len(tail), dtype=np.int32)
    return ArcGraph(graph.first, moves, np.zeros(1, dtype=np.int64), _NO_ARCS, tail, head)


def _strong_part(turns: OpenTurns) -> NDArray[np.int32]:
    """Return the number of each state's strongly connected part over the moves that are open."""
    return number_strong_parts(_moves_as_arcs(turns), turns.held.weights.cost)


def _refuse_if_joined(view: OpenNetwork, turns: OpenTurns, ends: tuple[RoadPoint, RoadPoint]) -> None:
    """Refuse a question to which the answer is not that there is no way, but that it costs too much to add up."""
    begin = beginnings(view, turns, stretches_out(view, ends[0]))
    end = endings(view, turns, stretches_in(view, ends[1]), view.cost)
    cost = turns.held.weights.cost
    if is_joined(_moves_as_arcs(turns), cost, (one.state for one in begin), (one.state for one in end)):
        raise BadInputError("route-too-long", "route")


def _closures_of(view: OpenNetwork, arc: int) -> frozenset[str]:
    """Return the closures that stop travel over a whole arc."""
    return frozenset(part.closure_id for part in view.closed_parts.of_arc(arc))


def _move_gaps(view: OpenNetwork, turns: OpenTurns, part: NDArray[np.int32]) -> Gaps:
    """Give the moves between two different parts, and the closures on the arc that each runs over."""
    graph = turns.search.graph
    tails, heads = part[graph.moves[:, 0]], part[graph.moves[:, 1]]
    for move in np.flatnonzero((turns.costs.key >= 0) & (tails != heads)).tolist():
        if move not in turns.shut_turns:
            yield int(tails[move]), int(heads[move]), _closures_of(view, int(graph.arc[graph.moves[move, 0]]))


def _out_gaps(view: OpenNetwork, turns: OpenTurns, out: tuple[Stretch, ...], part: NDArray[np.int32]) -> Gaps:
    arcs, moves = view.graph, turns.search.graph.moves
    for stretch in out:
        if stands(stretch):
            states = arcs.out_arc[arcs.out_start[stretch.junction] : arcs.out_start[stretch.junction + 1]].tolist()
        else:
            turned = (move for move in turns.search.moves_from(stretch.arc) if turns.may_turn(move))
            states = [int(moves[move, 1]) for move in turned]
        yield from ((ORIGIN, int(part[state]), stretch.closures) for state in states)


def _in_gaps(view: OpenNetwork, turns: OpenTurns, into: tuple[Stretch, ...], part: NDArray[np.int32]) -> Gaps:
    arcs, graph = view.graph, turns.search.graph
    for stretch in into:
        ends: list[tuple[int, frozenset[str]]] = [(stretch.arc, stretch.closures)]
        if stands(stretch):
            near = arcs.in_arc[arcs.in_start[stretch.junction] : arcs.in_start[stretch.junction + 1]].tolist()
            ends = [(arc, _closures_of(view, arc)) for arc in near if view.metric.key[arc] >= 0]
        for arc, closures in ends:
            yield from ((int(part[state]), DESTINATION, closures) for state in graph.all_states_of(arc))


def _direct_gaps(out: tuple[Stretch, ...], into: tuple[Stretch, ...], between: tuple[Stretch, ...]) -> Gaps:
    yield from ((ORIGIN, DESTINATION, one.closures) for one in between)
    for one in out:
        for other in into:
            if one.junction == other.junction and stands(other):
                yield ORIGIN, DESTINATION, one.closures | other.closures


def _all_gaps(view: OpenNetwork, turns: OpenTurns, ends: tuple[RoadPoint, RoadPoint]) -> Iterator[Gaps]:
    part = _strong_part(turns)
    out, into = stretches_out(view, ends[0]), stretches_in(view, ends[1])
    yield _move_gaps(view, turns, part)
    yield _out_gaps(view, turns, out, part)
    yield _in_gaps(view, turns, into, part)
    yield _direct_gaps(out, into, stretches_between(view, *ends))


def build_turn_label_graph(view: OpenNetwork, turns: OpenTurns, *, ends: tuple[RoadPoint, RoadPoint]) -> LabelGraph:
    """Return the graph in which to look for the smallest set of closures."""
    return label_graph(view, (gap for gaps in _all_gaps(view, turns, ends) for gap in gaps))


def explain_missing_turn_route(
    view: OpenNetwork, turns: OpenTurns, lifted: OpenTurns, *, ends: tuple[RoadPoint, RoadPoint]
) -> NoRoute:
    """Return why there is no route; ask only where `shortest_turn_route` found none.

    Parameters
    ----------
    turns
        The moves of the view.
    lifted
        Those of the view without any closing.

    Raises
    ------
    BadInputError
        `route-too-long` where there are ways, but none that can be reckoned.
    """
    if shortest_turn_route(view.lifted(), lifted, ends=ends) is None:
        if not view.metric.is_within_far:
            _refuse_if_joined(view.lifted(), lifted, ends)
        return NoRoute("unreachable")
    return smallest_set(build_turn_label_graph(view, turns, ends=ends))
