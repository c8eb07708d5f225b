"""Did a truck keep to its route: kept, left, or cannot tell, by rules that were measured (L2, L5, X4).

1. Positions 250 m apart or nearer: two in a row outside 50 m of the route are a departure; one alone is the phone's.
2. Positions about 1 km apart: one more than 40 m off the route is a departure where map matching, too, has the truck
   on other roads there. Map matching alone is never enough: it errs on one track in eight.
3. A time without positions that driving along the route does not explain is a gap: then nobody can tell. A truck that
   comes out of a long tunnel when it should has kept to its route.

A trip that was given another route on the way may be on either in its time. "Cannot tell" is not "left".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from routing.tracks.allowed import AT_STOP_M, AllowedTrip
from routing.tracks.matching import Matcher, Stretch
from routing.tracks.placing import PlacedTrack, place_track
from routing.tracks.track import Fix, Track

BUFFER_M: Final = 50.0
_SPARSE_OFF_M: Final = 40.0
#: Neighbours farther apart than this on either side make a lone position worth asking the map.
_SPARSE_M: Final = 500.0
#: On roads of no route for so long, by the map, is no step aside.
_OTHER_ROADS_M: Final = 150.0
#: A position that the phone itself calls vaguer says nothing of the route.
_VAGUE_M: Final = 100.0
#: So much of the route may be unseen at either end.
_UNSEEN_M: Final = 1_000.0
#: Time beyond what the way along the route takes.
_UNEXPLAINED: Final = timedelta(minutes=5)


class LoopVerdict(StrEnum):
    """Whether the closed loop was kept."""

    KEPT = "kept"
    LEFT = "left"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Departure:
    """A truck was off its route: between which positions, how far it drove, how far away, and where."""

    from_at: datetime
    to_at: datetime
    driven_m: float
    farthest_m: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which nobody can tell."""

    from_at: datetime
    to_at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return int((self.to_at - self.from_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Conformance:
    """Whether a trip kept to its route, with everything that speaks against it by time.

    Attributes
    ----------
    used
        Positions that it rests on.
    """

    verdict: LoopVerdict
    departures: tuple[Departure, ...]
    gaps: tuple[Gap, ...]
    used: int


def judge_loop(fixes: Sequence[Fix], trip: AllowedTrip, matcher: Matcher, *, longest_gap: timedelta) -> Conformance:
    """Hold a track against its routes.

    Parameters
    ----------
    matcher
        Asked only where positions far apart leave it open.
    longest_gap
        So long nothing need be heard of a truck.
    """
    clear = sorted((one for one in fixes if one.accuracy_m <= _VAGUE_M), key=lambda one: one.at)
    placed = place_track(clear, trip, matcher.index.plane)
    found, odd = _departures(placed, trip, matcher)
    seen = placed.without(odd)
    heard = [one.at for one in clear]
    gaps = tuple(_gaps(seen, heard, trip, longest_gap))
    verdict = LoopVerdict.LEFT if found else LoopVerdict.CANNOT_TELL if gaps else LoopVerdict.KEPT
    return Conformance(verdict, found, gaps, len(seen.track.fixes))


def _departures(
    placed: PlacedTrack, trip: AllowedTrip, matcher: Matcher
) -> tuple[tuple[Departure, ...], frozenset[int]]:
    """Return the departures, and the positions that are the phone's errors."""
    found, odd = [], set()
    stretches: tuple[Stretch, ...] | None = None
    for first, last in _runs_outside(placed):
        if last - first > 1:
            found.append(_departure(placed, first, last))
            continue
        if _is_sparse(placed.track, first):
            stretches = matcher.match(placed.track) if stretches is None else stretches
            if _other_roads_m(placed, first, trip, stretches) >= _OTHER_ROADS_M:
                found.append(_departure(placed, first, last))
                continue
        odd.add(first)
    return tuple(found), frozenset(odd)


def _runs_outside(placed: PlacedTrack) -> Iterator[tuple[int, int]]:
    """Give runs of positions off the route: in a row outside the buffer, or one alone that is a little off."""
    fixes = placed.track.fixes
    bounds = np.array([max(BUFFER_M, one.accuracy_m) for one in fixes])
    is_out = placed.gap_m > bounds
    is_off = placed.gap_m > bounds - (BUFFER_M - _SPARSE_OFF_M)
    number = 0
    while number < len(fixes):
        last = number + 1
        while is_out[number] and last < len(fixes) and is_out[last]:
            last += 1
        if is_off[number]:
            yield number, last
        number = last


def _is_sparse(track: Track, number: int) -> bool:
    spots = track.plane_m[max(number - 1, 0) : number + 2]
    return any(float(np.hypot(*(other - one))) > _SPARSE_M for one, other in pairwise(spots))


def _other_roads_m(placed: PlacedTrack, number: int, trip: AllowedTrip, stretches: Sequence[Stretch]) -> float:
    """Return how many metres map matching has on roads of no route, around one position."""
    fixes = placed.track.fixes
    before, after = fixes[max(number - 1, 0)].at, fixes[min(number + 1, len(fixes) - 1)].at
    allowed = frozenset().union(*(one.roads for one in trip.ways if one.holds(fixes[number].at)))
    allowed = allowed or trip.ways[-1].roads
    metres = 0.0
    for stretch in stretches:
        bounds = [along for along, at in stretch.seen if before <= at <= after]
        if len(bounds) > 1:
            for run in stretch.runs:
                if run.road not in allowed:
                    ends = min(run.start_m + run.length_m, bounds[-1]), max(run.start_m, bounds[0])
                    metres += max(ends[0] - ends[1], 0.0)
    return metres


def _departure(placed: PlacedTrack, first: int, last: int) -> Departure:
    fixes, spots = placed.track.fixes, placed.track.plane_m
    begin, end = max(first - 1, 0), min(last, len(fixes) - 1)
    steps = [float(np.hypot(*(other - one))) for one, other in pairwise(spots[begin : end + 1])]
    driven = sum(steps) - (steps[0] / 2 if begin < first else 0.0) - (steps[-1] / 2 if end == last else 0.0)
    far = first + int(np.argmax(placed.gap_m[first:last]))
    worst = fixes[far]
    return Departure(fixes[first].at, fixes[last - 1].at, driven, float(placed.gap_m[far]), worst.lon, worst.lat)


def _gaps(seen: PlacedTrack, heard: Sequence[datetime], trip: AllowedTrip, longest: timedelta) -> Iterator[Gap]:
    """Give the times of which nobody can tell, those at the ends of the trip among them."""
    fixes = seen.track.fixes
    if not fixes:
        yield Gap(trip.begun_at, max(trip.ended_at or trip.begun_at, trip.begun_at))
        return
    if seen.along_m[0] > _UNSEEN_M:
        yield Gap(min(trip.begun_at, fixes[0].at), fixes[0].at)
    for one, other in pairwise(range(len(fixes))):
        silent = _silence(heard, fixes[one].at, fixes[other].at)
        lasts = silent.to_at - silent.from_at if silent else longest
        if silent and lasts > longest and not _is_explained(seen, (one, other), trip, lasts):
            yield silent
    if trip.ended_at is None:
        return
    silent = _silence(heard, fixes[-1].at, max(trip.ended_at, fixes[-1].at))
    is_short = trip.ways[-1].line.length_m - seen.along_m[-1] > _UNSEEN_M
    if is_short or (silent and silent.to_at - silent.from_at > longest and not _is_at_stop(seen, -1, trip, silent)):
        yield silent or Gap(fixes[-1].at, trip.ended_at)


def _silence(heard: Sequence[datetime], start: datetime, end: datetime) -> Gap | None:
    """Return the longest time within two instants in which nothing was heard."""
    times = [start, *heard[bisect_right(heard, start) : bisect_left(heard, end)], end]
    pairs = [Gap(one, other) for one, other in pairwise(times) if other > one]
    return max(pairs, key=lambda one: one.to_at - one.from_at, default=None)


def _is_explained(seen: PlacedTrack, pair: tuple[int, int], trip: AllowedTrip, silent: timedelta) -> bool:
    """Tell whether the way along the route, or a stop of the trip, takes as long as the silence."""
    one, other = pair
    stay = trip.stay_at(seen.track.plane_m[one])
    away_m = float(np.hypot(*(seen.track.plane_m[other] - seen.track.plane_m[one])))
    if stay is not None and away_m <= 2 * AT_STOP_M and silent <= stay:
        return True
    if seen.way[one] != seen.way[other]:
        return False
    way = trip.ways[int(seen.way[one])]
    along_m = float(seen.along_m[other] - seen.along_m[one])
    return along_m > 0 and silent - timedelta(seconds=along_m / way.speed_mps) <= _UNEXPLAINED


def _is_at_stop(seen: PlacedTrack, number: int, trip: AllowedTrip, silent: Gap) -> bool:
    stay = trip.stay_at(seen.track.plane_m[number])
    return stay is not None and silent.to_at - silent.from_at <= stay
