"""Find which open matters hold back what is to be deleted: tickets, reviews, cases, withdrawn and running passes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from geodata.store import one_of
from geodata.tickets.board_register import BOARD, OPEN_STATES
from passes.checkpoint.scan_register import CHECKPOINT_SCANS
from passes.editions.firm_review_register import CASE, open_reviews
from passes.editions.pass_register import PASS_EVENTS, PASSES, WITHDRAWN
from passes.keeping.limits import Holds, Trail
from passes.reports.road_report_register import ROAD_REPORTS
from passes.whitelist.register import FIRM_EVENTS

if TYPE_CHECKING:
    from geodata.policy import Policy


def holds_of(
    connection: sa.Connection, trails: Sequence[Trail], policy: Policy, *, at: datetime, standing: frozenset[str]
) -> Holds:
    """Return what holds any of some trails back.

    Parameters
    ----------
    standing
        Closures and blockages that still stand on a road.
    """
    firms = _firms(connection, policy, at)
    numbers = frozenset().union(*(one.numbers for one in trails))
    subjects = frozenset().union(*(one.subjects for one in trails))
    return Holds(
        _numbers(connection, numbers, firms, since=_cases_since(policy, at), at=at) if numbers else frozenset(),
        firms,
        (standing & subjects) | _open_subjects(connection, subjects),
    )


def _cases_since(policy: Policy, at: datetime) -> datetime:
    return at - timedelta(days=policy.keeping.case_days)


def _firms(connection: sa.Connection, policy: Policy, at: datetime) -> frozenset[str]:
    """Return the firms whose passes somebody has to look at, and those with a case within its days."""
    cases = sa.select(FIRM_EVENTS.c.firm).where(
        FIRM_EVENTS.c.event == CASE, FIRM_EVENTS.c.at >= _cases_since(policy, at)
    )
    return frozenset(connection.scalars(cases)) | {one.firm for one in open_reviews(connection, at=at)}


def _open() -> sa.Select[Any]:
    """Return the query of what open tickets and findings are about."""
    return sa.select(BOARD.c.subject).where(BOARD.c.state.in_(OPEN_STATES))


def _open_subjects(connection: sa.Connection, subjects: Collection[str]) -> frozenset[str]:
    if not subjects:
        return frozenset()
    return frozenset(connection.scalars(_open().where(one_of(connection, BOARD.c.subject, subjects))))


def _numbers(
    connection: sa.Connection, numbers: Collection[str], firms: Collection[str], *, since: datetime, at: datetime
) -> frozenset[str]:
    """Return which passes run still, were withdrawn lately, are of a held firm, or stand in an open ticket."""
    asked = one_of(connection, PASSES.c.number, numbers)
    withdrawn = sa.select(PASS_EVENTS.c.jti).where(PASS_EVENTS.c.event == WITHDRAWN, PASS_EVENTS.c.at >= since)
    reasons = (PASSES.c.expires_at > at, PASSES.c.jti.in_(withdrawn), PASSES.c.firm.in_(sorted(firms)))
    held = set(connection.scalars(sa.select(PASSES.c.number).where(asked, sa.or_(*reasons))))
    shown = sa.select(CHECKPOINT_SCANS.c.jti).where(CHECKPOINT_SCANS.c.key.in_(_open()), CHECKPOINT_SCANS.c.jti != "")
    told = sa.select(ROAD_REPORTS.c.reporter).where(ROAD_REPORTS.c.case_id.in_(_open()))
    held |= {str(jti).partition("-")[0] for jti in connection.scalars(shown)} | set(connection.scalars(told))
    return frozenset(held & set(numbers))
