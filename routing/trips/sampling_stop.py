"""Put a stop into a trip where a condition of the crew would end too early, at the station of least added time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

import numpy as np

from geodata.findings import Finding
from geodata.opening_hours import is_open
from geodata.places import Place
from geodata.windows import format_instant
from routing.trips.draft import Draft, add_reason, insert_halt
from routing.trips.router import TripRouter
from routing.trips.timeline import Halt
from routing.trips.trip import ConditionEnd, StopKind
from routing.trips.vehicle_ground import Station, VehicleGround

#: More stops than this are no trip: the crew should meet its conditions before it sets off.
MOST_STOPS: Final = 8
#: Until when a condition must hold on a drafted trip.
NeededUntil = Callable[[Draft, ConditionEnd], datetime]


@dataclass(frozen=True, slots=True)
class _Detour:
    """A possible stop: after which stop, at which station, when, and for how much longer a trip."""

    after: int
    station: Station
    arrive_at: datetime
    added_s: float


def _detours(draft: Draft, stations: Sequence[Station], router: TripRouter, dwell_s: float) -> list[_Detour]:
    """List the stops that have a route, for every station between every two stops."""
    spots = [station.point for station in stations]
    there = np.ceil(router.seconds([halt.leave_point for halt in draft.halts[:-1]], spots))
    onward = np.ceil(router.seconds(spots, [halt.point for halt in draft.halts[1:]]))
    direct = np.ceil([route.duration_s for route in draft.routes])
    added = there + dwell_s + onward.T - direct[:, None]
    return [
        _Detour(
            after=int(after),
            station=stations[number],
            arrive_at=draft.stops[after].leave_at + timedelta(seconds=float(there[after, number])),
            added_s=float(added[after, number]),
        )
        for after, number in np.argwhere(np.isfinite(added))
    ]


def _ranked(detours: Sequence[_Detour], condition: ConditionEnd, needed_until: datetime) -> list[_Detour]:
    """Return the stops that help, best first: of least added time among those that last, else the longest lasting.

    A stop helps only if the truck is there while the condition still holds (L4).
    """
    lasts = timedelta(hours=condition.renewed_h or 0)
    in_time = [one for one in detours if one.arrive_at <= condition.ends_at < one.arrive_at + lasts]

    def rank(one: _Detour) -> tuple[bool, float, float, str]:
        is_short = one.arrive_at + lasts < needed_until + timedelta(seconds=one.added_s)
        reach_s = one.arrive_at.timestamp()
        first, second = (-reach_s, one.added_s) if is_short else (one.added_s, reach_s)
        return is_short, first, second, one.station.place.id

    return sorted(in_time, key=rank)


def _is_sound(draft: Draft, zone: tzinfo | None) -> bool:
    """Tell whether every stop renews its conditions in time and finds its station open.

    A stop put in front of others makes them later. Where the county's clock is not known, hours cannot count.
    """
    for halt, stop in zip(draft.halts, draft.stops, strict=True):
        if halt.kind != StopKind.SAMPLING or halt.place is None:
            continue
        if any(stop.arrive_at > one.ends_at for one in halt.because):
            return False
        if zone is not None and not is_open(halt.place.hours, stop.arrive_at.astimezone(zone)):
            return False
    return True


def _stop_that_serves(draft: Draft, condition: ConditionEnd) -> int | None:
    """Return the number of the last stop that the trip already makes and that renews the condition in time."""
    for number in reversed(range(len(draft.halts))):
        halt, stop = draft.halts[number], draft.stops[number]
        serves = halt.kind == StopKind.SAMPLING and halt.place is not None and halt.place.kind == condition.nearest
        if serves and stop.arrive_at <= condition.ends_at < _renewed(condition, stop.arrive_at).ends_at:
            return number
    return None


def _renewed(condition: ConditionEnd, at: datetime) -> ConditionEnd:
    return replace(condition, ends_at=at + timedelta(hours=condition.renewed_h or 0))


def _finding(condition: ConditionEnd, needed_until: datetime, nearest: Place | None) -> Finding:
    """Say whose condition ends too early and where it can be met before setting off."""
    return Finding(
        "condition-ends-before-arrival" if nearest else "condition-not-renewable",
        clause=condition.clause,
        subject=condition.subject,
        facts={
            "condition": condition.condition,
            "name": condition.condition,
            "subject": condition.subject,
            "ends_at": format_instant(condition.ends_at),
            "needed_until": format_instant(needed_until),
            "nearest": condition.nearest,
            "station": nearest.id if nearest else "",
            "station_name": nearest.name if nearest else "",
        },
    )


@dataclass(frozen=True, slots=True)
class SamplingPlanner:
    """Adds the stops that one trip's conditions ask for.

    Attributes
    ----------
    needed_until
        Until when a condition must hold: see `closed_loop`.
    sampling_min
        Minutes at such a stop.
    """

    ground: VehicleGround
    router: TripRouter
    needed_until: NeededUntil
    sampling_min: float

    def add_stops(self, draft: Draft, conditions: Sequence[ConditionEnd]) -> tuple[Draft, tuple[Finding, ...]]:
        """Return the draft with a stop wherever a condition would end before it is no longer needed (L4, H2).

        Each stop is at a place of the condition's `nearest` kind, reached while the condition still holds, and names
        the persons it is for. One stop serves everybody who can be served there. After it the condition ends
        `renewed_h` later than the arrival: sampled at once, gone at once (L2). Where no stop helps, no stop is made
        for that condition; a finding `condition-ends-before-arrival` names the person and the station nearest to the
        origin, or `condition-not-renewable` the person where nothing on the roads renews it.
        """
        asked, findings = list(conditions), list[Finding]()
        while True:
            outcome = self._try_all(draft, asked)
            if isinstance(outcome, Draft):
                return outcome, tuple(findings)
            asked.remove(outcome)
            findings.append(self._finding(draft, outcome))

    def _try_all(self, draft: Draft, asked: Sequence[ConditionEnd]) -> Draft | ConditionEnd:
        """Return the draft with stops for every condition, or the first condition that no stop helps.

        This comes to an end: each round makes one of at most `MOST_STOPS` stops, or moves a condition's end on to
        that of a stop made.
        """
        ends = list(asked)
        while lapsing := [n for n, end in enumerate(ends) if end.ends_at < self.needed_until(draft, end)]:
            first = min(lapsing, key=lambda number: (ends[number].ends_at, ends[number].subject, number))
            served = self._serve(draft, ends[first])
            if served is None:
                return asked[first]
            draft, ends[first] = served
        return draft

    def _serve(self, draft: Draft, condition: ConditionEnd) -> tuple[Draft, ConditionEnd] | None:
        """Renew one condition at a stop the trip makes already, or at a new one."""
        if not condition.nearest or not condition.renewed_h:
            return None
        number = _stop_that_serves(draft, condition)
        if number is not None:
            return add_reason(draft, number, condition), _renewed(condition, draft.stops[number].arrive_at)
        made = sum(halt.kind == StopKind.SAMPLING for halt in draft.halts)
        return self._new_stop(draft, condition) if made < MOST_STOPS else None

    def _new_stop(self, draft: Draft, condition: ConditionEnd) -> tuple[Draft, ConditionEnd] | None:
        stations = self.ground.stations(condition.nearest)
        detours = _detours(draft, stations, self.router, self.sampling_min * 60) if stations else []
        map_settings = self.ground.trip_map.settings
        zone = map_settings.timezone if map_settings else None
        for detour in _ranked(detours, condition, self.needed_until(draft, condition)):
            place, point = detour.station.place, detour.station.point
            halt = Halt(StopKind.SAMPLING, place.name, point, place, self.sampling_min, because=(condition,))
            longer = insert_halt(draft, halt, after=detour.after, router=self.router)
            if _is_sound(longer, zone):
                return longer, _renewed(condition, longer.stops[detour.after + 1].arrive_at)
        return None

    def _finding(self, draft: Draft, condition: ConditionEnd) -> Finding:
        stations = self.ground.stations(condition.nearest) if condition.renewed_h else ()
        nearest = None
        if stations:
            times = self.router.seconds([draft.halts[0].leave_point], [one.point for one in stations])[0]
            nearest = stations[int(times.argmin())].place if np.isfinite(times).any() else None
        return _finding(condition, self.needed_until(draft, condition), nearest)
