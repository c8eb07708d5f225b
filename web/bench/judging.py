"""Judge answers: a route over a closed road, a broken chain or any other duration than the oracle's is wrong.

A router that cannot weigh in milliseconds says by how much it rounds (`rounding`): its own figure and the true duration
of its route may be that far off, its roads and their order not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from web.bench.road_arcs import RoadArcs
from web.bench.router import Found, Rounding

#: What is asked of a router that weighs in milliseconds.
EXACT: Final = Rounding()


@dataclass(frozen=True, slots=True)
class Truth:
    """What an answer is judged by.

    Attributes
    ----------
    origin, destination
        Junctions of departure and arrival.
    closed
        Roads that may not be used.
    least_ms
        What the oracle says, None where there is no way.
    """

    origin: int
    destination: int
    closed: frozenset[int]
    least_ms: int | None


def is_right(found: Found | None, truth: Truth, arcs: RoadArcs, *, rounding: Rounding = EXACT) -> bool:
    """Tell whether an answer is right."""
    if found is None or truth.least_ms is None:
        return found is None and truth.least_ms is None
    way = [int(arc) for arc in found.arcs]
    if not way or not all(
        0 <= arc < len(arcs.tail) and arcs.usable[arc] and arc // 2 not in truth.closed for arc in way
    ):
        return False
    joined = all(arcs.head[one] == arcs.tail[other] for one, other in pairwise(way))
    ends_meet = (int(arcs.tail[way[0]]), int(arcs.head[way[-1]])) == (truth.origin, truth.destination)
    true_ms = int(np.sum(arcs.weight_ms[way]))
    return (
        joined
        and ends_meet
        and rounding.allows(true_ms, truth.least_ms)
        and rounding.allows(found.duration_ms, true_ms)
    )


@dataclass
class Tally:
    """How many answers of a router were judged, and how many were wrong or failed to come."""

    judged: int = 0
    wrong: int = 0

    def count(self, *, right: bool) -> None:
        """Count one answer."""
        self.judged += 1
        self.wrong += not right

    @property
    def wrong_share(self) -> float:
        """Share of wrong answers, 0 to 1."""
        return self.wrong / self.judged if self.judged else 0.0
