"""What a track is held against: the routes that a trip may be on, each in its time, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.tracks.screening import ScreenLine

#: So near to a stop of the trip a truck stands at it.
AT_STOP_M: Final = 200.0


@dataclass(frozen=True, eq=False)
class AllowedWay:
    """A route and the time in which the trip may be on it.

    Attributes
    ----------
    line
        On the plane of the positions.
    roads
        Its roads, by index.
    speed_mps
        As planned, over all.
    until
        When the next one took its place at the latest; None: to the end.
    """

    line: ScreenLine
    roads: frozenset[int]
    speed_mps: float
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether the trip may be on it at a time."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class AllowedStop:
    """Where the trip may stand, and for how long nothing need be heard of it there."""

    x_m: float
    y_m: float
    stay: timedelta


@dataclass(frozen=True, eq=False)
class AllowedTrip:
    """What a track is held against.

    Attributes
    ----------
    ways
        At least one, in the order of their times.
    begun_at, ended_at
        When the trip began and was over; None: it is still on its way.
    """

    ways: tuple[AllowedWay, ...]
    stops: tuple[AllowedStop, ...]
    begun_at: datetime
    ended_at: datetime | None = None

    def stay_at(self, spot: NDArray[np.float64]) -> timedelta | None:
        """Return how long the trip may be silent where it is; None away from its stops."""
        near = [one.stay for one in self.stops if float(np.hypot(one.x_m - spot[0], one.y_m - spot[1])) <= AT_STOP_M]
        return max(near, default=None)
