"""Which part of a closure is approved, from when to when, and by which decisions: what may hang at a barrier (L11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from geodata.closures.approval import Approval, Grant, approval_of
from geodata.closures.closure import Closure, Decision, RoadSpan
from geodata.closures.road_spans import join_spans, length_of
from geodata.closures.unmatched import matched_part
from geodata.network import Network
from geodata.policy import Policy
from geodata.windows import Window


@dataclass(frozen=True, slots=True)
class ApprovedPart:
    """Roads of one closure that are approved to be closed all through one window.

    Attributes
    ----------
    closure
        Newest version, without the parts on roads that the network does not have.
    extent
        Never more than what was approved by every body that must.
    window
        In which exactly these parts are approved.
    decisions
        The approvals that it rests on, in the order of the rules.
    paper_due
        By when the first of them, given by phone, must have its document number; None where all have one.
    """

    closure: Closure
    extent: tuple[RoadSpan, ...]
    window: Window
    decisions: tuple[Decision, ...]
    paper_due: datetime | None = None

    @property
    def length_m(self) -> float:
        """Metres of road."""
        return length_of(self.extent)


def approved_parts_over_time(
    closure: Closure, policy_for: Callable[[str], Policy], network: Network, *, at: datetime
) -> tuple[ApprovedPart, ...]:
    """Return what the decisions made by an instant approve, in past, present and future, by time.

    A closure whose approvals are not complete, or were refused or withdrawn by then, has none: nothing is ever deemed
    approved. A bare blockage has none either.
    """
    closure = matched_part(closure, network)
    if closure.window is None or not closure.extent:
        return ()
    known = replace(closure, decisions=tuple(one for one in closure.decisions if one.decided_at <= at))
    approval = approval_of(known, policy_for(closure.cause), network)
    edges = _edges(approval, closure.window)
    steps: list[ApprovedPart] = []
    for number, start in enumerate(edges):
        end = edges[number + 1] if number + 1 < len(edges) else closure.window.end
        extent = join_spans(approval.approved_parts(max(at, start), moment=start))
        if extent:
            decisions = tuple(dict.fromkeys(one.decision for one in _grants(approval, max(at, start), start)))
            _append(steps, ApprovedPart(closure, extent, Window(start, end), decisions, approval.paper_due(at)))
    return tuple(steps)


def approved_part(
    closure: Closure, policy_for: Callable[[str], Policy], network: Network, *, at: datetime
) -> ApprovedPart | None:
    """Return what is approved at an instant, else what will be next; None where nothing is or will be."""
    steps = approved_parts_over_time(closure, policy_for, network, at=at)
    return next((one for one in steps if one.window.end is None or one.window.end > at), None)


def _edges(approval: Approval, window: Window) -> list[datetime]:
    """Return the instants of the closure's window at which what is approved may change."""
    edges = {window.start}
    for requirement in approval.requirements:
        for grant in requirement.grants:
            edges |= {edge for edge in (grant.start, grant.end, grant.ended_at) if edge is not None}
    return sorted(edge for edge in edges if window.holds(edge))


def _grants(approval: Approval, at: datetime, moment: datetime) -> list[Grant]:
    """Return the approvals that stand at an instant and hold at a moment."""
    return [one for need in approval.requirements for one in need.standing(at) if one.holds(moment)]


def _append(steps: list[ApprovedPart], step: ApprovedPart) -> None:
    """Add a step; one that goes on unchanged where the last one ends makes that one longer."""
    last = steps[-1] if steps else None
    goes_on = last is not None and last.window.end == step.window.start and last.extent == step.extent
    if last is not None and goes_on and last.decisions == step.decisions:
        steps[-1] = replace(last, window=Window(last.window.start, step.window.end))
    else:
        steps.append(step)
