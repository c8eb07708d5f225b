"""Answer a firm's review: whoever withdraws many passes at once only proposes it, and another person confirms (W6, W8).

One pass alone is withdrawn by one person, here as on its own page. Where the county has no second person who could
confirm, one alone answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from passes.editions.firm_review_register import WITHDRAWN, close_review, open_reviews
from passes.keyring.key_acts import WITHDRAW_FIRM, needs_two, open_acts, propose

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.keyring.key_act_register import KeyAct


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """What came of an answer: so many passes were withdrawn, or what another person must confirm."""

    withdrawn: int
    proposed: KeyAct | None = None


def answer_review(
    connection: sa.Connection, firm: str, *, outcome: str, reason: str, by: str, at: datetime
) -> ReviewAnswer:
    """Answer the review of a firm.

    Raises
    ------
    BadInputError
        As `close_review`, and as `propose` of `passes.keyring.key_acts`.
    """
    review = next((one for one in open_reviews(connection, at=at) if one.firm == firm), None)
    is_many = review is not None and len(review.passes) > 1
    if outcome == WITHDRAWN and is_many and needs_two(connection):
        return ReviewAnswer(0, propose(connection, WITHDRAW_FIRM, by=by, at=at, about=firm, reason=reason))
    return ReviewAnswer(len(close_review(connection, firm, outcome=outcome, reason=reason, at=at, by=by)))


def proposed_withdrawal(connection: sa.Connection, firm: str, *, at: datetime) -> KeyAct | None:
    """Return what somebody has proposed for a firm's passes and another person has not answered."""
    waiting = (one for one in open_acts(connection, at=at) if one.act == WITHDRAW_FIRM)
    return next((one for one in waiting if one.about == firm), None)
