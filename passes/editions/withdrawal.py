"""Withdraw a pass: it is void from now on, with the reason on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from geodata.errors import BadInputError
from passes.editions.pass_register import (
    GRANTED,
    SUSPENDED,
    WITHDRAWN,
    PassEvent,
    PassRecord,
    done_by,
    editions_of,
    find_pass,
    record_event,
    refuse_unless,
    set_state,
)
from passes.editions.status_register import change_status
from passes.verifying.status_list import Status

if TYPE_CHECKING:
    import sqlalchemy as sa


def withdraw_pass(connection: sa.Connection, number: str, *, reason: str, at: datetime, by: str = "") -> PassRecord:
    """Make a pass void, with the reason; its status says so to every verifier that fetches the list.

    Editions that it replaced become void too: nobody is to be sent for a new pass that is withdrawn.

    Parameters
    ----------
    by
        Account of whoever does it.

    Raises
    ------
    BadInputError
        `pass-unknown`, `withdrawal-without-reason`, or `pass-not-open`: it is withdrawn or replaced already.
    """
    record = find_pass(connection, number)
    if not reason.strip():
        raise BadInputError("withdrawal-without-reason", "--reason", number=record.number)
    refuse_unless(record, GRANTED, SUSPENDED)
    set_state(connection, record, WITHDRAWN)
    for jti in editions_of(connection, record.number):
        change_status(connection, jti, Status.WITHDRAWN, at=at)
    record_event(connection, PassEvent(record.jti, at, WITHDRAWN, reason.strip(), done_by(by)))
    return replace(record, state=WITHDRAWN)
