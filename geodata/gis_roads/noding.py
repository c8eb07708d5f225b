"""Join the lines of a road file where they meet, so that they can be cut into road pieces at junctions.

Two lines meet where they share a point: an end on an end, an end on any point of the other line, or a vertex that both
have. An end that misses another line by no more than the tolerance is joined to it. On different levels (bridge,
tunnel, layer) a shared vertex in the middle of both is no junction; an end always is. Lines that cross without a shared
point are left apart, since most of such are bridges that nobody marked; they are counted, and a mapping may ask to join
those that cross on one level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.gis_roads.columns import JOINED
from geodata.osm.import_tally import ImportTally
from geodata.osm.road_runs import joined_places
from geodata.snapping import METRES_PER_DEGREE

#: Positions are one place within this many degrees: about a centimetre.
_SAME_PLACE: float = 1e-7
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NodedLines:
    """Lines as sequences of nodes.

    Attributes
    ----------
    node : (k,) int64
        Node of every position, line after line.
    count : (m,) int64
        Positions of each line.
    node_lonlat : (n, 2) float64
    """

    node: Ints
    count: Ints
    node_lonlat: Floats


@dataclass
class _Drawing:
    """The lines while they are being joined.

    Attributes
    ----------
    owner, node : (k,) int64
        Line and node of each vertex.
    metres
        The lines on a plane.
    """

    owner: Ints
    node: Ints
    node_lonlat: Floats
    metres: NDArray[np.object_]
    scale: Floats

    def add_nodes(self, lonlat: Floats) -> Ints:
        """Add nodes and return their numbers."""
        first = len(self.node_lonlat)
        self.node_lonlat = np.vstack((self.node_lonlat, lonlat))
        return np.arange(first, first + len(lonlat), dtype=np.int64)

    def insert(self, line: Ints, along_m: Floats, node: Ints) -> None:
        """Put nodes into lines at distances along them."""
        # Vertices of all lines on one ruler: each line begins where the one before ends, and a metre on.
        lengths = shapely.length(self.metres)
        begin = np.concatenate(([0.0], np.cumsum(lengths + 1.0)))[:-1]
        spots = shapely.get_coordinates(self.metres)
        step = np.hypot(*np.diff(spots, axis=0, prepend=spots[:1]).T)
        step[np.append(True, self.line_changes())] = 0.0
        walked = np.cumsum(step)
        is_first = np.append(True, self.line_changes())
        ruler = walked - np.maximum.accumulate(np.where(is_first, walked, 0.0)) + begin[self.owner]
        order = np.argsort(begin[line] + along_m, kind="stable")
        at = np.searchsorted(ruler, (begin[line] + along_m)[order], side="left")
        self.node = np.insert(self.node, at, node[order])
        self.owner = np.insert(self.owner, at, line[order])
        lonlat = self.node_lonlat[self.node] * self.scale
        self.metres = np.asarray(shapely.linestrings(lonlat, indices=self.owner), dtype=np.object_)

    def line_changes(self) -> NDArray[np.bool_]:
        """Return the (k - 1,) mask of neighbours that are of different lines."""
        return np.asarray(self.owner[1:] != self.owner[:-1], dtype=np.bool_)

    def ends(self) -> tuple[Ints, Ints]:
        """Return the positions of every line's first and last vertex, and the line of each."""
        edge = self.line_changes()
        positions = np.concatenate((np.flatnonzero(np.append(True, edge)), np.flatnonzero(np.append(edge, True))))
        return positions, self.owner[positions]


