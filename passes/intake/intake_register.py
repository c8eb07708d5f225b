"""Keep the applications that firms send: their state, what they were judged on, who answered, and what happened.

What an application says of people stays sealed (`sealed_applications`); kept in clear is only what a queue sorts and
searches by. Every change raises `version`: who changes an application names the version that was looked at, and learns
when somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.store import METADATA, Instant, insert_rows, raise_counter, update_rows
from geodata.windows import format_instant
from passes.applications.sealed_applications import APPLICATIONS
from passes.editions.pass_register import PASSES

DRAFT: Final = "draft"
APPLIED: Final = "applied"
RETURNED: Final = "returned"
REFUSED: Final = "refused"
GRANTED: Final = "granted"
STATES: Final = (DRAFT, APPLIED, RETURNED, REFUSED, GRANTED)
_SERIAL: Final = "intake_serial"

INTAKE: Final = sa.Table(
    "intake",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("firm", sa.String(200), nullable=False, index=True),
    sa.Column("enterprise", sa.String(200), nullable=False),
    sa.Column("plate", sa.String(16), nullable=False),
    sa.Column("goods", sa.String(200), nullable=False),
    sa.Column("origin", sa.String(200), nullable=False),
    sa.Column("destination", sa.String(200), nullable=False),
    sa.Column("persons", sa.Integer, nullable=False),
    sa.Column("depart_at", Instant),
    sa.Column("application", sa.String(64), sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("filed_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("changed_by", sa.String(200), nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Column("judged_at", Instant),
    sa.Column("closure_set_version", sa.BigInteger, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_by", sa.String(200), nullable=False),
    sa.Column("answered_at", Instant),
    sa.Column("pass_number", sa.String(12), nullable=False),
    sa.Index(None, "state", "depart_at"),
)
INTAKE_EVENTS: Final = sa.Table(
    "intake_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("intake", sa.String(16), sa.ForeignKey("intake.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules said of an application, when, and on which state of the closures."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    judged_at: datetime | None = None
    closure_set_version: int = 0


@dataclass(frozen=True, slots=True)
class IntakeRecord:
    """One application as the intake keeps it, with nothing of a person.

    Attributes
    ----------
    id
        What people call it by: a serial of six digits.
    version
        Raised by every change; named by whoever makes the next one.
    firm
        The firm's id on the whitelist.
    origin, destination
        What the ends are called.
    depart_at
        None in a draft that does not say it yet.
    application
        What the sealed application is known by.
    judgement
        What it was judged on when it was filed or answered last.
    answer
        Why it was returned or refused.
    pass_number
        Of the pass it was granted, else "".
    """

    id: str
    version: int
    state: str
    firm: str
    enterprise: str
    plate: str
    goods: str
    origin: str
    destination: str
    persons: int
    depart_at: datetime | None
    application: str
    filed_at: datetime | None
    changed_at: datetime
    changed_by: str
    judgement: Judgement = field(default_factory=Judgement)
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    pass_number: str = ""


@dataclass(frozen=True, slots=True)
class IntakeEvent:
    """What somebody did to an application: saved, filed, taken_back, returned, refused or granted."""

    at: datetime
    who: str
    event: str
    text: str


_PLAIN: Final = tuple(one.name for one in fields(IntakeRecord) if one.name != "judgement")
_JUDGED: Final = ("findings", "notes", "judged_at", "closure_set_version")
_COLUMNS: Final = tuple(one.name for one in INTAKE.c)
#: Applications asked for in one query.
_CHUNK: Final = 500


def _finding_out(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "clause": finding.clause,
        "subject": finding.subject,
        "facts": dict(finding.facts),
    }


def _finding_in(kept: Mapping[str, Any]) -> Finding:
    return Finding(kept["code"], kept["clause"], kept["subject"], MappingProxyType(kept["facts"]))


def _judgement_columns(judgement: Judgement) -> dict[str, Any]:
    return {
        "findings": [_finding_out(one) for one in judgement.findings],
        "notes": [_finding_out(one) for one in judgement.notes],
        "judged_at": judgement.judged_at,
        "closure_set_version": judgement.closure_set_version,
    }


def _record(row: sa.Row[Any]) -> IntakeRecord:
    judgement = Judgement(
        tuple(_finding_in(one) for one in row.findings),
        tuple(_finding_in(one) for one in row.notes),
        row.judged_at,
        row.closure_set_version,
    )
    return IntakeRecord(**{key: getattr(row, key) for key in _PLAIN}, judgement=judgement)


def _columns(record: IntakeRecord) -> dict[str, Any]:
    return {**{key: getattr(record, key) for key in _PLAIN}, **_judgement_columns(record.judgement)}


def next_intake_id(connection: sa.Connection) -> str:
    """Return the next application's id."""
    return next_intake_ids(connection, 1)[0]


