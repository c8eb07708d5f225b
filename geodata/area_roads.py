"""Which roads lie inside an area, and where roads cross its edge.

A road counts as inside if more than half of its length is (`inside_share`). A bridge or tunnel may only pass over or
under an area: unless told otherwise a chain of such pieces counts only where it joins an ordinary road that is inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.area_rule import INSIDE_SHARE, Structures
from geodata.drawn_area import DrawnPolygon
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import RoadIndex

#: A road inside or outside for less than this only touches the edge.
TOUCH_M: Final = 1.0
#: A part of a road that gets no farther from the edge than this runs along it: hands draw no better.
ALONG_EDGE_M: Final = 15.0
#: How closely a part is looked at, in metres, and at how many places at most.
SAMPLE_M: Final = 10.0
MOST_SAMPLES: Final = 400

__all__ = ["INSIDE_SHARE", "AreaPart", "AreaRoads", "EdgeCrossing", "Structures", "find_area_parts", "find_area_roads"]


@dataclass(frozen=True, slots=True)
class EdgeCrossing:
    """Where a road crosses an area's edge.

    Attributes
    ----------
    offset_m
        Distance from the road's start along its digitised direction.
    goes_in
        Whether the road is inside beyond this point, in its digitised direction.
    """

    road: int
    offset_m: float
    lon: float
    lat: float
    goes_in: bool


@dataclass(frozen=True, eq=False)
class AreaRoads:
    """The roads of an area.

    Attributes
    ----------
    inside : (k,) int64
        Roads that count as inside, ascending.
    kept : (j,) int64
        Bridges and tunnels that would be inside by their length and only pass over or under.
    crossings
        By road and position, of every road that does not pass over or under; candidates for gates.
    """

    inside: NDArray[np.int64]
    kept: NDArray[np.int64]
    crossings: tuple[EdgeCrossing, ...]


@dataclass(frozen=True, eq=False)
class _Cut:
    """One road cut at an area's edge: positions of the cuts, and which pieces between them are inside."""

    marks: NDArray[np.float64]
    is_inside: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """Share of the length inside."""
        steps = np.diff(self.marks)
        return float(steps[self.is_inside].sum() / steps.sum()) if steps.sum() > 0 else float(self.is_inside.any())


class _Area:
    """An area on the plane, and its edge piece by piece: a road is compared with the pieces near it only."""

    def __init__(self, flat: shapely.Geometry) -> None:
        self.flat = flat
        shapely.prepare(flat)
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_parts(shapely.boundary(flat))]
        ends = [np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]
        self._pieces = np.asarray(shapely.linestrings(np.concatenate(ends)), dtype=np.object_)
        self._tree = shapely.STRtree(self._pieces)

    def cut(self, line: shapely.LineString) -> _Cut:
        """Cut a road at the edge."""
        whole = float(shapely.length(line))
        near = self._tree.query(line, predicate="intersects")
        met = shapely.get_coordinates(shapely.intersection(line, self._pieces[near]))
        along = np.asarray(shapely.line_locate_point(line, shapely.points(met)), dtype=np.float64).reshape(-1)
        marks = np.unique(np.concatenate([[0.0], along[(along > TOUCH_M) & (along < whole - TOUCH_M)], [whole]]))
        middles = shapely.line_interpolate_point(line, (marks[:-1] + marks[1:]) / 2)
        inside = np.array(shapely.contains_properly(self.flat, middles), dtype=np.bool_)
        # Neighbouring pieces on one side are one; a piece shorter than a touch is what its neighbour is.
        for number in np.flatnonzero(np.diff(marks) < TOUCH_M):
            inside[number] = inside[number - 1] if number else inside[min(1, len(inside) - 1)]
        changes = np.flatnonzero(np.diff(inside.astype(np.int8)) != 0)
        return _Cut(np.concatenate([[0.0], marks[1:-1][changes], [whole]]), inside[np.concatenate([[0], changes + 1])])

    def farthest_m(self, line: shapely.LineString, start: float, end: float) -> float:
        """Return how far a part of a road gets from the edge."""
        count = min(max(2, round((end - start) / SAMPLE_M)), MOST_SAMPLES)
        spots = shapely.line_interpolate_point(line, np.linspace(start, end, count + 1))
        return float(self._tree.query_nearest(spots, return_distance=True, all_matches=False)[1].max())


def _crossings(road: int, cut: _Cut, index: RoadIndex) -> Iterable[EdgeCrossing]:
    line = index.lines[road]
    whole, length_m = cut.marks[-1], float(index.network.length_m[road])
    for mark, goes_in in zip(cut.marks[1:-1], cut.is_inside[1:], strict=True):
        spot = index.plane.to_degrees(shapely.get_coordinates(shapely.line_interpolate_point(line, mark))[0])
        yield EdgeCrossing(road, float(mark / whole) * length_m, float(spot[0]), float(spot[1]), bool(goes_in))


def _inner_ends(road: int, cut: _Cut, network: Network) -> list[int]:
    """Return the junctions at a road's ends that lie inside."""
    sides = (cut.is_inside[0], cut.is_inside[-1])
    return [int(network.ends[road, side]) for side in (0, 1) if sides[side]]


