"""Who must decide a closure, who has, and what part of it is approved at an instant (L9, L11).

The approval rule of cause x road class names the authorities; all of them (n-of-n) or any one of them must approve,
for every road class that the closure touches. Nothing is ever deemed approved: no rule, a rule that names nobody, no
decision, an oral decision where the rule wants paper, and a decision of a body that the rule does not name are no
approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from geodata.closures.closure import Closure, Decision, RoadSpan
from geodata.closures.features import road_of
from geodata.closures.road_spans import common_spans, join_spans, length_of
from geodata.network import Network
from geodata.policy import ApprovalRule, Policy
from geodata.road_classes import RoadClass
from geodata.windows import Window


@dataclass(frozen=True, slots=True)
class Grant:
    """An approval by one authority in a form that the rule accepts, its window, and until when it stood.

    Attributes
    ----------
    authority
        Id of the authority.
    start, end
        Approved window, as set up where the decision leaves it out, and no longer than the rule's days; an absent end
        is open.
    ended_at
        When the same authority refused, withdrew, or decided anew about the same (see `Decision`); None while it
        stands.
    """

    authority: str
    decision: Decision
    start: datetime
    end: datetime | None
    ended_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Tell whether the approval had been given and not taken back or replaced at an instant."""
        return self.decision.decided_at <= at and (self.ended_at is None or at < self.ended_at)

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies in the approved window."""
        return self.start <= moment and (self.end is None or moment < self.end)

    def held_until(self, moment: datetime) -> bool:
        """Tell whether the time just before a moment lies in the approved window."""
        return self.start < moment and (self.end is None or moment <= self.end)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One approval rule that a closure falls under, the parts it speaks of, and the approvals that it accepts.

    Attributes
    ----------
    rule
        None: no rule knows the case, and nobody can approve it.
    grants
        By the bodies that the rule names, in a form it accepts, oldest first; also those taken back since.
    """

    rule: ApprovalRule | None
    classes: tuple[RoadClass, ...]
    spans: tuple[RoadSpan, ...]
    grants: tuple[Grant, ...] = ()

    @property
    def authorities(self) -> tuple[str, ...]:
        """Ids of the bodies that the rule names."""
        return self.rule.authorities if self.rule else ()

    def is_met_by(self, grants: Iterable[Grant]) -> bool:
        """Tell whether enough bodies are among those who gave: all, or one, as the rule says; never where none is."""
        named, given = self.authorities, {grant.authority for grant in grants}
        if self.rule is None or not named:
            return False
        return given.issuperset(named) if self.rule.all_of else not given.isdisjoint(named)

    def standing(self, at: datetime) -> list[Grant]:
        """Return the approvals given by an instant and not taken back or replaced, whatever their windows."""
        return [one for one in self.grants if one.stands(at)]

    def valid(self, at: datetime) -> list[Grant]:
        """Return the approvals that stand at an instant and whose window holds it."""
        return [one for one in self.grants if one.stands(at) and one.holds(at)]

    def is_decided(self, at: datetime) -> bool:
        """Tell whether enough bodies' approvals stand at an instant, whatever their windows and extents."""
        return self.is_met_by(self.standing(at))

    def lapsed_at(self, at: datetime) -> datetime | None:
        """Return when the approvals ended, where those valid at an instant are not enough and some have ended.

        That is the last moment up to which enough were valid together; where they never were, the last end.
        """
        standing = self.standing(at)
        if not standing or self.is_met_by(one for one in standing if one.holds(at)):
            return None
        ends = sorted((one.end for one in standing if one.end is not None and one.end <= at), reverse=True)
        for end in ends:
            if self.is_met_by(one for one in standing if one.held_until(end)):
                return end
        return ends[0] if ends else None

    def extent_for(self, at: datetime) -> tuple[RoadSpan, ...]:
        """Return the part that K4 compares with.

        What is approved for the instant. Where nothing is (before the first approved start, between two approvals and
        after the last: the matter of K3 and K5) it is what the standing approvals cover at any time.
        """
        valid = self.valid(at)
        return self.parts_of(valid if self.is_met_by(valid) else self.standing(at))

    def parts_of(self, grants: Sequence[Grant]) -> tuple[RoadSpan, ...]:
        """Return what all bodies (n-of-n) or any of them approved of the parts; one body's approvals add up."""
        if not any(grant.decision.extent for grant in grants):
            return self.spans if grants else ()
        by_body = []
        for authority in sorted({grant.authority for grant in grants}):
            extents = [one.decision.extent or self.spans for one in grants if one.authority == authority]
            by_body.append(join_spans(span for extent in extents for span in extent))
        if self.rule is not None and not self.rule.all_of:
            by_body = [join_spans(span for extent in by_body for span in extent)]
        approved = self.spans
        for extent in by_body:
            approved = common_spans(approved, extent)
        return approved


