"""The three states of a closure at an instant, and what routing must avoid because of it.

Approval, physical and routing state are each derived from the record on their own; none is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, TypeAlias

from geodata.closures import sightings
from geodata.closures.approval import Approval, approval_of, by_time
from geodata.closures.closing import Closing
from geodata.closures.closure import Closure, RoadSpan
from geodata.closures.features import road_of
from geodata.closures.road_spans import length_of, spans_without
from geodata.closures.unmatched import matched_part
from geodata.county_settings import CountySettings
from geodata.network import Network
from geodata.policy import Policy
from geodata.windows import Window

#: Returns the regime that rules a cause, as `CountySettings.policy_for`.
PolicyFor: TypeAlias = Callable[[str], Policy]
#: Barriers that somebody on duty can open for a pass holder.
PASSABLE: Final = ("", "none", "staffed", "movable")
LET_THROUGH: Final = "let_through"
#: Parts not passable from an instant on, until the next entry.
Step: TypeAlias = tuple[datetime, tuple[RoadSpan, ...], bool]


def approval_state(closure: Closure, policy_for: PolicyFor, network: Network, at: datetime) -> str:
    """Return the approval state (L11), see `approval_state_of`; "" for a bare blockage, which nobody asked for."""
    if closure.window is None:
        return ""
    return approval_state_of(approval_of(closure, policy_for(closure.cause), network), at)


def approval_state_of(approval: Approval, at: datetime) -> str:
    """Return the state of a registered closure's approval at an instant.

    "draft", "requested", "approved", "partly_approved" (less than set up: a shorter extent or window), "refused",
    "withdrawn" or "expired" (what was approved has ended; also between two approvals). It stays "requested" until every
    body that must decide has approved.
    """
    if approval.is_decided(at):
        if approval.lapsed_at(at) is not None:
            return "expired"
        return "approved" if _is_whole(approval, at) else "partly_approved"
    words = _last_words(approval, at)
    for word in ("withdrawn", "refused"):
        if word in words:
            return word
    closure = approval.closure
    return "requested" if closure.requested_by or closure.requested or closure.decisions else "draft"


def paper_due(closure: Closure, policy_for: PolicyFor, network: Network, at: datetime) -> datetime | None:
    """Return by when a standing oral approval must have its document number (L11), see `Approval.paper_due`."""
    if not closure.decisions:
        return None
    return approval_of(closure, policy_for(closure.cause), network).paper_due(at)


def _is_whole(approval: Approval, at: datetime) -> bool:
    """Tell whether the approval covers the closure as set up (with K4's tolerance) at every moment of its window."""
    window = approval.closure.window
    if window is None:
        return False
    grants = [grant for one in approval.requirements for grant in one.standing(at)]
    edges = {window.start, *(edge for grant in grants for edge in (grant.start, grant.end) if edge is not None)}
    for moment in edges:
        if window.holds(moment):
            over = spans_without(approval.closure.extent, approval.approved_parts(at, moment=moment))
            if length_of(over) > approval.policy.extent_tolerance_m:
                return False
    return True


def _last_words(approval: Approval, at: datetime) -> set[str]:
    """Return the newest word of each body that a requirement without its approvals names."""
    waiting = {body for one in approval.requirements if not one.is_decided(at) for body in one.authorities}
    words = {}
    for decision in by_time(one for one in approval.closure.decisions if one.decided_at <= at):
        body = approval.policy.authority(decision.authority)
        if body is not None and body.id in waiting:
            words[body.id] = decision.decision
    return set(words.values())


def physical_state(closure: Closure, at: datetime) -> str:
    """Return what is known on site: "unknown", "reported", "confirmed_blocked" or "confirmed_open"."""
    return sightings.physical_state(closure.observations, at)


def routing_state(closure: Closure, policy_for: PolicyFor, network: Network, at: datetime) -> str:
    """Return "closed" where the closure is approved and in its window, or credibly blocked; else "open"."""
    if sightings.credible_blockage(closure.observations, at) is not None:
        return "closed"
    window = closure.window
    if window is None or not window.holds(at):
        return "open"
    approval = approval_of(closure, policy_for(closure.cause), network)
    return "closed" if approval.approved_parts(at) else "open"


def closings_of(closures: Iterable[Closure], settings: CountySettings, network: Network) -> tuple[Closing, ...]:
    """Return what routing must avoid, now and at any other time.

    The approved part of a closure is closed in the approved window, from the decision on; a credible blockage closes
    the whole extent from its observation on, until it is seen open or becomes doubtful. Parts on roads that the network
    does not have close nothing; `unmatched.unmatched_ids` names the closures that have such.
    """
    closings: list[Closing] = []
    for registered in closures:
        closure = matched_part(registered, network)
        if closure.window is not None and closure.decisions:
            approval = approval_of(closure, settings.policy_for(closure.cause), network)
            closings.extend(_closings(closure, _approved_steps(approval), network))
        if closure.observations:
            closings.extend(_closings(closure, _blocked_steps(closure), network))
    return tuple(closings)


def hypothetical_closings(closures: Iterable[Closure], network: Network) -> tuple[Closing, ...]:
    """Return closures as a what-if: each closed in its window whether approved or not; a blockage while credible."""
    closings: list[Closing] = []
    for closure in closures:
        if closure.window is None:
            closings.extend(_closings(closure, _blocked_steps(closure), network))
            continue
        lets = closure.pass_holders == LET_THROUGH
        closings.extend(_closing(closure, span, closure.window, lets, network) for span in closure.extent)
    return tuple(closings)


def _closing(closure: Closure, span: RoadSpan, window: Window, lets: bool, network: Network) -> Closing:
    road = road_of(span.road_id, network, closure.id)
    return Closing(closure.id, road, span.direction, span.from_m, span.to_m, window, lets)


def _closings(closure: Closure, steps: Iterable[Step], network: Network) -> Iterator[Closing]:
    """Turn steps in time into closings with windows; equal neighbours become one."""
    merged: list[Step] = []
    for step in steps:
        if not merged or merged[-1][1:] != step[1:]:
            merged.append(step)
    for number, (start, parts, lets) in enumerate(merged):
        end = merged[number + 1][0] if number + 1 < len(merged) else None
        for span in parts:
            yield _closing(closure, span, Window(start, end), lets, network)


def _approved_steps(approval: Approval) -> Iterator[Step]:
    """Follow the approved parts through every instant at which they may change."""
    window = approval.closure.window
    if window is None:
        return
    edges = {window.start, window.end}
    for requirement in approval.requirements:
        for grant in requirement.grants:
            edges |= {grant.decision.decided_at, grant.ended_at, grant.start, grant.end}
    lets = approval.closure.pass_holders == LET_THROUGH
    for edge in sorted(edge for edge in edges if edge is not None):
        yield edge, approval.approved_parts(edge) if window.holds(edge) else (), lets


def _blocked_steps(closure: Closure) -> Iterator[Step]:
    """Follow the credible blockage through every observation."""
    for at in sorted({observation.at for observation in closure.observations}):
        blocked = sightings.credible_blockage(closure.observations, at) is not None
        passable = sightings.seen_barrier(closure.observations, at) in PASSABLE
        lets = blocked and passable and closure.window is not None and closure.pass_holders == LET_THROUGH
        yield at, closure.extent if blocked else (), lets
