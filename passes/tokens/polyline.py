"""Write a line of positions as a short text and read it back, strictly.

The encoded polyline algorithm with four decimals (11 m, well inside every corridor's tolerance) and longitude first:
each coordinate is the difference to the one before, zigzag, in groups of five bits, lowest first, offset by 63.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from geodata.errors import BadInputError

Point = tuple[float, float]
_STEPS: Final = 10_000
_OFFSET: Final = 63
_MORE: Final = 0x20
_MOST_GROUPS: Final = 5
#: A line is written and read several times while one pass is made; so many are remembered.
_KEPT: Final = 1_024
_MOST_LON, _MOST_LAT = 180 * _STEPS, 90 * _STEPS


@lru_cache(maxsize=2**16)
def _written(value: int) -> str:
    """Write one difference; the same small ones come again and again."""
    rest = value << 1 if value >= 0 else ~(value << 1)
    groups = []
    while rest >= _MORE:
        groups.append(chr((rest & 0x1F | _MORE) + _OFFSET))
        rest >>= 5
    return "".join([*groups, chr(rest + _OFFSET)])


def encode_line(points: Iterable[Point]) -> str:
    """Write (longitude, latitude) degrees as a text of printable ASCII."""
    return _encoded(tuple(points))


@lru_cache(maxsize=_KEPT)
def _encoded(points: tuple[Point, ...]) -> str:
    texts = []
    last_lon = last_lat = 0
    for lon, lat in points:
        next_lon, next_lat = round(lon * _STEPS), round(lat * _STEPS)
        texts.append(_written(next_lon - last_lon) + _written(next_lat - last_lat))
        last_lon, last_lat = next_lon, next_lat
    return "".join(texts)


def _read_numbers(text: str) -> Iterator[int]:
    value = groups = 0
    for character in text:
        bits = ord(character) - _OFFSET
        if not 0 <= bits < 2 * _MORE or groups == _MOST_GROUPS:
            raise BadInputError("line-unreadable", "cor")
        value |= (bits & 0x1F) << 5 * groups
        groups += 1
        if bits < _MORE:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = groups = 0
    if groups:
        raise BadInputError("line-unreadable", "cor")


@lru_cache(maxsize=_KEPT)
def decode_line(text: str) -> tuple[Point, ...]:
    """Read an encoded line: (longitude, latitude) degrees.

    Raises
    ------
    BadInputError
        `line-unreadable`: a foreign character, half a number, or a position outside the globe.
    """
    numbers = list(_read_numbers(text))
    if len(numbers) % 2:
        raise BadInputError("line-unreadable", "cor")
    points: list[Point] = []
    lon = lat = 0
    for lon_step, lat_step in zip(numbers[::2], numbers[1::2], strict=True):
        lon, lat = lon + lon_step, lat + lat_step
        if abs(lon) > _MOST_LON or abs(lat) > _MOST_LAT:
            raise BadInputError("line-unreadable", "cor")
        points.append((lon / _STEPS, lat / _STEPS))
    return tuple(points)
