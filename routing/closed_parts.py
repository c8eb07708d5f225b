"""Which parts of which arcs are closed.

Positions are whole centimetres. Travel from a to b (a < b along the road, either way) in a closed direction is stopped
by a closed part of some length if it enters it: touching its edge from outside is allowed, so one can drive up to it
and leave from its edge. A barrier at a point (from == to) stops all travel that reaches or touches it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.closing_set import FEW, ClosingSet
from routing.metric import Metric

_FORWARD: Final = Direction.FORWARD
_BACKWARD: Final = Direction.BACKWARD


class ClosedPart(NamedTuple):
    """Part of an arc that is closed, along the digitised direction, from_cm <= to_cm."""

    from_cm: int
    to_cm: int
    closure_id: str

    def stops(self, lower_cm: int, upper_cm: int) -> bool:
        """Tell whether travel between two positions, lower_cm < upper_cm, is stopped."""
        if self.from_cm == self.to_cm:
            return lower_cm <= self.from_cm <= upper_cm
        return lower_cm < self.to_cm and self.from_cm < upper_cm


#: Closed arcs in ascending order, one as often as it has closed parts; numbers of the closings; each closed arc once.
_Arcs = tuple[Sequence[int], Sequence[int], NDArray[np.int32]]


def _of_few(closings: Sequence[Closing], numbers: Iterable[int]) -> _Arcs:
    parts: list[tuple[int, int]] = []
    for number in numbers:
        closing = closings[number]
        arc, direction = 2 * closing.road, closing.direction
        if direction is not _BACKWARD:
            parts.append((arc, number))
        if direction is not _FORWARD:
            parts.append((arc + 1, number))
    parts.sort()
    arcs = [arc for arc, _ in parts]
    return arcs, [number for _, number in parts], np.array(list(dict.fromkeys(arcs)), dtype=np.int32)


def _of_many(closing_set: ClosingSet, numbers: NDArray[np.int64]) -> _Arcs:
    columns = closing_set.columns
    rows, ways = columns.closes[numbers].nonzero()
    closing = numbers[rows]
    arcs = 2 * columns.road[closing] + ways
    order = arcs.argsort(kind="stable")
    arcs = arcs[order]
    is_new = np.ones(len(arcs), dtype=np.bool_)
    np.not_equal(arcs[1:], arcs[:-1], out=is_new[1:])
    return arcs.data, closing[order].data, arcs[is_new].astype(np.int32)


class ClosedParts:
    """Closed parts of arcs, those of one arc side by side.

    Parameters
    ----------
    metric
        Knows how long the roads are: what lies beyond a road's end closes that end.
    closing_set, numbers
        Closings, and which of them count.

    Attributes
    ----------
    arcs : int32
        Arcs with a closed part, in ascending order.
    """

    def __init__(self, metric: Metric, closing_set: ClosingSet, numbers: NDArray[np.int64] | range) -> None:
        self._closing_set, self._metric = closing_set, metric
        if len(closing_set.closings) <= FEW:
            some = numbers if isinstance(numbers, range) else numbers.tolist()
            parts = _of_few(closing_set.closings, some)
        else:
            parts = _of_many(closing_set, np.asarray(numbers, dtype=np.int64))
        self._arc, self._number, self.arcs = parts

    @cached_property
    def closure_ids(self) -> frozenset[str]:
        """Closures that close any part."""
        return frozenset(self._closing_set.closings[number].closure_id for number in self._number)

    def of_arc(self, arc: int) -> tuple[ClosedPart, ...]:
        """Return the closed parts of an arc, in the order of the closings."""
        begin, end = bisect_left(self._arc, arc), bisect_right(self._arc, arc)
        return tuple(self._part(self._number[place]) for place in range(begin, end))

    def is_on(self, *roads: int) -> bool:
        """Tell whether any part of any of some roads is closed, in either direction."""
        for road in roads:
            place = bisect_left(self._arc, 2 * road)
            if place < len(self._arc) and self._arc[place] >> 1 == road:
                return True
        return False

    def _part(self, number: int) -> ClosedPart:
        closing = self._closing_set.closings[number]
        whole_cm = int(self._metric.length_cm[closing.road])
        from_cm, to_cm = (min(max(round(metres * 100), 0), whole_cm) for metres in (closing.from_m, closing.to_m))
        return ClosedPart(from_cm, to_cm, closing.closure_id)


def arcs_closed_by(closings: Iterable[Closing]) -> list[int]:
    """Return the arcs of which closings close some part, in ascending order."""
    closing_set = ClosingSet(tuple(closings))
    closes = closing_set.columns.closes
    return sorted({*(2 * closing_set.road[closes[:, 0]]).tolist(), *(2 * closing_set.road[closes[:, 1]] + 1).tolist()})
