"""Bring a database up to date, and tell whether this program can use it.

An embedded database (SQLite) is made on first use and upgraded after a copy; a PostgreSQL database is changed only by
`baotong database upgrade`. Migrations go forward only: a database newer than the program is refused.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import sqlalchemy as sa

from geodata.errors import SurroundingsError
from geodata.store import name_of, rebuilding, transaction
from passes.migrations import REVISIONS, VERSION_TABLE

State = Literal["empty", "current", "older", "newer"]

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
#: Alembic keeps what it is doing in globals of its process.
_ONE_AT_A_TIME: Final = threading.Lock()
_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'",
    # An extension's own tables, such as PostGIS's, are nobody's content.
    "postgresql": "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
    " AND c.relnamespace = to_regnamespace(current_schema())::oid"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')",
}


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did.

    Attributes
    ----------
    before
        Revision found, "" where the database was empty.
    after
        Revision now; the same as `before` where there was nothing to do.
    copy
        Copy of an SQLite file as it was before, None where none was needed.
    """

    before: str
    after: str
    copy: Path | None = None


def database_state(engine: sa.Engine) -> State:
    """Tell whether a database is empty, current, older or newer than this program.

    Raises
    ------
    SurroundingsError
        `database-not-ours` where it holds another program's tables; else as `geodata.store.transaction`.
    """
    path = sqlite_file(engine)
    if path is not None and not path.exists():
        return "empty"
    with transaction(engine, writes=False) as connection:
        return _state_of(revision_of(connection))


def sqlite_file(engine: sa.Engine) -> Path | None:
    """Return the file of an SQLite database, None for PostgreSQL."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def table_names(connection: sa.Connection) -> frozenset[str]:
    """Return the names of the database's tables."""
    return frozenset(connection.scalars(sa.text(_TABLES[connection.dialect.name])))


def revision_of(connection: sa.Connection) -> str:
    """Return the revision of a database, "" where it is empty.

    Raises
    ------
    SurroundingsError
        `database-not-ours`.
    """
    tables = table_names(connection)
    if not tables:
        return ""
    revision = None
    if VERSION_TABLE in tables:
        revision = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE)))
    if revision is None:
        raise SurroundingsError("database-not-ours", name_of(connection.engine), reason=", ".join(sorted(tables)[:5]))
    return str(revision)


def _state_of(revision: str) -> State:
    if not revision:
        return "empty"
    if revision == REVISIONS[-1]:
        return "current"
    return "older" if revision in REVISIONS else "newer"


def ready_database(engine: sa.Engine, *, at: datetime) -> None:
    """Make sure that a database can be used: an embedded one is made or upgraded, another must be current.

    Raises
    ------
    SurroundingsError
        `database-needs-upgrade` for an empty or older PostgreSQL database, `database-newer`, `database-not-ours`.
    """
    state = database_state(engine)
    if state == "newer" or (state != "current" and engine.dialect.name == "sqlite"):
        upgrade_database(engine, at=at)
    elif state != "current":
        raise SurroundingsError("database-needs-upgrade", name_of(engine), state=state)


def upgrade_database(engine: sa.Engine, *, at: datetime) -> Upgrade:
    """Bring a database to this program's revision, all or nothing, after a copy where it is an SQLite file.

    Several processes may do so at once: the first one works, the others find it done.

    Parameters
    ----------
    engine
        The database, which may be empty.
    at
        The time, for the copy's name.

    Raises
    ------
    SurroundingsError
        `database-newer`, `database-not-ours`, `database-broken` where the copy is damaged already, or no disk space.
    """
    if database_state(engine) == "current":
        return Upgrade(REVISIONS[-1], REVISIONS[-1])
    with _ONE_AT_A_TIME, rebuilding(engine) as connection:
        before = revision_of(connection)
        state = _state_of(before)
        if state == "newer":
            raise SurroundingsError("database-newer", name_of(engine), revision=before, known=REVISIONS[-1])
        copy = _copy_beside(engine, at) if state == "older" else None
        if state != "current":
            migrate(connection, REVISIONS[-1])
    return Upgrade(before, REVISIONS[-1], copy)


def migrate(connection: sa.Connection, revision: str) -> None:
    """Run the migrations up to a revision within the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _copy_beside(engine: sa.Engine, at: datetime) -> Path | None:
    """Copy an SQLite file as it stands, next to it; the name tells when and why."""
    path = sqlite_file(engine)
    if path is None:
        return None
    copy = path.with_name(f"{path.name}.before-upgrade-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    beside = copy.with_name(f".{copy.name}.part")
    raw = engine.raw_connection()
    try:
        _copy_sqlite(raw.driver_connection, beside)
        beside.replace(copy)
    except (sqlite3.Error, OSError) as error:
        raise SurroundingsError("database-copy-failed", str(copy), reason=str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
        raw.close()
    return copy


def _copy_sqlite(source: Any, path: Path) -> None:
    """Copy a database by SQLite's own backup, and check the copy."""
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    os.close(descriptor)
    with closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        verdict = target.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise SurroundingsError("database-broken", str(path), reason=verdict)
