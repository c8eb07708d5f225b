"""Keep the board: every finding and every ticket with its state, place and clock, so that lists and counts are SQL's.

The board is derived: what the steps say is written with each step, what the audit says whenever it was run. The record
that the log vouches for are the steps alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant, raise_counter, read_counter
from geodata.tickets.ticket import FOUND, Ticket

BOARD: Final = sa.Table(
    "ticket_board",
    METADATA,
    sa.Column("subject", sa.String(100), primary_key=True),
    sa.Column("check_id", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("unit", sa.String(200), nullable=False, index=True),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("steps", sa.Integer, nullable=False),
    sa.Column("is_reopening", sa.Boolean, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("is_found", sa.Boolean, nullable=False),
    sa.Column("comes_back", sa.Boolean, nullable=False),
    sa.Column("township", sa.String(200), nullable=False),
    sa.Column("road_id", sa.String(100), nullable=False),
    sa.Column("lon", sa.Float),
    sa.Column("lat", sa.Float),
    sa.Column("put_up_by", sa.Text, nullable=False),
    sa.Column("cause", sa.String(32), nullable=False),
    sa.Column("since", Instant),
    sa.Column("clause", sa.String(32), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)
#: Counters: the register's version and the minute of the last audit that the board was written from.
_VERSION: Final = "ticket_board_version"
_MINUTE: Final = "ticket_board_minute"
#: What the list can be grouped by, and the column that tells it.
GROUPS: Final[Mapping[str, str]] = {
    "check": "check_id",
    "township": "township",
    "cause": "cause",
    "closure": "subject",
    "unit": "unit",
}
#: What the steps say; the rest is the audit's.
_OF_STEPS: Final = ("state", "unit", "level", "steps", "is_reopening", "due_at", "changed_at", "comes_back")
OPEN_STATES: Final = (FOUND, "assigned", "resolved")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One finding or ticket.

    Attributes
    ----------
    state
        "found" also for one that was closed and comes back.
    steps
        How many were taken: what forms are held against.
    due_at
        By when its state is to end.
    is_found
        The audit finds it now; else only the ticket is there.
    cause
        Of the closure it is about, "" where it is about none.
    clause, facts
        What the check said last.
    """

    check: str
    subject: str
    changed_at: datetime
    state: str = FOUND
    unit: str = ""
    level: int = 0
    steps: int = 0
    is_reopening: bool = False
    due_at: datetime | None = None
    is_found: bool = False
    comes_back: bool = False
    township: str = ""
    road_id: str = ""
    lon: float | None = None
    lat: float | None = None
    put_up_by: str = ""
    cause: str = ""
    since: datetime | None = None
    clause: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Check and subject."""
        return self.check, self.subject

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the time of its state has run out."""
        return self.state != "closed" and self.due_at is not None and self.due_at <= at


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """Which rows: those that match everything that is given.

    Attributes
    ----------
    state
        One state, "" for all that are not closed.
    overdue_at
        Only what is overdue at an instant.
    least_level
        Only what was brought so many levels up, or more.
    reopening, placeless, back
        Only what stands for a road to be reopened; is at no place; came back after
        it was closed.
    """

    state: str = ""
    check: str = ""
    township: str | None = None
    cause: str | None = None
    subject: str | None = None
    unit: str | None = None
    overdue_at: datetime | None = None
    least_level: int = 0
    reopening: bool = False
    placeless: bool = False
    back: bool = False


def row_of_ticket(ticket: Ticket) -> BoardRow:
    """Return what a ticket's steps say of it; it has at least one."""
    return BoardRow(
        ticket.check,
        ticket.subject,
        ticket.steps[-1].at,
        state=ticket.state,
        unit=ticket.unit,
        level=ticket.level,
        steps=len(ticket.steps),
        is_reopening=ticket.is_reopening,
        due_at=ticket.due_at,
    )


def note_steps(connection: sa.Connection, ticket: Ticket) -> None:
    """Write what a ticket's steps say, in the transaction that recorded the newest."""
    row = _values(row_of_ticket(ticket))
    changed = {name: row[name] for name in _OF_STEPS}
    done = connection.execute(sa.update(BOARD).where(*_is(ticket.check, ticket.subject)).values(**changed))
    if done.rowcount == 0:
        connection.execute(sa.insert(BOARD).values(**row))


def put_findings(connection: sa.Connection, rows: Iterable[BoardRow]) -> None:
    """Write what the audit said of each row, and forget what is neither found nor a ticket any more.

    Parameters
    ----------
    rows
        Every finding and every ticket that is not closed. What they say of steps counts only for rows that are new,
        or that come back.
    """
    wanted = {one.key: one for one in rows}
    known = {one.key: one for one in list_board(connection, BoardQuery(state="any"))[0]}
    connection_rows = [_values(one) for key, one in wanted.items() if key not in known]
    if connection_rows:
        connection.execute(sa.insert(BOARD), connection_rows)
    for key, old in known.items():
        new = _merged(old, wanted.get(key))
        if new is None:
            connection.execute(sa.delete(BOARD).where(*_is(*key)))
        elif new != old:
            connection.execute(sa.update(BOARD).where(*_is(*key)).values(**_values(new)))


def _merged(old: BoardRow, new: BoardRow | None) -> BoardRow | None:
    """Return a row with what the audit says now: the clock of one that was found already runs on."""
    if new is None:
        return replace(old, is_found=False) if old.steps else None
    if new.comes_back and old.state == "closed":
        return new
    kept = {name: getattr(old, name) for name in _OF_STEPS}
    if not new.is_found:
        kept |= {"cause": old.cause, "clause": old.clause, "facts": old.facts, "since": old.since or new.since}
    return replace(new, **kept)


