"""Keep what people did about closures at their desks: who filed, for which township, and what consequence they saw.

A filing is a record of the log like a version or a decision: it is only ever added. What was filed tells a request,
which stands on paper until it is approved, from a barrier that a township registered of its own accord (主动登记).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from geodata.closures.closure import Closure, Observation
from geodata.closures.deciding import Ruled
from geodata.closures.history_register import last_position
from geodata.closures.records import CLOSURE_VERSIONS
from geodata.closures.register import import_closures, list_closures
from geodata.errors import BadInputError
from geodata.ledger.register import Leaf, append_records, table_leaves
from geodata.store import METADATA, Instant

CLOSURE_FILINGS: Final = sa.Table(
    "closure_filings",
    METADATA,
    sa.Column("closure_id", sa.String(100), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("account", sa.String(100), nullable=False),
    sa.Column("unit", sa.String(200), nullable=False),
    sa.Column("filed_at", Instant, nullable=False),
    sa.Column("about", sa.String(100), nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
)
KIND: Final = "closure-filing"
#: Asked for; registered though it stands already; decided; reopened; its order signed.
REQUESTED: Final = "requested"
REGISTERED: Final = "registered"
DECIDED: Final = "decided"
REOPENED: Final = "reopened"
ORDERED: Final = "ordered"
_SERIAL_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Filing:
    """What one person did about one version of a closure.

    Attributes
    ----------
    act
        "requested", "registered", "decided", "reopened" or "ordered".
    account, unit
        Who, and for which township or body.
    about
        Of a request: the barrier in whose place it comes, "" where it is its own.
    due_at
        Of a registered barrier: until when it is to be asked for or removed.
    seen
        The consequence that was on the screen, or the order that was signed, JSON-ready.
    """

    closure_id: str
    version: int
    act: str
    account: str
    unit: str
    filed_at: datetime
    about: str = ""
    due_at: datetime | None = None
    seen: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def next_closure_id(connection: sa.Connection, area_code: str, day: datetime) -> str:
    """Return the next free number of a day on the county's clock: area code, date, serial."""
    prefix = f"{area_code}-{day:%Y%m%d}-"
    column = CLOSURE_VERSIONS.c.closure_id
    known = connection.scalars(sa.select(column).where(column.startswith(prefix, autoescape=True)).distinct())
    serials = [int(rest) for one in known if (rest := one.removeprefix(prefix)).isascii() and rest.isdigit()]
    return f"{prefix}{max(serials, default=0) + 1:0{_SERIAL_DIGITS}d}"


def file_closure(connection: sa.Connection, closure: Closure, filing: Filing) -> Closure:
    """Take a request or a registered barrier into the register under its new number, and record who filed it.

    Parameters
    ----------
    connection
        A writer's transaction.
    closure
        With the id that `next_closure_id` gave.
    filing
        Its `closure_id` and `version` are those of the closure.
    """
    import_closures(connection, [closure], filing.filed_at)
    add_filing(connection, replace(filing, closure_id=closure.id, version=closure.version))
    return closure


def check_unchanged(connection: sa.Connection, closure_id: str, seen_position: int) -> None:
    """Refuse to act on a state that somebody has changed since it was on the screen.

    Raises
    ------
    BadInputError
        `closure-changed` with the position of the log that is the newest now.
    """
    newest = last_position(connection, closure_id)
    if newest != seen_position:
        raise BadInputError("closure-changed", closure_id, id=closure_id, seen=seen_position, newest=newest)


def record_ruling(connection: sa.Connection, closure: Closure, ruled: Ruled, filing: Filing) -> None:
    """Record a decision about the version that was seen, then the version that the request becomes by it.

    Parameters
    ----------
    connection
        A writer's transaction, in which `check_unchanged` was asked.
    closure
        The version that was decided about.
    ruled
        From `geodata.closures.deciding.rule_on`.
    filing
        Who decided, and what they saw.
    """
    decisions = (*closure.decisions, ruled.decision)
    import_closures(connection, [replace(closure, decisions=decisions)], filing.filed_at)
    if ruled.set_up is not None:
        import_closures(connection, [replace(ruled.set_up, decisions=decisions)], filing.filed_at)
    add_filing(connection, replace(filing, closure_id=closure.id, version=closure.version, act=DECIDED))


