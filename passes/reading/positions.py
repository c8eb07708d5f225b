"""Read a position as a checkpoint types it."""

from __future__ import annotations

from geodata.errors import BadInputError

Point = tuple[float, float]


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
