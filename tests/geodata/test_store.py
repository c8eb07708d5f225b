"""Transactions are whole, writers are alone, readers see one moment, and what fails is named."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata import store as store_module
from geodata.errors import BadInputError, SurroundingsError
from geodata.store import (
    Instant,
    insert_rows,
    name_of,
    open_store,
    raise_counter,
    read_counter,
    rebuilding,
    transaction,
    update_rows,
)

OpenStore = Callable[[str], sa.Engine]


def _refusal(engine: sa.Engine, *, asking: str = "SELECT 1 FROM sqlite_master") -> str:
    """Ask in a writer's transaction, and return the code of the refusal."""
    with pytest.raises(SurroundingsError) as refused, transaction(engine, writes=True) as connection:
        connection.exec_driver_sql(asking)
    return refused.value.code


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        Instant().process_bind_param(datetime(2022, 6, 22), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001


def test_instant_comes_back_in_utc(empty_store: sa.Engine) -> None:
    at = datetime(2022, 6, 22, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    moments = sa.Table("moments", sa.MetaData(), sa.Column("at", Instant))
    with transaction(empty_store, writes=True) as connection:
        moments.create(connection)
        connection.execute(sa.insert(moments).values(at=at))
        kept = connection.scalar(sa.select(moments.c.at))
    assert kept == at
    assert kept.tzinfo is UTC


def things(connection: sa.Connection) -> sa.Table:
    columns = sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", Instant), sa.Column("facts", sa.JSON)
    kinds = sa.Column("data", sa.LargeBinary), sa.Column("text", sa.Text), sa.Column("yes", sa.Boolean)
    table = sa.Table("things", sa.MetaData(), *columns, *kinds)
    table.create(connection)
    return table


@pytest.mark.parametrize("count", [1, 20])
def test_rows_of_every_kind_are_kept_many_or_few(empty_store: sa.Engine, count: int) -> None:
    at = datetime(2022, 6, 22, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    row = (at, {"a": ["中", None, '"\\\t']}, b"\x00\\x\n\xff", "\\N\t\n中", True)
    with transaction(empty_store, writes=True) as connection:
        table = things(connection)
        insert_rows(connection, table, [(number, *row) for number in range(count)])
        insert_rows(connection, table, [(number, None, {}, None, None, None) for number in range(count, 2 * count)])
        kept = [tuple(one) for one in connection.execute(sa.select(table).order_by(table.c.id))]
    assert kept[:count] == [(number, *row) for number in range(count)]
    assert kept[count:] == [(number, None, {}, None, None, None) for number in range(count, 2 * count)]


@pytest.mark.parametrize("count", [2, 20])
def test_a_row_that_is_there_already_is_refused_among_many_or_few(empty_store: sa.Engine, count: int) -> None:
    row = (None, {}, None, "secret", None)
    with pytest.raises(sa.exc.IntegrityError) as refused, transaction(empty_store, writes=True) as connection:
        insert_rows(connection, things(connection), [(number % (count - 1), *row) for number in range(count)])
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("count", [2, 20])
def test_a_value_that_postgresql_cannot_take_is_not_quoted(postgresql_url: str, count: int) -> None:
    table = sa.Table("things", sa.MetaData(), sa.Column("text", sa.String(4)))
    store = open_store(postgresql_url)
    with transaction(store, writes=True) as connection:
        table.create(connection)
    with pytest.raises(sa.exc.DataError) as refused, transaction(store, writes=True) as connection:
        insert_rows(connection, table, [("secret",)] * count)
    assert "too long" in str(refused.value)
    assert "secret" not in f"{refused.value} {refused.value.orig} {refused.value.__cause__}"
    store.dispose()


def test_very_many_rows_are_changed_where_they_are_what_they_were(empty_store: sa.Engine) -> None:
    first, later = datetime(2022, 6, 22, tzinfo=UTC), datetime(2022, 6, 23, tzinfo=UTC)
    columns = sa.Column("id", sa.Integer), sa.Column("at", Instant), sa.Column("facts", sa.JSON)
    table = sa.Table("things", sa.MetaData(), *columns)
    with transaction(empty_store, writes=True) as connection:
        table.create(connection)
        insert_rows(connection, table, [(number, first, {}) for number in range(3)])
        rows = [(later, {"n": 0}, 0, first), (later, {"n": 2}, 2, first), (later, {}, 1, later)]
        assert update_rows(connection, table, rows, changed=("at", "facts"), same=("id", "at")) == 2
        kept = connection.execute(sa.select(table).order_by(table.c.id)).all()
    assert [tuple(one) for one in kept] == [(0, later, {"n": 0}), (1, first, {}), (2, later, {"n": 2})]


@pytest.mark.parametrize(
    "url",
    ["", "county.sqlite", "sqlite://", "sqlite:///:memory:", "mysql://u@h/d", "oracle://", "://", "postgresqll://h/d"],
)
def test_url_of_no_known_database_is_refused(url: str) -> None:
    with pytest.raises(BadInputError) as refused:
        open_store(url)
    assert refused.value.code == "database-url-unreadable"


def test_name_hides_passwords() -> None:
    engine = open_store("postgresql://user:secret1@host/db?password=secret2")
    assert "secret" not in name_of(engine)


@pytest.mark.parametrize(
    "url", ["postgresql://u@127.0.0.1:1/d", "postgresql://u@/d?host=/no/such/folder", "sqlite:////no/such/folder/a"]
)
def test_database_out_of_reach_is_named(url: str, open_test_store: OpenStore) -> None:
    assert _refusal(open_test_store(url)) == "database-unreachable"


def test_unknown_postgresql_database_is_out_of_reach(postgresql_url: str, open_test_store: OpenStore) -> None:
    gone = sa.make_url(postgresql_url).set(database="no_such_database").render_as_string()
    assert _refusal(open_test_store(gone)) == "database-unreachable"


def test_file_that_is_no_database_is_named(tmp_path: Path, open_test_store: OpenStore) -> None:
    (tmp_path / "letter.sqlite").write_text("Dear county, " * 100)
    assert _refusal(open_test_store(f"sqlite:///{tmp_path / 'letter.sqlite'}")) == "database-not-ours"


def test_sqlite_keeps_what_was_committed_and_follows_references(sqlite_url: str, open_test_store: OpenStore) -> None:
    with transaction(open_test_store(sqlite_url), writes=False) as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 1]


def test_references_are_followed_again_after_rebuilding(sqlite_url: str) -> None:
    engine = open_store(sqlite_url, keeps_connections=True)
    with suppress(ZeroDivisionError), rebuilding(engine):
        raise ZeroDivisionError
    with transaction(engine, writes=True) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_reader_cannot_write(store: sa.Engine) -> None:
    with pytest.raises((SurroundingsError, sa.exc.DBAPIError)), transaction(store, writes=False) as connection:
        raise_counter(connection, "asked")
    with transaction(store, writes=True) as connection:
        assert raise_counter(connection, "asked") == 1


def test_reader_sees_one_moment_while_others_write(store: sa.Engine) -> None:
    with transaction(store, writes=False) as reading:
        assert read_counter(reading, "asked") == 0
        with transaction(store, writes=True) as writing:
            raise_counter(writing, "asked")
        assert read_counter(reading, "asked") == 0
    with transaction(store, writes=False) as reading:
        assert read_counter(reading, "asked") == 1


def test_writers_wait_for_each_other_and_lose_nothing(store: sa.Engine) -> None:
    def read_then_write() -> None:
        for _ in range(10):
            with transaction(store, writes=True) as connection:
                before = read_counter(connection, "asked")
                assert raise_counter(connection, "asked") == before + 1

    threads = [threading.Thread(target=read_then_write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction(store, writes=False) as connection:
        assert read_counter(connection, "asked") == 40


def test_writer_that_waited_too_long_is_told_so(
    store: sa.Engine, monkeypatch: pytest.MonkeyPatch, open_test_store: OpenStore
) -> None:
    monkeypatch.setattr(store_module, "BUSY_TIMEOUT_S", 0.05)
    impatient = open_test_store(store.url.render_as_string(hide_password=False))
    with transaction(store, writes=True):
        refusal = _refusal(impatient)
    assert refusal == "database-busy"


def test_fault_of_the_program_is_not_blamed_on_the_surroundings(store: sa.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError), transaction(store, writes=False) as connection:
        connection.exec_driver_sql("SELECT 1 FROM no_such_table")


def test_refused_row_does_not_tell_its_values(store: sa.Engine) -> None:
    people = sa.Table("people", sa.MetaData(), sa.Column("id_number", sa.String, primary_key=True))
    with transaction(store, writes=True) as connection:
        people.create(connection)
    with pytest.raises(sa.exc.IntegrityError) as refused, transaction(store, writes=True) as connection:
        connection.execute(sa.insert(people), [{"id_number": "41132219900101001X"}] * 2)
    assert "41132219900101001X" not in str(refused.value)
    assert "41132219900101001X" not in repr(refused.value)


def test_file_that_may_only_be_read_is_named(sqlite_url: str, open_test_store: OpenStore, tmp_path: Path) -> None:
    with transaction(open_test_store(sqlite_url), writes=True) as connection:
        connection.exec_driver_sql("CREATE TABLE letters (text TEXT)")
    reader = open_test_store(f"sqlite:///file:{tmp_path / 'store.sqlite'}?mode=ro&uri=true")
    assert _refusal(reader, asking="INSERT INTO letters VALUES ('a')") == "database-read-only"


WRITE_A_MEGABYTE = """
import resource, signal, sys
from geodata.errors import SurroundingsError
from geodata.store import open_store, transaction
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    with transaction(open_store(sys.argv[1]), writes=True) as connection:
        connection.exec_driver_sql("CREATE TABLE letters (text TEXT)")
        connection.exec_driver_sql("INSERT INTO letters VALUES (zeroblob(1000000))")
except SurroundingsError as error:
    print(error.code)
"""


def test_full_disk_is_named_and_leaves_the_database_whole(sqlite_url: str, open_test_store: OpenStore) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITE_A_MEGABYTE, sqlite_url], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() in {"database-disk-full", "database-disk-failed"}
    with transaction(open_test_store(sqlite_url), writes=False) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
