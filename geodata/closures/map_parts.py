"""What a map and its list say about closures at an instant: parts of roads, each in one state.

A part that is approved and in its window is one thing, a part that stands without approval another, and a blockage
that was seen a third; one closure can have all of them. What has ended or was seen open again is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geodata.closures import sightings
from geodata.closures.approval import Approval, approval_of
from geodata.closures.closure import Closure, RoadSpan
from geodata.closures.road_spans import length_of, spans_without
from geodata.closures.rules import is_in_force
from geodata.closures.states import PolicyFor, approval_state_of
from geodata.closures.unmatched import matched_part
from geodata.network import Network
from geodata.windows import Window


class MapState(StrEnum):
    """What is shown of a part: one word, one line style."""

    APPROVED = "approved"
    UNAPPROVED = "unapproved"
    BLOCKED = "blocked"
    PLANNED = "planned"
    REQUESTED = "requested"


@dataclass(frozen=True, slots=True)
class MapCase:
    """What closures are judged by for the map: the regimes, the roads, the instant.

    Attributes
    ----------
    only_asked
        Ids of requests that stand on paper only, whatever start they ask for (`asking.is_only_asked`).
    """

    policy_for: PolicyFor
    network: Network
    at: datetime
    only_asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MapPart:
    """The parts of one closure that are in one state.

    Attributes
    ----------
    window
        As set up; None for a bare blockage.
    seen_at
        When the blockage was last seen, None where nobody saw one.
    is_confirmed
        Whether somebody whose sight confirms saw it.
    barrier
        As seen, else as set up; "" where nobody said.
    """

    closure: Closure
    state: MapState
    spans: tuple[RoadSpan, ...]
    window: Window | None
    seen_at: datetime | None
    is_confirmed: bool
    barrier: str

    @property
    def length_m(self) -> float:
        """Metres of road."""
        return length_of(self.spans)

    @property
    def is_public(self) -> bool:
        """Whether everybody is told: a road that cannot be used, not what an office still has to look into."""
        return self.state is MapState.APPROVED or (self.state is MapState.BLOCKED and self.is_confirmed)


def map_parts(closures: Iterable[Closure], case: MapCase) -> tuple[MapPart, ...]:
    """Return what is shown of all closures and blockages, in their order."""
    return tuple(part for closure in closures for part in _parts(closure, case))


def _parts(registered: Closure, case: MapCase) -> list[MapPart]:
    closure, at = matched_part(registered, case.network), case.at
    seen = sightings.credible_blockage(closure.observations, at)
    spans = {} if closure.window is None else _spans(closure, closure.window, case)
    if seen is not None and not is_in_force(closure, at):
        spans = {MapState.BLOCKED: closure.extent}
    barrier = sightings.seen_barrier(closure.observations, at) or ("" if closure.window is None else closure.barrier)
    seen_at = None if seen is None else seen.at
    confirmed = sightings.physical_state(closure.observations, at) == "confirmed_blocked"
    return [
        MapPart(closure, state, found, closure.window, seen_at, confirmed, barrier)
        for state, found in spans.items()
        if found
    ]


def _spans(closure: Closure, window: Window, case: MapCase) -> dict[MapState, tuple[RoadSpan, ...]]:
    """Return the parts of a registered closure in force, or of one whose window is still to come."""
    if window.end is not None and window.end <= case.at:
        return {}
    approval = approval_of(closure, case.policy_for(closure.cause), case.network)
    if window.start > case.at or closure.id in case.only_asked:
        return _to_come(approval, window, case.at)
    if not is_in_force(closure, case.at):
        return {}
    approved = approval.approved_parts(case.at)
    rest = spans_without(closure.extent, approved)
    is_over = length_of(rest) > approval.policy.extent_tolerance_m
    return {MapState.APPROVED: approved, MapState.UNAPPROVED: rest if is_over else ()}


def _to_come(approval: Approval, window: Window, at: datetime) -> dict[MapState, tuple[RoadSpan, ...]]:
    """Return what is approved for a time to come, else what waits for a decision; nothing of what was refused."""
    grants = [grant for one in approval.requirements for grant in one.standing(at)]
    begins = {window.start, *(one.start for one in grants if window.holds(one.start))}
    for moment in sorted(begins):
        approved = approval.approved_parts(at, moment=moment)
        if approved:
            return {MapState.PLANNED: approved}
    is_waiting = approval_state_of(approval, at) == "requested"
    return {MapState.REQUESTED: approval.closure.extent} if is_waiting else {}


def state_edges(closures: Iterable[Closure]) -> list[datetime]:
    """Return every instant at which what is shown may change without a change of the register, ascending."""
    edges: set[datetime] = set()
    for closure in closures:
        if closure.window is not None:
            edges |= {edge for edge in (closure.window.start, closure.window.end) if edge is not None}
        edges |= {edge for one in closure.decisions for edge in (one.start, one.end) if edge is not None}
        edges |= {one.decided_at for one in closure.decisions} | {one.at for one in closure.observations}
    return sorted(edges)
