"""The store: table metadata, a column type for instants, and transactions on SQLite or PostgreSQL.

One request or command is one transaction, opened in `web` and handed down as a `Connection`; nothing below commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError, SurroundingsError

#: Every table of every floor registers here; Alembic migrations create them.
METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """An instant, kept in UTC; a naive time is refused because it means another moment elsewhere."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return an aware time; SQLite has dropped the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Counters of the store; `closure_set_version` rises with every change of closures or observations.
COUNTERS: Final = sa.Table(
    "counters",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
CLOSURE_SET_VERSION: Final = "closure_set_version"


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def open_store(url: str) -> sa.Engine:
    """Make the engine of a database URL; nothing is connected yet.

    Raises
    ------
    BadInputError
        `database-url-unreadable`: neither SQLite nor PostgreSQL.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise BadInputError("database-url-unreadable", "--database-url") from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise BadInputError("database-url-unreadable", "--database-url", backend=backend)
    if backend == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    engine = sa.create_engine(parsed)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def transaction(engine: sa.Engine, *, writes: bool) -> Iterator[sa.Connection]:
    """Open one transaction; it commits when the block ends well and leaves nothing when it does not.

    A writer takes SQLite's write lock at once (BEGIN IMMEDIATE), so that it never fails half way for a lock.

    Raises
    ------
    SurroundingsError
        `database-unreachable`, with the driver's reason.
    """
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
            yield connection
    except sa.exc.OperationalError as error:
        raise SurroundingsError("database-unreachable", _name_of(engine), reason=str(error.orig)) from error


def _name_of(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def read_counter(connection: sa.Connection, name: str) -> int:
    """Return a counter, 0 where it was never raised."""
    value = connection.scalar(sa.select(COUNTERS.c.value).where(COUNTERS.c.name == name))
    return int(value or 0)


def raise_counter(connection: sa.Connection, name: str) -> int:
    """Raise a counter by one within the caller's transaction and return its new value."""
    raised = connection.execute(
        sa.update(COUNTERS)
        .where(COUNTERS.c.name == name)
        .values(value=COUNTERS.c.value + 1)
        .returning(COUNTERS.c.value)
    ).scalar()
    if raised is None:
        connection.execute(sa.insert(COUNTERS).values(name=name, value=1))
        return 1
    return int(raised)
