"""Name the places at which positions lie, and where a truck stood, for tracing (L2, X10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from routing.tracks.standing import Standing, standings
from routing.tracks.track import Fix

if TYPE_CHECKING:
    from geodata.places import Place, Places
    from geodata.snapping import LocalPlane

#: So near to a place a truck may have met somebody there.
_NEAR_M: Final = 150.0
#: Back after so long is another visit.
_APART: Final = timedelta(minutes=10)
#: A halt shorter than this is traffic.
_HALT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PlaceVisit:
    """A truck was near a place, from its first position there to its last."""

    place: Place
    from_at: datetime
    to_at: datetime


def near_places(fixes: Sequence[Fix], places: Places, plane: LocalPlane) -> Iterator[PlaceVisit]:
    """Give every place that positions, in the order of their times, lie near."""
    if not fixes:
        return
    spots = plane.to_metres(np.array([(one.lon, one.lat) for one in fixes]))
    for place in places.by_id.values():
        middle = plane.to_metres(np.array([place.lon, place.lat]))
        there = np.flatnonzero(np.hypot(*(spots - middle).T) <= _NEAR_M)
        for first, last in _visits([fixes[int(number)].at for number in there]):
            yield PlaceVisit(place, first, last)


def _visits(times: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    first = 0
    for number, (one, other) in enumerate(pairwise(times), start=1):
        if other - one > _APART:
            yield times[first], one
            first = number
    if times:
        yield times[first], times[-1]


def stood_at(fixes: Sequence[Fix], plane: LocalPlane) -> tuple[Standing, ...]:
    """Return where a truck halted."""
    return standings(fixes, plane, longer_than=_HALT)
