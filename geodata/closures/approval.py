"""Who must decide a closure, who has, and what part of it is approved at an instant (L9, L11).

The approval rule of cause x road class names the authorities; all of them (n-of-n) or any one of them must approve,
for every road class that the closure touches. Nothing is ever deemed approved: no rule, no decision, an oral decision
where the rule wants paper, and a decision of a body that the rule does not name are no approval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.closures.closure import Closure, Decision, RoadSpan
from geodata.closures.features import road_of
from geodata.closures.road_spans import common_spans, join_spans
from geodata.network import Network
from geodata.policy import ApprovalRule, Policy
from geodata.road_classes import RoadClass


@dataclass(frozen=True, slots=True)
class Requirement:
    """One approval rule that a closure falls under, and the parts it speaks of; `rule` None: no rule knows the case."""

    rule: ApprovalRule | None
    classes: tuple[RoadClass, ...]
    spans: tuple[RoadSpan, ...]

    @property
    def authorities(self) -> tuple[str, ...]:
        """Ids of the bodies that the rule names."""
        return self.rule.authorities if self.rule else ()

    def is_met(self, has: Callable[[str], bool]) -> bool:
        """Tell whether enough authorities have: all, or one of them, as the rule says."""
        if self.rule is None:
            return False
        return (all if self.rule.all_of else any)(has(authority) for authority in self.authorities)


@dataclass(frozen=True, slots=True)
class Grant:
    """An approval by one authority, and until when it stood.

    Attributes
    ----------
    authority
        Id of the authority.
    start, end
        Approved window, as set up where the decision leaves it out; an absent end is open.
    ended_at
        When the same authority refused or withdrew; None while it stands.
    """

    authority: str
    decision: Decision
    start: datetime
    end: datetime | None
    ended_at: datetime | None

    def stands(self, at: datetime) -> bool:
        """Tell whether the approval had been given and not taken back at an instant."""
        return self.decision.decided_at <= at and (self.ended_at is None or at < self.ended_at)

    def end_under(self, rule: ApprovalRule) -> datetime | None:
        """Return the end of the approved window; a rule may bound the days."""
        if rule.max_days is None:
            return self.end
        bound = self.start + timedelta(days=rule.max_days)
        return bound if self.end is None else min(bound, self.end)

    def counts_for(self, rule: ApprovalRule) -> bool:
        """Tell whether the rule accepts the form: paper, or word of mouth where it says so."""
        return self.decision.form != "oral" or rule.oral_ok


def by_time(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions oldest first; of one moment's, the later recorded is the newer."""
    return sorted(decisions, key=lambda one: one.decided_at)


def requirements_of(closure: Closure, policy: Policy, network: Network) -> tuple[Requirement, ...]:
    """Return the approval rules that a closure's cause and road classes bring up, one each.

    Raises
    ------
    BadInputError
        `closure-road-unknown`.
    """
    found: list[tuple[ApprovalRule | None, list[RoadClass], list[RoadSpan]]] = []
    for span in closure.extent:
        road_class = network.class_of(road_of(span.road_id, network, closure.id))
        rule = policy.approval_rule(closure.cause, road_class)
        entry = next((one for one in found if one[0] is rule), None)
        if entry is None:
            entry = (rule, [], [])
            found.append(entry)
        entry[1].append(road_class)
        entry[2].append(span)
    return tuple(Requirement(rule, tuple(dict.fromkeys(classes)), tuple(spans)) for rule, classes, spans in found)


