"""Read a position and measure how far it lies from a corridor, in metres, without any heavy library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from geodata.errors import BadInputError

Point = tuple[float, float]
_METRES_A_DEGREE: Final = 111_195.0


def read_position(text: str, *, where: str) -> Point:
    """Read "longitude,latitude" in degrees (WGS-84).

    Raises
    ------
    BadInputError
        `position-not-a-number`: not two numbers, or outside the globe.
    """
    parts = text.split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        raise BadInputError("position-not-a-number", where, lon=parts[0], lat=",".join(parts[1:])) from None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise BadInputError("position-not-a-number", where, lon=lon, lat=lat)
    return lon, lat


def distance_to_line_m(position: Point, line: Sequence[Point]) -> float:
    """Return the distance in metres from a position to the nearest piece of a line.

    On a plane that touches the globe at the position: exact to a thousandth within 100 km, and far away still far.
    """
    scale = _METRES_A_DEGREE * math.cos(math.radians(position[1]))
    plane = [((lon - position[0]) * scale, (lat - position[1]) * _METRES_A_DEGREE) for lon, lat in line]
    if len(plane) == 1:
        return math.hypot(*plane[0])
    return min(_distance_to_piece(start, end) for start, end in pairwise(plane))


def _distance_to_piece(start: Point, end: Point) -> float:
    """Return the distance from the origin to a straight piece."""
    run, rise = end[0] - start[0], end[1] - start[1]
    square = run * run + rise * rise
    share = 0.0 if square == 0 else max(0.0, min(1.0, -(start[0] * run + start[1] * rise) / square))
    return math.hypot(start[0] + share * run, start[1] + share * rise)
