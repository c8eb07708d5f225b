"""Place a track beside its routes: without jumps, from the start of the trip to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.snapping import LocalPlane
from routing.tracks.allowed import AllowedTrip
from routing.tracks.screening import beside
from routing.tracks.track import Fix, Track, track_of

#: A position this near to the route is on it.
_ON_ROUTE_M: Final = 20.0
#: Out and back at once at this speed is a jump of the phone.
_SPIKE_MPS: Final = 25.0
_SPIKE_M: Final = 500.0
#: So near to the start the trip begins, and to the end it is over.
_END_M: Final = 500.0


@dataclass(frozen=True, eq=False)
class PlacedTrack:
    """Positions in order with where they lie: metres beside the route that held, metres along it, and which it is."""

    track: Track
    gap_m: NDArray[np.float64]
    along_m: NDArray[np.float64]
    way: NDArray[np.intp]

    def part(self, first: int, last: int) -> PlacedTrack:
        """Return the positions from one to another, the last one left out."""
        some = slice(first, last)
        track = Track(self.track.fixes[some], self.track.plane_m[some])
        return PlacedTrack(track, self.gap_m[some], self.along_m[some], self.way[some])

    def without(self, odd: frozenset[int]) -> PlacedTrack:
        """Return the others."""
        kept = [number for number in range(len(self.track.fixes)) if number not in odd]
        track = Track(tuple(self.track.fixes[one] for one in kept), self.track.plane_m[kept])
        return PlacedTrack(track, self.gap_m[kept], self.along_m[kept], self.way[kept])


def place_track(fixes: Sequence[Fix], trip: AllowedTrip, plane: LocalPlane) -> PlacedTrack:
    """Place positions beside the routes of a trip."""
    return _within(_placed(_without_spikes(track_of(fixes, plane)), trip), trip)


def _without_spikes(track: Track) -> Track:
    """Leave out positions far off that a truck would have had to reach and come back from at full speed."""
    spots, times = track.plane_m, [one.at for one in track.fixes]
    kept = list(range(min(1, len(times))))
    for number in range(1, len(times)):
        if number + 1 < len(times):
            before, after = kept[-1], number + 1
            out_m, back_m = (float(np.hypot(*(spots[number] - spots[one]))) for one in (before, after))
            seconds = (times[after] - times[before]).total_seconds()
            straight_m = float(np.hypot(*(spots[after] - spots[before])))
            extra_m = out_m + back_m - straight_m
            if extra_m > _SPIKE_M and out_m + back_m > _SPIKE_MPS * seconds:
                continue
        kept.append(number)
    return Track(tuple(track.fixes[one] for one in kept), spots[kept])


def _placed(track: Track, trip: AllowedTrip) -> PlacedTrack:
    count = len(track.fixes)
    gap, along, which = np.full(count, np.inf), np.zeros(count), np.zeros(count, dtype=np.intp)
    last = trip.ways[-1]
    for number, way in enumerate(trip.ways):
        gaps, places = beside(way.line, track.plane_m, enough_m=_ON_ROUTE_M)
        for at, fix in enumerate(track.fixes):
            is_held = way.holds(fix.at) or (way is last and not any(one.holds(fix.at) for one in trip.ways))
            if is_held and gaps[at] <= gap[at]:
                gap[at], along[at], which[at] = gaps[at], places[at], number
    return PlacedTrack(track, gap, along, which)


def _within(placed: PlacedTrack, trip: AllowedTrip) -> PlacedTrack:
    """Leave out the way to the start, and what was driven after the end."""
    start, goal = trip.ways[0].line.points[0], trip.ways[-1].line.points[-1]
    spots, fixes = placed.track.plane_m, placed.track.fixes
    at_start = np.flatnonzero(np.hypot(*(spots - start).T) <= _END_M)
    first = int(at_start[0]) if len(at_start) else 0
    last = len(fixes)
    if trip.ended_at is not None:
        over = [number for number, one in enumerate(fixes) if number >= first and one.at > trip.ended_at]
        last = over[0] if over else last
    elif len(fixes):
        length = trip.ways[-1].line.length_m
        near = np.hypot(*(spots - goal).T) <= _END_M
        there = [one for one in range(first, last) if near[one] and placed.along_m[one] >= length - 2 * _END_M]
        last = there[-1] + 1 if there else last
    return placed.part(first, last)


def with_end(fixes: Sequence[Fix], last: Fix) -> tuple[Fix, ...]:
    """Return positions with one more at the end: where somebody else vouches that the truck was."""
    kept = [one for one in fixes if one.at <= last.at]
    return (*kept, replace(last, accuracy_m=0.0))
