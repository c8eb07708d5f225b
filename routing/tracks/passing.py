"""Did a truck pass through a part of a road from end to end, and was it seen near enough to say so."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Final

from geodata.closures.closure import Direction
from routing.tracks.matching import Run, Stretch

#: Positions farther apart than this leave it open whether the truck took another way between them.
_WIDEST_M: Final = 1_000.0
#: Somewhere on either side within this of the part, or on it, the truck must have been seen.
_NEAR_M: Final = 500.0
#: Of a long part this share at either end may be missing, at most so many metres: a position is no better.
_MISSING: Final = 0.1
_MOST_MISSING_M: Final = 25.0


def passed_through(
    stretch: Stretch, road: int, *, part: tuple[float, float], direction: Direction = Direction.BOTH
) -> datetime | None:
    """Return when a truck passed through a part of a road in a closed direction, in the middle of it; None: it did not.

    Parameters
    ----------
    part
        From and to, along the road's digitised direction.
    """
    for run in stretch.runs:
        if run.road == road and _way_of(run, part) in _ways(direction):
            middle = run.start_m + abs(sum(part) / 2 - run.from_m)
            if _is_seen(stretch, middle, half_m=(part[1] - part[0]) / 2):
                return stretch.instant_at(middle)
    return None


def _ways(direction: Direction) -> tuple[Direction, ...]:
    return (Direction.FORWARD, Direction.BACKWARD) if direction is Direction.BOTH else (direction,)


def _way_of(run: Run, part: tuple[float, float]) -> Direction | None:
    """Return which way a run leads over the whole part, None where it does not."""
    missing_m = min(_MISSING * (part[1] - part[0]), _MOST_MISSING_M)
    low, high = part[0] + missing_m, part[1] - missing_m
    if run.from_m <= low and run.to_m >= high and run.to_m > run.from_m:
        return Direction.FORWARD
    if run.from_m >= high and run.to_m <= low and run.to_m < run.from_m:
        return Direction.BACKWARD
    return None


def _is_seen(stretch: Stretch, middle: float, *, half_m: float) -> bool:
    """Tell whether positions before and after, near each other, leave no doubt that the truck was there."""
    places = [along for along, _ in stretch.seen]
    reach = half_m + _NEAR_M
    before = any(middle - reach <= one <= middle for one in places)
    after = any(middle <= one <= middle + reach for one in places)
    around = [(one, other) for one, other in pairwise(places) if other >= middle - half_m and one <= middle + half_m]
    return before and after and all(other - one <= _WIDEST_M for one, other in around)
