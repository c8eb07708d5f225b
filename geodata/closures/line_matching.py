"""Match a drawn line onto the roads it follows: the connected chain of road parts that stays nearest to it.

Every road near the line gives pieces: a whole road between two junctions, or a part at the line's ends. A piece knows
which stretch of the line it stands for; a chain must go along the line without a gap, so a cross street, which the line
only touches, never fits. The chain with the least sum of squared distances wins (shortest path, Dijkstra 1959).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import shapely

from geodata.polylines import Points, Polyline, mean_square_gap
from geodata.snapping import RoadIndex

#: A line farther than this from every road is on none.
REACH_M: Final = 30.0
#: A drawn line may be this much longer or shorter than the road it follows: constant part, and share of its length.
LENGTH_SLACK: Final = (60.0, 0.3)
#: Weight of a metre of difference in length, in square metres times metres.
STRETCH_WEIGHT: Final = 4.0
SAMPLE_M: Final = 10.0
#: Junctions may come out this much in the wrong order along a jittered line.
STEP_BACK_M: Final = 6.0
#: ("start", 0), ("end", 0), or a junction and which pass of the line is meant.
Node: TypeAlias = tuple[int | str, int]
START: Final[Node] = ("start", 0)
END: Final[Node] = ("end", 0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a road in travel order, `leave_m` < `enter_m` where it runs against the digitised direction."""

    road: int
    enter_m: float
    leave_m: float
    line_from: float
    line_to: float

    @property
    def length_m(self) -> float:
        """Length of road."""
        return abs(self.leave_m - self.enter_m)


@dataclass(frozen=True, slots=True)
class Chain:
    """Connected pieces along the whole line, with each one's sum of squared distances."""

    pieces: tuple[Piece, ...]
    costs: tuple[float, ...]

    @property
    def roads(self) -> frozenset[int]:
        """Indices of the chain's roads."""
        return frozenset(piece.road for piece in self.pieces)

    def offset_m(self, roads: frozenset[int]) -> float:
        """Return the root mean square distance between the line and the chain's pieces on some of its roads."""
        chosen = [(piece, cost) for piece, cost in zip(self.pieces, self.costs, strict=True) if piece.road in roads]
        length = sum(piece.length_m + abs(piece.line_to - piece.line_from) for piece, _ in chosen)
        return float(np.sqrt(sum(cost for _, cost in chosen) / max(length, 1e-9)))

    def length_on(self, roads: frozenset[int]) -> float:
        """Return the metres of the chain on some of its roads."""
        return sum(piece.length_m for piece in self.pieces if piece.road in roads)


