"""Search the hierarchy of a network's turns: one a network, with costs of moves by vehicle and by what hours forbid."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.snapping import LocalPlane
from geodata.vehicles import Vehicle
from routing.arc_graph import build_arc_graph
from routing.hierarchy.held_weights import HeldWeights
from routing.hierarchy.hierarchy import Hierarchy
from routing.hierarchy.order import junction_order
from routing.hierarchy.topology import Topology, build_topology, graph_digest
from routing.hierarchy.weights_on_demand import WeightsOnDemand
from routing.metric import SHUT, Metric
from routing.open_network import OpenNetwork
from routing.turns.rules import binds, is_by_time
from routing.turns.turn_graph import TurnGraph, build_turn_graph


@dataclass(frozen=True, eq=False)
class TurnCosts:
    """What every move costs one vehicle, by t moves.

    Attributes
    ----------
    key : (t,) int64
        Of the whole arc driven; SHUT where it may not be driven or the turn at its end not be taken at any hour.
    is_turn : (t,) bool
        Whether the turn may be taken at some hour, whatever becomes of the arc before it.
    """

    key: NDArray[np.int64]
    is_turn: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OpenTurns:
    """The moves that one vehicle may make while some of the rules with hours count.

    Attributes
    ----------
    shut_turns
        Moves whose turn those rules forbid.
    """

    search: TurnSearch
    costs: TurnCosts
    shut_turns: frozenset[int]
    weights: WeightsOnDemand

    @property
    def held(self) -> HeldWeights:
        """The weights of these moves, all of them."""
        return self.weights.held

    def may_turn(self, move: int) -> bool:
        """Tell whether the turn at the end of a move may be taken now."""
        return bool(self.costs.is_turn[move]) and move not in self.shut_turns


class TurnSearch:
    """States, moves and their hierarchy; get it by `turn_search_of`."""

    def __init__(self, network: Network) -> None:
        arcs = build_arc_graph(network)
        self.graph: TurnGraph = build_turn_graph(network, arcs)
        self._arcs = arcs
        at = LocalPlane(network).to_metres(network.junction_lonlat)[arcs.tail[self.graph.arc]]
        self.compute_topology = partial(_turn_topology, self.graph, at)
        self.hierarchy = Hierarchy(self.compute_topology)
        self._by_time = tuple(n for n, rule in enumerate(self.graph.rules) if is_by_time(rule.restriction))
        self._bound: dict[Vehicle, tuple[frozenset[int], frozenset[int]]] = {}
        self._made: weakref.WeakKeyDictionary[Metric, dict[frozenset[int], TurnCosts]] = weakref.WeakKeyDictionary()

    @property
    def topology_key(self) -> str:
        """Under which name the shape of the turns is kept: it changes when another one is needed."""
        return graph_digest(self.graph.moves, len(self.graph.arc))

    def rules_by_time(self, vehicle: Vehicle) -> frozenset[int]:
        """Return the numbers of the rules with hours that concern a vehicle."""
        return self._binding(vehicle)[1]

    def _binding(self, vehicle: Vehicle) -> tuple[frozenset[int], frozenset[int]]:
        """Return the rules without and with hours that concern a vehicle."""
        known = self._bound.get(vehicle)
        if known is None:
            rules = self.graph.rules
            binding = frozenset(number for number, rule in enumerate(rules) if binds(rule.restriction, vehicle))
            known = self._bound[vehicle] = (binding.difference(self._by_time), binding.intersection(self._by_time))
        return known

    def open_turns(self, view: OpenNetwork, vehicle: Vehicle, rules: frozenset[int] | None) -> OpenTurns:
        """Return the moves in a view while some of the rules with hours count; None: all of them."""
        always, by_time = self._binding(vehicle)
        costs = self._costs(view.metric, always)
        if rules is not None:
            by_time = by_time & rules
        shut_turns = frozenset(self._forbidden(by_time))
        shut = np.unique(np.array([*shut_turns, *self._moves_along(view.shut.tolist())], dtype=np.int32))
        return OpenTurns(self, costs, shut_turns, self.hierarchy.weights(costs, shut))

    def raised(self, turns: OpenTurns, dearer: NDArray[np.int64]) -> HeldWeights:
        """Return weights in which some arcs are held dearer, in percent by arc."""
        cost = turns.held.weights.cost
        more = cost // 100 * (dearer[self.graph.arc[self.graph.moves[:, 0]]] - 100)
        return self.hierarchy.pool.hold_costs(np.where(cost < 0, SHUT, cost + more), near=turns.held)

    def moves_from(self, state: int) -> range:
        """Return the numbers of the moves that begin at a state."""
        return range(int(self.graph.first[state]), int(self.graph.first[state + 1]))

    def _moves_along(self, arcs: Iterable[int]) -> Iterable[int]:
        return (m for arc in arcs for state in self.graph.all_states_of(arc) for m in self.moves_from(state))

    def _forbidden(self, rules: Iterable[int]) -> Iterable[int]:
        wanted = frozenset(rules)
        if not wanted:
            return ()
        return (move for move, by in self.graph.forbidden_by.items() if not wanted.isdisjoint(by))

    def _costs(self, metric: Metric, rules: frozenset[int]) -> TurnCosts:
        known = self._made.setdefault(metric, {})
        costs = known.get(rules)
        if costs is None:
            costs = known[rules] = self._build_costs(metric, rules)
        return costs

    def _build_costs(self, metric: Metric, rules: frozenset[int]) -> TurnCosts:
        """Return what moves cost: no rule broken, and U-turns at dead ends alone."""
        before, after = (self.graph.arc[self.graph.moves[:, side]] for side in (0, 1))
        usable = metric.key >= 0
        junctions = len(self._arcs.out_start) - 1
        leave = np.bincount(self._arcs.tail[usable], minlength=junctions)
        is_dead_end = leave[self._arcs.head[before]] <= 1
        is_turn = usable[after] & (~self.graph.is_u_turn | is_dead_end)
        is_turn[np.fromiter(self._forbidden(rules), dtype=np.int64)] = False
        return TurnCosts(np.where(is_turn, metric.key[before], SHUT), is_turn)


def _turn_topology(graph: TurnGraph, at: NDArray[np.float64]) -> Topology:
    return build_topology(graph.moves, len(graph.arc), junction_order(graph.moves, at))


_OF_NETWORK: weakref.WeakKeyDictionary[Network, TurnSearch] = weakref.WeakKeyDictionary()
_LOOKUP = threading.Lock()


def turn_search_of(network: Network) -> TurnSearch:
    """Return the one turn search of a network; it is made when first asked for."""
    with _LOOKUP:
        search = _OF_NETWORK.get(network)
        if search is None:
            search = _OF_NETWORK[network] = TurnSearch(network)
        return search
