"""Did a truck with a pass turn back before a road that its route goes on over: a sign that the road is blocked.

The truck is followed along its route: how far along it each position lies. Where it came no farther and then went back
along the route for some way, it turned; not at a stop of its trip, where it was to turn or to stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.tracks.track import Track

#: A position farther from the route is not on it.
_ON_ROUTE_M: Final = 50.0
#: So far back along the route is no manoeuvre any more.
_BACK_M: Final = 300.0
#: So far along the route before turning, else the truck only set out the other way.
_CAME_M: Final = 300.0
#: A stop of the trip this near, along the route, explains the turn.
_STOP_M: Final = 300.0


@dataclass(frozen=True, slots=True)
class TurnedBack:
    """Where along its route a truck turned, and when it was last seen before."""

    along_m: float
    at: datetime


def turned_back(track: Track, line: NDArray[np.float64], *, stops_m: Sequence[float]) -> TurnedBack | None:
    """Return where a truck turned back on its route for good; None where it did not, or where that cannot be told.

    Parameters
    ----------
    line : (k, 2) float64
        The route on the same plane as the track.
    stops_m
        Where along the line the trip stops, its ends among them.
    """
    along = _follow(track.plane_m, line)
    on_route = np.flatnonzero(np.isfinite(along))
    if len(on_route) < 3:
        return None
    far = int(on_route[np.argmax(along[on_route])])
    most = float(along[far])
    came = along[on_route[on_route <= far]]
    later = along[on_route[on_route > far]]
    if len(later) < 2 or most - came.min() < _CAME_M or later.min() > most - _BACK_M:
        return None
    if any(abs(most - stop) <= _STOP_M for stop in stops_m) or later[-1] > most - _BACK_M:
        return None
    return TurnedBack(most, track.fixes[far].at)


def _follow(spots: NDArray[np.float64], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far along a line each position lies, NaN off it; of two passes the one nearest to the last."""
    begin, step = line[:-1], np.diff(line, axis=0)
    squares = np.maximum((step**2).sum(axis=1), 1e-9)
    starts = np.concatenate([[0.0], np.cumsum(np.sqrt((step**2).sum(axis=1)))])
    found = np.full(len(spots), np.nan)
    last = 0.0
    for number, spot in enumerate(spots):
        shares = np.clip(((spot - begin) * step).sum(axis=1) / squares, 0.0, 1.0)
        gaps = np.hypot(*(begin + shares[:, None] * step - spot).T)
        near = np.flatnonzero(gaps <= _ON_ROUTE_M)
        if len(near):
            places = starts[near] + shares[near] * np.sqrt(squares[near])
            last = found[number] = float(places[np.argmin(np.abs(places - last))])
    return found
