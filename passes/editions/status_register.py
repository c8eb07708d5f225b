"""Keep the status of every pass in the store, each in a slot of a status list drawn by lot.

Slots are drawn at random so that neighbours in the list tell nothing about neighbours in time; a list is given up for
the next one when half its slots are taken, so that a draw seldom has to be repeated.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, insert_rows, raise_counter
from passes.tokens.claims import StatusSlot
from passes.verifying.status_list import Status, StatusList, make_status_list

#: Slots of one list; with one in a hundred withdrawn it measures 1.9 kB, which three codes carry (`list_frames`).
LIST_SIZE: Final = 2**17
_SLOTS_DRAWN: Final = "status_slots"
_MOST_DRAWS: Final = 100
#: Passes asked for in one statement.
_CHUNK: Final = 500
T = TypeVar("T")

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


def take_slots(connection: sa.Connection, jtis: Sequence[str], *, at: datetime) -> tuple[StatusSlot, ...]:
    """Draw a slot for each pass that is about to be issued; their status is valid.

    Raises
    ------
    BadInputError
        `status-pass-known`: a pass has a slot already.
    """
    known = statuses_of(connection, jtis)
    if known:
        raise BadInputError("status-pass-known", "jti", jti=min(known))
    last = raise_counter(connection, _SLOTS_DRAWN, by=len(jtis)) if jtis else 0
    numbers = Counter(1 + (last - behind - 1) // (LIST_SIZE // 2) for behind in range(len(jtis)))
    slots = [
        StatusSlot(slot, list_uri(number))
        for number, count in sorted(numbers.items())
        for slot in _draw_free(connection, list_uri(number), count)
    ]
    rows = [(one.uri, one.index, jti, int(Status.VALID), at) for jti, one in zip(jtis, slots, strict=True)]
    insert_rows(connection, STATUS_SLOTS, rows)
    return tuple(slots)


def give_back_slots(connection: sa.Connection, jtis: Sequence[str]) -> None:
    """Free the slots of passes that are not issued after all, in the transaction in which these were drawn."""
    for part in _parts(jtis):
        connection.execute(sa.delete(STATUS_SLOTS).where(STATUS_SLOTS.c.jti.in_(part)))


def _draw_free(connection: sa.Connection, uri: str, count: int) -> list[int]:
    """Draw so many slots of a list, none of them taken; each is as likely as any other."""
    found: dict[int, None] = {}
    for _ in range(_MOST_DRAWS):
        drawn = [slot for _ in range(count - len(found)) if (slot := secrets.randbelow(LIST_SIZE)) not in found]
        for part in _parts(drawn):
            asked = sa.select(STATUS_SLOTS.c.slot).where(STATUS_SLOTS.c.uri == uri, STATUS_SLOTS.c.slot.in_(part))
            taken = set(connection.scalars(asked))
            found.update(dict.fromkeys(slot for slot in part if slot not in taken))
        if len(found) == count:
            return list(found)
    raise BadInputError("status-list-full", uri)


def _parts(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]


def statuses_of(connection: sa.Connection, jtis: Sequence[str]) -> dict[str, Status]:
    """Return the status of each of these passes that has a slot."""
    query = sa.select(STATUS_SLOTS.c.jti, STATUS_SLOTS.c.status)
    rows = (row for part in _parts(jtis) for row in connection.execute(query.where(STATUS_SLOTS.c.jti.in_(part))))
    return {row.jti: Status(row.status) for row in rows}


def status_of(connection: sa.Connection, jti: str) -> Status | None:
    """Return the status of a pass; None where it has no slot."""
    return statuses_of(connection, [jti]).get(jti)


def change_statuses(connection: sa.Connection, jtis: Sequence[str], status: Status, *, at: datetime) -> int:
    """Set the status of passes; return of how many that changed it. Withdrawn and replaced are final.

    Raises
    ------
    BadInputError
        `status-pass-unknown`, or `status-final`.
    """
    before = statuses_of(connection, jtis)
    for jti in jtis:
        if jti not in before:
            raise BadInputError("status-pass-unknown", "jti", jti=jti)
        if _is_final(before[jti], status):
            raise BadInputError("status-final", "jti", jti=jti, status=before[jti].name.lower())
    changed = [jti for jti in jtis if before[jti] is not status]
    for part in _parts(changed):
        chosen = sa.update(STATUS_SLOTS).where(STATUS_SLOTS.c.jti.in_(part))
        connection.execute(chosen.values(status=int(status), changed_at=at))
    return len(changed)


def _is_final(before: Status, status: Status) -> bool:
    """Tell whether a pass of one status may not be given another."""
    if before is status:
        return False
    return before is Status.WITHDRAWN or (before is Status.REPLACED and status is not Status.WITHDRAWN)


def change_status(connection: sa.Connection, jti: str, status: Status, *, at: datetime) -> bool:
    """Set the status of one pass; return whether that changed it. Withdrawn and replaced are final.

    Raises
    ------
    BadInputError
        `status-pass-unknown`, or `status-final`.
    """
    return change_statuses(connection, [jti], status, at=at) == 1


def read_list(connection: sa.Connection, uri: str, *, at: datetime) -> StatusList:
    """Return one list as it is now, ready to be signed; one from before may have more slots than new ones have."""
    last = connection.scalar(sa.select(sa.func.max(STATUS_SLOTS.c.slot)).where(STATUS_SLOTS.c.uri == uri))
    size = max(LIST_SIZE, 0 if last is None else last + 1)
    rows = connection.execute(
        sa.select(STATUS_SLOTS.c.slot, STATUS_SLOTS.c.status).where(
            STATUS_SLOTS.c.uri == uri, STATUS_SLOTS.c.status != int(Status.VALID)
        )
    )
    return make_status_list(uri, ((row.slot, Status(row.status)) for row in rows), size=size, at=at)


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
