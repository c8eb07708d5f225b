"""Find the passes that the policy issued and that were drawn for an officer's check, and keep what the check gave."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from passes.editions.pass_register import (
    GRANTED,
    PASS_EVENTS,
    PASSES,
    SUSPENDED,
    PassEvent,
    PassRecord,
    find_pass,
    read_passes,
    record_event,
)
from passes.intake.auto_issue import DRAWN

CHECKED: Final = "checked"


def drawn_passes(connection: sa.Connection) -> tuple[PassRecord, ...]:
    """Return the passes that are to be checked, by departure; what was withdrawn or replaced needs no check more."""
    checked = sa.select(PASS_EVENTS.c.jti).where(PASS_EVENTS.c.event == CHECKED)
    query = (
        sa.select(PASS_EVENTS.c.jti)
        .join(PASSES, PASSES.c.jti == PASS_EVENTS.c.jti)
        .where(PASS_EVENTS.c.event == DRAWN, PASSES.c.state.in_((GRANTED, SUSPENDED)))
        .where(PASS_EVENTS.c.jti.not_in(checked))
    )
    found = read_passes(connection, connection.scalars(query))
    return tuple(sorted(found, key=lambda one: (one.depart_at, one.jti)))


def keep_check(connection: sa.Connection, number: str, *, said: str, by: str, at: datetime) -> PassRecord:
    """Write down that a drawn pass was checked and is in order; one that is not is withdrawn or suspended instead.

    Parameters
    ----------
    said
        What the officer looked at, for the record.

    Raises
    ------
    BadInputError
        `pass-unknown`; `check-without-text`; `check-not-open`: it was not drawn, or somebody was faster.
    """
    record = find_pass(connection, number)
    if not said.strip():
        raise BadInputError("check-without-text", "said", number=record.number)
    if record.jti not in {one.jti for one in drawn_passes(connection)}:
        raise BadInputError("check-not-open", record.number, number=record.number)
    record_event(connection, PassEvent(record.jti, at, CHECKED, said.strip(), {"by": by}))
    return record
