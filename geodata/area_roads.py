"""Which roads lie inside an area, and where roads cross its edge.

A road counts as inside if more than half of its length is (`inside_share`). A bridge or tunnel may only pass over or
under an area: unless told otherwise a chain of such pieces counts only where it joins an ordinary road that is inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.drawn_area import DrawnPolygon
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.snapping import RoadIndex

#: A road inside or outside for less than this only touches the edge.
TOUCH_M: Final = 1.0
INSIDE_SHARE: Final = 0.5
#: What bridges and tunnels count as: "joined" where they join an inside road, else always "inside" or never ("kept").
Structures = Literal["joined", "inside", "kept"]


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


def _cut(line: shapely.LineString, flat: shapely.Geometry, edge: shapely.Geometry) -> _Cut:
    whole = float(shapely.length(line))
    met = shapely.get_coordinates(shapely.intersection(line, edge))
    along = np.asarray(shapely.line_locate_point(line, shapely.points(met)), dtype=np.float64).reshape(-1)
    marks = np.unique(np.concatenate([[0.0], along[(along > TOUCH_M) & (along < whole - TOUCH_M)], [whole]]))
    middles = shapely.line_interpolate_point(line, (marks[:-1] + marks[1:]) / 2)
    inside = np.array(shapely.contains_properly(flat, middles), dtype=np.bool_)
    # Neighbouring pieces on one side are one; a piece shorter than a touch is what its neighbour is.
    for number in np.flatnonzero(np.diff(marks) < TOUCH_M):
        inside[number] = inside[number - 1] if number else inside[min(1, len(inside) - 1)]
    changes = np.flatnonzero(np.diff(inside.astype(np.int8)) != 0)
    return _Cut(np.concatenate([[0.0], marks[1:-1][changes], [whole]]), inside[np.concatenate([[0], changes + 1])])


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
    if not 0 <= inside_share < 1:
        raise BadInputError("inside-share-out-of-range", "inside_share", value=inside_share)
    flat = shapely.transform(area, index.plane.to_metres)
    shapely.prepare(flat)
    edge, network = shapely.boundary(flat), index.network
    near = index.roads_along(flat, within_m=0.0)
    cuts = {road: _cut(index.lines[road], flat, edge) for road in near}
    wanted = {road for road, cut in cuts.items() if cut.share > inside_share}
    apart = {road for road in near if network.structure[road] or network.layer[road]}
    inner = {road: _inner_ends(road, cut, network) for road, cut in cuts.items()}
    over = _passing(apart, inner, structures=structures)
    passing = over & wanted
    crossings = [one for road in near if road not in over for one in _crossings(road, cuts[road], index)]
    inside = np.array(sorted(wanted - passing), dtype=np.int64)
    return AreaRoads(inside, np.array(sorted(passing), dtype=np.int64), tuple(crossings))