def raise_found(connection: sa.Connection, *, at: datetime, due_at: datetime, most: int) -> int:
    """Bring findings that nobody sent in time before the next level, and give them a new time; return how many."""
    late = (BOARD.c.state == FOUND, BOARD.c.due_at <= at, BOARD.c.level < most)
    return connection.execute(sa.update(BOARD).where(*late).values(level=BOARD.c.level + 1, due_at=due_at)).rowcount


def count_board(connection: sa.Connection, queries: Mapping[str, BoardQuery]) -> dict[str, int]:
    """Return how many rows each query finds, all in one reading."""
    counts = [sa.func.count(sa.case((sa.and_(sa.true(), *_where(one)), 1))) for one in queries.values()]
    found = connection.execute(sa.select(*counts).select_from(BOARD)).one()
    return dict(zip(queries, (int(one) for one in found), strict=True))


def list_board(
    connection: sa.Connection, query: BoardQuery, *, start: int = 0, most: int | None = None
) -> tuple[tuple[BoardRow, ...], int]:
    """Return one page of rows, those whose time runs out first at its head, and how many there are."""
    order = (sa.case((BOARD.c.due_at.is_(None), 1), else_=0), BOARD.c.due_at, BOARD.c.check_id, BOARD.c.subject)
    asked = sa.select(BOARD).where(*_where(query)).order_by(*order).offset(start)
    if most is not None:
        asked = asked.limit(most)
    rows = tuple(_row(dict(one)) for one in connection.execute(asked).mappings())
    if start == 0 and (most is None or len(rows) < most):
        return rows, len(rows)
    return rows, count_board(connection, {"all": query})["all"]


def group_board(connection: sa.Connection, query: BoardQuery, by: str) -> tuple[tuple[str, int, int], ...]:
    """Return (value, rows, townships) of each group, the largest first.

    Parameters
    ----------
    by
        One of `GROUPS`.
    """
    column = BOARD.c[GROUPS[by]]
    count, places = sa.func.count(), sa.func.count(sa.distinct(BOARD.c.township))
    asked = sa.select(column, count, places).where(*_where(query)).group_by(column).order_by(count.desc(), column)
    return tuple((str(value), int(many), int(wide)) for value, many, wide in connection.execute(asked))


def find_row(connection: sa.Connection, check: str, subject: str) -> BoardRow | None:
    """Return one row, None where nothing is found or was handled."""
    found = connection.execute(sa.select(BOARD).where(*_is(check, subject))).mappings().first()
    return None if found is None else _row(dict(found))


def find_rows(connection: sa.Connection, keys: Collection[tuple[str, str]]) -> tuple[BoardRow, ...]:
    """Return the rows of some keys, in their order; those that are not there are left out."""
    found = (find_row(connection, *key) for key in keys)
    return tuple(one for one in found if one is not None)


def townships_on_board(connection: sa.Connection) -> tuple[str, ...]:
    """Return the townships that have something open."""
    column = BOARD.c.township
    asked = sa.select(column).where(BOARD.c.state != "closed", column != "").distinct().order_by(column)
    return tuple(connection.scalars(asked))


def units_on_board(connection: sa.Connection) -> tuple[str, ...]:
    """Return the units that have something open to answer for."""
    column = BOARD.c.unit
    asked = sa.select(column).where(BOARD.c.state.in_(("assigned", "resolved")), column != "").distinct()
    return tuple(sorted(connection.scalars(asked)))


def has_board(connection: sa.Connection, *, more_than: int) -> bool:
    """Tell whether more than so many rows are on the board."""
    some = sa.select(BOARD.c.subject).limit(more_than + 1).subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > more_than


def board_state(connection: sa.Connection) -> tuple[int, int]:
    """Return of which version of the register and of which minute the board is."""
    return read_counter(connection, _VERSION), read_counter(connection, _MINUTE)


def tell_board_state(connection: sa.Connection, version: int, minute: int) -> None:
    """Write down of which version of the register and of which minute the board is."""
    known = board_state(connection)
    for name, old, new in zip((_VERSION, _MINUTE), known, (version, minute), strict=True):
        if new != old:
            raise_counter(connection, name, by=new - old)


def _is(check: str, subject: str) -> tuple[sa.ColumnElement[bool], ...]:
    return BOARD.c.check_id == check, BOARD.c.subject == subject


def _where(query: BoardQuery) -> Sequence[sa.ColumnElement[bool]]:
    columns, parts = BOARD.c, []
    if query.state != "any":
        parts.append(columns.state == query.state if query.state else columns.state != "closed")
    for name, column in (("township", "township"), ("cause", "cause"), ("subject", "subject"), ("unit", "unit")):
        wanted = getattr(query, name)
        if wanted is not None:
            parts.append(columns[column] == wanted)
    if query.check:
        parts.append(columns.check_id == query.check)
    if query.overdue_at is not None:
        parts.append(columns.due_at <= query.overdue_at)
    if query.least_level:
        parts.append(columns.level >= query.least_level)
    if query.reopening:
        parts.append(columns.is_reopening)
    if query.placeless:
        parts.append(columns.lon.is_(None))
    if query.back:
        parts.append(columns.comes_back)
    return parts


def _values(row: BoardRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _NAMES if name != "check"}
    return {**values, "check_id": row.check, "facts": dict(row.facts)}


_NAMES: Final = tuple(one.name for one in fields(BoardRow))


def _row(values: dict[str, Any]) -> BoardRow:
    values["check"] = values.pop("check_id")
    return BoardRow(**{name: values[name] for name in _NAMES})
