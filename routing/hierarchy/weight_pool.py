"""Weights ready for a query: never changed while anybody holds them, and used anew when nobody does any more.

To fill in weights takes as long as hundreds of queries, to change a few of them almost nothing. So weights that are no
longer held are kept, and the next ones wanted are made of those that differ least. Held weights are only ever read;
where all are held, a copy is made.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.ascending import set_shut
from routing.hierarchy.held_weights import Costs, FilledWeights, HeldWeights, Step
from routing.hierarchy.pruning import Walks, needed_walks
from routing.hierarchy.topology import Topology
from routing.hierarchy.update_desk import Notes, UpdateDesk, new_update_desk, take_notes
from routing.hierarchy.updating import take_back, update
from routing.hierarchy.weights import Weights, empty_weights, fill_in
from routing.kernel import enter
from routing.metric import SHUT

Arcs = NDArray[np.int32]
Keys = NDArray[np.int64]

_NOTHING: Final = np.empty(0, dtype=np.int32)
#: Weights kept though nobody holds them.
SPARE_KEPT: Final = 3
#: Memory for them, at most, if that is enough for one.
SPARE_BYTES: Final = 512 << 20
#: Filling in is sooner where more than this share of all junctions and some more lie above changed arcs (measured).
SHARE_ABOVE: Final = 0.18
SOME_ABOVE: Final = 64
#: Copying held weights takes as long as updating for an arc does, for so many edges.
EDGES_COPIED_AN_ARC: Final = 5000
#: On larger networks the edges that are needed are not sorted out: they would take as much memory as the weights.
MOST_EDGES_SORTED_OUT: Final = 3_000_000


class WeightPool:
    """Makes weights for one topology; safe to share between threads."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self._most_above = SOME_ABOVE + int(SHARE_ABOVE * len(topology.parent))
        self._worth_a_copy = topology.edge_count // EDGES_COPIED_AN_ARC + 1
        self._spare_kept = min(SPARE_KEPT, max(1, SPARE_BYTES // max(1, self.bytes_each)))
        self._spare: list[FilledWeights] = []
        self._returned: deque[FilledWeights] = deque()
        self._held: weakref.WeakSet[HeldWeights] = weakref.WeakSet()
        self._desks: deque[UpdateDesk] = deque()
        self._needed: weakref.WeakKeyDictionary[Costs, Walks] = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()

    @property
    def bytes_each(self) -> int:
        """Memory that one set of weights takes."""
        return 24 * self.topology.edge_count + 8 * len(self.topology.slot_of_arc)

    def take(self, metric: Costs, weight: NDArray[np.int64], way: NDArray[np.int32]) -> None:
        """Use weights that were filled in before for a vehicle's costs, with nothing shut."""
        filled = FilledWeights(Weights(metric.key.copy(), weight, way))
        filled.metric = metric
        with self._lock:
            self._spare.append(filled)

    def ready(self, metric: Costs) -> None:
        """Have everything ready for many questions of a vehicle."""
        self.look_at_needed(self.hold(metric, _NOTHING))

    def look_at_needed(self, held: HeldWeights) -> None:
        """Sort out which edges searches on these weights need, if nothing is shut; look at no others from now on."""
        metric = held.metric
        if metric is None or len(held.shut) or self.topology.edge_count > MOST_EDGES_SORTED_OUT:
            return
        with self._lock:
            needed = self._needed.get(metric)
        if needed is None:
            needed = needed_walks(self.topology, held.weights)
            with self._lock:
                self._needed[metric] = needed
        held.walks = needed

    def hold(self, metric: Costs, shut: Arcs) -> HeldWeights:
        """Return the weights of a vehicle's costs while some arcs, in ascending order, are shut."""
        filled = self._nearest(metric, shut)
        if filled is None or not self._change(filled, metric, shut):
            filled = self._fill_in(metric, shut)
        return self._hand_out(filled)

    def hold_some(self, metric: Costs, shut: Arcs) -> HeldWeights:
        """Return weights at hand with some of these arcs shut and no others, many rather than few; else with all shut.

        Others may hold them too: nothing is copied and nothing computed.
        """
        spare: FilledWeights | None = None
        fit: tuple[int, int] = (-1, 0)
        with self._lock:
            self._take_back()
            for filled in self._spare:
                one = filled.fit_within(shut) if filled.metric is metric else None
                if one is not None and one > fit:
                    fit, spare = one, filled
            shared = max(
                (one for one in list(self._held) if one.is_within(metric, shut)),
                key=lambda one: len(one.shut),
                default=None,
            )
            if shared is not None and (len(shared.shut), 0) > fit:
                return shared
            if spare is not None:
                self._spare.remove(spare)
        if spare is None:
            return self.hold(metric, shut)
        spare.step_back(-fit[1], metric.key)
        return self._hand_out(spare)

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
        filled.metric, filled.shut = None, _NOTHING
        filled.steps.clear()
        changed = np.flatnonzero(filled.weights.cost != cost).astype(np.int32)
        filled.weights.cost[changed] = cost[changed]
        if not self._update(filled.weights, changed)[0]:
            fill_in(self.topology, filled.weights)
        return self._hand_out(filled)

    def _update(self, weights: Weights, arcs: Arcs) -> tuple[bool, Notes]:
        """Bring weights up to date; tell whether that was done, or given up, and what was overwritten."""
        try:
            desk = self._desks.popleft()
        except IndexError:
            desk = new_update_desk(self.topology)
        is_done = bool(enter(update, self.topology, weights, arcs, self._most_above, desk))
        notes = take_notes(desk)
        self._desks.append(desk)
        return is_done, notes

    def _change(self, filled: FilledWeights, metric: Costs, shut: Arcs) -> bool:
        """Make weights out of others of the same vehicle; where filling in is sooner, leave them as they were."""
        before = filled.shut
        changed = set_shut(filled.weights.cost, metric.key, before, shut)
        if not len(changed):
            return True
        is_done, notes = self._update(filled.weights, changed)
        if is_done:
            filled.shut = shut
            filled.remember(Step(before, notes), self.topology.edge_count // 2)
            return True
        take_back(filled.weights, notes)
        set_shut(filled.weights.cost, metric.key, shut, before)
        with self._lock:
            self._spare.append(filled)
        return False

    def _fill_in(self, metric: Costs, shut: Arcs) -> FilledWeights:
        """Return weights filled in anew."""
        filled = self._room()
        np.copyto(filled.weights.cost, metric.key)
        filled.weights.cost[shut] = SHUT
        fill_in(self.topology, filled.weights)
        filled.metric, filled.shut = metric, shut
        filled.steps.clear()
        return filled

    def _nearest(self, metric: Costs, shut: Arcs) -> FilledWeights | None:
        """Return weights that nobody holds, of this vehicle and as near to those wanted as there are; None: none are.

        They are taken back as many steps as bring them nearest.
        """
        apart, back, best = None, 0, None
        with self._lock:
            self._take_back()
            for filled in self._spare:
                if filled.metric is metric:
                    fit, steps = filled.fit(shut)
                    if apart is None or fit < apart:
                        apart, back, best = fit, steps, filled
            if best is not None:
                self._spare.remove(best)
            held = list(self._held) if apart is None or apart > self._worth_a_copy else []
        nearest = None
        for one in held:
            further = one.arcs_apart(metric, shut)
            if further is not None and (apart is None or further + self._worth_a_copy < apart):
                apart, nearest = further + self._worth_a_copy, one
        if nearest is not None:
            best = best or self._room()
            nearest.copy_to(best)
        elif best is not None:
            best.step_back(back, metric.key)
        return best

    def _room(self) -> FilledWeights:
        """Return weights to write over, spare ones if there are enough."""
        with self._lock:
            if len(self._spare) >= self._spare_kept:
                return self._spare.pop(0)
        return FilledWeights(empty_weights(self.topology))

    def _hand_out(self, filled: FilledWeights) -> HeldWeights:
        with self._lock:
            needed = self._needed.get(filled.metric) if filled.metric is not None and not len(filled.shut) else None
            held = HeldWeights(filled, needed, self._returned)
            self._held.add(held)
        return held

    def _take_back(self) -> None:
        """Put weights that nobody holds any more among the spare ones."""
        while self._returned:
            self._spare.append(self._returned.popleft())
        while len(self._spare) > self._spare_kept:
            self._spare.pop(0)
