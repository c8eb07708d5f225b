"""Find the parts of a network within which a car can drive from everywhere to everywhere and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import ACCESS_BIT, BACKWARD, FORWARD, Network
from geodata.road_classes import ROAD_CLASSES

#: Part number of a junction that no car can reach or leave.
NO_PART: Final = -1


@dataclass(frozen=True, slots=True)
class Component:
    """One strongly connected part.

    Attributes
    ----------
    junctions
        How many junctions it has.
    classes
        How many roads of each class lie within it, by name; classes without a road are left out.
    """

    junctions: int
    classes: dict[str, int]


def car_arcs(network: Network) -> NDArray[np.bool_]:
    """Return the (m, 2) mask of roads open to cars forward and backward, vehicle limits aside."""
    return np.asarray((network.access & ACCESS_BIT["car"]) != 0, dtype=np.bool_)


def _successors(network: Network, usable: NDArray[np.bool_]) -> list[list[int]]:
    """Return for each junction those that one usable arc leads to."""
    following: list[list[int]] = [[] for _ in range(network.junction_count)]
    for direction, (tail, head) in ((FORWARD, (0, 1)), (BACKWARD, (1, 0))):
        used = usable[:, direction]
        for one, two in zip(network.ends[used, tail].tolist(), network.ends[used, head].tolist(), strict=True):
            following[one].append(two)
    return following


class _Search:
    """Tarjan's algorithm (1972) for strongly connected parts, without recursion."""

    def __init__(self, following: list[list[int]]) -> None:
        self.following = following
        self.order = [-1] * len(following)
        self.low = [-1] * len(following)
        self.part = [NO_PART] * len(following)
        self.path: list[int] = []
        self.calls: list[tuple[int, Iterator[int]]] = []
        self.entered = self.parts = 0

    def enter(self, junction: int) -> None:
        self.order[junction] = self.low[junction] = self.entered
        self.entered += 1
        self.path.append(junction)
        self.calls.append((junction, iter(self.following[junction])))

    def leave(self) -> None:
        here, _ = self.calls.pop()
        if self.calls:
            before = self.calls[-1][0]
            self.low[before] = min(self.low[before], self.low[here])
        if self.low[here] == self.order[here]:
            while self.part[here] == NO_PART:
                self.part[self.path.pop()] = self.parts
            self.parts += 1

    def next_unseen(self) -> int | None:
        here, further = self.calls[-1]
        for there in further:
            if self.order[there] < 0:
                return there
            if self.part[there] == NO_PART:
                self.low[here] = min(self.low[here], self.order[there])
        return None

    def run(self) -> list[int]:
        for root in range(len(self.following)):
            if self.order[root] < 0:
                self.enter(root)
            while self.calls:
                there = self.next_unseen()
                if there is None:
                    self.leave()
                else:
                    self.enter(there)
        return self.part


def part_of_junctions(network: Network) -> NDArray[np.int64]:
    """Return the (n,) part of each junction: 0 is the largest; NO_PART where no car comes or goes."""
    usable = car_arcs(network)
    part = np.array(_Search(_successors(network, usable)).run(), dtype=np.int64)
    part[np.setdiff1d(np.arange(network.junction_count), network.ends[usable.any(axis=1)])] = NO_PART
    numbers, first, size = np.unique(part[part >= 0], return_index=True, return_counts=True)
    new_number = np.full(network.junction_count + 1, NO_PART, dtype=np.int64)
    new_number[numbers[np.lexsort((first, -size))]] = np.arange(len(numbers))
    return np.where(part >= 0, new_number[part], NO_PART)


def part_of_roads(network: Network, part_of_junction: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the (m,) part of each road: NO_PART where its ends lie in two parts or no car may use it."""
    one, two = part_of_junction[network.ends[:, 0]], part_of_junction[network.ends[:, 1]]
    within = (one == two) & car_arcs(network).any(axis=1)
    return np.where(within, one, NO_PART)


def find_components(network: Network, part_of_junction: NDArray[np.int64]) -> tuple[Component, ...]:
    """Return every strongly connected part for cars, the largest first; junctions without cars are in none."""
    sizes = np.bincount(part_of_junction[part_of_junction >= 0])
    of_road = part_of_roads(network, part_of_junction)
    counts = np.zeros((len(sizes), len(ROAD_CLASSES)), dtype=np.int64)
    inside = of_road >= 0
    np.add.at(counts, (of_road[inside], network.road_class[inside]), 1)
    return tuple(
        Component(int(size), {one.value: int(n) for one, n in zip(ROAD_CLASSES, row, strict=True) if n})
        for size, row in zip(sizes, counts, strict=True)
    )
