"""The judge's own search: Dijkstra's algorithm written plainly, sharing no line with any router it judges."""

from __future__ import annotations

from collections.abc import Collection
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from web.bench.road_arcs import RoadArcs


class Oracle:
    """Least durations on some roads, with some of them closed."""

    def __init__(self, arcs: RoadArcs) -> None:
        usable = arcs.usable_arcs
        leaving = usable[np.argsort(arcs.tail[usable], kind="stable")]
        counts = np.bincount(arcs.tail[leaving], minlength=arcs.junction_count)
        self._start: list[int] = [0, *np.cumsum(counts).tolist()]
        self._head: list[int] = arcs.head[leaving].tolist()
        self._tail: list[int] = arcs.tail[leaving].tolist()
        self._weight: list[int] = arcs.weight_ms[leaving].tolist()
        self._road: list[int] = (leaving // 2).tolist()
        self._count = arcs.junction_count

    def least_ms(self, origin: int, destination: int, closed: Collection[int] = frozenset()) -> int | None:
        """Return the least duration between two junctions while some roads are closed, None where there is no way."""
        reach = {origin: 0}
        heap = [(0, origin)]
        while heap:
            so_far, junction = heappop(heap)
            if junction == destination:
                return so_far
            if so_far == reach[junction]:
                self._go_on(reach, heap, junction, closed)
        return None

    def least_way(self, origin: int, destination: int) -> list[int]:
        """Return the roads of a least-time route with every road open, last one first; none where there is no way."""
        reach, came = {origin: 0}, dict[int, int]()
        heap = [(0, origin)]
        while heap:
            so_far, junction = heappop(heap)
            if junction == destination:
                break
            if so_far == reach[junction]:
                self._go_on(reach, heap, junction, frozenset(), came)
        roads = []
        while destination in came and destination != origin:
            roads.append(self._road[came[destination]])
            destination = self._tail[came[destination]]
        return roads

    def all_ms(self, origin: int) -> NDArray[np.float64]:
        """Return the least duration from a junction to every other, (n,), infinity where there is no way."""
        reach = {origin: 0}
        heap = [(0, origin)]
        while heap:
            so_far, junction = heappop(heap)
            if so_far == reach[junction]:
                self._go_on(reach, heap, junction, frozenset())
        durations = np.full(self._count, np.inf)
        durations[list(reach)] = list(reach.values())
        return durations

    def _go_on(
        self,
        reach: dict[int, int],
        heap: list[tuple[int, int]],
        junction: int,
        closed: Collection[int],
        came: dict[int, int] | None = None,
    ) -> None:
        """Reach the neighbours of a junction over the roads that are open; note by which, if that is wanted."""
        so_far = reach[junction]
        for place in range(self._start[junction], self._start[junction + 1]):
            if self._road[place] in closed:
                continue
            further, other = so_far + self._weight[place], self._head[place]
            known = reach.get(other)
            if known is None or further < known:
                reach[other] = further
                if came is not None:
                    came[other] = place
                heappush(heap, (further, other))
