"""The store: table metadata, a column type for instants, and transactions on SQLite or PostgreSQL.

One request or command is one transaction, opened in `web` and handed down as a `Connection`; nothing below commits.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError, SurroundingsError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

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


class MicroInstant(sa.types.TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970: the database adds to it, and both kinds read it fast."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Turn an aware time into microseconds."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        """Return an aware time."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


#: Counters of the store; `closure_set_version` rises with every change of closures or observations.
COUNTERS: Final = sa.Table(
    "counters",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
CLOSURE_SET_VERSION: Final = "closure_set_version"
#: Which edition of the map the records are on: the name of the edition as a number, absent where it never changed.
MAP_EDITION: Final = "map_edition"


#: How long a writer waits for another one before it says that the database is busy.
BUSY_TIMEOUT_S: Final = 30
#: Pages that an SQLite connection holds: a transaction of some hundred passes fits, and is written once.
_CACHE_KB: Final = 16_384
_CONNECT_TIMEOUT_S: Final = 10
#: From so many rows on PostgreSQL is sent a stream instead of a statement a row.
_WORTH_COPYING: Final = 8
#: Names the lock that PostgreSQL's writers of this program share.
_WRITER_LOCK: Final = 0x42544E47
#: What an SQLite result code (low byte) means to a person; the others are faults of the program.
_SQLITE_CODES: Final = {
    3: "database-unreachable",
    5: "database-busy",
    6: "database-busy",
    8: "database-read-only",
    10: "database-disk-failed",
    11: "database-broken",
    13: "database-disk-full",
    14: "database-unreachable",
    26: "database-not-ours",
}
#: The same for the first letters of PostgreSQL's SQLSTATE.
_POSTGRESQL_STATES: Final = {
    "08": "database-unreachable",
    "28": "database-unreachable",
    "3D": "database-unreachable",
    "42501": "database-read-only",
    "53100": "database-disk-full",
    "53": "database-unreachable",
    "55P03": "database-busy",
    "40": "database-busy",
    "57P": "database-unreachable",
    "58": "database-disk-failed",
    "XX001": "database-broken",
}


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
    _keep_readers_unblocked(cursor)
    # What is deleted is overwritten with zeros: it named people.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"cache_size=-{_CACHE_KB}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_readers_unblocked(cursor: Any) -> None:
    """Switch the file to WAL, once for all; a file that may only be read stays as it is."""
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    try:
        cursor.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        # Two processes may meet a new file at once, and SQLite lets none of them wait here; the next connection tries.
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY}:
            raise


