"""How far positions lie beside a line and how far along it: compiled, so that a million are screened in a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.kernel import kernel

Metres = NDArray[np.float64]

#: Pieces of a line in one box: a position farther from the box than from a piece already seen skips them together.
_BLOCK: Final = 16


@dataclass(frozen=True, eq=False)
class ScreenLine:
    """A line made ready for screening; positions and line lie on one plane, in metres.

    Attributes
    ----------
    points : (n, 2) float64
    along_m : (n,) float64
        Metres from the line's beginning.
    boxes : (b, 4) float64
        West, south, east, north of every `_BLOCK` pieces.
    """

    points: Metres
    along_m: Metres
    boxes: Metres

    @property
    def length_m(self) -> float:
        """Length of the line."""
        return float(self.along_m[-1])


def screen_line(points: Metres) -> ScreenLine:
    """Make a line of at least two points ready."""
    points = np.ascontiguousarray(points, dtype=np.float64)
    steps = np.hypot(*np.diff(points, axis=0).T)
    starts = np.arange(0, len(points) - 1, _BLOCK)
    ends = np.minimum(starts + _BLOCK, len(points) - 1)
    parts = [points[start : end + 1] for start, end in zip(starts, ends, strict=True)]
    boxes = np.array([(*part.min(axis=0), *part.max(axis=0)) for part in parts])
    return ScreenLine(points, np.concatenate([[0.0], np.cumsum(steps)]), boxes)


def beside(line: ScreenLine, spots: Metres, *, enough_m: float = 0.0) -> tuple[Metres, Metres]:
    """Return how many metres each of (k, 2) positions lies beside a line, and how far along it.

    Positions are taken in their order. The search begins where the last one lay and ends at a piece within `enough_m`
    that is not behind it, so that of two passes over one road, there and back, the next one is found.
    """
    gaps, along = np.empty(len(spots)), np.empty(len(spots))
    _beside(
        (line.points, line.along_m, line.boxes), np.ascontiguousarray(spots, dtype=np.float64), enough_m, gaps, along
    )
    return gaps, along


@kernel
def _beside(line: tuple[Metres, Metres, Metres], spots: Metres, enough_m: float, gaps: Metres, along: Metres) -> None:
    points, starts, boxes = line
    count = len(points) - 1
    begin, last = 0, 0.0
    for number in range(len(spots)):
        x, y = spots[number, 0], spots[number, 1]
        best, best_along, found, done = np.inf, 0.0, begin, 0
        piece, is_next = begin, False
        while done < count and not is_next:
            if piece % 16 == 0 and done > 0:
                box = piece // 16
                aside = max(boxes[box, 0] - x, 0.0, x - boxes[box, 2])
                above = max(boxes[box, 1] - y, 0.0, y - boxes[box, 3])
                if aside * aside + above * above >= max(best, enough_m * enough_m):
                    skipped = min(16, count - piece, count - done)
                    done += skipped
                    piece += skipped
                    if piece >= count:
                        piece = 0
                    continue
            run, rise = points[piece + 1, 0] - points[piece, 0], points[piece + 1, 1] - points[piece, 1]
            square = run * run + rise * rise
            share = 0.0
            if square > 0.0:
                share = ((x - points[piece, 0]) * run + (y - points[piece, 1]) * rise) / square
                share = min(max(share, 0.0), 1.0)
            aside = points[piece, 0] + share * run - x
            above = points[piece, 1] + share * rise - y
            gap, place = aside * aside + above * above, starts[piece] + share * np.sqrt(square)
            is_next = gap <= enough_m * enough_m and place >= last - 30.0
            if gap < best or is_next:
                best, best_along, found = gap, place, piece
            done += 1
            piece += 1
            if piece >= count:
                piece = 0
        gaps[number] = np.sqrt(best)
        along[number] = best_along
        if gaps[number] <= enough_m:
            begin, last = found, best_along
