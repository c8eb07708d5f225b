"""Where a truck is on its route: how far along it is at least and at most, from everything that saw it.

A route often leads twice past the same place, there and back. So each sight is every place of the route where the truck
may have been then; those are left out that it cannot have come to by then, from any place where it was seen before: it
drives on along its route, and no faster than a truck. What is left may still be two places; then nobody knows, and
nobody is said to be past a road. A position that fits nothing before it is a jump of the phone, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from geodata.windows import parse_instant
from passes.applications.eligibility import LEAD
from routing.corridor_distance import METRES_PER_DEGREE

SCAN: Final = "scan"
STOP: Final = "stop"
TRACK: Final = "track"
RECEIVED: Final = "received"
#: A position told farther from the route than this, its own error left out, is not on it.
NEAR_M: Final = 150.0
#: Places within so much are one: the position is sure.
SURE_WITHIN_M: Final = 1_000.0
#: A truck may have driven on since: what was seen longer ago is not where it is.
SURE_FOR: Final = timedelta(minutes=30)
#: A truck does not come to a place in less than this share of the planned time, and is never faster.
_FASTEST_SHARE: Final = 0.5
_FASTEST_MPS: Final = 30.0
#: Stretches of a line with less between them are one.
_TOUCHING_M: Final = 1.0
#: Two sights may contradict each other by so much.
_SLACK_M: Final = 200.0


@dataclass(frozen=True, slots=True)
class Sight:
    """One sight of a truck: at a place (its id), or at a position, exact to `within_m`."""

    source: str
    at: datetime
    place: str = ""
    lonlat: tuple[float, float] | None = None
    within_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a truck was when it was seen last, in metres along its route: at least, most likely and at most."""

    source: str
    at: datetime
    low_m: float
    here_m: float
    high_m: float

    @property
    def is_one_place(self) -> bool:
        """Tell whether the truck surely was here when it was seen: it is here, or farther along its route."""
        return self.high_m - self.low_m <= SURE_WITHIN_M

    def is_sure(self, at: datetime) -> bool:
        """Tell whether the truck is taken to be here at a time."""
        return at - self.at <= SURE_FOR and self.is_one_place


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the route, in metres along it, and the likeliest spot of it."""

    low_m: float
    here_m: float
    high_m: float


def _joined(pieces: Sequence[tuple[float, float, float, float]]) -> _Place:
    """Return pieces of a line (low, spot, high, gap) that touch each other as one place."""
    _, here_m, _, _ = min(pieces, key=lambda one: one[3])
    return _Place(pieces[0][0], here_m, pieces[-1][2])


class _RouteLine:
    """A kept route, made ready for many sights."""

    def __init__(self, route: Mapping[str, Any]) -> None:
        self._route = route
        line = np.array(route["geometry"], dtype=np.float64)
        self._scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
        self._plane = line * self._scale
        self._runs = np.diff(self._plane, axis=0)
        walked = np.concatenate([[0.0], np.cumsum(np.hypot(*self._runs.T))])
        self._along = walked * (float(route["distance_m"]) / walked[-1] if walked[-1] > 0 else 0.0)

    def places(self, sight: Sight) -> Iterator[_Place]:
        """Give every place of the route where the truck may have been."""
        if sight.source == SCAN:
            for one in self._route["checkpoints"]:
                if one["place"] == sight.place:
                    along_m = float(one["along_m"])
                    yield _Place(along_m, along_m, along_m)
            return
        spots = [sight.lonlat] if sight.lonlat is not None else self._stops_at(sight.place)
        for lonlat in spots:
            yield from self._near(lonlat, NEAR_M + sight.within_m)

    def _stops_at(self, place: str) -> list[tuple[float, float]]:
        return [(one["lon"], one["lat"]) for one in self._route["stops"] if place and one["place"] == place][:1]

    def _near(self, lonlat: tuple[float, float], within_m: float) -> Iterator[_Place]:
        """Give the stretches of the line within a distance of a position."""
        away = np.array(lonlat) * self._scale - self._plane[:-1]
        squares = np.maximum((self._runs**2).sum(axis=1), 1e-9)
        share = np.clip((away * self._runs).sum(axis=1) / squares, 0.0, 1.0)
        gaps = np.hypot(*(away - share[:, None] * self._runs).T)
        reach = np.sqrt(np.maximum(within_m**2 - gaps**2, 0.0))
        spots = self._along[:-1] + share * np.diff(self._along)
        lows, highs = np.maximum(spots - reach, self._along[:-1]), np.minimum(spots + reach, self._along[1:])
        stretch: list[tuple[float, float, float, float]] = []
        for piece in np.flatnonzero(gaps <= within_m):
            one = (float(lows[piece]), float(spots[piece]), float(highs[piece]), float(gaps[piece]))
            if stretch and one[0] > stretch[-1][2] + _TOUCHING_M:
                yield _joined(stretch)
                stretch = []
            stretch.append(one)
        if stretch:
            yield _joined(stretch)

    def soonest(self, along_m: float) -> datetime:
        """Return before when the truck cannot have been so far along."""
        depart_at = parse_instant(self._route["depart_at"], where="depart_at")
        share = along_m / max(float(self._route["distance_m"]), 1.0)
        return depart_at - LEAD + timedelta(seconds=_FASTEST_SHARE * share * float(self._route["duration_s"]))


def where_on(route: Mapping[str, Any], sights: Sequence[Sight]) -> Whereabouts | None:
    """Return where a truck was when it was seen last; None where that was not on its route, or nobody can tell.

    A single position by phone is borne out by nothing, so it tells nothing.

    Parameters
    ----------
    sights
        In the order of their times.
    """
    if not sights:
        return None
    line = _RouteLine(route)
    found: Whereabouts | None = None
    before: list[_Place] = []
    before_at, fitting = sights[0].at, 0
    for sight in sights:
        places = [one for one in line.places(sight) if line.soonest(one.low_m) <= sight.at]
        if before:
            reach_m = _FASTEST_MPS * (sight.at - before_at).total_seconds() + _SLACK_M
            places = [one for one in places if _is_reached(one, before, reach_m)]
        found = None
        if places:
            before, before_at, fitting = places, sight.at, fitting + 1
            if sight.source != TRACK or fitting > 1:
                low_m, high_m = min(one.low_m for one in places), max(one.high_m for one in places)
                found = Whereabouts(sight.source, sight.at, low_m, places[0].here_m, high_m)
    return found


def _is_reached(place: _Place, before: Sequence[_Place], reach_m: float) -> bool:
    """Tell whether a truck may have come to a place from one of those before."""
    return any(one.low_m - _SLACK_M <= place.high_m and place.low_m - one.high_m <= reach_m for one in before)
