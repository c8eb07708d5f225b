"""Suspend a pass while something is looked into, and let it go on again; each with reason and person on record.

A suspended pass is not withdrawn: the truck waits where it is, and the same code is good again afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.errors import BadInputError
from passes.editions.pass_register import (
    GRANTED,
    SUSPENDED,
    PassEvent,
    PassRecord,
    done_by,
    editions_of,
    find_pass,
    record_event,
    refuse_unless,
    set_state,
)
from passes.editions.status_register import change_statuses, statuses_of
from passes.verifying.status_list import Status

if TYPE_CHECKING:
    import sqlalchemy as sa


def suspend_pass(connection: sa.Connection, number: str, *, reason: str, at: datetime, by: str = "") -> PassRecord:
    """Stop a pass for the time being; every verifier that fetches the list is told.

    The code of an edition that it replaced may still be good (`reissue_switch`): that one stops as well.

    Raises
    ------
    BadInputError
        `pass-unknown`, `suspension-without-reason`, or `pass-not-open`.
    """
    record = find_pass(connection, number)
    if not reason.strip():
        raise BadInputError("suspension-without-reason", "--reason", number=record.number)
    refuse_unless(record, GRANTED)
    set_state(connection, record, SUSPENDED)
    _change_codes(connection, record, Status.VALID, Status.SUSPENDED, at=at)
    record_event(connection, PassEvent(record.jti, at, SUSPENDED, reason.strip(), done_by(by)))
    return replace(record, state=SUSPENDED)


def _change_codes(
    connection: sa.Connection, record: PassRecord, before: Status, after: Status, *, at: datetime
) -> None:
    """Give every edition of a pass that has one status another."""
    statuses = statuses_of(connection, editions_of(connection, record.number))
    change_statuses(connection, [jti for jti, status in statuses.items() if status is before], after, at=at)


def resume_pass(connection: sa.Connection, number: str, *, reason: str, at: datetime, by: str = "") -> PassRecord:
    """Let a suspended pass go on; what has ended meanwhile stays ended.

    Raises
    ------
    BadInputError
        `pass-unknown`, `suspension-without-reason`, or `pass-not-open`: it is not suspended.
    """
    record = find_pass(connection, number)
    if not reason.strip():
        raise BadInputError("suspension-without-reason", "--reason", number=record.number)
    refuse_unless(record, SUSPENDED)
    set_state(connection, record, GRANTED)
    _change_codes(connection, record, Status.SUSPENDED, Status.VALID, at=at)
    record_event(connection, PassEvent(record.jti, at, "resumed", reason.strip(), done_by(by)))
    return replace(record, state=GRANTED)
