"""Find passes that were shown twice: in two places sooner than any truck can drive from one to the other (X1).

A copy of a code is as good as the code itself; what it cannot copy is the truck. Checkpoints work offline, so a copy
shows only when their lists meet. Looking at neighbours in time is enough: if every step between two sights could be
driven, the whole way could.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geodata.errors import BadInputError

if TYPE_CHECKING:
    from geodata.places import Place
    from geodata.snapping import RoadIndex, RoadPoint
    from geodata.vehicles import Vehicle
    from passes.checkpoint.scan_register import Scan
    from routing.engine import Engine

#: Nobody drives a road in less than this share of its free time; below it two trucks were there, not one.
FASTEST_SHARE: Final = 0.7
#: The clocks of two phones together may be wrong by so much: each is set by the server's time when it was last heard.
CLOCK_ERROR: Final = timedelta(minutes=1)
#: Seconds that a drive from one checkpoint to another takes at least.
LeastTime = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class DoubledPass:
    """Two sights of one pass that cannot be of one truck.

    Attributes
    ----------
    first, second
        In the order of their times.
    least_s
        Seconds that the drive between the two checkpoints takes at least.
    """

    first: Scan
    second: Scan
    least_s: float

    @property
    def between_s(self) -> float:
        """Return the seconds between the two sights."""
        return (self.second.at - self.first.at).total_seconds()


def find_doubled(scans: Iterable[Scan], least_time: LeastTime) -> tuple[DoubledPass, ...]:
    """Return the sights of one pass that no truck could have made, the newest first."""
    by_pass: dict[str, list[Scan]] = {}
    for scan in scans:
        if scan.number:
            by_pass.setdefault(scan.number, []).append(scan)
    found = [one for sights in by_pass.values() for one in _impossible_steps(sights, least_time)]
    return tuple(sorted(found, key=lambda one: (one.second.at, one.second.key), reverse=True))


def _impossible_steps(sights: list[Scan], least_time: LeastTime) -> Iterable[DoubledPass]:
    sights.sort(key=lambda one: (one.at, one.key))
    for first, second in pairwise(sights):
        if first.checkpoint == second.checkpoint:
            continue
        # Clocks may have exchanged the two sights: the shorter way round counts.
        least_s = min(least_time(first.checkpoint, second.checkpoint), least_time(second.checkpoint, first.checkpoint))
        doubled = DoubledPass(first, second, least_s)
        if doubled.between_s + CLOCK_ERROR.total_seconds() < least_s * FASTEST_SHARE:
            yield doubled


def least_times(
    checkpoints: Sequence[Place], engine: Engine, index: RoadIndex, *, vehicle: Vehicle, at: datetime
) -> LeastTime:
    """Return the free driving times between checkpoints, as if nothing were closed; 0 where one is not known.

    Parameters
    ----------
    vehicle
        The fastest that may carry a pass.
    """
    free = engine.snapshot(lifted={one.closure_id for one in engine.closings})
    usable = free.usable_roads(vehicle)
    points: dict[str, RoadPoint] = {}
    for one in checkpoints:
        # One far from every road is the county check's to report.
        with suppress(BadInputError):
            points[one.id] = index.snap(one.lon, one.lat, usable=usable, where=one.id)
    row = {place: number for number, place in enumerate(points)}
    ends = list(points.values())
    matrix = free.matrix(ends, ends, vehicle=vehicle, depart_at=at)
    # No way at all by the map says nothing of a truck that was there.
    duration_s = np.where(np.isfinite(matrix.duration_s), matrix.duration_s, 0.0)

    def least_time(origin: str, destination: str) -> float:
        if origin not in row or destination not in row:
            return 0.0
        return float(duration_s[row[origin], row[destination]])

    return least_time
