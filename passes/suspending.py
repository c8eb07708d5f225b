"""Suspend a pass while something is looked into, and let it go on again; each with its reason on record.

A suspended pass is not withdrawn: the truck waits where it is, and the same code is good again afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.errors import BadInputError
from passes.pass_register import (
    GRANTED,
    SUSPENDED,
    PassEvent,
    PassRecord,
    find_pass,
    record_event,
    refuse_unless,
    set_state,
)
from passes.status_list import Status
from passes.status_register import change_status

if TYPE_CHECKING:
    import sqlalchemy as sa


def suspend_pass(connection: sa.Connection, number: str, *, reason: str, at: datetime) -> PassRecord:
    """Stop a pass for the time being; every verifier that fetches the list is told.

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
    change_status(connection, record.jti, Status.SUSPENDED, at=at)
    record_event(connection, PassEvent(record.jti, at, SUSPENDED, reason.strip(), {}))
    return replace(record, state=SUSPENDED)


def resume_pass(connection: sa.Connection, number: str, *, reason: str, at: datetime) -> PassRecord:
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
    change_status(connection, record.jti, Status.VALID, at=at)
    record_event(connection, PassEvent(record.jti, at, "resumed", reason.strip(), {}))
    return replace(record, state=GRANTED)
