"""The checks K1 to K7 of closures and blockages at an instant: one rule a function, each independent of the others.

A closure is in force at t where start <= t < end and it was not later observed open. Before its start a closure's
extent, window and barrier are what was asked for, and no rule finds fault with an ask. Decisions and observations made
after t do not count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from geodata.closures import sightings
from geodata.closures.approval import Approval, Requirement, approval_of
from geodata.closures.closure import Closure, Observation, RoadSpan
from geodata.closures.features import road_of
from geodata.closures.road_spans import common_spans, length_of, spans_without
from geodata.closures.states import approval_state_of
from geodata.county_settings import CountySettings
from geodata.findings import Finding
from geodata.network import Network
from geodata.policy import ApprovalRule, Policy
from geodata.windows import format_instant

DANGER_FIRST: Final = "danger_first"


@dataclass(frozen=True)
class Case:
    """One closure or blockage as the rules look at it.

    Attributes
    ----------
    closure
        Newest version.
    policy
        The regime that rules the closure's cause.
    network
        For road classes and names.
    at
        The instant.
    registered_here
        Extents of the closures in force on the same roads, other than this one.
    """

    closure: Closure
    policy: Policy
    network: Network
    at: datetime
    registered_here: tuple[RoadSpan, ...] = ()

    @cached_property
    def approval(self) -> Approval:
        """What is required and what was granted."""
        return approval_of(self.closure, self.policy, self.network)

    @cached_property
    def is_set_up(self) -> bool:
        """Whether the start has come, so that the record says what stands and not what was asked."""
        window = self.closure.window
        return window is not None and window.start <= self.at

    @cached_property
    def is_in_force(self) -> bool:
        """Whether start <= t < end and nobody saw it open since."""
        return is_in_force(self.closure, self.at)

    def finding(
        self,
        check: str,
        clause: str,
        road_id: str | None = None,
        *,
        facts: Mapping[str, object] = MappingProxyType({}),
        **more: object,
    ) -> Finding:
        """Return a finding about a road of the closure, the first one where none is named."""
        road_id = road_id or next((span.road_id for span in self.closure.extent), None)
        known = self._road_facts(road_id)
        window = self.closure.window
        if window is not None:
            known |= {"since": format_instant(window.start), "barrier": self.closure.barrier}
            known |= {"cause": self.closure.cause, "requested_by": self.closure.requested_by}
        return Finding(check, clause, self.closure.id, {**known, **facts, **more})

    def _road_facts(self, road_id: str | None) -> dict[str, object]:
        if road_id is None:
            return {"road": None}
        road = road_of(road_id, self.network, self.closure.id)
        name = str(self.network.name[road]) or str(self.network.ref[road]) or road_id
        return {"road": road_id, "road_name": name, "road_class": self.network.class_of(road).value}


Rule: TypeAlias = Callable[[Case], Finding | None]


def is_in_force(closure: Closure, at: datetime) -> bool:
    """Tell whether a closure is in force: start <= t < end and not later observed open."""
    window = closure.window
    if window is None or not window.holds(at):
        return False
    return not sightings.is_seen_open(closure.observations, at, after=window.start)


def _names(policy: Policy, authorities: Iterable[str]) -> str:
    return "、".join(policy.authorities[one].name for one in dict.fromkeys(authorities)) or "-"


def _who_decides(case: Case) -> dict[str, object]:
    required = [body for one in case.approval.requirements for body in one.authorities]
    return {"required": list(dict.fromkeys(required)), "required_names": _names(case.policy, required)}


def _allowance(rule: ApprovalRule) -> timedelta:
    """Return how long a barrier may stand before it is reported: none, or the rule's time where danger comes first."""
    return timedelta(minutes=rule.report_within_min if rule.prior == DANGER_FIRST else 0)


def closed_with_approval(case: Case) -> Finding | None:
    """K1 (L9, L11): in force without an approved decision of every required authority.

    Approvals count here whatever their windows and extents, which are the matter of K3, K4 and K5.

    Where danger to life comes first the barrier may go up before the decision; the check waits for the time within
    which it must be reported.
    """
    window = case.closure.window
    if window is None or not case.is_in_force:
        return None
    open_ones = [one for one in case.approval.requirements if not one.is_decided(case.at)]
    late = [one for one in open_ones if one.rule is None or case.at >= window.start + _allowance(one.rule)]
    if not late:
        return None
    missing = [body for body in case.approval.missing(case.at) if any(body in one.authorities for one in late)]
    return case.finding(
        "K1",
        "L11",
        late[0].spans[0].road_id,
        approval=approval_state_of(case.approval, case.at),
        missing=missing,
        missing_names=_names(case.policy, missing),
        cure="approve-or-reopen",
        facts=_who_decides(case),
    )