def next_intake_ids(connection: sa.Connection, count: int) -> tuple[str, ...]:
    """Return the next applications' ids."""
    last = raise_counter(connection, _SERIAL, by=count) if count else 0
    return tuple(f"{serial:06d}" for serial in range(last - count + 1, last + 1))


def add_intake(connection: sa.Connection, record: IntakeRecord, event: str) -> None:
    """Keep a new application."""
    add_intakes(connection, [record], event)


def add_intakes(connection: sa.Connection, records: Sequence[IntakeRecord], event: str) -> None:
    """Keep new applications."""
    columns = (_columns(one) for one in records)
    insert_rows(connection, INTAKE, [tuple(one[name] for name in _COLUMNS) for one in columns])
    _record_events(connection, records, event)


def change_intakes(connection: sa.Connection, records: Sequence[IntakeRecord], event: str) -> None:
    """Keep what becomes of applications that nobody else can have changed meanwhile: each is one version on.

    Raises
    ------
    BadInputError
        `application-changed`: somebody did; the caller's transaction must not be kept.
    """
    if not records:
        return
    changed = ("version", "state", "pass_number", "changed_by", "changed_at", *_JUDGED)
    rows = []
    for record in records:
        columns = _columns(record)
        rows.append((*(columns[name] for name in changed), record.id, record.version - 1))
    if update_rows(connection, INTAKE, rows, changed=changed, same=("id", "version")) != len(rows):
        raise changed_error(records[0])
    _record_events(connection, records, event)


def change_intake(connection: sa.Connection, record: IntakeRecord, event: str, *, seen: int) -> IntakeRecord:
    """Keep an application as it is now, and what happened to it.

    Parameters
    ----------
    record
        As it is to be; its version is set here.
    event
        What happened, for the history.
    seen
        The version that was looked at by whoever changes it.

    Raises
    ------
    BadInputError
        `application-changed`: somebody else was faster; the facts say who, when and to what.
    """
    columns = {**_columns(record), "version": seen + 1}
    same = (INTAKE.c.id == record.id) & (INTAKE.c.version == seen)
    if connection.execute(sa.update(INTAKE).where(same).values(columns)).rowcount != 1:
        now = find_intake(connection, record.id)
        raise changed_error(now)
    _record_events(connection, [record], event)
    return find_intake(connection, record.id)


def changed_error(now: IntakeRecord) -> BadInputError:
    """Return the error of whoever looked at an older version of an application."""
    facts = {"id": now.id, "state": now.state, "who": now.changed_by, "at": format_instant(now.changed_at)}
    return BadInputError("application-changed", now.id, **facts)


def keep_judgement(connection: sa.Connection, record: IntakeRecord, judgement: Judgement) -> None:
    """Keep what an application was judged on; that alone is no change of it."""
    columns = _judgement_columns(judgement)
    connection.execute(sa.update(INTAKE).where(INTAKE.c.id == record.id).values(columns))


def _record_events(connection: sa.Connection, records: Sequence[IntakeRecord], event: str) -> None:
    rows = []
    for one in records:
        text = one.answer if event in {RETURNED, REFUSED} else one.pass_number if event == GRANTED else ""
        rows.append((one.id, one.changed_at, one.changed_by, event, text))
    insert_rows(connection, INTAKE_EVENTS, rows, without=("id",))