@dataclass(frozen=True, slots=True)
class Approval:
    """Everything decided about one closure, against what its cause and roads require."""

    closure: Closure
    policy: Policy
    requirements: tuple[Requirement, ...]
    grants: tuple[Grant, ...]

    def accepted(self, requirement: Requirement, at: datetime) -> list[Grant]:
        """Return the standing approvals of the bodies that a requirement names, in a form it accepts."""
        rule = requirement.rule
        if rule is None:
            return []
        named = requirement.authorities
        return [one for one in self.grants if one.authority in named and one.stands(at) and one.counts_for(rule)]

    def is_met(self, requirement: Requirement, at: datetime) -> bool:
        """Tell whether a requirement has its approvals at an instant, whatever their window and extent."""
        given = {grant.authority for grant in self.accepted(requirement, at)}
        return requirement.is_met(given.__contains__)

    def is_given(self, at: datetime) -> bool:
        """Tell whether every requirement has its approvals at an instant, whatever their window and extent."""
        return all(self.is_met(one, at) for one in self.requirements)

    def missing(self, at: datetime) -> tuple[str, ...]:
        """Return the ids of bodies still to approve, in the rules' order."""
        gaps: list[str] = []
        for requirement in self.requirements:
            if not self.is_met(requirement, at):
                given = {grant.authority for grant in self.accepted(requirement, at)}
                gaps.extend(authority for authority in requirement.authorities if authority not in given)
        return tuple(dict.fromkeys(gaps))

    def end(self, at: datetime) -> datetime | None:
        """Return when the approval given at an instant ends; None where it is open."""
        ends = [end for one in self.requirements if (end := self.end_of(one, at)) is not None]
        return min(ends, default=None)

    def end_of(self, requirement: Requirement, at: datetime) -> datetime | None:
        """Return the end of one requirement's approvals: the last of each body's, the first of all bodies'."""
        rule = requirement.rule
        if rule is None:
            return None
        latest: dict[str, datetime | None] = {}
        for grant in self.accepted(requirement, at):
            end = grant.end_under(rule)
            known = latest.get(grant.authority, end)
            latest[grant.authority] = None if end is None or known is None else max(end, known)
        ends = [end for end in latest.values() if end is not None]
        if rule.all_of:
            return min(ends, default=None)
        return max(ends, default=None) if len(ends) == len(latest) else None

    def starts(self, at: datetime) -> list[datetime]:
        """Return when each requirement's approvals begin: the first of each body's, the last of all bodies'."""
        found = []
        for requirement in self.requirements:
            first: dict[str, datetime] = {}
            for grant in self.accepted(requirement, at):
                first[grant.authority] = min(grant.start, first.get(grant.authority, grant.start))
            if requirement.rule is not None and first:
                found.append((max if requirement.rule.all_of else min)(first.values()))
        return found

    def approved_parts(self, at: datetime, *, in_window: bool) -> tuple[RoadSpan, ...]:
        """Return the parts of the set-up extent that are approved at an instant.

        Parameters
        ----------
        at
            The instant.
        in_window
            Count approvals only within their windows, and nothing unless every requirement is met so: this is what is
            lawfully closed. Else every standing approval counts: this is how far the approval goes.
        """
        parts: list[RoadSpan] = []
        for requirement in self.requirements:
            approved = self._parts_of(requirement, at, in_window=in_window)
            if approved is None:
                return ()
            parts.extend(approved)
        return tuple(parts)

    def _parts_of(self, requirement: Requirement, at: datetime, *, in_window: bool) -> tuple[RoadSpan, ...] | None:
        """Return one requirement's approved parts; None where it is not met within the windows."""
        rule = requirement.rule
        if rule is None:
            return None if in_window else ()
        grants = self.accepted(requirement, at)
        if in_window:
            grants = [grant for grant in grants if _is_within(grant, rule, at)]
        given = {grant.authority for grant in grants}
        if in_window and not requirement.is_met(given.__contains__):
            return None
        if not any(grant.decision.extent for grant in grants):
            return requirement.spans if grants else ()
        return _approved_by(given, grants, requirement)


def _is_within(grant: Grant, rule: ApprovalRule, at: datetime) -> bool:
    end = grant.end_under(rule)
    return grant.start <= at and (end is None or at < end)


def _approved_by(given: set[str], grants: Sequence[Grant], requirement: Requirement) -> tuple[RoadSpan, ...]:
    """Return what all bodies (n-of-n) or any of them approved of a requirement's parts; one body's approvals add up."""
    by_body = []
    for authority in sorted(given):
        extents = [one.decision.extent or requirement.spans for one in grants if one.authority == authority]
        by_body.append(join_spans(span for extent in extents for span in extent))
    if requirement.rule is not None and not requirement.rule.all_of:
        by_body = [join_spans(span for extent in by_body for span in extent)]
    approved = requirement.spans
    for extent in by_body:
        approved = common_spans(approved, extent)
    return approved


def approval_of(closure: Closure, policy: Policy, network: Network) -> Approval:
    """Gather what is required of a registered closure, and what has been granted.

    Raises
    ------
    BadInputError
        `closure-road-unknown`.
    """
    return Approval(closure, policy, requirements_of(closure, policy, network), _grants(closure, policy))


def _grants(closure: Closure, policy: Policy) -> tuple[Grant, ...]:
    window = closure.window
    if window is None:
        return ()
    grants = []
    decisions = by_time(closure.decisions)
    for number, decision in enumerate(decisions):
        body = policy.authority(decision.authority)
        if decision.decision != "approved" or body is None:
            continue
        later = (one for one in decisions[number + 1 :] if one.decision != "approved")
        ended_at = next((one.decided_at for one in later if policy.authority(one.authority) == body), None)
        end = decision.end or window.end
        grants.append(Grant(body.id, decision, decision.start or window.start, end, ended_at))
    return tuple(grants)