def decided_by_named_authority(case: Case) -> Finding | None:
    """K2 (L11): approved by a body that the approval rule does not name."""
    if case.closure.window is None:
        return None
    named = {body for one in case.approval.requirements for body in one.authorities}
    for decision in case.closure.decisions:
        body = case.policy.authority(decision.authority)
        if decision.decision != "approved" or decision.decided_at > case.at or (body is not None and body.id in named):
            continue
        return case.finding(
            "K2",
            "L11",
            decided_by=decision.authority if body is None else body.id,
            decided_by_name=decision.authority if body is None else body.name,
            decided_at=format_instant(decision.decided_at),
            document_no=decision.document_no,
            cure="decision-of-required-authority",
            facts=_who_decides(case),
        )
    return None


def _first_lawful_start(requirement: Requirement, start: datetime, at: datetime) -> datetime | None:
    """Return from when a requirement's approvals allow a closure: the first of each body's, the last of all bodies'.

    All approvals made by the instant count, also those taken back since the start: they say what was known at the
    start. None where nobody has approved.
    """
    first: dict[str, datetime] = {}
    for grant in requirement.grants:
        if grant.decision.decided_at > at or (grant.ended_at is not None and grant.ended_at <= start):
            continue
        moment = max(grant.decision.decided_at, grant.start)
        first[grant.authority] = min(moment, first.get(grant.authority, moment))
    if requirement.rule is None or not first:
        return None
    return (max if requirement.rule.all_of else min)(first.values())


def approved_before_start(case: Case) -> Finding | None:
    """K3 (L11): the start lies before the decision or before the decision's own start.

    For danger-first causes: the decision came later than `report_within_min` after the start.
    """
    window = case.closure.window
    if window is None or not case.is_set_up:
        return None
    for requirement in case.approval.requirements:
        lawful = _first_lawful_start(requirement, window.start, case.at)
        if lawful is None or requirement.rule is None or lawful <= window.start + _allowance(requirement.rule):
            continue
        return case.finding(
            "K3",
            "L11",
            requirement.spans[0].road_id,
            lawful_from=format_instant(lawful),
            early_min=math.ceil((lawful - window.start).total_seconds() / 60),
            cure="explain",
        )
    return None


def closed_within_approved_extent(case: Case) -> Finding | None:
    """K4 (L11): the extent (roads, direction, metres) goes beyond the approved one by more than the tolerance.

    Compared is what is approved for the instant, road by road under the rule of its class. Where nothing is approved
    for the instant (before the first approved start, between two approvals, after the last) that is the matter of K3
    and K5, and the extent is held against everything that the standing approvals cover at any time; roads that nobody
    has approved are K1's. The overshoot is the sum over all ends and roads; a metre in both directions counts once.
    """
    if not case.is_set_up:
        return None
    decided = [one for one in case.approval.requirements if one.standing(case.at)]
    set_up = [span for requirement in decided for span in requirement.spans]
    approved = [span for requirement in decided for span in requirement.extent_for(case.at)]
    over = spans_without(set_up, approved)
    over_m = length_of(over)
    if over_m <= case.policy.extent_tolerance_m:
        return None
    return case.finding(
        "K4",
        "L11",
        max(over, key=lambda span: span.to_m - span.from_m).road_id,
        over_m=round(over_m, 1),
        over_roads=list(dict.fromkeys(span.road_id for span in over)),
        over_directions=sorted({span.direction.value for span in over}),
        tolerance_m=case.policy.extent_tolerance_m,
        cure="shorten-or-approve",
    )


