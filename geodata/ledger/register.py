"""Keep the log: one leaf for every record that must not change, from the first record on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import sqlalchemy as sa

from geodata.ledger.damaged_register import DAMAGE, position_of, text_kept_readable, text_of, values_as_found
from geodata.ledger.tree import HASH_BYTES, Checkpoint, leaf_hash, root_of
from geodata.store import METADATA, Instant, raise_counter, read_counter
from geodata.windows import format_instant

LEDGER_LEAVES: Final = sa.Table(
    "ledger_leaves",
    METADATA,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("leaf_hash", sa.String(64), nullable=False),
    sa.Column("appended_at", Instant, nullable=False),
)
#: Counter: how many leaves were ever appended. Fewer in the table means that some were cut off.
LEDGER_SIZE: Final = "ledger_size"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the log: which kind of record, about what, and its hash."""

    position: int
    kind: str
    subject: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Ledger:
    """The stored log: its leaves by position, and how many were ever appended; None where that cannot be read."""

    leaves: tuple[Leaf, ...]
    appended: int | None

    def checkpoint(self, origin: str) -> Checkpoint:
        """Return the log's state, to be kept outside of it."""
        return Checkpoint(origin, len(self.leaves), root_of([leaf.hash for leaf in self.leaves]))


def canonical(record: Mapping[str, object]) -> bytes:
    """Return a record's bytes for hashing: sorted JSON in ASCII, times in UTC."""
    return _ENCODER.encode(dict(record)).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


#: Made once: a new encoder for every record would cost more than the hash.
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def hash_of(kind: str, record: Mapping[str, object]) -> bytes:
    """Return the leaf hash of a record; its kind is part of what is hashed."""
    return leaf_hash(canonical({"kind": kind, "record": record}))


def next_positions(connection: sa.Connection, count: int) -> range:
    """Take the next positions of the log within the caller's transaction; writers are alone in it."""
    size = raise_counter(connection, LEDGER_SIZE, by=count)
    return range(size - count, size)


def append_leaves(connection: sa.Connection, leaves: Sequence[Leaf], *, at: datetime) -> None:
    """Append leaves at positions taken before."""
    rows = [
        {"position": one.position, "kind": one.kind, "subject": one.subject, "leaf_hash": one.hash.hex()}
        for one in leaves
    ]
    if rows:
        connection.execute(sa.insert(LEDGER_LEAVES), [{**row, "appended_at": at} for row in rows])


def append_records(
    connection: sa.Connection, kind: str, table: sa.Table, rows: Sequence[Mapping[str, Any]], *, at: datetime
) -> range:
    """Insert rows and their leaves, oldest first, and return the positions that they took.

    Parameters
    ----------
    connection
        A writer's transaction.
    kind
        What the records are called in the log.
    table
        Its first column is the subject, its column `position` is filled in here.
    rows
        Without `position`.
    at
        When they are recorded.
    """
    positions = next_positions(connection, len(rows))
    subject = table.c.keys()[0]
    pairs = list(zip(positions, rows, strict=True))
    leaves = [Leaf(position, kind, str(row[subject]), hash_of(kind, row)) for position, row in pairs]
    if pairs:
        connection.execute(sa.insert(table), [{**row, "position": position} for position, row in pairs])
    append_leaves(connection, leaves, at=at)
    return positions


def table_leaves(connection: sa.Connection, kind: str, table: sa.Table) -> list[Leaf]:
    """Return the leaf that every stored row of a table would have now (K14), whatever somebody put there."""
    names = table.c.keys()
    with text_kept_readable(connection):
        rows = [dict(zip(names, row, strict=True)) for row in values_as_found(connection, sa.select(table))]
    records = (
        (row["position"], text_of(row[names[0]]), {name: row[name] for name in names if name != "position"})
        for row in rows
    )
    return leaves_of(kind, cast("Iterable[tuple[int, str, Mapping[str, object]]]", records))


def read_ledger(connection: sa.Connection) -> Ledger:
    """Return the whole log, oldest first."""
    with text_kept_readable(connection):
        return Ledger(_leaves(connection, _LEAVES), _appended(connection))


def leaves_about(connection: sa.Connection, subject: str) -> tuple[Leaf, ...]:
    """Return the leaves of one subject, oldest first."""
    with text_kept_readable(connection):
        return _leaves(connection, _LEAVES.where(LEDGER_LEAVES.c.subject == subject))


_LEAVES: Final = sa.select(
    LEDGER_LEAVES.c.position, LEDGER_LEAVES.c.kind, LEDGER_LEAVES.c.subject, LEDGER_LEAVES.c.leaf_hash
).order_by(LEDGER_LEAVES.c.position)


def _leaves(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Leaf, ...]:
    return tuple(
        Leaf(position_of(position), text_of(kind), text_of(subject), _bytes(text))
        for position, kind, subject, text in connection.execute(query).all()
    )


def subjects_since(connection: sa.Connection, position: int, *, kinds: Collection[str]) -> tuple[str, ...]:
    """Return what the leaves from a position on are about, each subject once, of some kinds of records."""
    columns = LEDGER_LEAVES.c
    query = sa.select(columns.subject).where(columns.position >= position, columns.kind.in_(sorted(kinds)))
    return tuple(connection.scalars(query.distinct().order_by(columns.subject)))


def _bytes(text: str) -> bytes:
    """Return a stored hash; one that was damaged equals none."""
    try:
        found = bytes.fromhex(text)
    except DAMAGE:
        return b""
    return found if len(found) == HASH_BYTES else b""


def _appended(connection: sa.Connection) -> int | None:
    """Return how many leaves were ever appended; None where somebody made the count unreadable."""
    try:
        return read_counter(connection, LEDGER_SIZE)
    except DAMAGE:
        return None


def leaves_of(kind: str, records: Iterable[tuple[int, str, Mapping[str, object]]]) -> list[Leaf]:
    """Return the leaves that records of one kind should have: (position, subject, record) each."""
    return [
        Leaf(position_of(position), kind, subject, _hash_found(kind, record)) for position, subject, record in records
    ]


def _hash_found(kind: str, record: Mapping[str, object]) -> bytes:
    """Return a stored record's hash; one that holds what no record can hold equals no leaf."""
    try:
        return hash_of(kind, record)
    except DAMAGE:
        return b"damaged"
