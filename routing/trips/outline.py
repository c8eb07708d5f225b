"""A drafted trip apart from its departure: thousands of trucks drive the same ways between the same stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from geodata.findings import Finding
from routing.trips.crossings import Meetings, meetings_of
from routing.trips.draft import Draft
from routing.trips.ground import Ground
from routing.trips.timeline import moved
from routing.trips.trip import Section, StopKind, Trip


@dataclass(frozen=True)
class _Measures:
    """What is true of a trip whenever it is driven."""

    sections: tuple[Section, ...]
    meetings: Meetings
    distance_m: float
    duration_s: float
    destination: int
    entries: tuple[str, ...]


class Outline:
    """One draft, and what is true of it whenever it is set out on; safe to share between threads.

    Parameters
    ----------
    draft
        At the departure for which it was made.
    is_lasting
        Whether it is the draft of every departure for which the same closings count.
    """

    def __init__(self, draft: Draft, ground: Ground, *, is_lasting: bool = False) -> None:
        self._draft = draft
        self._ground = ground
        self.is_lasting = is_lasting

    def at(self, depart_at: datetime) -> Draft:
        """Return the draft with the times of a departure."""
        draft = self._draft
        return Draft(draft.halts, draft.routes, moved(draft.stops, depart_at))

    @cached_property
    def _measures(self) -> _Measures:
        draft, ground = self._draft, self._ground
        number = draft.destination
        return _Measures(
            sections=ground.sections(draft.routes[:number], draft.routes[number:]),
            meetings=meetings_of(draft.routes, draft.stops, ground),
            distance_m=round(sum(route.distance_m for route in draft.routes), 2),
            duration_s=round(sum(route.duration_s for route in draft.routes), 3),
            destination=number,
            entries=tuple(stop.place_id for stop in draft.stops if stop.outside and stop.kind != StopKind.RETURN),
        )

    def described(self, draft: Draft, findings: tuple[Finding, ...]) -> Trip:
        """Describe the trip as it is with the times of a draft of this outline."""
        known, depart_at = self._measures, draft.stops[0].arrive_at
        return Trip(
            stops=draft.stops,
            routes=draft.routes,
            sections=known.sections,
            checkpoints=known.meetings.checkpoints_passed(depart_at),
            areas=known.meetings.areas_crossed(depart_at),
            depart_at=depart_at,
            arrive_at=draft.stops[known.destination].arrive_at,
            end_at=draft.end_at,
            distance_m=known.distance_m,
            duration_s=known.duration_s,
            network=self._ground.network,
            entry_point=known.entries[0] if known.entries else "",
            exit_point=known.entries[-1] if len(known.entries) > 1 else "",
            findings=findings,
        )
