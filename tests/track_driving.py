"""Positions of a truck that drives along straight lines between places of the small county, for tests of tracks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from routing.tracks.track import Fix
from tests.conftest import JUNCTIONS, distance_m

SPEED_MPS = 15.0
_METRE = 1 / 111_195


def spot(name: str, towards: str = "", share: float = 0.0) -> tuple[float, float]:
    """A junction, or the point so far on the way to another."""
    one, other = JUNCTIONS[name], JUNCTIONS[towards or name]
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


def drive(
    *spots: tuple[float, float], start: datetime, every_m: float = 200.0, wrong_m: float = 8.0
) -> tuple[Fix, ...]:
    """Positions every so many metres, each a little beside the line, the same for the same drive."""
    chance = Random(len(spots))
    return tuple(
        Fix(at, lon + chance.gauss(0, wrong_m) * _METRE, lat + chance.gauss(0, wrong_m) * _METRE)
        for at, lon, lat in _points(spots, start, every_m)
    )


def _points(spots, start: datetime, every_m: float) -> Iterator[tuple[datetime, float, float]]:
    driven = 0.0
    for one, other in pairwise(spots):
        length = distance_m(one, other)
        count = max(1, round(length / every_m))
        for step in range(count):
            share = step / count
            at = start + timedelta(seconds=(driven + share * length) / SPEED_MPS)
            yield at, one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
        driven += length
    yield start + timedelta(seconds=driven / SPEED_MPS), *spots[-1]
