"""Weights ready for a query: never changed while anybody holds them, and used anew when nobody does any more.

To fill in weights takes as long as hundreds of queries, to change a few of them almost nothing. So weights that are no
longer held are kept, and the next ones wanted are made of those that differ least. Held weights are only ever read;
where all are held, a copy is made.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from math import isqrt
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.topology import Topology
from routing.hierarchy.weights import UpdateDesk, Weights, empty_weights, fill_in, new_update_desk, update
from routing.metric import SHUT

Arcs = NDArray[np.int32]
Keys = NDArray[np.int64]

#: Weights kept though nobody holds them.
SPARE_KEPT: Final = 3
#: A copy of held weights is preferred to spare ones that differ in so many arcs more.
WORTH_A_COPY: Final = 32
#: An update gives up when it has taken this share of the steps that filling in takes.
PATIENCE: Final = 0.6


class Costs(Protocol):
    """Costs by arc of one vehicle, told from others by being the same object."""

    @property
    def key(self) -> Keys:
        """Cost by arc, negative where shut."""


class FilledWeights:
    """Weights and what they are filled in for: a vehicle's costs with some arcs shut, or costs of any kind."""

    __slots__ = ("metric", "shut", "weights")

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.metric: Costs | None = None
        self.shut: Arcs = np.empty(0, dtype=np.int32)


class HeldWeights:
    """Weights that do not change as long as this object lives."""

    __slots__ = ("__weakref__", "_filled")

    def __init__(self, filled: FilledWeights) -> None:
        self._filled = filled

    @property
    def weights(self) -> Weights:
        """The weights, to be read only, and not kept longer than this object."""
        return self._filled.weights

    def changed_from(self, metric: Costs, shut: Arcs) -> Arcs | None:
        """Return the arcs that differ from a vehicle's costs with some arcs shut; None where all may."""
        return _difference(self._filled, metric, shut)

    def copy_to(self, filled: FilledWeights) -> None:
        """Copy everything into other weights."""
        mine, theirs = self._filled.weights, filled.weights
        np.copyto(theirs.cost, mine.cost)
        np.copyto(theirs.weight, mine.weight)
        np.copyto(theirs.way, mine.way)
        filled.metric, filled.shut = self._filled.metric, self._filled.shut


def _difference(filled: FilledWeights, metric: Costs, shut: Arcs) -> Arcs | None:
    if filled.metric is not metric:
        return None
    if not len(filled.shut):
        return shut
    return np.asarray(np.setxor1d(filled.shut, shut, assume_unique=True), dtype=np.int32)


class WeightPool:
    """Makes weights for one topology; safe to share between threads."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        degree = np.diff(topology.first)
        # Scattered changes reach most of the hierarchy from about here on (measured): filling in is then sooner.
        self._most_arcs = isqrt(topology.edge_count) + 16
        self._most_steps = int(PATIENCE * (degree * (degree - 1) // 2).sum()) + 64
        self._spare: list[FilledWeights] = []
        self._returned: deque[FilledWeights] = deque()
        self._held: weakref.WeakSet[HeldWeights] = weakref.WeakSet()
        self._desks: deque[UpdateDesk] = deque()
        self._lock = threading.Lock()

    @property
    def bytes_each(self) -> int:
        """Memory that one set of weights takes."""
        return 24 * self.topology.edge_count + 8 * len(self.topology.slot_of_arc)

    def hold(self, metric: Costs, shut: Arcs) -> HeldWeights:
        """Return the weights of a vehicle's costs while some arcs, in ascending order, are shut."""
        filled, changed = self._nearest(metric, shut)
        weights = filled.weights
        if changed is None:
            np.copyto(weights.cost, metric.key)
            weights.cost[shut] = SHUT
            fill_in(self.topology, weights)
        else:
            costs = metric.key[changed]
            costs[np.isin(changed, shut, assume_unique=True)] = SHUT
            self._set_costs(weights, changed, costs)
        filled.metric, filled.shut = metric, shut
        return self._hand_out(filled)

    def hold_costs(self, cost: Keys, near: HeldWeights) -> HeldWeights:
        """Return the weights of any costs by arc; they are made of others like them."""
        with self._lock:
            self._take_back()
            other = next((one for one in reversed(self._spare) if one.metric is None), None)
            if other is not None:
                self._spare.remove(other)
        filled = other or self._room()
        if other is None:
            near.copy_to(filled)
        filled.metric = None
        changed = np.flatnonzero(filled.weights.cost != cost).astype(np.int32)
        self._set_costs(filled.weights, changed, cost[changed])
        return self._hand_out(filled)

    def _set_costs(self, weights: Weights, arcs: Arcs, costs: Keys) -> None:
        """Set the costs of some arcs and bring the weights up to date, whichever way is sooner."""
        weights.cost[arcs] = costs
        if not len(arcs):
            return
        if len(arcs) > self._most_arcs:
            fill_in(self.topology, weights)
            return
        try:
            desk = self._desks.popleft()
        except IndexError:
            desk = new_update_desk(self.topology)
        is_done = update(self.topology, weights, arcs, self._most_steps, desk)
        self._desks.append(desk)
        if not is_done:
            fill_in(self.topology, weights)

    def _nearest(self, metric: Costs, shut: Arcs) -> tuple[FilledWeights, Arcs | None]:
        """Return weights that nobody holds and the arcs in which they differ from those wanted; None: fill them in."""
        with self._lock:
            self._take_back()
            best, changed = None, None
            for filled in self._spare:
                apart = _difference(filled, metric, shut)
                if apart is not None and (changed is None or len(apart) < len(changed)):
                    best, changed = filled, apart
            if best is not None:
                self._spare.remove(best)
            held = list(self._held)
        for one in held:
            apart = one.changed_from(metric, shut)
            if apart is not None and (changed is None or len(apart) + WORTH_A_COPY < len(changed)):
                best = best or self._room()
                one.copy_to(best)
                changed = apart
        return best or self._room(), changed

    def _room(self) -> FilledWeights:
        """Return weights to write over, spare ones if there are enough."""
        with self._lock:
            if len(self._spare) >= SPARE_KEPT:
                return self._spare.pop(0)
        return FilledWeights(empty_weights(self.topology))

    def _hand_out(self, filled: FilledWeights) -> HeldWeights:
        held = HeldWeights(filled)
        weakref.finalize(held, self._returned.append, filled).atexit = False
        with self._lock:
            self._held.add(held)
        return held

    def _take_back(self) -> None:
        """Put weights that nobody holds any more among the spare ones."""
        while self._returned:
            self._spare.append(self._returned.popleft())
        while len(self._spare) > SPARE_KEPT:
            self._spare.pop(0)
