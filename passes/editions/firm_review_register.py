"""Review a firm's open passes: after it left the whitelist, or a case was confirmed there; a person decides (W6, W8).

A review is no state of its own: it is open while something that calls for one happened after the last answer, and the
firm has passes from before. Nothing is withdrawn by itself unless the policy says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from passes.editions.pass_register import GRANTED, SUSPENDED, PassRecord, PassSearch, search_passes
from passes.editions.suspending import suspend_pass
from passes.editions.withdrawal import withdraw_pass
from passes.whitelist.firms import REMOVED
from passes.whitelist.register import FIRM_EVENTS, FIRMS, find_firm

if TYPE_CHECKING:
    from geodata.policy import Policy

CASE: Final = "case"
REVIEWED: Final = "reviewed"
_CALLS_FOR_ONE: Final = (REMOVED, CASE)
#: What a review may end with: the passes stay good, or are withdrawn.
KEPT: Final = "kept"
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class FirmReview:
    """A firm whose open passes somebody has to look at.

    Attributes
    ----------
    cause
        "removed" or "case".
    since, reason
        When that was, and what was said of it.
    by
        Account of whoever said so; "" where nobody is known.
    passes
        Granted and suspended, issued before it.
    """

    firm: str
    name: str
    cause: str
    since: datetime
    reason: str
    by: str
    passes: tuple[PassRecord, ...]


def report_case(
    connection: sa.Connection, firm: str, policy: Policy, *, reason: str, at: datetime, by: str = ""
) -> int:
    """Write down that a case was confirmed at a firm; return how many passes that stopped at once.

    The policy's `stops_on_confirmed_case` decides: "no" nothing follows, "review" somebody looks at the open passes,
    "yes" they are suspended until somebody has.

    Raises
    ------
    BadInputError
        `enterprise-unknown`, or `review-without-reason`.
    """
    known = find_firm(connection, firm)
    if known is None:
        raise BadInputError("enterprise-unknown", "firm", enterprise=firm)
    _need_reason(reason, known.name)
    rule = policy.passes.stops_on_confirmed_case
    if rule == "no":
        return 0
    _write_event(connection, (known.id, CASE), reason=reason, by=by, at=at)
    if rule == "review":
        return 0
    granted = _open_passes(connection, known.id, before=at, at=at, states=(GRANTED,))
    for one in granted:
        suspend_pass(connection, one.number, reason=reason, at=at, by=by)
    return len(granted)


def open_reviews(connection: sa.Connection, *, at: datetime) -> tuple[FirmReview, ...]:
    """Return the firms whose open passes are to be looked at, the oldest first."""
    latest = sa.select(FIRM_EVENTS.c.firm, sa.func.max(FIRM_EVENTS.c.id).label("id"))
    latest = latest.where(FIRM_EVENTS.c.event.in_((*_CALLS_FOR_ONE, REVIEWED))).group_by(FIRM_EVENTS.c.firm)
    last = latest.subquery()
    joined = FIRM_EVENTS.join(last, FIRM_EVENTS.c.id == last.c.id).join(FIRMS, FIRMS.c.id == FIRM_EVENTS.c.firm)
    query = sa.select(FIRM_EVENTS, FIRMS.c.name).select_from(joined).where(FIRM_EVENTS.c.event != REVIEWED)
    found = (_review(connection, row, at) for row in connection.execute(query.order_by(FIRM_EVENTS.c.id)).all())
    return tuple(one for one in found if one.passes)


def _review(connection: sa.Connection, row: sa.Row[Any], at: datetime) -> FirmReview:
    passes = _open_passes(connection, row.firm, before=row.at, at=at, states=(GRANTED, SUSPENDED))
    return FirmReview(row.firm, row.name, row.event, row.at, row.reason, row.account or "", passes)


def _open_passes(
    connection: sa.Connection, firm: str, *, before: datetime, at: datetime, states: tuple[str, ...]
) -> tuple[PassRecord, ...]:
    found = (one for state in states for one in search_passes(connection, PassSearch(state, firm=firm), at=at))
    return tuple(one for one in found if one.issued_at <= before and one.expires_at > at)


def close_review(
    connection: sa.Connection, firm: str, *, outcome: str, reason: str, at: datetime, by: str = ""
) -> tuple[PassRecord, ...]:
    """Answer a review: every pass it speaks of stays as it is, or is withdrawn; return those that were withdrawn.

    Raises
    ------
    BadInputError
        `review-unknown`: somebody was faster, or no pass is left; `review-outcome-unknown`; `review-without-reason`.
    """
    review = next((one for one in open_reviews(connection, at=at) if one.firm == firm), None)
    if review is None:
        raise BadInputError("review-unknown", firm, firm=firm)
    acts: dict[str, Callable[[PassRecord], PassRecord | None]] = {
        KEPT: lambda _record: None,
        WITHDRAWN: lambda record: withdraw_pass(connection, record.number, reason=reason, at=at, by=by),
    }
    if outcome not in acts:
        raise BadInputError("review-outcome-unknown", "outcome", value=outcome, choices=list(acts))
    _need_reason(reason, review.name)
    done = [acts[outcome](one) for one in review.passes]
    _write_event(connection, (firm, REVIEWED), reason=reason, by=by, at=at)
    return tuple(one for one in done if one is not None)


def _need_reason(reason: str, firm: str) -> None:
    if not reason.strip():
        raise BadInputError("review-without-reason", "reason", enterprise=firm)


def _write_event(connection: sa.Connection, what: tuple[str, str], *, reason: str, by: str, at: datetime) -> None:
    """Keep what happened to a firm: its id and the event."""
    values = {"firm": what[0], "event": what[1], "reason": reason.strip(), "account": by, "at": at}
    connection.execute(sa.insert(FIRM_EVENTS).values(values))
