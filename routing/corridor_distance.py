"""How far a position lies from a corridor, in metres; without numpy, so that a verdict comes at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

Point = tuple[float, float]
#: Of the mean sphere; the plane below is exact to a thousandth within 100 km.
METRES_PER_DEGREE: Final = 6_371_008.8 * math.pi / 180.0


def _distance_to_piece_m(start: Point, end: Point) -> float:
    """Return the distance from the plane's origin to a straight piece."""
    run, rise = end[0] - start[0], end[1] - start[1]
    square = run * run + rise * rise
    share = 0.0 if square == 0 else max(0.0, min(1.0, -(start[0] * run + start[1] * rise) / square))
    return math.hypot(start[0] + share * run, start[1] + share * rise)


def distance_to_corridor_m(corridor: Sequence[Point], lon: float, lat: float) -> float:
    """Return the distance from a position to the nearest piece of a corridor's line.

    Measured on the plane that touches the globe at the position: the same there as in `routing.corridor`, so a
    position on the route is within the corridor's tolerance.

    Parameters
    ----------
    corridor
        WGS-84 (lon, lat) points, at least one.
    """
    scale = METRES_PER_DEGREE * math.cos(math.radians(lat))
    plane = [((point[0] - lon) * scale, (point[1] - lat) * METRES_PER_DEGREE) for point in corridor]
    if len(plane) == 1:
        return math.hypot(*plane[0])
    return min(_distance_to_piece_m(start, end) for start, end in pairwise(plane))
