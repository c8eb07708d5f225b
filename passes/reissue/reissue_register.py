"""Keep what closures do to the passes they hit: which closures were looked at, and what became of each pass.

A row of `reissues` is one edition that is hit. Its next edition is signed beforehand and kept among the passes, where
it counts nowhere until the switch (`prepared_register`), which is one transaction: before it only the old edition is in
force, after it only the new one. The old one's code stays good for longer: until the new one is delivered and the road
is closed, whichever is later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, insert_rows, one_of
from passes.editions.pass_register import PASSES, SUSPENDED

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
    sa.Column("planned_from", sa.String(16), nullable=False),
    sa.Column("closes_at", Instant, nullable=False),
    sa.Column("next_edition", sa.Integer, nullable=False),
    sa.Column("next_jti", sa.String(32), nullable=False, index=True),
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
#: The new edition is in force, and the old one's code is good as well.
OUTGOING: Final = "outgoing"
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
#: Where a new way begins: as the pass does, where its truck is, or where it was seen last and has driven on since.
ORIGIN: Final = "origin"
POSITION: Final = "position"
LAST_SEEN: Final = "last_seen"
#: Who delivered a new edition.
BY_DRIVER: Final = "driver"
BY_CHECKPOINT: Final = "checkpoint"
BY_MESSAGE: Final = "message"
#: What may be done for a truck that has no way left.
OPTIONS: Final = ("transfer", "wait", "passage")


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
        What told where the truck was last: "scan", "stop", "track", "time" or "".
    planned_from
        Where its new way begins: `ORIGIN`, `POSITION`, `LAST_SEEN`, or "" where there is none.
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
    planned_from: str = ""


@dataclass(frozen=True, slots=True)
class HitRow:
    """That a closure hits an edition, and when its truck may be there."""

    closure_id: str
    jti: str
    first_at: datetime
    last_at: datetime


_COLUMNS: Final = tuple(REISSUES.c)
_IN_ORDER: Final = attrgetter(*(one.name for one in _COLUMNS))
_FINDINGS: Final = [one.name for one in _COLUMNS].index("findings")


def _reissue(row: sa.Row[Any]) -> Reissue:
    values = dict(row._mapping)
    return Reissue(**{**values, "findings": tuple(values["findings"])})


def _values(one: Reissue) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in one.__slots__}, "findings": [dict(each) for each in one.findings]}


def _row_of(one: Reissue) -> tuple[Any, ...]:
    """Return a row as it is kept, in the order of the table's columns."""
    found = _IN_ORDER(one)
    findings = [dict(each) for each in one.findings]
    return (*found[:_FINDINGS], findings, *found[_FINDINGS + 1 :])


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
    insert_rows(connection, REISSUES, [_row_of(one) for one in added])


def put_hits(connection: sa.Connection, closure_id: str, hits: Sequence[HitRow]) -> None:
    """Write down which editions a closure hits now: those that it hit before and hits no more are taken out."""
    connection.execute(sa.delete(REISSUE_HITS).where(REISSUE_HITS.c.closure_id == closure_id))
    rows = [(one.closure_id, one.jti, one.first_at, one.last_at) for one in hits]
    insert_rows(connection, REISSUE_HITS, rows)


def find_reissues(connection: sa.Connection, jtis: Sequence[str]) -> dict[str, Reissue]:
    """Return the rows of these editions, by jti; one that has none is left out."""
    query = sa.select(*_COLUMNS).where(one_of(connection, REISSUES.c.jti, jtis))
    return {row.jti: _reissue(row) for row in connection.execute(query)}


