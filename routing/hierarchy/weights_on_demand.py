"""Weights with some arcs shut, brought up to date no further than the paths asked for need.

To shut arcs makes no path cheaper. So a path that is the least one while fewer arcs are shut is still the least one
wherever it runs over none of those shut beside them. Weights at hand with some of the arcs shut therefore answer most
questions; where a path meets a shut arc, that arc is shut as well and the search begins again, and after a few of them
everything is brought up to date. Every answer is exact; what is put off is only work that no answer needed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.ascending import arcs_met, are_within
from routing.hierarchy.held_weights import Costs, HeldWeights
from routing.hierarchy.weight_pool import WeightPool
from routing.kernel import enter

Arcs = NDArray[np.int32]

_NOTHING: Final = np.empty(0, dtype=np.int32)
#: Arcs shut because a path met them, before all are shut.
MOST_MET: Final = 24
#: All are shut at once where a path meets one of so many.
SHARE_MET: Final = 8
#: Junctions looked at for ways round, before bringing weights up to date is worth while.
MOST_LOOKED_AT: Final = 4096

#: After so many searches it pays to sort out the edges that are needed.
SORTED_OUT_AFTER: Final = 500


class HasArcs(Protocol):
    """What a search finds."""

    @property
    def arcs(self) -> Arcs:
        """The arcs of the path, in the order of travel."""


FoundT = TypeVar("FoundT", bound=HasArcs)


class WeightsOnDemand:
    """The weights of a vehicle's costs while some arcs, in ascending order, are shut; safe to share between threads.

    Attributes
    ----------
    effort_left
        How many junctions searches for ways round what paths met may still look at (`routing.way_round`): so many that
        they take about as long as bringing weights up to date once.
    """

    def __init__(self, pool: WeightPool, costs: Costs, shut: Arcs) -> None:
        self._pool, self._costs, self._shut = pool, costs, shut
        self._held: HeldWeights | None = None
        self._met = 0
        self.effort_left = MOST_LOOKED_AT
        self._change = threading.Lock()

    @property
    def held(self) -> HeldWeights:
        """The weights with all of the arcs shut."""
        return self._with(self._shut)

    @property
    def at_hand(self) -> HeldWeights | None:
        """The weights that the last search used, with some of the arcs shut; None before the first one."""
        return self._held

    def begin_with(self, held: HeldWeights) -> None:
        """Use weights that others hold too, if they will do: none are looked for then."""
        # With nothing shut they will do: looked at first, without a call.
        if held.metric is self._costs and (not len(held.shut) or held.is_within(self._costs, self._shut)):
            with self._change:
                self._held = self._held or held

    def let_go(self) -> None:
        """Hold on to no weights; the next search finds some again."""
        with self._change:
            self._held = None

    def least(self, search: Callable[[HeldWeights], FoundT]) -> FoundT:
        """Return what a search for a least path finds on weights with all of the arcs shut, without computing all."""
        while True:
            held = self.to_search()
            known = held.shut
            found = search(held)
            del held  # so that its weights can be changed in place
            if len(known) == len(self._shut):
                return found
            met = enter(arcs_met, found.arcs, self._shut)
            if not len(met):
                return found
            self._with(self._shut_too(known, met))

    def to_search(self) -> HeldWeights:
        """Return weights to look for a least path on; it holds where it runs over none of `to_beware`."""
        held = self._held or self._begin()
        if held.asked == SORTED_OUT_AFTER:
            self._pool.look_at_needed(held)
        held.asked += 1
        return held

    def to_beware(self, known: Arcs) -> Arcs:
        """Return the arcs that a path found on weights with some arcs shut may not run over: none if all are shut."""
        return _NOTHING if len(known) == len(self._shut) else self._shut

    def shut_met(self, known: Arcs, path: Arcs) -> None:
        """Shut the arcs to beware of that a path met; whoever searched on the weights must have let go of them."""
        self._with(self._shut_too(known, enter(arcs_met, path, self._shut)))

    def _begin(self) -> HeldWeights:
        """Take weights that are at hand."""
        with self._change:
            if self._held is None:
                self._held = self._pool.hold_some(self._costs, self._shut)
            return self._held

    def _shut_too(self, known: Arcs, met: Arcs) -> Arcs:
        """Return what to shut beside what is: the arcs met, or all of them where that is too slow a way."""
        self._met += len(met)
        if self._met > MOST_MET or SHARE_MET * len(met) > len(self._shut) - len(known):
            return self._shut
        return np.union1d(known, met) if len(known) else np.sort(met)

    def _with(self, shut: Arcs) -> HeldWeights:
        """Return the weights with at least some of the arcs shut."""
        with self._change:
            held = self._held
            if held is None or (held.shut is not shut and not are_within(shut, held.shut)):
                held = self._held = None
                held = self._held = self._pool.hold(self._costs, shut)
            return held
