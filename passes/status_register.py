"""Keep the status of every pass in the store, each in a slot of a status list drawn by lot.

Slots are drawn at random so that neighbours in the list tell nothing about neighbours in time; a list is given up for
the next one when half its slots are taken, so that a draw seldom has to be repeated.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, raise_counter
from passes.claims import StatusSlot
from passes.status_list import Status, StatusList, make_status_list

#: Slots of one list; with five hundred passes withdrawn it measures 3 kB as a token, with ten thousand 27 kB.
LIST_SIZE: Final = 2**20
_SLOTS_DRAWN: Final = "status_slots"
_MOST_DRAWS: Final = 100

STATUS_SLOTS: Final = sa.Table(
    "status_slots",
    METADATA,
    sa.Column("uri", sa.String(64), primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("jti", sa.String(64), nullable=False, unique=True),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)


def list_uri(number: int) -> str:
    """Return the URI of the n-th status list, relative to the issuer's public address."""
    return f"/status/{number}"


def list_uris(connection: sa.Connection) -> tuple[str, ...]:
    """Return the URIs of every list in use, the newest last; at least the first."""
    taken = connection.scalars(sa.select(STATUS_SLOTS.c.uri).distinct())
    return tuple(sorted(taken, key=lambda uri: (len(uri), uri))) or (list_uri(1),)


def take_slot(connection: sa.Connection, jti: str, *, at: datetime) -> StatusSlot:
    """Draw a slot for a pass that is about to be issued; its status is valid.

    Raises
    ------
    BadInputError
        `status-pass-known`: the pass has a slot already.
    """
    if _row_of(connection, jti) is not None:
        raise BadInputError("status-pass-known", "jti", jti=jti)
    drawn = raise_counter(connection, _SLOTS_DRAWN)
    uri = list_uri(1 + (drawn - 1) // (LIST_SIZE // 2))
    slot = _draw_free(connection, uri)
    connection.execute(
        sa.insert(STATUS_SLOTS).values(uri=uri, slot=slot, jti=jti, status=int(Status.VALID), changed_at=at)
    )
    return StatusSlot(slot, uri)


def _draw_free(connection: sa.Connection, uri: str) -> int:
    for _ in range(_MOST_DRAWS):
        slot = secrets.randbelow(LIST_SIZE)
        taken = sa.select(STATUS_SLOTS.c.slot).where(STATUS_SLOTS.c.uri == uri, STATUS_SLOTS.c.slot == slot)
        if connection.scalar(taken) is None:
            return slot
    raise BadInputError("status-list-full", uri)


def _row_of(connection: sa.Connection, jti: str) -> sa.Row[tuple[int]] | None:
    return connection.execute(sa.select(STATUS_SLOTS.c.status).where(STATUS_SLOTS.c.jti == jti)).first()


def status_of(connection: sa.Connection, jti: str) -> Status | None:
    """Return the status of a pass; None where it has no slot."""
    row = _row_of(connection, jti)
    return None if row is None else Status(row.status)


def change_status(connection: sa.Connection, jti: str, status: Status, *, at: datetime) -> bool:
    """Set the status of a pass; return whether that changed it. Withdrawn and replaced are final.

    Raises
    ------
    BadInputError
        `status-pass-unknown`, or `status-final`.
    """
    before = status_of(connection, jti)
    if before is None:
        raise BadInputError("status-pass-unknown", "jti", jti=jti)
    if before is status:
        return False
    if before is Status.WITHDRAWN or (before is Status.REPLACED and status is not Status.WITHDRAWN):
        raise BadInputError("status-final", "jti", jti=jti, status=before.name.lower())
    connection.execute(
        sa.update(STATUS_SLOTS).where(STATUS_SLOTS.c.jti == jti).values(status=int(status), changed_at=at)
    )
    return True


def read_list(connection: sa.Connection, uri: str, *, at: datetime) -> StatusList:
    """Return one list as it is now, ready to be signed."""
    rows = connection.execute(
        sa.select(STATUS_SLOTS.c.slot, STATUS_SLOTS.c.status).where(
            STATUS_SLOTS.c.uri == uri, STATUS_SLOTS.c.status != int(Status.VALID)
        )
    )
    return make_status_list(uri, ((row.slot, Status(row.status)) for row in rows), size=LIST_SIZE, at=at)


@dataclass(frozen=True, slots=True)
class RegisterStatuses:
    """Statuses straight from the register: true at the time of the question.

    Attributes
    ----------
    looks_back
        The question is about an earlier time: what changed after it had not changed then.
    """

    connection: sa.Connection
    issued_at: datetime
    looks_back: bool = False

    def find(self, uri: str, index: int) -> Status | None:
        """Return the status of a slot; None where no pass was given it."""
        table = STATUS_SLOTS
        asked = sa.select(table.c.status, table.c.changed_at).where(table.c.uri == uri, table.c.slot == index)
        row = self.connection.execute(asked).first()
        if row is None:
            return None
        return Status.VALID if self.looks_back and row.changed_at > self.issued_at else Status(row.status)
