"""What is asked of every router: the same pairs of junctions, the same roads closed, drawn by chance from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from web.bench.oracle import Oracle
from web.bench.road_arcs import RoadArcs

SEED: Final = 20_220_622
#: How many roads are closed at once; never more than a tenth of all.
CLOSED_AT_ONCE: Final = (1, 10, 100, 1000)
#: Roads closed on the very route that is asked for.
CLOSED_ON_WAY: Final = (1, 10)
#: Share of the roads that lie in the closed area.
AREA_SHARE: Final = 0.05
#: Roads closed in a what-if.
WHAT_IF_ROADS: Final = 10
MATRIX_SIZE: Final = (100, 1000)
#: Fewer roads than this are not worth measuring.
FEWEST_ROADS: Final = 100
#: Draws of a pair that still has a route before the network is refused.
_MOST_DRAWS: Final = 200


@dataclass(frozen=True, eq=False)
class Case:
    """One question: two junctions and the roads closed meanwhile.

    Attributes
    ----------
    open_ms
        Duration of the least-time route with every road open, by the oracle.
    closed_ms
        Likewise with these roads closed; None where there is no way.
    """

    origin: int
    destination: int
    roads: NDArray[np.int64]
    open_ms: int
    closed_ms: int | None


@dataclass(frozen=True, eq=False)
class Course:
    """Everything that is asked.

    Attributes
    ----------
    queries
        With every road open.
    closures
        Cases by measure: "close-1", ..., "close-way-1", ..., "close-area".
    what_ifs
        Cases of snapshots.
    cut_off
        Cases whose destination cannot be reached any more: every road that meets it is closed.
    matrix_ends
        Origins and destinations of the matrix.
    """

    queries: tuple[Case, ...]
    closures: dict[str, tuple[Case, ...]]
    what_ifs: tuple[Case, ...]
    cut_off: tuple[Case, ...]
    matrix_ends: tuple[NDArray[np.int64], NDArray[np.int64]]


class _Draw:
    """Draws cases on some roads."""

    def __init__(self, arcs: RoadArcs, oracle: Oracle) -> None:
        self._arcs, self._oracle = arcs, oracle
        self._chance = np.random.default_rng(SEED)
        ends = arcs.network.ends[arcs.usable_roads]
        self.junctions: NDArray[np.int64] = np.unique(ends).astype(np.int64)
        self._middle = arcs.lonlat[ends].mean(axis=1)

    def some(self, count: int) -> NDArray[np.int64]:
        """Draw junctions, none twice."""
        return np.sort(self._chance.choice(self.junctions, min(count, len(self.junctions)), replace=False))

    def roads(self, count: int) -> NDArray[np.int64]:
        """Draw roads anywhere, none twice."""
        most = min(count, len(self._arcs.usable_roads) // 10)
        return np.sort(self._chance.choice(self._arcs.usable_roads, most, replace=False))

    def area(self) -> NDArray[np.int64]:
        """Draw a round area and return the roads whose middle lies in it."""
        away = self._middle - self._middle[self._chance.integers(len(self._middle))]
        away[:, 0] *= np.cos(np.radians(self._middle[:, 1].mean()))
        nearest = np.argsort(np.hypot(away[:, 0], away[:, 1]), kind="stable")
        return np.sort(self._arcs.usable_roads[nearest[: round(AREA_SHARE * len(nearest))]])

    def pair(self, roads: NDArray[np.int64]) -> Case:
        """Draw two junctions between which there is a way although these roads are closed."""
        closed = frozenset(roads.tolist())
        for _ in range(_MOST_DRAWS):
            origin, destination = self._chance.choice(self.junctions, 2, replace=False).tolist()
            closed_ms = self._oracle.least_ms(origin, destination, closed)
            if closed_ms is not None:
                open_ms = closed_ms if not closed else self._oracle.least_ms(origin, destination)
                return Case(origin, destination, roads, open_ms or 0, closed_ms)
        raise BadInputError("bench-network-disconnected", "network", draws=_MOST_DRAWS)

    def on_way(self, count: int) -> Case:
        """Draw a pair that still has a way where so many roads of its least-time route, or all but two, are closed."""
        for _ in range(_MOST_DRAWS):
            case = self.pair(np.empty(0, dtype=np.int64))
            way = np.unique(self._oracle.least_way(case.origin, case.destination)[1:-1]).astype(np.int64)
            roads = np.sort(self._chance.choice(way, min(count, len(way)), replace=False))
            closed_ms = self._oracle.least_ms(case.origin, case.destination, frozenset(roads.tolist()))
            if len(roads) and closed_ms is not None:
                return Case(case.origin, case.destination, roads, case.open_ms, closed_ms)
        raise BadInputError("bench-network-disconnected", "network", draws=_MOST_DRAWS)

    def cut_off(self, case: Case) -> Case:
        """Return a case with the destination of another one, cut off."""
        arcs = self._arcs
        meeting = np.unique(np.flatnonzero((arcs.head == case.destination) | (arcs.tail == case.destination)) // 2)
        return Case(case.origin, case.destination, meeting.astype(np.int64), case.open_ms, None)


def draw_course(arcs: RoadArcs, oracle: Oracle, *, queries: int, repeats: int) -> Course:
    """Draw what is asked.

    Parameters
    ----------
    queries
        Pairs with every road open.
    repeats
        Cases of every other kind.

    Raises
    ------
    BadInputError
        `bench-network-small`, or `bench-network-disconnected` where hardly any two junctions have a route.
    """
    if len(arcs.usable_roads) < FEWEST_ROADS:
        raise BadInputError("bench-network-small", "network", roads=len(arcs.usable_roads), fewest=FEWEST_ROADS)
    draw, none = _Draw(arcs, oracle), np.empty(0, dtype=np.int64)
    asked = tuple(draw.pair(none) for _ in range(queries))
    closures = {
        f"close-{count}": tuple(draw.pair(draw.roads(count)) for _ in range(repeats)) for count in CLOSED_AT_ONCE
    }
    closures |= {f"close-way-{count}": tuple(draw.on_way(count) for _ in range(repeats)) for count in CLOSED_ON_WAY}
    closures["close-area"] = tuple(draw.pair(draw.area()) for _ in range(repeats))
    what_ifs = tuple(draw.pair(draw.roads(WHAT_IF_ROADS)) for _ in range(repeats))
    cut_off = tuple(draw.cut_off(case) for case in asked[:3])
    return Course(asked, closures, what_ifs, cut_off, (draw.some(MATRIX_SIZE[0]), draw.some(MATRIX_SIZE[1])))
