"""Where a truck stood for long, and which of these places it was not meant to stand at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import LocalPlane
from routing.tracks.track import Fix

#: A phone drifts so far while its truck stands.
_DRIFT_M: Final = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A truck stood, from when to when, and in the middle of its positions there."""

    from_at: datetime
    to_at: datetime
    lon: float
    lat: float

    @property
    def minutes(self) -> int:
        """Whole minutes that it stood."""
        return int((self.to_at - self.from_at).total_seconds() // 60)


def standings(fixes: Sequence[Fix], plane: LocalPlane, *, longer_than: timedelta) -> tuple[Standing, ...]:
    """Return where a truck stood longer than so long, by time; `fixes` in the order of their times."""
    if not fixes:
        return ()
    spots = plane.to_metres(np.array([(one.lon, one.lat) for one in fixes]))
    return tuple(_found(fixes, spots, plane, longer_than))


def _found(
    fixes: Sequence[Fix], spots: NDArray[np.float64], plane: LocalPlane, longer_than: timedelta
) -> Iterator[Standing]:
    first = 0
    while first < len(fixes):
        last = first
        while last + 1 < len(fixes) and _is_near(spots[last + 1], spots[first : last + 1].mean(axis=0)):
            last += 1
        if fixes[last].at - fixes[first].at >= longer_than:
            lon, lat = plane.to_degrees(spots[first : last + 1].mean(axis=0))
            yield Standing(fixes[first].at, fixes[last].at, float(lon), float(lat))
        first = last + 1


def _is_near(spot: NDArray[np.float64], middle: NDArray[np.float64]) -> bool:
    return float(np.hypot(*(spot - middle))) <= _DRIFT_M


def away_from(
    stood: Sequence[Standing], allowed: Sequence[tuple[float, float]], plane: LocalPlane, *, within_m: float
) -> tuple[Standing, ...]:
    """Return the standings that are farther than so many metres from every allowed (lon, lat) position."""
    if not allowed:
        return tuple(stood)
    points = plane.to_metres(np.array(allowed))
    spots = [plane.to_metres(np.array([one.lon, one.lat])) for one in stood]
    gaps = [float(np.hypot(*(points - spot).T).min()) for spot in spots]
    return tuple(one for one, gap in zip(stood, gaps, strict=True) if gap > within_m)
