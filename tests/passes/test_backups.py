"""A backup holds everything, is taken whole or not at all, and goes from one kind of database to the other."""

from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError, SurroundingsError
from geodata.store import COUNTERS, Instant, raise_counter, transaction
from passes import backups
from passes.backup_format import BackupTable, BackupWriter, read_content, read_seal
from passes.backups import back_up_database, restore_database
from passes.database import upgrade_database
from passes.migrations import REVISIONS, VERSION_TABLE
from passes.tables import METADATA

AT = datetime(2022, 6, 22, 8, tzinfo=UTC)
OpenStore = Callable[[str], sa.Engine]


def _sample(column: sa.Column[Any], row: int) -> Any:
    """Return a value for a column, hard to carry where its type allows."""
    if column.foreign_keys:
        return _sample(next(iter(column.foreign_keys)).column, row)
    samples: tuple[tuple[type, Any], ...] = (
        (Instant, AT + timedelta(days=row, microseconds=1)),
        (sa.Boolean, bool(row % 2)),
        (sa.LargeBinary, bytes([row, 0, 255])),
        (sa.JSON, [None, {"名": ["\u2028", row, 0.1]}, "null"][row % 3]),
        (sa.Integer, row + 1),
        (sa.Float, 0.1 + row),
        (sa.String, f"{row}\n“四保”\"'"),
    )
    value = next(value for type_, value in samples if isinstance(column.type, type_))
    length = getattr(column.type, "length", None)
    return value[:length] if isinstance(value, str) and length else value


def _fill(engine: sa.Engine) -> None:
    with transaction(engine, writes=True) as connection:
        for table in METADATA.sorted_tables:
            rows = [{column.name: _sample(column, row) for column in table.columns} for row in range(3)]
            connection.execute(sa.insert(table), rows)


def _content(engine: sa.Engine) -> dict[str, list[Any]]:
    with transaction(engine, writes=False) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


@pytest.fixture
def other_store(
    request: pytest.FixtureRequest, store: sa.Engine, open_test_store: OpenStore, tmp_path: Path
) -> sa.Engine:
    """Return an empty database of the other kind than `store`."""
    url = f"sqlite:///{tmp_path / 'other.sqlite'}"
    if store.dialect.name == "sqlite":
        url = request.getfixturevalue("postgresql_url")
    return open_test_store(url)


def test_backup_restores_every_table_on_the_other_database(
    store: sa.Engine, other_store: sa.Engine, tmp_path: Path
) -> None:
    _fill(store)
    made = back_up_database(store, tmp_path / "all.backup", at=AT)
    restored = restore_database(other_store, tmp_path / "all.backup", at=AT)
    assert restored.backup == made
    assert set(made.rows.values()) == {3}
    assert _content(other_store) == _content(store)


def test_backup_restores_into_its_own_database(store: sa.Engine, tmp_path: Path) -> None:
    _fill(store)
    before = _content(store)
    back_up_database(store, tmp_path / "all.backup", at=AT)
    with transaction(store, writes=True) as connection:
        raise_counter(connection, "later")
    restored = restore_database(store, tmp_path / "all.backup", at=AT, replace=True)
    assert _content(store) == before
    assert restored.aside == tmp_path / "all.backup.replaced-20220622T080000Z"
    assert read_seal(restored.aside).rows["counters"] == 4


def test_numbering_goes_on_after_the_last_row_restored(
    store: sa.Engine, other_store: sa.Engine, tmp_path: Path
) -> None:
    _fill(store)
    back_up_database(store, tmp_path / "all.backup", at=AT)
    restore_database(other_store, tmp_path / "all.backup", at=AT)
    for table in METADATA.sorted_tables:
        if table.autoincrement_column is None:
            continue
        values = {column.name: _sample(column, 9) for column in table.columns if not column.primary_key}
        values |= {column.name: _sample(column, 2) for column in table.columns if column.foreign_keys}
        with transaction(other_store, writes=True) as connection:
            added = connection.execute(sa.insert(table).values(values))
            assert added.inserted_primary_key[0] == 4


def test_restore_does_not_replace_unasked(store: sa.Engine, tmp_path: Path) -> None:
    _fill(store)
    back_up_database(store, tmp_path / "all.backup", at=AT)
    with pytest.raises(BadInputError) as refused:
        restore_database(store, tmp_path / "all.backup", at=AT)
    assert refused.value.code == "database-not-empty"


def test_restore_fills_a_database_that_was_never_made(empty_store: sa.Engine, sqlite_url: str, tmp_path: Path) -> None:
    backup = _backup_of_one_row(tmp_path)
    restore_database(empty_store, backup, at=AT)
    with transaction(empty_store, writes=False) as connection:
        assert connection.execute(sa.select(COUNTERS)).all() == [("kept", 7)]


def _backup_of_one_row(folder: Path, *, revision: str = REVISIONS[-1]) -> Path:
    path = folder / "one.backup"
    with path.open("wb") as file:
        writer = BackupWriter(file, revision=revision, made_at=AT)
        writer.begin_table("counters", [("name", "text"), ("value", "integer")])
        writer.write_row(["kept", 7])
        writer.seal()
    return path


