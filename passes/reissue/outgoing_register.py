"""Find the old codes that are still good beside the new edition: which may go, and whose driver was told by a message.

The code of an edition that a closure hits goes when the new one is delivered and the road is closed, whichever is
later; sooner only where the new edition itself is in force no more, or the old one is over anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from passes.editions.pass_register import GRANTED, PASS_EVENTS, PASSES, SUSPENDED
from passes.editions.status_register import STATUS_SLOTS, RegisterStatuses
from passes.messages.message_register import DELIVERED, MESSAGES, TOLD
from passes.reissue.reissue_register import OUTGOING, REISSUES
from passes.verifying.status_list import Status

#: The event of an edition that is hit by which its driver is told of the new route.
ROUTE_CHANGES: Final = "route_changes"
#: Event of an old edition whose code is good no more.
CODE_ENDED: Final = "code_ended"
_CHUNK: Final = 500


def _is_told() -> sa.ColumnElement[bool]:
    """Tell whether a message took the new route to the driver: an outlet has taken it, or an officer has telephoned."""
    told = (
        sa.select(MESSAGES.c.id)
        .join(PASS_EVENTS, PASS_EVENTS.c.id == MESSAGES.c.event)
        .where(PASS_EVENTS.c.jti == REISSUES.c.jti, PASS_EVENTS.c.event == ROUTE_CHANGES)
        .where(MESSAGES.c.state.in_((DELIVERED, TOLD)), PASS_EVENTS.c.at >= REISSUES.c.told_at)
    )
    return told.exists()


def told_by_message(connection: sa.Connection, jtis: Sequence[str]) -> frozenset[str]:
    """Return those of the editions that are hit whose driver was told of the new route by a message."""
    parts = (jtis[start : start + _CHUNK] for start in range(0, len(jtis), _CHUNK))
    query = sa.select(REISSUES.c.jti).where(_is_told())
    return frozenset(jti for part in parts for jti in connection.scalars(query.where(REISSUES.c.jti.in_(part))))


def due_outgoing(connection: sa.Connection, *, at: datetime, most: int) -> tuple[str, ...]:
    """Return the editions that are hit (jti) whose old codes go now, at most so many."""
    old, new = PASSES.alias("old"), PASSES.alias("new")
    is_delivered = REISSUES.c.delivered_at.is_not(None) | _is_told()
    is_over = new.c.state.not_in((GRANTED, SUSPENDED)) | (old.c.expires_at <= at)
    query = (
        sa.select(REISSUES.c.jti)
        .join(old, old.c.jti == REISSUES.c.jti)
        .join(new, new.c.jti == REISSUES.c.next_jti)
        .where(REISSUES.c.state == OUTGOING, ((REISSUES.c.closes_at <= at) & is_delivered) | is_over)
        .order_by(REISSUES.c.jti)
    )
    return tuple(connection.scalars(query.limit(most)))


@dataclass(frozen=True, slots=True)
class GuardStatuses:
    """Statuses as a guard with a network sees them: an old code whose road is closed has a new pass to be handed over.

    In the list that code stays good until the new one is delivered. Here it can be delivered, so the verdict says that
    the route changed, which refuses nobody.
    """

    register: RegisterStatuses

    @property
    def issued_at(self) -> datetime:
        """When they were true."""
        return self.register.issued_at

    def find(self, uri: str, index: int) -> Status | None:
        """Return the status of a slot; None where no pass was given it."""
        status = self.register.find(uri, index)
        return Status.REPLACED if status is Status.VALID and self._is_closed(uri, index) else status

    def _is_closed(self, uri: str, index: int) -> bool:
        slots = STATUS_SLOTS.c
        query = (
            sa.select(REISSUES.c.jti)
            .join(STATUS_SLOTS, slots.jti == REISSUES.c.jti)
            .where(slots.uri == uri, slots.slot == index)
            .where(REISSUES.c.state == OUTGOING, REISSUES.c.closes_at <= self.issued_at)
        )
        return self.register.connection.execute(query).first() is not None
