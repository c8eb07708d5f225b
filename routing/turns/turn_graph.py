"""The network by turns: who is about to drive an arc, after which others as far as a restriction cares, and what next.

A *state* is an arc about to be driven. Restrictions via roads need to know how one came there: each beginning of such
a restriction, two arcs or more, is a further state of its last arc (as in Aho and Corasick 1975). A *move* leads from a
state, along its whole arc, to the next state. Moves that some rule forbids are there too: rules depend on the vehicle
and the hour. So the shape is computed once, as for the plain network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from routing.arc_graph import ArcGraph
from routing.turns.rules import TurnRule, lay_out


@dataclass(frozen=True, eq=False)
class TurnGraph:
    """States and moves; a = 2m arcs, s states, t moves. State a is arc a with no history that matters.

    Attributes
    ----------
    arc : (s,) int32
        Arc of each state.
    moves : (t, 2) int32
        State before and after, in order of the state before.
    first : (s + 1,) int64
        `moves[first[x]:first[x + 1]]` begin at state x.
    is_u_turn : (t,) bool
        Whether the move turns back on the same road.
    rules
        Every rule.
    forbidden_by
        By move: numbers of the rules that forbid it where they count.
    states_of
        By arc: its further states, if it has any.
    """

    arc: NDArray[np.int32]
    moves: NDArray[np.int32]
    first: NDArray[np.int64]
    is_u_turn: NDArray[np.bool_]
    rules: tuple[TurnRule, ...]
    forbidden_by: Mapping[int, tuple[int, ...]]
    states_of: Mapping[int, tuple[int, ...]]

    def all_states_of(self, arc: int) -> tuple[int, ...]:
        """Return every state of an arc."""
        return (arc, *self.states_of.get(arc, ()))


def _beginnings(rules: tuple[TurnRule, ...]) -> dict[tuple[int, ...], None]:
    """Return the beginnings of rules that are states of their own, each once."""
    return {rule.before[:size]: None for rule in rules for size in range(2, len(rule.before) + 1)}


class _Histories:
    """Which state one is in after some arcs."""

    def __init__(self, arc_count: int, rules: tuple[TurnRule, ...]) -> None:
        self.beginnings = list(_beginnings(rules))
        self._number = {history: arc_count + index for index, history in enumerate(self.beginnings)}

    def state(self, arcs: tuple[int, ...]) -> int:
        """Return the state of whoever drove these arcs and is about to drive the last."""
        for start in range(len(arcs) - 1):
            number = self._number.get(arcs[start:])
            if number is not None:
                return number
        return arcs[-1]


def _plain_moves(graph: ArcGraph) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return every move between arcs, and where those of each arc begin."""
    degree = np.diff(graph.out_start)[graph.head]
    first = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    before = np.repeat(np.arange(len(graph.head)), degree)
    within = np.arange(first[-1]) - first[before]
    after = graph.out_arc[graph.out_start[graph.head[before]] + within]
    return np.column_stack([before, after]).astype(np.int32), first


def _redirected(
    graph: ArcGraph, rules: tuple[TurnRule, ...], histories: _Histories
) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """Give history, arc and state after for every move that rules or further states concern."""
    alone = {(history[0],): None for history in histories.beginnings} | {(rule.before[-1],): None for rule in rules}
    for history in (*alone, *histories.beginnings):
        junction = graph.head[history[-1]]
        for arc in graph.out_arc[graph.out_start[junction] : graph.out_start[junction + 1]].tolist():
            yield history, arc, histories.state((*history, arc))


def build_turn_graph(network: Network, graph: ArcGraph) -> TurnGraph:
    """Return the states and moves of a network with its turn restrictions."""
    rules = tuple(rule for one in network.turn_restrictions for rule in lay_out(one, network))
    arc_count = len(graph.head)
    histories = _Histories(arc_count, rules)
    ending: dict[int, list[int]] = {}
    for number, rule in enumerate(rules):
        ending.setdefault(rule.before[-1], []).append(number)
    moves, plain_first = _plain_moves(graph)
    further: list[tuple[int, int, tuple[int, ...]]] = []
    forbidden: dict[int, tuple[int, ...]] = {}
    after = moves[:, 1].copy()
    for history, arc, state in _redirected(graph, rules, histories):
        by = tuple(number for number in ending.get(history[-1], ()) if rules[number].forbids(history, arc))
        if len(history) > 1:
            further.append((histories.state(history), state, by))
            continue
        start, end = plain_first[history[0]], plain_first[history[0] + 1]
        move = int(start) + int(np.searchsorted(moves[start:end, 1], arc))
        after[move] = state
        if by:
            forbidden[move] = by
    last = {len(moves) + index: by for index, (_, _, by) in enumerate(further) if by}
    added = np.array([(before, state) for before, state, _ in further], dtype=np.int32).reshape(-1, 2)
    every = np.vstack([np.column_stack([moves[:, 0], after]), added]).astype(np.int32)
    arcs = np.array([*range(arc_count), *(history[-1] for history in histories.beginnings)], dtype=np.int32)
    first = np.zeros(len(arcs) + 1, dtype=np.int64)
    np.cumsum(np.bincount(every[:, 0], minlength=len(arcs)), out=first[1:])
    states_of: dict[int, tuple[int, ...]] = {}
    for number in range(arc_count, len(arcs)):
        states_of[int(arcs[number])] = (*states_of.get(int(arcs[number]), ()), number)
    is_u_turn = arcs[every[:, 0]] == (arcs[every[:, 1]] ^ 1)
    return TurnGraph(arcs, every, first, is_u_turn, rules, forbidden | last, states_of)