def record_sight(connection: sa.Connection, closure_id: str, sight: Observation, filing: Filing) -> None:
    """Record what somebody saw on site, such as that a road was reopened, and who says so.

    Raises
    ------
    BadInputError
        `closure-unknown`.
    """
    closure = closure_of(connection, closure_id)
    import_closures(connection, [replace(closure, observations=(*closure.observations, sight))], filing.filed_at)
    add_filing(connection, replace(filing, closure_id=closure_id, version=closure.version))


def closure_of(connection: sa.Connection, closure_id: str) -> Closure:
    """Return the newest version of one closure or blockage.

    Raises
    ------
    BadInputError
        `closure-unknown`.
    """
    found = list_closures(connection, [closure_id])
    if not found:
        raise BadInputError("closure-unknown", closure_id, id=closure_id)
    return found[0]


def add_filing(connection: sa.Connection, filing: Filing) -> None:
    """Record a filing in the log."""
    count = sa.select(sa.func.count()).where(CLOSURE_FILINGS.c.closure_id == filing.closure_id)
    row = {
        "closure_id": filing.closure_id,
        "number": int(connection.scalar(count) or 0),
        "version": filing.version,
        "act": filing.act,
        "account": filing.account,
        "unit": filing.unit,
        "filed_at": filing.filed_at,
        "about": filing.about,
        "due_at": filing.due_at,
        "seen": json.dumps(dict(filing.seen), sort_keys=True, ensure_ascii=False, allow_nan=False),
    }
    append_records(connection, KIND, CLOSURE_FILINGS, [row], at=filing.filed_at)


def list_filings(
    connection: sa.Connection,
    *,
    unit: str | None = None,
    act: str | None = None,
    ids: Collection[str] | None = None,
) -> tuple[Filing, ...]:
    """Return filings, oldest first; only a unit's, of one act or about some closures where that is given."""
    columns = CLOSURE_FILINGS.c
    query = sa.select(CLOSURE_FILINGS).order_by(columns.position)
    if unit is not None:
        query = query.where(columns.unit == unit)
    if act is not None:
        query = query.where(columns.act == act)
    if ids is not None:
        query = query.where(columns.closure_id.in_(ids))
    return tuple(filing_of(dict(row)) for row in connection.execute(query).mappings())


def filings_of(connection: sa.Connection, closure_id: str) -> tuple[Filing, ...]:
    """Return the filings of one closure, oldest first."""
    columns = CLOSURE_FILINGS.c
    query = sa.select(CLOSURE_FILINGS).where(columns.closure_id == closure_id).order_by(columns.position)
    return tuple(filing_of(dict(row)) for row in connection.execute(query).mappings())


def filing_of(row: Mapping[str, Any]) -> Filing:
    """Return a stored filing."""
    return Filing(
        closure_id=row["closure_id"],
        version=row["version"],
        act=row["act"],
        account=row["account"],
        unit=row["unit"],
        filed_at=row["filed_at"],
        about=row["about"],
        due_at=row["due_at"],
        seen=json.loads(row["seen"]),
    )


def requested_ids(connection: sa.Connection) -> frozenset[str]:
    """Return the ids of closures that came as requests."""
    column = CLOSURE_FILINGS.c.closure_id
    return frozenset(connection.scalars(sa.select(column).where(CLOSURE_FILINGS.c.act == REQUESTED)))


def filing_leaves(connection: sa.Connection) -> list[Leaf]:
    """Return the leaf that every stored filing would have now (K14)."""
    return table_leaves(connection, KIND, CLOSURE_FILINGS)
