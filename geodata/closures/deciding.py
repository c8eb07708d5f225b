"""Decide on a request: approve, approve part, refuse, withdraw, on paper or by phone, bound to the version seen (L11).

Whatever a body says here passes the same rules that the audit holds it against afterwards: it is one that the approval
rule names, it approves no more than was asked, and nothing before it decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from geodata.closures.approval import Approval, Requirement, approval_of
from geodata.closures.asking import set_up_as_approved
from geodata.closures.closure import DECISIONS, FORMS, Closure, Decision, RoadSpan
from geodata.closures.road_spans import common_spans, length_of, same_extent, spans_without
from geodata.closures.rules import DANGER_FIRST
from geodata.county_settings import CountySettings
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.windows import Window, format_instant

APPROVED: Final = "approved"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a body fills in about a request.

    Attributes
    ----------
    authority
        Id of the deciding body.
    start, end
        Approved window; None: as asked, but never before the decision.
    extent
        Approved road parts; None: all that was asked.
    """

    authority: str
    decision: str
    form: str = "written"
    document_no: str = ""
    start: datetime | None = None
    end: datetime | None = None
    extent: tuple[RoadSpan, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a ruling comes to.

    Attributes
    ----------
    decision
        To be recorded about the version that was seen.
    set_up
        The version that the request becomes, where less than asked is approved of something that does not stand yet;
        None where the set-up stays.
    """

    decision: Decision
    set_up: Closure | None = None


def bodies_that_decide(closure: Closure, settings: CountySettings, network: Network) -> tuple[str, ...]:
    """Return the ids of the bodies that the rules of its cause and roads name, in their order."""
    approval = approval_of(closure, settings.policy_for(closure.cause), network)
    return tuple(dict.fromkeys(body for one in approval.requirements for body in one.authorities))


def rule_on(
    closure: Closure, ruling: Ruling, settings: CountySettings, network: Network, *, at: datetime, stands: bool
) -> Ruled:
    """Return the decision that a ruling is, and what the request becomes by it.

    Parameters
    ----------
    closure
        The version that was seen.
    ruling
        What was filled in.
    settings, network
        The county's rules and roads.
    at
        The moment of deciding.
    stands
        Whether the barrier stands already: then its record is a fact, which no decision changes.

    Raises
    ------
    BadInputError
        `closure-not-decidable` for a bare blockage, `decided-by-unnamed-body`, `decision-unknown`, `form-unknown`,
        `oral-approval-not-accepted`, `document-number-missing`, `nothing-to-withdraw`, `closure-is-over`, or what
        exceeds the request: `part-longer-than-asked`, `approval-outside-asked`, `approval-start-past`.
    """
    if closure.window is None:
        raise BadInputError("closure-not-decidable", "decision", id=closure.id)
    _check_words(ruling)
    approval = approval_of(closure, settings.policy_for(closure.cause), network)
    own = _requirements_of(ruling.authority, approval)
    base = Decision(ruling.authority, ruling.decision, ruling.form, ruling.document_no.strip(), at)
    if ruling.decision != APPROVED:
        if ruling.decision == WITHDRAWN and not _has_standing(ruling.authority, own, at):
            raise BadInputError("nothing-to-withdraw", "decision", id=closure.id)
        return Ruled(base)
    _check_form(ruling, own)
    start, end = _approved_window(ruling, closure.window, own, at=at)
    extent = _approved_extent(ruling, closure, approval.policy.extent_tolerance_m)
    whole = extent is None and (start, end) == (closure.window.start, closure.window.end)
    decision = base if whole else replace(base, start=start, end=end, extent=extent)
    return Ruled(decision, None if whole or stands else set_up_as_approved(closure, decision))


def _check_words(ruling: Ruling) -> None:
    if ruling.decision not in DECISIONS:
        raise BadInputError("decision-unknown", "decision", value=ruling.decision, choices=list(DECISIONS))
    if ruling.form not in FORMS:
        raise BadInputError("form-unknown", "form", value=ruling.form, choices=list(FORMS))


def _requirements_of(authority: str, approval: Approval) -> tuple[Requirement, ...]:
    own = tuple(one for one in approval.requirements if authority in one.authorities)
    if not own:
        named = dict.fromkeys(body for one in approval.requirements for body in one.authorities)
        names = "、".join(approval.policy.authorities[body].name for body in named) or "-"
        body = approval.policy.authority(authority)
        said = authority if body is None else body.name
        raise BadInputError("decided-by-unnamed-body", "decision", decided_by_name=said, required_names=names)
    return own


def _has_standing(authority: str, own: Sequence[Requirement], at: datetime) -> bool:
    return any(grant.authority == authority for one in own for grant in one.standing(at))


def _check_form(ruling: Ruling, own: Sequence[Requirement]) -> None:
    """Refuse a phone decision where the rule wants paper, and paper without its number."""
    if ruling.form == "oral":
        if not all(one.rule is not None and one.rule.oral_ok for one in own):
            raise BadInputError("oral-approval-not-accepted", "form")
    elif not ruling.document_no.strip():
        raise BadInputError("document-number-missing", "document_no")


def _approved_window(
    ruling: Ruling, asked: Window, own: Sequence[Requirement], *, at: datetime
) -> tuple[datetime, datetime | None]:
    """Return the approved window within the asked one; nothing is approved for the time before the decision.

    A body whose approval stands may put its paper in place of its word, and danger to life comes first: then the
    window may begin before the decision.
    """
    start, end = ruling.start or asked.start, ruling.end or asked.end
    may_look_back = _has_standing(ruling.authority, own, at) or all(
        one.rule is not None and one.rule.prior == DANGER_FIRST for one in own
    )
    if start < at and not may_look_back:
        if ruling.start is not None and ruling.start != asked.start:
            raise BadInputError("approval-start-past", "start", start=format_instant(start))
        start = at
    if asked.end is not None and asked.end <= at:
        raise BadInputError("closure-is-over", "decision", end=format_instant(asked.end))
    if start < asked.start or (asked.end is not None and (end is None or end > asked.end)):
        where = "start" if start < asked.start else "end"
        asked_end = None if asked.end is None else format_instant(asked.end)
        raise BadInputError("approval-outside-asked", where, start=format_instant(asked.start), end=asked_end)
    window = Window(start, end)
    return window.start, window.end


def _approved_extent(ruling: Ruling, closure: Closure, tolerance_m: float) -> tuple[RoadSpan, ...] | None:
    """Return the approved parts where they are less than asked; None for the whole."""
    if ruling.extent is None or same_extent(ruling.extent, closure.extent):
        return None
    over_m = length_of(spans_without(ruling.extent, closure.extent))
    if over_m > tolerance_m:
        raise BadInputError("part-longer-than-asked", "roads", over_m=round(over_m), tolerance_m=tolerance_m)
    part = common_spans(ruling.extent, closure.extent)
    if not part:
        raise BadInputError("closure-without-place", "roads")
    return None if same_extent(part, closure.extent) else part
