"""Keep passes: what was issued, over which roads and when, what happened to it; found by number, list and road.

A pass is one edition of a number: renewing makes the next edition and marks the one before as replaced, which is not
withdrawn. States kept: granted, replaced, withdrawn, suspended, completed; "expired" follows from the time. One that is
prepared for a closure that is to come is kept like the others, in a state that none of these readers sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant, insert_rows
from geodata.windows import Window
from passes.reading.plates import normalise_plate
from passes.ways.packed_route import PackedRoute, packed_route
from passes.ways.shared_head import SharedHead, head_name
from passes.ways.ways_register import keep_heads, keep_stages, packed_ways

if TYPE_CHECKING:
    from passes.ways.driven_way import Stage

GRANTED: Final = "granted"
REPLACED: Final = "replaced"
WITHDRAWN: Final = "withdrawn"
SUSPENDED: Final = "suspended"
EXPIRED: Final = "expired"
COMPLETED: Final = "completed"
STATES: Final = (GRANTED, REPLACED, WITHDRAWN, SUSPENDED, EXPIRED, COMPLETED)
#: Signed beforehand: known to nobody, and counted nowhere, until it is granted or dropped.
PREPARED: Final = "prepared"

#: Passes asked for in one query.
_CHUNK: Final = 500
_EDITION: Final = re.compile(r"[0-9]{1,4}")

PASSES: Final = sa.Table(
    "passes",
    METADATA,
    sa.Column("jti", sa.String(32), primary_key=True),
    sa.Column("number", sa.String(12), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("firm", sa.String(200), nullable=False, index=True),
    sa.Column("enterprise", sa.String(200), nullable=False),
    sa.Column("plate", sa.String(16), nullable=False, index=True),
    sa.Column("goods", sa.String(200), nullable=False),
    sa.Column("crew", sa.JSON, nullable=False),
    sa.Column("application", sa.String(64), sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("depart_at", Instant, nullable=False),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("expires_because", sa.String(32), nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("kid", sa.String(64), nullable=False),
    sa.Column("rules", sa.String(64), nullable=False),
    sa.Column("network_digest", sa.String(64), nullable=False),
    sa.Column("closure_set_version", sa.BigInteger, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("packed_route", sa.LargeBinary, nullable=False),
    sa.Column("ways", sa.Text, nullable=False),
    sa.Column("replaced_by", sa.String(32), nullable=False),
    sa.Column("roads_of", sa.String(32), nullable=False, index=True),
    sa.UniqueConstraint("number", "edition"),
)
PASS_EVENTS: Final = sa.Table(
    "pass_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("jti", sa.String(32), sa.ForeignKey("passes.jti"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PassRecord:
    """One edition of a pass, with nothing of a person but the masked name, the last four of the number, and the end.

    Attributes
    ----------
    jti
        What status lists and records are keyed on.
    crew
        JSON-ready: one object a person with `name` (masked), `id_tail`, `role`, `condition_ends_at`, and
        `pending` where a result was not known yet.
    application
        What its sealed application is known by.
    closure_set_version
        State of the closures that its route was planned on.
    roads_of
        The edition (jti) with which its route is kept, "" for its own.
    """

    jti: str
    number: str
    edition: int
    state: str
    firm: str
    enterprise: str
    plate: str
    goods: str
    crew: tuple[Mapping[str, Any], ...]
    application: str
    depart_at: datetime
    not_before: datetime
    expires_at: datetime
    expires_because: str
    issued_at: datetime
    kid: str
    rules: str
    network_digest: str
    closure_set_version: int
    token: str
    url: str
    route: Mapping[str, Any]
    replaced_by: str = ""
    roads_of: str = ""

    @property
    def roads_jti(self) -> str:
        """The edition with which its route is kept."""
        return self.roads_of or self.jti

    def state_at(self, at: datetime) -> str:
        """Return the state at a time: a granted pass expires by itself."""
        return EXPIRED if self.state == GRANTED and at >= self.expires_at else self.state


@dataclass(frozen=True, slots=True)
class PassEvent:
    """What happened to a pass, and why; `facts` name the account `by` which a person did it."""

    jti: str
    at: datetime
    event: str
    reason: str
    facts: Mapping[str, Any]


_COLUMNS: Final = tuple(one.name for one in PASSES.c)
_PLAIN: Final = tuple(one.name for one in fields(PassRecord) if one.name not in {"crew", "route"})


def _records(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[PassRecord]:
    """Give the passes that a query finds, each with its route, unpacked when it is looked at."""
    rows = connection.execute(query).all()
    heads = [head_name(bytes(row.packed_route)) for row in rows]
    ways = packed_ways(connection, {*filter(None, heads), *(name for row in rows for name in row.ways.split())})
    for row, head in zip(rows, heads, strict=True):
        names = tuple(row.ways.split())
        shared = SharedHead(head, ways[head]) if head else None
        route = PackedRoute(bytes(row.packed_route), tuple(ways[name] for name in names), names, shared)
        values = {key: getattr(row, key) for key in _PLAIN}
        values["roads_of"] = "" if row.roads_of == row.jti else row.roads_of
        yield PassRecord(**values, crew=tuple(row.crew), route=route)


def _read(*, prepared: bool = False) -> sa.Select[Any]:
    """Return the query of passes, each with its route where that is kept: of all but the prepared ones, or of these."""
    kept = PASSES.alias("kept")
    columns = [one for one in PASSES.c if one.name not in {"packed_route", "ways"}]
    query = sa.select(*columns, kept.c.packed_route, kept.c.ways).join(kept, kept.c.jti == PASSES.c.roads_of)
    return query.where(PASSES.c.state == PREPARED if prepared else PASSES.c.state != PREPARED)


def add_passes(connection: sa.Connection, added: Sequence[tuple[PassRecord, Iterable[Stage]]]) -> None:
    """Keep passes that were just signed, each with its stages; one that has another's roads brings none."""
    rows, stages, heads = [], [], []
    for record, driven in added:
        route = packed_route({} if record.roads_of else record.route)
        values = {key: getattr(record, key) for key in _PLAIN}
        values.update(crew=list(record.crew), roads_of=record.roads_jti)
        values.update(packed_route=b"" if record.roads_of else route.packed, ways=" ".join(route.names))
        rows.append(tuple(values[key] for key in _COLUMNS))
        stages += [(record.jti, one) for one in driven]
        heads += [route.head] if route.head else []
    keep_heads(connection, heads)
    insert_rows(connection, PASSES, rows)
    keep_stages(connection, stages)