def _drawing(lines: NDArray[np.object_]) -> _Drawing:
    lonlat, owner = shapely.get_coordinates(lines, return_index=True)
    scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(float(np.median(lonlat[:, 1])))), METRES_PER_DEGREE])
    _, first, node = np.unique(
        np.round(lonlat / _SAME_PLACE).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    metres = np.asarray(shapely.linestrings(lonlat * scale, indices=owner), dtype=np.object_)
    return _Drawing(owner.astype(np.int64), node.reshape(-1).astype(np.int64), lonlat[first], metres, scale)


def _has_vertex(drawing: _Drawing, line: Ints, node: Ints) -> NDArray[np.bool_]:
    """Return the mask of (line, node) pairs where the line has the node as a vertex."""
    whole = len(drawing.node_lonlat) + 1
    return np.isin(line * whole + node, drawing.owner * whole + drawing.node)


def _join_ends(drawing: _Drawing, rows: Ints, snap_m: float, tally: ImportTally) -> None:
    """Join every end to the lines that it touches or misses by no more than the tolerance."""
    positions, own = drawing.ends()
    spots = drawing.node_lonlat[drawing.node[positions]] * drawing.scale
    reach = max(snap_m, 0.02)
    end, line = shapely.STRtree(drawing.metres).query(shapely.points(spots), predicate="dwithin", distance=reach)
    node = drawing.node[positions[end]]
    new = (own[end] != line) & ~_has_vertex(drawing, line, node)
    end, line, node = end[new], line[new], node[new]
    if not len(end):
        return
    along = shapely.line_locate_point(drawing.metres[line], shapely.points(spots[end]))
    near, gap = _nearest_vertices(drawing, line, spots[end])
    is_vertex = gap <= reach
    for pair in np.flatnonzero(is_vertex):
        tally.repair("ends-joined", f"row {rows[own[end[pair]]]} - row {rows[line[pair]]}")
    for pair in np.flatnonzero(~is_vertex):
        tally.repair("end-joined-to-road", f"row {rows[own[end[pair]]]} - row {rows[line[pair]]}")
    if not is_vertex.all():
        drawing.insert(line[~is_vertex], along[~is_vertex], node[~is_vertex])
    if is_vertex.any():
        pairs = np.column_stack((node[is_vertex], near[is_vertex]))
        drawing.node = joined_places(pairs, len(drawing.node_lonlat))[drawing.node]


def _nearest_vertices(drawing: _Drawing, line: Ints, spots: Floats) -> tuple[Ints, Floats]:
    """Return for each (line, spot) the line's nearest node, and how far it is."""
    starts = np.searchsorted(drawing.owner, line)
    count = np.searchsorted(drawing.owner, line, side="right") - starts
    pair = np.repeat(np.arange(len(line)), count)
    vertex = np.arange(int(count.sum())) + np.repeat(starts - (np.cumsum(count) - count), count)
    metres = drawing.node_lonlat[drawing.node[vertex]] * drawing.scale
    gaps = np.hypot(*(metres - spots[pair]).T)
    order = np.lexsort((gaps, pair))
    best = order[np.searchsorted(pair[order], np.arange(len(line)))]
    return drawing.node[vertex[best]], gaps[best]


def _crossings(drawing: _Drawing, level: Ints) -> tuple[Ints, Floats]:
    """Return the (c, 2) pairs of lines of one level that cross away from any common node, and where (metres)."""
    one, two = shapely.STRtree(drawing.metres).query(drawing.metres, predicate="crosses")
    kept = (one < two) & (level[one] == level[two])
    one, two = one[kept], two[kept]
    shared = shapely.intersection(drawing.metres[one], drawing.metres[two])
    spots, pair = shapely.get_coordinates(shared, return_index=True)
    pairs = np.column_stack((one[pair], two[pair])).astype(np.int64)
    if not len(pairs):
        return pairs.reshape(-1, 2), spots
    gap = np.minimum.reduce([_nearest_vertices(drawing, pairs[:, side], spots)[1] for side in (0, 1)])
    node_one, node_two = (_nearest_vertices(drawing, pairs[:, side], spots)[0] for side in (0, 1))
    apart = (node_one != node_two) | (gap > 0.02)
    return pairs[apart], spots[apart]


def _treat_crossings(drawing: _Drawing, rows: Ints, level: Ints, crossings: str, tally: ImportTally) -> None:
    pairs, spots = _crossings(drawing, level)
    for one, two in pairs:
        code = tally.repair if crossings == JOINED else tally.drop
        code(
            "crossings-joined" if crossings == JOINED else "crossings-left-apart", f"row {rows[one]} x row {rows[two]}"
        )
    if crossings == JOINED and len(pairs):
        node = drawing.add_nodes(spots / drawing.scale)
        along = [shapely.line_locate_point(drawing.metres[pairs[:, side]], shapely.points(spots)) for side in (0, 1)]
        drawing.insert(np.concatenate((pairs[:, 0], pairs[:, 1])), np.concatenate(along), np.concatenate((node, node)))


def _part_levels(drawing: _Drawing, level: Ints) -> None:
    """Give a vertex in the middle of a line off the ground a node of its own level, unless a line ends there."""
    positions, _ = drawing.ends()
    is_end = np.zeros(len(drawing.node_lonlat), dtype=np.bool_)
    is_end[drawing.node[positions]] = True
    apart = np.flatnonzero((level[drawing.owner] != 0) & ~is_end[drawing.node])
    if not len(apart):
        return
    keys = np.column_stack((drawing.node[apart], level[drawing.owner[apart]]))
    unique, which = np.unique(keys, axis=0, return_inverse=True)
    drawing.node[apart] = drawing.add_nodes(drawing.node_lonlat[unique[:, 0]])[which.reshape(-1)]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What joining needs to know of each line: its row in the file, and a number for its level (0 on the ground)."""

    row: Ints
    level: Ints


def node_lines(
    lines: NDArray[np.object_], facts: LineFacts, *, snap_m: float, crossings: str, tally: ImportTally
) -> NodedLines:
    """Join lines (WGS-84 LineStrings) where they meet; what was joined or left apart is counted."""
    drawing = _drawing(lines)
    _join_ends(drawing, facts.row, snap_m, tally)
    _treat_crossings(drawing, facts.row, facts.level, crossings, tally)
    _part_levels(drawing, facts.level)
    return NodedLines(drawing.node, np.bincount(drawing.owner, minlength=len(lines)), drawing.node_lonlat)