def reopened_when_approval_ends(case: Case) -> Finding | None:
    """K5 (L11): in force at or after the end of the decision.

    Found where the approvals valid at the instant are not enough for a road's rule and one of those that stand has
    ended: after the last approval, and between two of them.
    """
    if not case.is_in_force:
        return None
    end = case.approval.lapsed_at(case.at)
    if end is None:
        return None
    over_min = int((case.at - end).total_seconds() // 60)
    return case.finding("K5", "L11", approved_end=format_instant(end), over_min=over_min, cure="reopen-or-extend")


def no_hard_isolation(case: Case) -> Finding | None:
    """K6 (L10): a hard barrier, set up or seen, on a road of the regime's classes.

    With `rule = "forbidden"` no approval cures it; with "approvable" it is found only where it is not approved, and the
    approval of a soft closure does not cover a hard barrier that somebody saw.
    """
    isolation = case.policy.hard_isolation
    hard = set(isolation.barriers) - set(isolation.never_counts)
    seen = sightings.seen_barrier(case.closure.observations, case.at)
    set_up = case.closure.barrier if case.is_in_force else ""
    barrier = next((one for one in (seen, set_up) if one in hard), None)
    if barrier is None or isolation.rule == "not_regulated":
        return None
    parts = [span for span in case.closure.extent if _class_of(case, span) in isolation.classes]
    if isolation.rule == "approvable" and set_up in hard:
        parts = list(spans_without(parts, case.approval.approved_parts(case.at)))
    if not parts:
        return None
    return case.finding(
        "K6",
        "L10",
        parts[0].road_id,
        barrier=barrier,
        seen=barrier == seen,
        approval=None if case.closure.window is None else approval_state_of(case.approval, case.at),
        rule=isolation.rule,
        cure="remove" if isolation.rule == "forbidden" else "remove-or-approve",
    )


def _class_of(case: Case, span: RoadSpan) -> str:
    return case.network.class_of(road_of(span.road_id, case.network, case.closure.id)).value


def blockage_is_registered(case: Case) -> Finding | None:
    """K7 (L9): a credible blockage with no closure.

    A blockage that nobody registered, or one seen outside the window of its closure, unless other closures in force
    cover the place but for the tolerance of K4.
    """
    seen = sightings.credible_blockage(case.closure.observations, case.at)
    if seen is None or not _is_unregistered(case, seen):
        return None
    extent = case.closure.extent
    rest = spans_without(extent, case.registered_here)
    if common_spans(extent, case.registered_here) and length_of(rest) <= case.policy.extent_tolerance_m:
        return None
    run = sightings.blocked_run(case.closure.observations, case.at)
    return case.finding(
        "K7",
        "L9",
        next((span.road_id for span in rest), None),
        seen_at=format_instant(seen.at),
        first_seen_at=format_instant(run[0].at),
        source=seen.source,
        barrier=sightings.seen_barrier(case.closure.observations, case.at) or "none",
        reports=len(run),
        cure="register-or-reopen",
    )


def _is_unregistered(case: Case, seen: Observation) -> bool:
    window = case.closure.window
    return window is None or not (window.holds(case.at) or window.holds(seen.at))


RULES: Final[tuple[Rule, ...]] = (
    closed_with_approval,
    decided_by_named_authority,
    approved_before_start,
    closed_within_approved_extent,
    reopened_when_approval_ends,
    no_hard_isolation,
    blockage_is_registered,
)


def cases_of(closures: Iterable[Closure], settings: CountySettings, network: Network, at: datetime) -> Iterator[Case]:
    """Give every closure and blockage as a case; those with a credible blockage learn who else is in force there."""
    closures = tuple(closures)
    in_force: Mapping[str, list[tuple[str, RoadSpan]]] = _in_force_by_road(closures, at)
    for closure in closures:
        here: tuple[RoadSpan, ...] = ()
        if sightings.credible_blockage(closure.observations, at) is not None:
            roads = {span.road_id for span in closure.extent}
            here = tuple(span for road in roads for owner, span in in_force.get(road, ()) if owner != closure.id)
        yield Case(closure, settings.policy_for(closure.cause), network, at, here)


def _in_force_by_road(closures: Iterable[Closure], at: datetime) -> dict[str, list[tuple[str, RoadSpan]]]:
    found: dict[str, list[tuple[str, RoadSpan]]] = {}
    for closure in closures:
        if is_in_force(closure, at):
            for span in closure.extent:
                found.setdefault(span.road_id, []).append((closure.id, span))
    return found


def findings_of(case: Case) -> Iterator[Finding]:
    """Give what the checks that the regime switches on find about one case."""
    for rule in RULES:
        finding = rule(case)
        if finding is not None and case.policy.is_on(finding.code):
            yield finding