@dataclass
class LineMatcher:
    """Search for the chains of one drawn line.

    Parameters
    ----------
    line
        The drawn line on the index's plane.
    index
        The county's roads.
    roads
        Roads that may be used, by index.
    """

    line: Polyline
    index: RoadIndex
    roads: tuple[int, ...]
    _shapes: dict[int, Polyline] = field(default_factory=dict)
    _passes: dict[int, list[float]] = field(default_factory=dict)
    _costs: dict[Piece, float | None] = field(default_factory=dict)
    _whole: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ends = self.index.network.ends
        self._at: dict[int, list[int]] = {}
        for road in self.roads:
            for junction in {int(ends[road, 0]), int(ends[road, 1])}:
                self._at.setdefault(junction, []).append(road)
        self._starts = self._ends_on(self.line.points[0])
        self._stops = self._ends_on(self.line.points[-1])

    def shape_of(self, road: int) -> Polyline:
        """Return a road's line on the plane."""
        if road not in self._shapes:
            self._shapes[road] = Polyline(shapely.get_coordinates(self.index.lines[road]))
        return self._shapes[road]

    def _ends_on(self, point: Points) -> dict[int, list[float]]:
        """Return where on each road the line may start or end."""
        found = {road: self.shape_of(road).passes_near(point, within_m=REACH_M) for road in self.roads}
        return {road: passes for road, passes in found.items() if passes}

    def _passes_of(self, junction: int) -> list[float]:
        if junction not in self._passes:
            point = self.index.plane.to_metres(self.index.network.junction_lonlat[junction])
            self._passes[junction] = self.line.passes_near(point, within_m=REACH_M)
        return self._passes[junction]

    def _is_whole_near(self, road: int) -> bool:
        if road not in self._whole:
            points = shapely.points(self.shape_of(road).points)
            self._whole[road] = bool(shapely.distance(points, self.line.shape).max() <= REACH_M)
        return self._whole[road]

    def _cost_of(self, piece: Piece) -> float | None:
        """Return the sum of squared distances between a piece and its stretch of the line; None where they part."""
        if piece not in self._costs:
            self._costs[piece] = self._measure(piece)
        return self._costs[piece]

    def _measure(self, piece: Piece) -> float | None:
        line_m = piece.line_to - piece.line_from
        stretch = abs(line_m - piece.length_m)
        if line_m < -STEP_BACK_M or stretch > LENGTH_SLACK[0] + LENGTH_SLACK[1] * piece.length_m:
            return None
        road = self.shape_of(piece.road).part(piece.enter_m, piece.leave_m)
        part = self.line.part(piece.line_from, max(piece.line_to, piece.line_from))
        out_square, out_most = mean_square_gap(road, part, every_m=SAMPLE_M)
        back_square, back_most = mean_square_gap(part, road, every_m=SAMPLE_M)
        if max(out_most, back_most) > REACH_M:
            return None
        return out_square * piece.length_m + back_square * abs(line_m) + STRETCH_WEIGHT * stretch

    def _to_junctions(self, road: int, enter_m: float, line_from: float) -> Iterator[tuple[Node, Piece]]:
        """Give the ways from a point on a road to its two ends."""
        for side, leave_m in ((0, 0.0), (1, self.shape_of(road).length_m)):
            junction = int(self.index.network.ends[road, side])
            for number, along in enumerate(self._passes_of(junction)):
                yield (junction, number), Piece(road, enter_m, leave_m, line_from, along)

    def _from_start(self) -> Iterator[tuple[Node, Piece]]:
        for road, offsets in self._starts.items():
            for offset in offsets:
                yield from self._to_junctions(road, offset, 0.0)
                for stop in self._stops.get(road, ()):
                    yield END, Piece(road, offset, stop, 0.0, self.line.length_m)

    def _from_junction(self, junction: int, number: int) -> Iterator[tuple[Node, Piece]]:
        along = self._passes_of(junction)[number]
        for road in self._at[junction]:
            length = self.shape_of(road).length_m
            for side, enter_m, leave_m in ((0, 0.0, length), (1, length, 0.0)):
                if int(self.index.network.ends[road, side]) != junction:
                    continue
                for stop in self._stops.get(road, ()):
                    yield END, Piece(road, enter_m, stop, along, self.line.length_m)
                if self._is_whole_near(road):
                    other = int(self.index.network.ends[road, 1 - side])
                    for next_number, line_to in enumerate(self._passes_of(other)):
                        yield (other, next_number), Piece(road, enter_m, leave_m, along, line_to)

    def best_chain(self, *, without: frozenset[int] = frozenset()) -> Chain | None:
        """Return the chain nearest to the line that uses none of some roads; None where no chain follows it."""
        reached: dict[Node, tuple[float, Node, Piece]] = {}
        done: set[Node] = set()
        heap: list[tuple[float, int, Node]] = [(0.0, 0, START)]
        pushed = 0
        while heap:
            cost, _, node = heapq.heappop(heap)
            if node == END:
                return self._traced(reached)
            if node in done:
                continue
            done.add(node)
            junction, number = node
            ways = self._from_start() if isinstance(junction, str) else self._from_junction(junction, number)
            for target, piece in ways:
                if piece.road in without or target in done:
                    continue
                own = self._cost_of(piece)
                if own is not None and cost + own < reached.get(target, (np.inf, node, piece))[0]:
                    reached[target] = (cost + own, node, piece)
                    pushed += 1
                    heapq.heappush(heap, (cost + own, pushed, target))
        return None

    def _traced(self, reached: dict[Node, tuple[float, Node, Piece]]) -> Chain:
        pieces: list[Piece] = []
        node = END
        while node != START:
            _, node, piece = reached[node]
            pieces.append(piece)
        pieces.reverse()
        return Chain(tuple(pieces), tuple(self._costs[piece] or 0.0 for piece in pieces))
