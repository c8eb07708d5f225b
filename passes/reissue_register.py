"""Keep what closures do to the passes they hit: which closures were looked at, and what became of each pass.

A row of `reissues` is one edition that is hit. Its next edition is signed beforehand and kept packed in the row, so
that it counts nowhere until the switch, which is one transaction: before it only the old edition is valid, after it
only the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, insert_rows
from passes.pass_register import PASSES

REISSUE_CLOSURES: Final = sa.Table(
    "reissue_closures",
    METADATA,
    sa.Column("closure_id", sa.String(200), primary_key=True),
    sa.Column("extent", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("lifted_at", Instant),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("decided_at", Instant),
    sa.Column("decision", sa.String(16), nullable=False),
)
REISSUES: Final = sa.Table(
    "reissues",
    METADATA,
    sa.Column("jti", sa.String(32), sa.ForeignKey("passes.jti"), primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("is_started", sa.Boolean, nullable=False),
    sa.Column("known_from", sa.String(16), nullable=False),
    sa.Column("known_at", Instant),
    sa.Column("closes_at", Instant, nullable=False),
    sa.Column("next_edition", sa.Integer, nullable=False),
    sa.Column("next_jti", sa.String(32), nullable=False),
    sa.Column("prepared", sa.LargeBinary),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("added_min", sa.Float),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("told_at", Instant),
    sa.Column("delivered_at", Instant),
    sa.Column("delivered_by", sa.String(16), nullable=False),
    sa.Column("switched_at", Instant),
    sa.Column("option", sa.String(16), nullable=False),
    sa.Column("option_by", sa.String(200), nullable=False),
    sa.Column("option_at", Instant),
)
REISSUE_HITS: Final = sa.Table(
    "reissue_hits",
    METADATA,
    sa.Column("closure_id", sa.String(200), sa.ForeignKey("reissue_closures.closure_id"), primary_key=True),
    sa.Column("jti", sa.String(32), sa.ForeignKey("reissues.jti"), primary_key=True, index=True),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
)

FOUND: Final = "found"
PREPARED: Final = "prepared"
SWITCHED: Final = "switched"
PAST: Final = "past"
NO_ROUTE: Final = "no_route"
REFUSED: Final = "refused"
HELD: Final = "held"
DROPPED: Final = "dropped"
OVERTAKEN: Final = "overtaken"
#: States from which a pass may still come to be re-issued.
OPEN: Final = (FOUND, PREPARED, HELD, NO_ROUTE, REFUSED)
ACTIVE: Final = "active"
LIFTED: Final = "lifted"
#: What may be done for a truck that has no way left.
OPTIONS: Final = ("transfer", "wait", "passage")
_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class HitClosure:
    """A closure whose passes were looked for.

    Attributes
    ----------
    extent
        Digest of what it closes and when: another one means that it must be looked at again.
    state
        `ACTIVE`, or `LIFTED` once it closes nothing any more.
    decision
        What an officer decided after it was lifted, "" before.
    """

    closure_id: str
    extent: str
    state: str
    starts_at: datetime
    ends_at: datetime | None
    found_at: datetime
    lifted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Reissue:
    """What becomes of one edition that closures hit.

    Attributes
    ----------
    jti, number
        The edition that is hit.
    version
        Raised by every change.
    is_started
        Whether its truck is known or must be taken to be on its way.
    known_from, known_at
        What told where the truck was last: "scan", "stop", "time" or "".
    closes_at
        When the first road of it closes: then the switch comes without the driver.
    next_edition, next_jti
        The edition prepared for it; 0 and "" where none is.
    findings
        Codes and facts of why there is none.
    added_min
        Minutes that the new trip takes longer.
    """

    jti: str
    number: str
    version: int
    state: str
    is_started: bool
    known_from: str
    known_at: datetime | None
    closes_at: datetime
    next_edition: int
    next_jti: str
    findings: tuple[Mapping[str, Any], ...]
    added_min: float | None
    made_at: datetime
    changed_at: datetime
    told_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_by: str = ""
    switched_at: datetime | None = None
    option: str = ""
    option_by: str = ""
    option_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HitRow:
    """That a closure hits an edition, and when its truck may be there."""

    closure_id: str
    jti: str
    first_at: datetime
    last_at: datetime


_COLUMNS: Final = tuple(one for one in REISSUES.c if one.name != "prepared")


def _reissue(row: sa.Row[Any]) -> Reissue:
    values = dict(row._mapping)
    return Reissue(**{**values, "findings": tuple(values["findings"])})


def _values(one: Reissue) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in one.__slots__}, "findings": [dict(each) for each in one.findings]}


def _parts(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]


def list_hit_closures(connection: sa.Connection, *states: str) -> tuple[HitClosure, ...]:
    """Return the closures whose passes were looked for, the one found last first."""
    query = sa.select(REISSUE_CLOSURES).order_by(REISSUE_CLOSURES.c.found_at.desc(), REISSUE_CLOSURES.c.closure_id)
    if states:
        query = query.where(REISSUE_CLOSURES.c.state.in_(states))
    return tuple(HitClosure(**row._mapping) for row in connection.execute(query))


def put_hit_closure(connection: sa.Connection, closure: HitClosure) -> None:
    """Write down a closure as it is now, whether it was known before or not."""
    values = {name: getattr(closure, name) for name in closure.__slots__}
    same = REISSUE_CLOSURES.c.closure_id == closure.closure_id
    if connection.execute(sa.update(REISSUE_CLOSURES).where(same).values(values)).rowcount == 0:
        connection.execute(sa.insert(REISSUE_CLOSURES).values(values))


def add_reissues(connection: sa.Connection, added: Sequence[Reissue]) -> None:
    """Keep new rows, whose editions had none."""
    if added:
        connection.execute(sa.insert(REISSUES), [{**_values(one), "prepared": None} for one in added])


def put_hits(connection: sa.Connection, closure_id: str, hits: Sequence[HitRow]) -> None:
    """Write down which editions a closure hits now: those that it hit before and hits no more are taken out."""
    connection.execute(sa.delete(REISSUE_HITS).where(REISSUE_HITS.c.closure_id == closure_id))
    rows = [(one.closure_id, one.jti, one.first_at, one.last_at) for one in hits]
    insert_rows(connection, REISSUE_HITS, rows)


def find_reissues(connection: sa.Connection, jtis: Sequence[str]) -> dict[str, Reissue]:
    """Return the rows of these editions, by jti; one that has none is left out."""
    query = sa.select(*_COLUMNS)
    rows = (row for part in _parts(jtis) for row in connection.execute(query.where(REISSUES.c.jti.in_(part))))
    return {row.jti: _reissue(row) for row in rows}


def list_reissues(
    connection: sa.Connection, *states: str, closure_id: str = "", due_at: datetime | None = None, most: int = 0
) -> tuple[Reissue, ...]:
    """Return rows in these states (none named: in any), by when their roads close.

    Parameters
    ----------
    closure_id
        Only those that this closure hits.
    due_at
        Only those whose roads are closed by then.
    """
    query = sa.select(*_COLUMNS).order_by(REISSUES.c.closes_at, REISSUES.c.jti)
    if states:
        query = query.where(REISSUES.c.state.in_(states))
    if closure_id:
        query = query.join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        query = query.where(REISSUE_HITS.c.closure_id == closure_id)
    if due_at is not None:
        query = query.where(REISSUES.c.closes_at <= due_at)
    return tuple(_reissue(row) for row in connection.execute(query.limit(most) if most else query))


def reissue_of(connection: sa.Connection, number: str, *states: str) -> Reissue | None:
    """Return the newest row of a pass number in one of these states, None where there is none."""
    query = sa.select(*_COLUMNS).where(REISSUES.c.number == number, REISSUES.c.state.in_(states))
    row = connection.execute(query.order_by(REISSUES.c.made_at.desc(), REISSUES.c.jti.desc())).first()
    return None if row is None else _reissue(row)


def closures_hitting(connection: sa.Connection, jti: str) -> tuple[str, ...]:
    """Return the closures that hit an edition."""
    query = sa.select(REISSUE_HITS.c.closure_id).where(REISSUE_HITS.c.jti == jti)
    return tuple(sorted(connection.scalars(query)))


def prepared_of(connection: sa.Connection, jti: str) -> bytes:
    """Return the packed next edition of a row, empty where none is prepared."""
    return bytes(connection.scalar(sa.select(REISSUES.c.prepared).where(REISSUES.c.jti == jti)) or b"")


def change_reissues(connection: sa.Connection, changed: Sequence[tuple[Reissue, bytes | None]]) -> None:
    """Write rows as they are to be, each with its packed next edition (None: none); the versions are those seen.

    Raises
    ------
    BadInputError
        `reissue-changed`: somebody else was faster with one of them; the transaction must not be kept.
    """
    same = (REISSUES.c.jti == sa.bindparam("is_jti")) & (REISSUES.c.version == sa.bindparam("is_version"))
    names = [one.name for one in REISSUES.c if one.name != "jti"]
    change = sa.update(REISSUES).where(same).values({name: sa.bindparam(f"new_{name}") for name in names})
    rows = []
    for one, packed in changed:
        values = {**_values(one), "prepared": packed, "version": one.version + 1}
        rows.append({"is_jti": one.jti, "is_version": one.version, **{f"new_{name}": values[name] for name in names}})
    if rows and connection.execute(change, rows).rowcount != len(rows):
        raise BadInputError("reissue-changed", changed[0][0].number, number=changed[0][0].number)


def next_edition_numbers(connection: sa.Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Return for each pass number the next edition that nobody has or had, prepared ones counted."""
    found = dict.fromkeys(numbers, 0)
    for table, column in ((PASSES, PASSES.c.edition), (REISSUES, REISSUES.c.next_edition)):
        query = sa.select(table.c.number, sa.func.max(column)).group_by(table.c.number)
        for part in _parts(numbers):
            for number, edition in connection.execute(query.where(table.c.number.in_(part))):
                found[number] = max(found[number], int(edition or 0))
    return {number: edition + 1 for number, edition in found.items()}