def open_store(url: str, *, keeps_connections: bool = False) -> sa.Engine:
    """Make the engine of a database URL; nothing is connected yet. Its errors never tell the values of a statement.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql://USER@HOST/NAME`.
    keeps_connections
        For a server of many transactions: connections stay open until `dispose`. Else each ends with its transaction.

    Raises
    ------
    BadInputError
        `database-url-unreadable`: neither PostgreSQL nor an SQLite file; one in memory would forget everything.
    """
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except sa.exc.ArgumentError:
        raise BadInputError("database-url-unreadable", "--database-url") from None
    if backend not in {"sqlite", "postgresql"} or not _has_place(parsed):
        raise BadInputError("database-url-unreadable", "--database-url", backend=backend)
    pool = sa.QueuePool if keeps_connections else sa.NullPool
    if backend == "postgresql":
        patience = {} if "connect_timeout" in parsed.query else {"connect_timeout": _CONNECT_TIMEOUT_S}
        named = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(
            named, poolclass=pool, pool_pre_ping=keeps_connections, connect_args=patience, hide_parameters=True
        )
    engine = sa.create_engine(parsed.set(drivername="sqlite"), poolclass=pool, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _has_place(url: sa.URL) -> bool:
    return url.get_backend_name() == "postgresql" or url.database not in {None, "", ":memory:"}


@contextmanager
def transaction(engine: sa.Engine, *, writes: bool) -> Iterator[sa.Connection]:
    """Open one transaction; it commits when the block ends well and leaves nothing when it does not.

    Writers are alone, on SQLite by BEGIN IMMEDIATE and on PostgreSQL by a lock that ends with the transaction: what
    one reads before it writes cannot change under it, and none fails half way for a lock. Readers see one moment's
    state throughout, are never kept waiting, and cannot write.

    Raises
    ------
    SurroundingsError
        `database-unreachable`, `database-busy`, `database-read-only`, `database-disk-full`,
        `database-disk-failed`, `database-broken` or `database-not-ours`, with the driver's reason.
    """
    with surroundings_told(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql" and not writes:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            _begin(connection, writes=writes)
            yield connection


@contextmanager
def rebuilding(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a writer's transaction in which tables may be dropped and made anew.

    SQLite follows references while a table is dropped and would empty the tables that refer to it: here it does not,
    and all references are checked before the transaction commits.

    Raises
    ------
    SurroundingsError
        As `transaction`; `database-broken` where a row would refer to one that does not exist.
    """
    with surroundings_told(engine), engine.connect() as connection:
        try:
            with connection.begin():
                if engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                _begin(connection, writes=True)
                yield connection
                _check_references(connection)
        finally:
            # The next transaction must not find a connection that follows no references.
            connection.invalidate()


def _check_references(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if dangling is not None:
        raise SurroundingsError(
            "database-broken", name_of(connection.engine), reason=f"{dangling[0]} row {dangling[1]} -> {dangling[2]}"
        )


def _begin(connection: sa.Connection, *, writes: bool) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_S}s'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))


@contextmanager
def surroundings_told(engine: sa.Engine) -> Iterator[None]:
    """Turn a driver's error that lies with disk, lock, server or file into a `SurroundingsError`; leave the others."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        code = _code_of(error.orig)
        _forget_values(error)
        if code is None:
            raise
        raise SurroundingsError(code, name_of(engine), reason=str(error.orig).strip()) from error


def _forget_values(error: sa.exc.DBAPIError) -> None:
    """Cut PostgreSQL's detail and context off an error: of a refused row they quote the values, of people too."""
    told = getattr(error.orig, "diag", None)
    if getattr(told, "message_detail", None) or getattr(told, "context", None):
        for one in (error, error.orig):
            if one is not None:
                one.args = tuple(str(part).partition("\n")[0] for part in one.args)


def _code_of(error: BaseException | None) -> str | None:
    """Return what a driver's error means to a person, or None where it is a fault of the program."""
    sqlite_code = getattr(error, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _SQLITE_CODES.get(sqlite_code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return next((code for start, code in _POSTGRESQL_STATES.items() if state.startswith(start)), None)
    # psycopg gives no state where no server answered.
    return "database-unreachable" if type(error).__name__ in {"OperationalError", "ConnectionTimeout"} else None


def name_of(engine: sa.Engine) -> str:
    """Return the database's URL as it may be shown: without its password."""
    return engine.url.difference_update_query(["password"]).render_as_string(hide_password=True)


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]], *, without: Collection[str] = ()
) -> None:
    """Insert very many rows, values in the order of the table's columns, with as little work as each needs.

    Parameters
    ----------
    without
        Columns that the database fills.
    """
    if not rows:
        return
    filled = [one for one in table.c if one.name not in without]
    names, values = ", ".join(one.name for one in filled), _values(connection, filled, rows)
    if connection.dialect.name == "postgresql" and len(rows) >= _WORTH_COPYING:
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", values)
        return
    marks = ", ".join([_mark(connection)] * len(filled))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names


def _copy(connection: sa.Connection, written: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Send very many rows to PostgreSQL as one stream; what it refuses is told as of any statement."""
    driver: Any = connection.dialect.dbapi
    plain: Any = connection.connection
    try:
        with plain.cursor() as cursor, cursor.copy(written) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        raise sa.exc.DBAPIError.instance(written, None, error, driver.Error, hide_parameters=True) from error


def update_rows(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[tuple[Any, ...]],
    *,
    changed: Sequence[str],
    same: Sequence[str],
) -> int:
    """Change very many rows, with as little work as each needs; return how many there were.

    Parameters
    ----------
    rows
        For each the new values of `changed`, then the values that `same` must have.
    """
    if not rows:
        return 0
    mark = _mark(connection)
    new, kept = ", ".join(f"{one} = {mark}" for one in changed), " AND ".join(f"{one} = {mark}" for one in same)
    columns = [table.c[name] for name in (*changed, *same)]
    written = f"UPDATE {table.name} SET {new} WHERE {kept}"  # noqa: S608 - our own names
    return connection.exec_driver_sql(written, _values(connection, columns, rows)).rowcount


def _mark(connection: sa.Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _values(
    connection: sa.Connection, columns: Sequence[sa.Column[Any]], rows: Sequence[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Return rows as their columns keep them."""
    dialect = connection.dialect
    by_column = list(zip(*rows, strict=True))
    for place, one in enumerate(columns):
        write = one.type.dialect_impl(dialect).bind_processor(dialect)
        if write is not None:
            by_column[place] = _written(by_column[place], write)
    return list(zip(*by_column, strict=True))


def _written(column: tuple[Any, ...], write: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Return the values of a column as they are kept; one that is the same in all rows is written once."""
    first = column[0]
    if all(one is first for one in column):
        return (write(first),) * len(column)
    return tuple(map(write, column))


def one_of(connection: sa.Connection, column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Tell whether a column of texts holds one of very many values, which are handed over as one."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.String)))


def read_counter(connection: sa.Connection, name: str) -> int:
    """Return a counter, 0 where it was never raised."""
    value = connection.scalar(sa.select(COUNTERS.c.value).where(COUNTERS.c.name == name))
    return int(value or 0)


def set_counter(connection: sa.Connection, name: str, value: int) -> None:
    """Set a counter that says what something is, not how often it changed, within the caller's transaction."""
    raise_counter(connection, name, by=value - read_counter(connection, name))


def raise_counter(connection: sa.Connection, name: str, *, by: int = 1) -> int:
    """Raise a counter within the caller's transaction and return its new value."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # the same words, another dialect
    first = insert(COUNTERS).values(name=name, value=by)
    raised = first.on_conflict_do_update(
        index_elements=[COUNTERS.c.name], set_={"value": COUNTERS.c.value + by}
    ).returning(COUNTERS.c.value)
    return int(connection.execute(raised).scalar_one())
