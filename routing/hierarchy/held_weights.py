"""Weights that are filled in for some costs, and weights that somebody holds: those never change."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy.ascending import are_within, count_apart, set_shut
from routing.hierarchy.pruning import EVERYWHERE, Walks
from routing.hierarchy.update_desk import Notes
from routing.hierarchy.updating import take_back
from routing.hierarchy.weights import Weights
from routing.kernel import enter

Arcs = NDArray[np.int32]
Keys = NDArray[np.int64]

FoundT = TypeVar("FoundT")

_NOTHING: Final = np.empty(0, dtype=np.int32)
#: Changes that can be taken back.
STEPS_KEPT: Final = 4


class Costs(Protocol):
    """Costs by arc of one vehicle, told from others by being the same object."""

    @property
    def key(self) -> Keys:
        """Cost by arc, negative where shut."""


class Step(NamedTuple):
    """A change that can be taken back: the arcs that were shut before, and what was overwritten."""

    shut: Arcs
    notes: Notes


def _apart(one: Arcs, other: Arcs) -> int:
    """Return how many arcs are in one of two ascending runs only."""
    if one is other:
        return 0
    return count_apart(one, other) if len(one) and len(other) else len(one) + len(other)


class FilledWeights:
    """Weights and what they are filled in for: a vehicle's costs with some arcs shut, or costs of any kind (None)."""

    __slots__ = ("grounds", "metric", "shut", "steps", "weights")

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.grounds: dict[bool, Any] = {}
        self.metric: Costs | None = None
        self.shut: Arcs = _NOTHING
        self.steps: list[Step] = []

    def fit(self, shut: Arcs) -> tuple[int, int]:
        """Return in how many arcs these weights differ from those with some arcs shut, and after how many steps back.

        Of equal fits the one with fewest steps back.
        """
        known = (self.shut, *(step.shut for step in reversed(self.steps)))
        return min((_apart(one, shut), back) for back, one in enumerate(known))

    def fit_within(self, shut: Arcs) -> tuple[int, int] | None:
        """Return how many of some arcs, and no others, are shut after how few steps back; None where there is no such.

        As `fit` would, but counted down from zero: the greatest pair is the best one.
        """
        for back, one in enumerate((self.shut, *(step.shut for step in reversed(self.steps)))):
            if not len(one) or one is shut or are_within(one, shut):
                return len(one), -back
        return None

    def step_back(self, many: int, key: Keys) -> None:
        """Take the last changes back."""
        for _ in range(many):
            step = self.steps.pop()
            enter(take_back, self.weights, step.notes)
            set_shut(self.weights.cost, key, self.shut, step.shut)
            self.shut = step.shut

    def remember(self, step: Step, most_edges: int) -> None:
        """Note a change, and forget old ones that would take too much room."""
        self.steps.append(step)
        while len(self.steps) > STEPS_KEPT or sum(len(one.notes.edge) for one in self.steps) > most_edges:
            self.steps.pop(0)


class HeldWeights:
    """Weights that do not change as long as this object lives.

    Attributes
    ----------
    weights
        To be read only, and not kept longer than this object.
    metric
        The vehicle's costs; None where they are costs of any kind.
    shut
        The arcs that are shut, in ascending order.
    grounds
        What the last searches on these very weights have made of them for themselves, along all edges or along some.
    walks
        The edges that a search has to look at.
    asked
        Searches so far.
    """

    __slots__ = ("__weakref__", "_filled", "_returned", "asked", "grounds", "metric", "shut", "walks", "weights")

    def __init__(self, filled: FilledWeights, walks: Walks | None, returned: deque[FilledWeights]) -> None:
        self._filled = filled
        self._returned = returned
        self.weights: Weights = filled.weights
        self.metric: Costs | None = filled.metric
        self.shut: Arcs = filled.shut
        self.grounds: dict[bool, Any] = filled.grounds
        self.walks: Walks = walks or EVERYWHERE
        self.asked = 0

    def __del__(self) -> None:
        """Leave the weights to whoever wants to change them."""
        self._returned.append(self._filled)

    def least(self, search: Callable[[HeldWeights], FoundT]) -> FoundT:
        """Return what a search finds on these weights."""
        return search(self)

    def is_within(self, metric: Costs, shut: Arcs) -> bool:
        """Tell whether they are of a vehicle's costs with no other arcs shut than these."""
        known = self.shut
        return self.metric is metric and (not len(known) or known is shut or are_within(known, shut))

    def arcs_apart(self, metric: Costs, shut: Arcs) -> int | None:
        """Return in how many arcs they differ from a vehicle's costs with some arcs shut; None where in all."""
        return _apart(self.shut, shut) if self.metric is metric else None

    def copy_to(self, filled: FilledWeights) -> None:
        """Copy everything into other weights."""
        mine, theirs = self._filled.weights, filled.weights
        np.copyto(theirs.cost, mine.cost)
        np.copyto(theirs.weight, mine.weight)
        np.copyto(theirs.way, mine.way)
        filled.metric, filled.shut = self._filled.metric, self._filled.shut
        filled.steps.clear()