def count_by_closure(connection: sa.Connection, closure_id: str) -> dict[tuple[str, bool], int]:
    """Return how many rows of a closure are in each state, started or not."""
    query = (
        sa.select(REISSUES.c.state, REISSUES.c.is_started, sa.func.count())
        .join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        .where(REISSUE_HITS.c.closure_id == closure_id)
        .group_by(REISSUES.c.state, REISSUES.c.is_started)
    )
    return {(state, bool(started)): int(count) for state, started, count in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a closure's passes are: `mark` rises with every change of any of them."""

    mark: int
    done: int
    total: int


def progress_of(connection: sa.Connection, closure_id: str) -> Progress:
    """Return how many of a closure's passes were planned or left alone, of how many."""
    waiting = sa.func.sum(sa.case((REISSUES.c.state == FOUND, 1), else_=0))
    query = (
        sa.select(sa.func.sum(REISSUES.c.version), waiting, sa.func.count())
        .join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        .where(REISSUE_HITS.c.closure_id == closure_id)
    )
    mark, left, total = connection.execute(query).one()
    return Progress(int(mark or 0), int(total) - int(left or 0), int(total))


def find_hit_closure(connection: sa.Connection, closure_id: str) -> HitClosure:
    """Return a closure whose passes were looked for.

    Raises
    ------
    BadInputError
        `closure-hits-unknown`.
    """
    found = [one for one in list_hit_closures(connection) if one.closure_id == closure_id]
    if not found:
        raise BadInputError("closure-hits-unknown", closure_id, id=closure_id)
    return found[0]