def _refused(engine: sa.Engine, path: Path) -> str:
    """Restore, and return the code of the refusal; the database must be as it was."""
    before = _content(engine)
    with pytest.raises((BadInputError, SurroundingsError)) as refused:
        restore_database(engine, path, at=AT, replace=True)
    assert _content(engine) == before
    return refused.value.code


def test_truncated_backup_is_refused(store: sa.Engine, tmp_path: Path) -> None:
    _fill(store)
    path = _backup_of_one_row(tmp_path)
    path.write_bytes(path.read_bytes()[:-12])
    assert _refused(store, path) == "backup-broken"


def test_backup_cut_between_two_lines_is_refused(store: sa.Engine, tmp_path: Path) -> None:
    _fill(store)
    path = _backup_of_one_row(tmp_path)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-1])))
    assert _refused(store, path) in {"backup-broken", "backup-unreadable"}


def test_edited_backup_is_refused(store: sa.Engine, tmp_path: Path) -> None:
    _fill(store)
    path = _backup_of_one_row(tmp_path)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b'"kept",7', b'"kept",8')))
    assert _refused(store, path) == "backup-broken"


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0", gzip.compress(b"", mtime=0), gzip.compress(b'{"a": 1}\n[1]\n', mtime=0)]
)
def test_file_that_is_no_backup_is_refused(store: sa.Engine, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.backup"
    path.write_bytes(content)
    assert _refused(store, path) in {"backup-unreadable", "backup-broken"}


def test_missing_backup_is_named(store: sa.Engine, tmp_path: Path) -> None:
    assert _refused(store, tmp_path / "none.backup") == "file-missing"


def test_newer_backup_is_refused(store: sa.Engine, tmp_path: Path) -> None:
    assert _refused(store, _backup_of_one_row(tmp_path, revision="9000")) == "backup-newer"


def test_newer_database_is_not_replaced(store: sa.Engine, tmp_path: Path) -> None:
    with transaction(store, writes=True) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9000'")
    assert _refused(store, _backup_of_one_row(tmp_path)) == "database-newer"


def test_restore_that_fails_half_way_changes_nothing(
    store: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)
    before = _content(store)
    monkeypatch.setattr(backups, "_continue_numbering", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore_database(store, _backup_of_one_row(tmp_path), at=AT, replace=True)
    assert _content(store) == before


def test_backup_replaces_no_file(store: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("mine")
    with pytest.raises(BadInputError) as refused:
        back_up_database(store, tmp_path / "old", at=AT)
    assert refused.value.code == "backup-file-exists"
    assert (tmp_path / "old").read_text() == "mine"


def test_backup_that_cannot_be_written_leaves_nothing(store: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as refused:
        back_up_database(store, tmp_path / "no-such-folder" / "all.backup", at=AT)
    assert refused.value.code == "disk-write-failed"


def test_backup_is_for_its_owner_alone(store: sa.Engine, tmp_path: Path) -> None:
    back_up_database(store, tmp_path / "all.backup", at=AT)
    assert stat.S_IMODE(os.stat(tmp_path / "all.backup").st_mode) == 0o600


def test_empty_database_has_no_backup(empty_store: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as refused:
        back_up_database(empty_store, tmp_path / "all.backup", at=AT)
    assert refused.value.code == "database-empty"
    assert not (tmp_path / "all.backup").exists()


def test_damaged_sqlite_file_is_not_backed_up_as_if_sound(
    sqlite_url: str, open_test_store: OpenStore, tmp_path: Path
) -> None:
    engine = open_test_store(sqlite_url)
    upgrade_database(engine, at=AT)
    _fill(engine)
    engine.dispose()
    whole = (tmp_path / "store.sqlite").read_bytes()
    (tmp_path / "store.sqlite").write_bytes(whole[:8192] + b"\xff" * 20 + whole[8212:])
    with pytest.raises(SurroundingsError) as refused:
        back_up_database(engine, tmp_path / "all.backup", at=AT)
    assert refused.value.code == "database-broken"


VALUES = {
    "text": st.text(),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "instant": st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
        min_value=datetime(2, 1, 1),  # noqa: DTZ001 - it adds the zone
    ),
    "date": st.dates(),
    "bytes": st.binary(),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False),
}


@given(st.lists(st.tuples(*(st.none() | values for values in VALUES.values())), max_size=5))
def test_every_value_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]]
) -> None:
    columns = [(kind, kind) for kind in VALUES]
    file = io.BytesIO()
    writer = BackupWriter(file, revision="1", made_at=AT)
    writer.begin_table("values", columns)
    for row in rows:
        writer.write_row(row)
    writer.seal()
    path = tmp_path_factory.mktemp("values") / "values.backup"
    path.write_bytes(file.getvalue())
    assert read_seal(path).rows == {"values": len(rows)}
    assert list(read_content(path)) == [BackupTable("values", tuple(columns)), *(list(row) for row in rows)]


def test_values_of_every_kind_are_plain_text_in_the_file() -> None:
    file = io.BytesIO()
    writer = BackupWriter(file, revision="1", made_at=AT)
    writer.begin_table("t", [("a", "instant"), ("b", "date"), ("c", "decimal"), ("d", "bytes")])
    writer.write_row([AT, date(2022, 6, 22), Decimal("0.10"), b"\0"])
    writer.seal()
    row = gzip.decompress(file.getvalue()).splitlines()[2]
    assert row == b'["2022-06-22T08:00:00Z","2022-06-22","0.10","AA=="]'
