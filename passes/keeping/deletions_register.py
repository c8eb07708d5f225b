"""Keep what was deleted when: of which kind, ended before when, how many; every row is a record of the log (K14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.ledger.register import Leaf, append_records, table_leaves
from geodata.store import METADATA, Instant, read_counter, set_counter

DELETIONS: Final = sa.Table(
    "deletions",
    METADATA,
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("deleted_at", Instant, nullable=False, index=True),
    sa.Column("ended_before", Instant, nullable=False),
    sa.Column("deleted", sa.Integer, nullable=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
)
KIND: Final = "deletion"
#: Counter: the day whose round is done.
_ROUND: Final = "keeping_day"


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted in one go; nothing of the people it was about.

    Attributes
    ----------
    kind
        One of `passes.keeping.limits.KINDS`.
    ended_before
        All of it had ended before this.
    deleted
        How many.
    """

    kind: str
    deleted_at: datetime
    ended_before: datetime
    deleted: int


def note_deletion(connection: sa.Connection, deletion: Deletion) -> None:
    """Write down what was just deleted, in the transaction in which it was."""
    row = {name: getattr(deletion, name) for name in Deletion.__slots__}
    append_records(connection, KIND, DELETIONS, [row], at=deletion.deleted_at)


def list_deletions(connection: sa.Connection, *, since: datetime) -> tuple[Deletion, ...]:
    """Return what was deleted since a time, the newest first."""
    columns = [DELETIONS.c[name] for name in Deletion.__slots__]
    query = sa.select(*columns).where(DELETIONS.c.deleted_at >= since).order_by(DELETIONS.c.position.desc())
    return tuple(Deletion(*row) for row in connection.execute(query))


def last_round(connection: sa.Connection) -> int:
    """Return the day (its ordinal) whose round of deleting is done, 0 where there was none."""
    return read_counter(connection, _ROUND)


def end_round(connection: sa.Connection, day: int) -> None:
    """Write down that the round of a day is done."""
    set_counter(connection, _ROUND, day)


def deletion_leaves(connection: sa.Connection) -> list[Leaf]:
    """Return the leaf that every stored row would have now (K14)."""
    return table_leaves(connection, KIND, DELETIONS)
