"""Back a database up to one file, and restore it, on SQLite and PostgreSQL alike and from one to the other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from geodata.errors import BadInputError, SurroundingsError
from geodata.store import name_of, rebuilding, transaction
from passes.backup_format import BackupHeader, BackupTable, BackupWriter, kind_of, read_content, read_seal
from passes.database import migrate, revision_of, table_names
from passes.migrations import REVISIONS, VERSION_TABLE

_ROWS_AT_ONCE: Final = 1000


class Restored(NamedTuple):
    """What a restore did: the backup it took, and the backup of what was there before, None where nothing was."""

    backup: BackupHeader
    aside: Path | None


def back_up_database(engine: sa.Engine, path: Path, *, at: datetime) -> BackupHeader:
    """Write every row of one moment to a new file, whole or not at all, and read it through again.

    Others may go on writing meanwhile.

    Raises
    ------
    BadInputError
        `backup-file-exists`: a backup replaces no file.
    SurroundingsError
        `database-empty`, `database-broken`, `database-not-ours`, or `disk-write-failed`.
    """
    if path.exists():
        raise BadInputError("backup-file-exists", str(path))
    with transaction(engine, writes=False) as connection:
        _check_soundness(connection)
        return _write_backup(connection, path, at=at)


def restore_database(engine: sa.Engine, path: Path, *, at: datetime, replace: bool = False) -> Restored:
    """Put a backup's rows in place of whatever the database holds, all or nothing, then upgrade them.

    Parameters
    ----------
    engine
        The database, empty unless `replace` is given.
    path
        The backup, which may come from the other kind of database or from an older program.
    at
        The time, for the name of the file that keeps what was there before.
    replace
        Replace what is there, after a backup of it beside `path`.

    Raises
    ------
    BadInputError
        `file-missing`, `backup-unreadable`, `backup-broken`, or `database-not-empty` without `replace`.
    SurroundingsError
        `backup-newer` or `database-newer` than this program, `database-not-ours`, or as `geodata.store.transaction`.
    """
    backup = read_seal(path)
    if backup.revision not in REVISIONS:
        raise SurroundingsError("backup-newer", str(path), revision=backup.revision, known=REVISIONS[-1])
    with rebuilding(engine) as connection:
        found = revision_of(connection)
        if found and found not in REVISIONS:
            raise SurroundingsError("database-newer", name_of(engine), revision=found, known=REVISIONS[-1])
        aside = _set_aside(connection, path, at=at, replace=replace)
        _reflect(connection, with_revision=True).drop_all(connection)
        migrate(connection, backup.revision)
        _insert_rows(connection, path)
        migrate(connection, REVISIONS[-1])
    return Restored(backup, aside)


def _check_soundness(connection: sa.Connection) -> None:
    """Refuse to back up a damaged SQLite file as if it were sound."""
    if connection.dialect.name != "sqlite":
        return
    verdict = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
    if verdict != "ok":
        raise SurroundingsError("database-broken", name_of(connection.engine), reason=verdict)


def _write_backup(connection: sa.Connection, path: Path, *, at: datetime) -> BackupHeader:
    revision = revision_of(connection)
    if not revision:
        raise SurroundingsError("database-empty", name_of(connection.engine))
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # Names, plates and encrypted keys are in it: for its owner's eyes alone.
        descriptor = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with open(descriptor, "wb") as file:
            writer = BackupWriter(file, revision=revision, made_at=at)
            _write_tables(connection, writer)
            writer.seal()
            file.flush()
            os.fsync(file.fileno())
        header = read_seal(beside)
        beside.replace(path)
    except SurroundingsError:
        raise
    except OSError as error:
        raise SurroundingsError("disk-write-failed", str(path), reason=error.strerror or str(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return header


def _write_tables(connection: sa.Connection, writer: BackupWriter) -> None:
    for table in _reflect(connection).sorted_tables:
        columns = [(column.name, kind_of(column)) for column in table.columns]
        writer.begin_table(table.name, columns)
        # JSON as its text: as a value, SQL's NULL and JSON's null would look the same.
        asked = [
            sa.cast(column, sa.Text) if kind == "json" else column
            for column, (_, kind) in zip(table.columns, columns, strict=True)
        ]
        rows = sa.select(*asked).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS_AT_ONCE)
        for row in connection.execute(rows):
            writer.write_row(row)


def _reflect(connection: sa.Connection, *, with_revision: bool = False) -> sa.MetaData:
    """Return the tables as the database has them, which may be older than the program's."""
    wanted = table_names(connection)
    metadata = sa.MetaData()
    metadata.reflect(connection, only=sorted(wanted if with_revision else wanted - {VERSION_TABLE}))
    return metadata


def _set_aside(connection: sa.Connection, path: Path, *, at: datetime, replace: bool) -> Path | None:
    """Back up what a restore is about to replace; nothing where there is no row."""
    tables = _reflect(connection).sorted_tables
    if not any(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in tables):
        return None
    if not replace:
        raise BadInputError("database-not-empty", name_of(connection.engine))
    _check_soundness(connection)
    aside = path.with_name(f"{path.name}.replaced-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise BadInputError("backup-file-exists", str(aside))
    _write_backup(connection, aside, at=at)
    return aside


def _insert_rows(connection: sa.Connection, path: Path) -> None:
    tables: Mapping[str, sa.Table] = _reflect(connection).tables
    content = read_content(path)
    following = next(content, None)
    while isinstance(following, BackupTable):
        table = tables.get(following.name)
        if table is None:
            raise BadInputError("backup-broken", str(path), reason=f"no table {following.name} at this revision")
        names = [name for name, _ in following.columns]
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
        rows = _RowsOfOneTable(content)
        while batch := [dict(zip(names, row, strict=True)) for row in islice(rows, _ROWS_AT_ONCE)]:
            connection.execute(sa.insert(table), batch)
        _continue_numbering(connection, table)
        following = rows.following


class _RowsOfOneTable(Iterator[list[Any]]):
    """The rows up to the next table's beginning, which is then `following`."""

    def __init__(self, content: Iterator[BackupTable | list[Any]]) -> None:
        self.content = content
        self.following: BackupTable | None = None

    def __next__(self) -> list[Any]:
        one = None if self.following else next(self.content, None)
        if isinstance(one, BackupTable):
            self.following = one
            one = None
        if one is None:
            raise StopIteration
        return one


def _continue_numbering(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL number the next row after the last one restored; SQLite does so of itself."""
    key = table.autoincrement_column
    if connection.dialect.name != "postgresql" or key is None:
        return
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
    last = connection.scalar(sa.select(sa.func.max(key)))
    if sequence is not None and last is not None:
        connection.execute(sa.select(sa.func.setval(sequence, last)))