@dataclass(frozen=True, slots=True)
class Approval:
    """Everything decided about one closure, against what its cause and roads require."""

    closure: Closure
    policy: Policy
    requirements: tuple[Requirement, ...]

    def is_decided(self, at: datetime) -> bool:
        """Tell whether every requirement's approvals stand at an instant, whatever their windows and extents."""
        return bool(self.requirements) and all(one.is_decided(at) for one in self.requirements)

    def missing(self, at: datetime) -> tuple[str, ...]:
        """Return the ids of bodies still to approve, in the rules' order."""
        gaps: list[str] = []
        for requirement in self.requirements:
            if not requirement.is_decided(at):
                given = {grant.authority for grant in requirement.standing(at)}
                gaps.extend(authority for authority in requirement.authorities if authority not in given)
        return tuple(dict.fromkeys(gaps))

    def lapsed_at(self, at: datetime) -> datetime | None:
        """Return when the first of the requirements that have run out did so; None where none has at an instant."""
        return min((end for one in self.requirements if (end := one.lapsed_at(at)) is not None), default=None)

    def approved_parts(self, at: datetime, *, moment: datetime | None = None) -> tuple[RoadSpan, ...]:
        """Return the parts of the set-up extent that are lawfully closed: nothing unless every requirement is met.

        Parameters
        ----------
        at
            The approvals that stand at this instant count.
        moment
            Those whose window holds this moment; None: `at`.
        """
        moment = at if moment is None else moment
        parts: list[RoadSpan] = []
        for requirement in self.requirements:
            grants = [one for one in requirement.standing(at) if one.holds(moment)]
            if not requirement.is_met_by(grants):
                return ()
            parts.extend(requirement.parts_of(grants))
        return tuple(parts)

    def paper_due(self, at: datetime) -> datetime | None:
        """Return by when the first standing oral approval without a document number must have one; None where none.

        The rule's `paper_within_h` counts from the decision. A written approval about the same replaces an oral one.
        """
        dues = [
            grant.decision.decided_at + timedelta(hours=requirement.rule.paper_within_h)
            for requirement in self.requirements
            if requirement.rule is not None
            for grant in requirement.standing(at)
            if grant.decision.form == "oral" and not grant.decision.document_no
        ]
        return min(dues, default=None)


def by_time(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions oldest first; of one moment's, the later recorded is the newer."""
    return sorted(decisions, key=lambda one: one.decided_at)


def approval_of(closure: Closure, policy: Policy, network: Network) -> Approval:
    """Gather what is required of a registered closure, and what has been granted.

    Raises
    ------
    BadInputError
        `closure-road-unknown`.
    """
    return Approval(closure, policy, requirements_of(closure, policy, network))


def requirements_of(closure: Closure, policy: Policy, network: Network) -> tuple[Requirement, ...]:
    """Return the approval rules that a closure's cause and road classes bring up, one each, with their approvals.

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
    return tuple(
        Requirement(rule, tuple(dict.fromkeys(classes)), tuple(spans), _grants(closure, policy, rule))
        for rule, classes, spans in found
    )


def _grants(closure: Closure, policy: Policy, rule: ApprovalRule | None) -> tuple[Grant, ...]:
    """Return the approvals that a rule accepts, oldest first, each until it was taken back or replaced."""
    window = closure.window
    if window is None or rule is None:
        return ()
    acts: list[Grant] = []
    for decision in by_time(closure.decisions):
        body = policy.authority(decision.authority)
        oral = decision.decision == "approved" and decision.form == "oral"
        if body is not None and body.id in rule.authorities and (rule.oral_ok or not oral):
            acts.append(_act(body.id, decision, window, rule))
    grants = []
    for number, act in enumerate(acts, start=1):
        if act.decision.decision == "approved":
            ended_at = _ended_at(act, acts[number:], closure, policy.extent_tolerance_m)
            grants.append(act if ended_at is None else replace(act, ended_at=ended_at))
    return tuple(grants)


def _act(authority: str, decision: Decision, window: Window, rule: ApprovalRule) -> Grant:
    start, end = decision.start or window.start, decision.end or window.end
    if rule.max_days is not None:
        bound = start + timedelta(days=rule.max_days)
        end = bound if end is None else min(bound, end)
    return Grant(authority, decision, start, end)


def _ended_at(act: Grant, later: Iterable[Grant], closure: Closure, tolerance_m: float) -> datetime | None:
    """Return when an approval was taken back or replaced by one of the same body's later acts."""
    ends = []
    for one in later:
        if one.authority != act.authority:
            continue
        if one.decision.decision != "approved":
            ends.append(one.decision.decided_at)
        elif _replaces(one, act, closure, tolerance_m):
            is_running = act.start <= one.decision.decided_at
            ends.append(max(one.decision.decided_at, one.start) if is_running else one.decision.decided_at)
    return min(ends, default=None)


def _replaces(newer: Grant, older: Grant, closure: Closure, tolerance_m: float) -> bool:
    """Tell whether two approvals overlap in window and, by more than the tolerance of K4, in extent."""
    ends_before = newer.end is not None and newer.end <= older.start
    if ends_before or (older.end is not None and older.end <= newer.start):
        return False
    mine, other = (one.decision.extent or closure.extent for one in (newer, older))
    common_m = length_of(common_spans(mine, other))
    return common_m > min(tolerance_m, length_of(mine) / 2)
