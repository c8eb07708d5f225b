"""Write many lines as the drawing commands of a vector tile at once: the library does one point at a time.

Mapbox Vector Tile specification 2.1, section 4.3: a line is MoveTo(1), a point, LineTo(n), n points; a point is the
zigzag of its step from the one before, starting at 0, 0 with each feature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.tiles.grid import BUFFER, EXTENT

_MOVE_TO_ONE: Final = (1 << 3) | 1
_LINE_TO: Final = 2

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TileLines:
    """Lines of whole tile units, as they are seen in one tile.

    Attributes
    ----------
    points : (k, 2)
    part : (k,)
        Line part of each point, ascending from 0.
    owner : (parts,)
        What each part is of: index into the lines given, ascending.
    """

    points: Whole
    part: Whole
    owner: Whole


def cut_to_tile(lines: NDArray[np.object_], *, tolerance: float) -> TileLines:
    """Cut lines of tile units to the tile with its buffer, drop bends that no eye sees, and round them."""
    rim = (-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    if tolerance > 0:
        lines = shapely.simplify(lines, tolerance, preserve_topology=False)
    bounds = shapely.bounds(lines).reshape(-1, 4)
    over = (bounds[:, :2] < rim[0]).any(axis=1) | (bounds[:, 2:] > rim[2]).any(axis=1)
    lines = lines.copy()
    lines[over] = shapely.clip_by_rect(lines[over], *rim)
    parts, owner = shapely.get_parts(lines, return_index=True)
    real = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    return _round(parts[real], owner[real])


def _round(parts: NDArray[np.object_], owner: NDArray[np.intp]) -> TileLines:
    """Round to whole units; points that fall on the one before go, and so do parts of a single point."""
    exact, part = shapely.get_coordinates(parts, return_index=True)
    points = np.rint(exact).astype(np.int64)
    first = np.diff(part, prepend=-1) > 0
    kept = first | (np.diff(points, axis=0, prepend=points[:1] - 1) != 0).any(axis=1)
    points, part = points[kept], part[kept]
    long_enough = np.bincount(part, minlength=len(parts)) > 1
    kept = long_enough[part]
    number = np.cumsum(long_enough) - 1
    return TileLines(points[kept], number[part[kept]], owner[long_enough].astype(np.int64))


def commands_of(lines: TileLines, feature: Whole) -> tuple[Whole, Whole]:
    """Return the commands of all lines, and where those of each feature start (one more than there are features).

    Parameters
    ----------
    lines
        The lines.
    feature : (parts,)
        Feature of each part, ascending from 0 without a gap.
    """
    count = len(lines.points)
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    first = np.diff(lines.part, prepend=-1) > 0
    opens = np.diff(feature[lines.part], prepend=-1) > 0
    before = np.vstack([np.zeros((1, 2), dtype=np.int64), lines.points[:-1]])
    before[opens] = 0
    step = lines.points - before
    zigzag = (step << 1) ^ (step >> 63)
    sizes = np.bincount(lines.part)
    commands = np.zeros(2 * count + 2 * len(sizes), dtype=np.int64)
    place = 2 * np.arange(count) + 2 * lines.part + np.where(first, 1, 2)
    commands[place], commands[place + 1] = zigzag[:, 0], zigzag[:, 1]
    commands[place[first] - 1] = _MOVE_TO_ONE
    commands[place[first] + 2] = ((sizes - 1) << 3) | _LINE_TO
    starts = np.append(place[opens] - 1, len(commands))
    return commands, starts
