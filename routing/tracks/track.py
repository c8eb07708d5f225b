"""A track: positions with their times, as a phone sent them, put in order and thinned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import LocalPlane

#: Positions nearer to the last one kept say nothing new: a phone drifts while a truck stands.
_STEP_M: Final = 25.0
#: No truck is faster: a position farther off is a jump of the phone.
_FASTEST_MPS: Final = 45.0
#: A position may be so far wrong by itself.
_SLACK_M: Final = 150.0
#: So many positions in a row that do not fit: the one before them was wrong.
_JUMPS: Final = 3


@dataclass(frozen=True, slots=True)
class Fix:
    """One position at an instant, WGS-84; the phone says how exact it is, 0 where nobody said."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float = 0.0


@dataclass(frozen=True, eq=False)
class Track:
    """Positions in the order of their times; k in all.

    Attributes
    ----------
    plane_m : (k, 2) float64
    """

    fixes: tuple[Fix, ...]
    plane_m: NDArray[np.float64]


def track_of(fixes: Iterable[Fix], plane: LocalPlane) -> Track:
    """Return positions in order, each once, without jumps that no truck can drive and without drifting on the spot."""
    ordered = sorted(dict.fromkeys(fixes), key=lambda one: (one.at, one.lon, one.lat))
    spots = plane.to_metres(np.array([(one.lon, one.lat) for one in ordered], dtype=np.float64).reshape(-1, 2))
    kept: list[int] = []
    jumps = 0
    for number, one in enumerate(ordered):
        if kept:
            gap_m = float(np.hypot(*(spots[number] - spots[kept[-1]])))
            seconds = (one.at - ordered[kept[-1]].at).total_seconds()
            if gap_m < _STEP_M or seconds <= 0:
                continue
            if gap_m > _FASTEST_MPS * seconds + _SLACK_M and jumps < _JUMPS:
                jumps += 1
                continue
        kept.append(number)
        jumps = 0
    return Track(tuple(ordered[number] for number in kept), spots[kept])