def record_events(connection: sa.Connection, events: Sequence[PassEvent]) -> None:
    """Write down what happened to passes."""
    rows = [(one.jti, one.at, one.event, one.reason, dict(one.facts)) for one in events]
    insert_rows(connection, PASS_EVENTS, rows, without=("id",))


def record_event(connection: sa.Connection, event: PassEvent) -> None:
    """Write down what happened to a pass."""
    record_events(connection, [event])


def done_by(account: str) -> dict[str, str]:
    """Return the facts of an event that a person brought about; none where nobody is known."""
    return {"by": account} if account else {}


def events_of(connection: sa.Connection, number: str) -> tuple[PassEvent, ...]:
    """Return what happened to every edition of a number, in order."""
    joined = PASS_EVENTS.join(PASSES, PASSES.c.jti == PASS_EVENTS.c.jti)
    query = sa.select(PASS_EVENTS).select_from(joined).where(PASSES.c.number == number).order_by(PASS_EVENTS.c.id)
    return tuple(PassEvent(row.jti, row.at, row.event, row.reason, row.facts) for row in connection.execute(query))


def find_pass(connection: sa.Connection, number: str) -> PassRecord:
    """Return the newest edition of a pass number, or the edition that is named ("411322000123-1").

    Raises
    ------
    BadInputError
        `pass-unknown`.
    """
    whole, _, edition = number.partition("-")
    query = _read().where(PASSES.c.number == whole).order_by(PASSES.c.edition.desc()).limit(1)
    if edition:
        query = query.where(PASSES.c.edition == (int(edition) if _EDITION.fullmatch(edition) else 0))
    found = next(_records(connection, query), None)
    if found is None:
        raise BadInputError("pass-unknown", number, number=number)
    return found


def read_passes(connection: sa.Connection, jtis: Iterable[str], *, prepared: bool = False) -> tuple[PassRecord, ...]:
    """Return these editions, ordered by jti; one that does not exist is left out.

    Parameters
    ----------
    prepared
        Of those that are prepared, instead of all others.
    """
    wanted = sorted(set(jtis))
    parts = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
    query = _read(prepared=prepared).order_by(PASSES.c.jti)
    return tuple(one for part in parts for one in _records(connection, query.where(PASSES.c.jti.in_(part))))


def editions_of(connection: sa.Connection, number: str) -> tuple[str, ...]:
    """Return every edition (jti) of a number that was ever in force, oldest first."""
    query = sa.select(PASSES.c.jti).where(PASSES.c.number == number, PASSES.c.state != PREPARED)
    return tuple(connection.scalars(query.order_by(PASSES.c.edition)))


@dataclass(frozen=True, slots=True)
class PassSearch:
    """Which passes are looked for.

    Attributes
    ----------
    state
        One of `STATES`; "" for every one.
    text
        Part of the number, the plate or the firm's name; "" for all.
    firm
        Id of the only firm; "" for all.
    valid_within
        Only those that were valid at some time of this window; None for all.
    most
        At most so many; 0 for all.
    """

    state: str = ""
    text: str = ""
    firm: str = ""
    valid_within: Window | None = None
    most: int = 0