def reissues_for(connection: sa.Connection, next_jtis: Sequence[str]) -> tuple[Reissue, ...]:
    """Return the rows for which these next editions are prepared."""
    query = sa.select(*_COLUMNS).where(one_of(connection, REISSUES.c.next_jti, next_jtis))
    return tuple(_reissue(row) for row in connection.execute(query))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are asked for; as it stands, all of them.

    Attributes
    ----------
    closure_id
        Only those that this closure hits.
    due_at
        Only those whose roads are closed by then, and whose pass is not suspended: that one waits.
    most
        At most so many; 0 for all.
    """

    closure_id: str = ""
    due_at: datetime | None = None
    most: int = 0


def list_reissues(connection: sa.Connection, *states: str, asked: Asked = Asked()) -> tuple[Reissue, ...]:
    """Return rows in these states (none named: in any), by when their roads close."""
    query = sa.select(*_COLUMNS).order_by(REISSUES.c.closes_at, REISSUES.c.jti)
    if states:
        query = query.where(REISSUES.c.state.in_(states))
    if asked.closure_id:
        query = query.join(REISSUE_HITS, REISSUE_HITS.c.jti == REISSUES.c.jti)
        query = query.where(REISSUE_HITS.c.closure_id == asked.closure_id)
    if asked.due_at is not None:
        query = query.join(PASSES, PASSES.c.jti == REISSUES.c.jti)
        query = query.where(REISSUES.c.closes_at <= asked.due_at, PASSES.c.state != SUSPENDED)
    return tuple(_reissue(row) for row in connection.execute(query.limit(asked.most) if asked.most else query))


def reissue_of(connection: sa.Connection, number: str, *states: str) -> Reissue | None:
    """Return the newest row of a pass number in one of these states, None where there is none."""
    query = sa.select(*_COLUMNS).where(REISSUES.c.number == number, REISSUES.c.state.in_(states))
    row = connection.execute(query.order_by(REISSUES.c.made_at.desc(), REISSUES.c.jti.desc())).first()
    return None if row is None else _reissue(row)


def closures_hitting(connection: sa.Connection, jtis: Sequence[str], *states: str) -> dict[str, tuple[str, ...]]:
    """Return for each edition the closures that hit it, in order: those in these states, none named in any."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(jtis, ())
    query = sa.select(REISSUE_HITS.c.jti, REISSUE_HITS.c.closure_id).order_by(REISSUE_HITS.c.closure_id)
    if states:
        query = query.join(REISSUE_CLOSURES, REISSUE_CLOSURES.c.closure_id == REISSUE_HITS.c.closure_id)
        query = query.where(REISSUE_CLOSURES.c.state.in_(states))
    for jti, closure_id in connection.execute(query.where(one_of(connection, REISSUE_HITS.c.jti, jtis))):
        found[jti] = (*found[jti], closure_id)
    return found


def change_reissues(connection: sa.Connection, changed: Sequence[Reissue]) -> None:
    """Write rows as they are to be; the versions are those that were seen.

    Raises
    ------
    BadInputError
        `reissue-changed`: somebody else was faster with one of them; the transaction must not be kept.
    """
    same = (REISSUES.c.jti == sa.bindparam("is_jti")) & (REISSUES.c.version == sa.bindparam("is_version"))
    names = [one.name for one in REISSUES.c if one.name != "jti"]
    change = sa.update(REISSUES).where(same).values({name: sa.bindparam(f"new_{name}") for name in names})
    rows = []
    for one in changed:
        values = {**_values(one), "version": one.version + 1}
        rows.append({"is_jti": one.jti, "is_version": one.version, **{f"new_{name}": values[name] for name in names}})
    if rows and connection.execute(change, rows).rowcount != len(rows):
        raise BadInputError("reissue-changed", changed[0].number, number=changed[0].number)


def next_edition_numbers(connection: sa.Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Return for each pass number the next edition that nobody has or had, prepared ones counted."""
    found = dict.fromkeys(numbers, 0)
    for table, column in ((PASSES, PASSES.c.edition), (REISSUES, REISSUES.c.next_edition)):
        query = sa.select(table.c.number, sa.func.max(column)).group_by(table.c.number)
        for number, edition in connection.execute(query.where(one_of(connection, table.c.number, numbers))):
            found[number] = max(found[number], int(edition or 0))
    return {number: edition + 1 for number, edition in found.items()}


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
