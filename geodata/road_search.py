"""Find roads by what people call them: number, name or id; and say where a road runs from and to."""

from __future__ import annotations

import heapq
import math
import unicodedata
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network


def plain(text: str) -> str:
    """Return a number or name in one width, in capitals and without spaces: `x 901` is X901."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


class RoadSearch:
    """The numbers and names of a network's roads; one a network, safe to share between threads.

    Parameters
    ----------
    network
        The roads.
    """

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def _labels(self) -> list[tuple[str, NDArray[np.int64]]]:
        """Every number and name, and the roads of each."""
        found: list[tuple[str, NDArray[np.int64]]] = []
        for texts in (self.network.ref, self.network.name):
            labels, of_road = np.unique(texts, return_inverse=True)
            order = np.argsort(of_road, kind="stable")
            parts = np.split(order, np.cumsum(np.bincount(of_road, minlength=len(labels)))[:-1])
            found += [(plain(one), roads) for one, roads in zip(labels.tolist(), parts, strict=True) if one]
        return found

    @cached_property
    def _roads_at(self) -> list[list[int]]:
        """The roads at each junction."""
        at: list[list[int]] = [[] for _ in range(self.network.junction_count)]
        for road, (start, end) in enumerate(self.network.ends.tolist()):
            at[start].append(road)
            if end != start:
                at[end].append(road)
        return at

    def find(self, text: str, *, most: int) -> tuple[int, ...]:
        """Return roads by index: whose id, number or name it is, then those that begin with it, then that hold it."""
        asked = plain(text)
        if not asked:
            return ()
        exact = self.network.road_index.get(text.strip())
        ranked = [(_rank(asked, label), label, roads) for label, roads in self._labels if asked in label]
        ranked.sort(key=lambda row: row[:2])
        found = [] if exact is None else [exact]
        for _, _, roads in ranked:
            found += roads.tolist()
            if len(found) >= most:
                break
        return tuple(dict.fromkeys(found))[:most]

    def crossing(self, road: int) -> tuple[str, str]:
        """Return the most important other road at each end of a road, by number or name; "" where there is none."""
        start, end = self.network.ends[road].tolist()
        return self._best_at(start, road), self._best_at(end, road)

    def _best_at(self, junction: int, road: int) -> str:
        own = self._called(road)
        others = [one for one in self._roads_at[junction] if one != road and self._called(one) not in {"", own}]
        best = min(others, key=lambda one: (int(self.network.road_class[one]), one), default=None)
        return "" if best is None else self._called(best)

    def _called(self, road: int) -> str:
        return str(self.network.ref[road]) or str(self.network.name[road])

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """Return the shortest run of roads of one number or name between two of its roads; () where there is none."""
        label = self._called(first)
        if not label or label != self._called(last) or first == last:
            return ()
        best = {first: 0.0}
        came_from: dict[int, int] = {}
        queue = [(0.0, first)]
        while queue:
            metres, road = heapq.heappop(queue)
            if road == last:
                return tuple(_run_back(came_from, last))
            for one in self._next_to(road, label):
                total = metres + float(self.network.length_m[one])
                if total < best.get(one, math.inf):
                    best[one], came_from[one] = total, road
                    heapq.heappush(queue, (total, one))
        return ()

    def _next_to(self, road: int, label: str) -> list[int]:
        ends = self.network.ends[road].tolist()
        return [one for end in ends for one in self._roads_at[end] if one != road and self._called(one) == label]


def _run_back(came_from: dict[int, int], last: int) -> list[int]:
    """Return the roads strictly between the two ends of a run, in order."""
    run, road = [], came_from[last]
    while road in came_from:
        run.append(road)
        road = came_from[road]
    return run[::-1]


def _rank(asked: str, label: str) -> int:
    return 0 if label == asked else 1 if label.startswith(asked) else 2