def _passing(apart: set[int], inner: dict[int, list[int]], *, structures: Structures) -> set[int]:
    """Return the bridges and tunnels that only pass over or under: not joined, inside, to an ordinary road."""
    if structures != "joined":
        return set() if structures == "inside" else apart
    at: dict[int, list[int]] = {}
    for road in apart:
        for junction in inner[road]:
            at.setdefault(junction, []).append(road)
    joined: set[int] = set()
    waiting = [junction for road, junctions in inner.items() if road not in apart for junction in junctions]
    while waiting:
        for road in at.pop(waiting.pop(), ()):
            if road not in joined:
                joined.add(road)
                waiting.extend(inner[road])
    return apart - joined


def find_area_roads(
    area: DrawnPolygon, index: RoadIndex, *, inside_share: float = INSIDE_SHARE, structures: Structures = "joined"
) -> AreaRoads:
    """Return the roads inside an area and the crossings of its edge.

    Parameters
    ----------
    area
        WGS-84, longitude first; what lies in a hole is outside.
    inside_share
        A road counts as inside if more than this share of its length is.
    structures
        What bridges, tunnels and roads on another layer count as.

    Raises
    ------
    BadInputError
        `inside-share-out-of-range` unless 0 <= inside_share < 1.
    """
    survey = _survey(area, index, inside_share=inside_share, structures=structures)
    wanted = {road for road, cut in survey.cuts.items() if cut.share > inside_share}
    passing = survey.over & wanted
    kept_out = (road for road in survey.cuts if road not in survey.over)
    crossings = [one for road in kept_out for one in _crossings(road, survey.cuts[road], index)]
    inside = np.array(sorted(wanted - passing), dtype=np.int64)
    return AreaRoads(inside, np.array(sorted(passing), dtype=np.int64), tuple(crossings))


@dataclass(frozen=True, eq=False)
class _Survey:
    """The roads near an area: cut at its edge, and those that only pass over or under."""

    area: _Area
    cuts: dict[int, _Cut]
    over: set[int]


def _survey(area: DrawnPolygon, index: RoadIndex, *, inside_share: float, structures: Structures) -> _Survey:
    if not 0 <= inside_share < 1:
        raise BadInputError("inside-share-out-of-range", "inside_share", value=inside_share)
    network, surveyed = index.network, _Area(shapely.transform(area, index.plane.to_metres))
    near = index.roads_along(surveyed.flat, within_m=0.0)
    cuts = {road: surveyed.cut(index.lines[road]) for road in near}
    apart = {road for road in near if network.structure[road] or network.layer[road]}
    inner = {road: _inner_ends(road, cut, network) for road, cut in cuts.items()}
    return _Survey(surveyed, cuts, _passing(apart, inner, structures=structures))


@dataclass(frozen=True, slots=True)
class AreaPart:
    """Part of a road inside an area, metres along its digitised direction."""

    road: int
    from_m: float
    to_m: float


def _closed_pieces(cut: _Cut, line: shapely.LineString, area: _Area, *, inside_share: float) -> NDArray[np.bool_]:
    """Return which pieces of a road are inside; those along the edge are what most of the road is."""
    if len(cut.is_inside) == 1 and cut.is_inside[0]:
        return cut.is_inside
    far_m = [area.farthest_m(line, *ends) for ends in zip(cut.marks[:-1], cut.marks[1:], strict=True)]
    return np.where(np.array(far_m) <= ALONG_EDGE_M, cut.share > inside_share, cut.is_inside)


def find_area_parts(
    area: DrawnPolygon, index: RoadIndex, *, inside_share: float = INSIDE_SHARE, structures: Structures = "joined"
) -> tuple[AreaPart, ...]:
    """Return the parts of roads that are really inside an area, by road and position: what closing the area closes.

    A road is cut at the edge and its inner parts count. A part that stays within `ALONG_EDGE_M` of the edge runs along
    it: it counts if more than `inside_share` of the road's whole length is inside, on either side of the edge.

    Parameters
    ----------
    area, inside_share, structures
        As `find_area_roads`; whatever only passes over or under has no part inside.

    Raises
    ------
    BadInputError
        `inside-share-out-of-range`.
    """
    survey = _survey(area, index, inside_share=inside_share, structures=structures)
    parts: list[AreaPart] = []
    for road, cut in sorted(survey.cuts.items()):
        if road in survey.over:
            continue
        closed = _closed_pieces(cut, index.lines[road], survey.area, inside_share=inside_share)
        shares = cut.marks / cut.marks[-1] if cut.marks[-1] > 0 else np.array([0.0, 1.0])
        for number in np.flatnonzero(closed):
            from_m, to_m = (float(shares[end]) * float(index.network.length_m[road]) for end in (number, number + 1))
            if parts and parts[-1].road == road and parts[-1].to_m == from_m:
                from_m = parts.pop().from_m
            parts.append(AreaPart(road, from_m, to_m))
    return tuple(parts)