def find_intake(connection: sa.Connection, intake_id: str, *, firm: str = "") -> IntakeRecord:
    """Return an application; with a firm named, only one of that firm.

    Raises
    ------
    BadInputError
        `intake-unknown`, also where it is another firm's.
    """
    row = connection.execute(sa.select(INTAKE).where(INTAKE.c.id == intake_id)).first()
    if row is None or (firm and row.firm != firm):
        raise BadInputError("intake-unknown", intake_id, id=intake_id)
    return _record(row)


def find_intakes(connection: sa.Connection, intake_ids: Iterable[str]) -> tuple[IntakeRecord, ...]:
    """Return these applications, in the order of their ids; one that does not exist is left out."""
    asked = sorted(set(intake_ids))
    parts = (asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK))
    query = sa.select(INTAKE).order_by(INTAKE.c.id)
    return tuple(_record(row) for part in parts for row in connection.execute(query.where(INTAKE.c.id.in_(part))))


def intake_of_pass(connection: sa.Connection, number: str) -> IntakeRecord | None:
    """Return the application that a pass number was issued on; None where it came another way."""
    row = connection.execute(sa.select(INTAKE).where(INTAKE.c.pass_number == number).order_by(INTAKE.c.id)).first()
    return None if row is None else _record(row)


def list_intake(
    connection: sa.Connection, *states: str, firm: str = "", most: int = 0, newest_first: bool = False
) -> tuple[IntakeRecord, ...]:
    """Return applications in these states (none named: in any), by departure or the newest first.

    Parameters
    ----------
    firm
        Only this firm's; "" for all.
    most
        At most so many; 0 for all.
    """
    by = (INTAKE.c.id.desc(),) if newest_first else (INTAKE.c.depart_at, INTAKE.c.id)
    query = sa.select(INTAKE).order_by(*by)
    if states:
        query = query.where(INTAKE.c.state.in_(states))
    if firm:
        query = query.where(INTAKE.c.firm == firm)
    return tuple(_record(row) for row in connection.execute(query.limit(most) if most else query))


def count_intake(connection: sa.Connection, *, firm: str = "") -> Mapping[str, int]:
    """Return how many applications are in each state."""
    query = sa.select(INTAKE.c.state, sa.func.count()).group_by(INTAKE.c.state)
    if firm:
        query = query.where(INTAKE.c.firm == firm)
    counted = {state: int(count) for state, count in connection.execute(query)}
    return {state: counted.get(state, 0) for state in STATES}


def same_application(connection: sa.Connection, application: str, states: Collection[str]) -> IntakeRecord | None:
    """Return the newest record of the very same content in one of these states, None where there is none."""
    query = sa.select(INTAKE).where(INTAKE.c.application == application, INTAKE.c.state.in_(states))
    row = connection.execute(query.order_by(INTAKE.c.id.desc())).first()
    return None if row is None else _record(row)


def same_applications(
    connection: sa.Connection, applications: Sequence[str], states: Collection[str]
) -> dict[str, IntakeRecord]:
    """Return the newest record of each very same content in one of these states, by what the content is known by."""
    # The states are not asked of the database: it would go through everything that is in one of them.
    query = sa.select(INTAKE).order_by(INTAKE.c.id)
    parts = (applications[start : start + _CHUNK] for start in range(0, len(applications), _CHUNK))
    rows = (row for part in parts for row in connection.execute(query.where(INTAKE.c.application.in_(part))))
    return {row.application: _record(row) for row in rows if row.state in states}


def intake_events(connection: sa.Connection, intake_id: str) -> tuple[IntakeEvent, ...]:
    """Return what happened to an application, in order."""
    query = sa.select(INTAKE_EVENTS).where(INTAKE_EVENTS.c.intake == intake_id).order_by(INTAKE_EVENTS.c.id)
    return tuple(IntakeEvent(row.at, row.who, row.event, row.text) for row in connection.execute(query))


def forget_unused(connection: sa.Connection, application: str) -> None:
    """Delete a sealed application that nothing rests on any more, such as a draft written over: it names people."""
    used_by = (
        sa.select(INTAKE.c.id).where(INTAKE.c.application == application),
        sa.select(PASSES.c.jti).where(PASSES.c.application == application),
    )
    if not any(connection.execute(query.limit(1)).first() for query in used_by):
        connection.execute(sa.delete(APPLICATIONS).where(APPLICATIONS.c.id == application))