def list_passes(connection: sa.Connection, *, state: str = "", at: datetime, most: int = 0) -> tuple[PassRecord, ...]:
    """Return passes by number and edition, the newest first: `search_passes` by state alone."""
    return search_passes(connection, PassSearch(state, most=most), at=at)


def search_passes(connection: sa.Connection, wanted: PassSearch, *, at: datetime) -> tuple[PassRecord, ...]:
    """Return the passes that are looked for, by number and edition, the newest first."""
    query = _read().order_by(PASSES.c.number.desc(), PASSES.c.edition.desc())
    if wanted.state == EXPIRED:
        query = query.where(PASSES.c.state == GRANTED, PASSES.c.expires_at <= at)
    elif wanted.state == GRANTED:
        query = query.where(PASSES.c.state == GRANTED, PASSES.c.expires_at > at)
    elif wanted.state:
        query = query.where(PASSES.c.state == wanted.state)
    if wanted.firm:
        query = query.where(PASSES.c.firm == wanted.firm)
    if wanted.valid_within is not None:
        query = query.where(PASSES.c.expires_at > wanted.valid_within.start)
        if wanted.valid_within.end is not None:
            query = query.where(PASSES.c.not_before < wanted.valid_within.end)
    if wanted.text.strip():
        query = query.where(_mentions(wanted.text.strip()))
    return tuple(_records(connection, query.limit(wanted.most) if wanted.most else query))


def _mentions(text: str) -> sa.ColumnElement[bool]:
    """Tell whether a pass's number, plate or firm holds a text."""
    return sa.or_(
        PASSES.c.number.contains(normalise_plate(text), autoescape=True),
        PASSES.c.plate.contains(normalise_plate(text), autoescape=True),
        PASSES.c.enterprise.contains(text, autoescape=True),
    )


def open_pass_of(connection: sa.Connection, application: str, *, at: datetime) -> PassRecord | None:
    """Return the pass that an application was given before, in its newest edition; None where none is good any more."""
    numbers = sa.select(PASSES.c.number).where(PASSES.c.application == application)
    query = _read().where(PASSES.c.number.in_(numbers), PASSES.c.state == GRANTED, PASSES.c.expires_at > at)
    return next(_records(connection, query.limit(1)), None)


def open_passes_of(connection: sa.Connection, applications: Sequence[str], *, at: datetime) -> dict[str, PassRecord]:
    """Return the passes that applications were given before, as `open_pass_of`; by what the application is known by."""
    numbers = {}
    for start in range(0, len(applications), _CHUNK):
        given = sa.select(PASSES.c.number, PASSES.c.application)
        part = given.where(PASSES.c.application.in_(applications[start : start + _CHUNK]))
        numbers.update({row.number: row.application for row in connection.execute(part)})
    if not numbers:
        return {}
    found: dict[str, PassRecord] = {}
    for start in range(0, len(numbers), _CHUNK):
        asked = list(numbers)[start : start + _CHUNK]
        query = _read().where(PASSES.c.number.in_(asked), PASSES.c.state == GRANTED, PASSES.c.expires_at > at)
        for record in _records(connection, query):
            found.setdefault(numbers[record.number], record)
    return found


def refuse_unless(record: PassRecord, *states: str) -> None:
    """Refuse to change a pass that is in none of these states.

    Raises
    ------
    BadInputError
        `pass-not-open`.
    """
    if record.state not in states:
        raise BadInputError("pass-not-open", record.number, number=record.number, state=record.state)


def set_states(
    connection: sa.Connection, records: Sequence[PassRecord], state: str, *, replaced_by: Sequence[str] = ()
) -> None:
    """Move passes to another state; who does so sets their status and records the events.

    Raises
    ------
    BadInputError
        `pass-state-changed`: somebody else was faster with one of them.
    """
    successors = replaced_by or [""] * len(records)
    same = (PASSES.c.jti == sa.bindparam("is_jti")) & (PASSES.c.state == sa.bindparam("is_state"))
    change = sa.update(PASSES).where(same).values(state=state, replaced_by=sa.bindparam("successor"))
    rows = [
        {"is_jti": one.jti, "is_state": one.state, "successor": successor}
        for one, successor in zip(records, successors, strict=True)
    ]
    if rows and connection.execute(change, rows).rowcount != len(rows):
        raise BadInputError("pass-state-changed", records[0].number, number=records[0].number, state=records[0].state)


def set_state(connection: sa.Connection, record: PassRecord, state: str, *, replaced_by: str = "") -> None:
    """Move one pass to another state; who does so sets its status and records the event.

    Raises
    ------
    BadInputError
        `pass-state-changed`: somebody else was faster.
    """
    set_states(connection, [record], state, replaced_by=[replaced_by])
