"""The store is built by migrations, upgraded after a copy, and refused where it is newer or another program's."""

from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from geodata.errors import SurroundingsError
from geodata.store import CLOSURE_SET_VERSION, COUNTERS, raise_counter, read_counter, rebuilding, transaction
from passes import database, migrations
from passes.backup_format import kind_of
from passes.database import database_state, ready_database, upgrade_database
from passes.migrations import REVISIONS, VERSION_TABLE
from passes.tables import METADATA

AT = datetime(2022, 6, 22, 8, tzinfo=UTC)
OpenStore = Callable[[str], sa.Engine]


def _set_revision(engine: sa.Engine, revision: str) -> None:
    with transaction(engine, writes=True) as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})


def _pretend_older(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program know of a later revision than the database has, whose migration does nothing."""
    monkeypatch.setattr(database, "REVISIONS", (*REVISIONS, "9999"))
    monkeypatch.setattr(database, "migrate", lambda connection, revision: connection.execute(_TO_9999))


_TO_9999 = sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")


def test_empty_database_becomes_current(empty_store: sa.Engine) -> None:
    assert database_state(empty_store) == "empty"
    done = upgrade_database(empty_store, at=AT)
    assert (done.before, done.after, done.copy) == ("", REVISIONS[-1], None)
    assert database_state(empty_store) == "current"


def test_upgrading_again_changes_nothing(store: sa.Engine) -> None:
    assert upgrade_database(store, at=AT).before == REVISIONS[-1]


def test_migrations_build_exactly_the_tables_of_the_code(store: sa.Engine) -> None:
    options = {"compare_type": True, "compare_server_default": True, "version_table": VERSION_TABLE}
    with transaction(store, writes=False) as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_known_revisions_are_the_migrations_in_their_order() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(one.revision for one in reversed(list(script.walk_revisions()))) == REVISIONS


def test_every_column_can_be_backed_up(store: sa.Engine) -> None:
    reflected = sa.MetaData()
    reflected.reflect(store)
    assert all(kind_of(column) for table in reflected.tables.values() for column in table.columns)


def test_every_module_that_makes_a_table_is_gathered() -> None:
    root = Path(database.__file__).parents[1]
    tree = ast.parse((root / "passes" / "tables.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    gathered = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    makers = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for floor in ("geodata", "passes")
        for path in (root / floor).rglob("*.py")
        if "sa.Table(" in path.read_text(encoding="utf-8") and path.name != "store.py"
    }
    assert len(makers) > 5
    assert makers - gathered == set()


def test_newer_database_is_refused(store: sa.Engine) -> None:
    _set_revision(store, "9000")
    assert database_state(store) == "newer"
    for refuse in (ready_database, upgrade_database):
        with pytest.raises(SurroundingsError) as refused:
            refuse(store, at=AT)
        assert refused.value.code == "database-newer"


def test_database_of_another_program_is_refused(empty_store: sa.Engine) -> None:
    with transaction(empty_store, writes=True) as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(SurroundingsError) as refused:
        ready_database(empty_store, at=AT)
    assert refused.value.code == "database-not-ours"


def test_first_use_makes_an_embedded_database(sqlite_url: str, open_test_store: OpenStore) -> None:
    engine = open_test_store(sqlite_url)
    ready_database(engine, at=AT)
    assert database_state(engine) == "current"


def test_asking_for_the_state_makes_no_file(sqlite_url: str, open_test_store: OpenStore, tmp_path: Path) -> None:
    assert database_state(open_test_store(sqlite_url)) == "empty"
    assert list(tmp_path.iterdir()) == []


def test_postgresql_is_built_only_on_request(postgresql_url: str, open_test_store: OpenStore) -> None:
    engine = open_test_store(postgresql_url)
    with pytest.raises(SurroundingsError) as refused:
        ready_database(engine, at=AT)
    assert refused.value.code == "database-needs-upgrade"
    upgrade_database(engine, at=AT)
    ready_database(engine, at=AT)


def test_older_sqlite_file_is_copied_before_it_is_upgraded(
    sqlite_url: str, open_test_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_test_store(sqlite_url)
    upgrade_database(engine, at=AT)
    with transaction(engine, writes=True) as connection:
        raise_counter(connection, CLOSURE_SET_VERSION)
    _pretend_older(engine, monkeypatch)
    done = upgrade_database(engine, at=AT)
    assert done.copy is not None
    assert done.copy.name == "store.sqlite.before-upgrade-20220622T080000Z"
    with sqlite3.connect(f"file:{done.copy}?mode=ro", uri=True) as copy:
        assert copy.execute("SELECT name, value FROM counters").fetchall() == [(CLOSURE_SET_VERSION, 1)]
        assert copy.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall() == [(REVISIONS[-1],)]
    copy.close()


def test_failed_upgrade_leaves_the_database_as_it_was(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_half_way(connection: sa.Connection, revision: str) -> None:
        connection.exec_driver_sql("CREATE TABLE half_way (id INTEGER)")
        raise ZeroDivisionError

    monkeypatch.setattr(database, "REVISIONS", (*REVISIONS, "9999"))
    monkeypatch.setattr(database, "migrate", fail_half_way)
    with pytest.raises(ZeroDivisionError):
        upgrade_database(store, at=AT)
    assert "half_way" not in sa.inspect(store).get_table_names()
    assert database_state(store) == "older"


FIRST_USE = """
import sys
from datetime import UTC, datetime
from geodata.store import open_store
from passes.database import upgrade_database
upgrade_database(open_store(sys.argv[1]), at=datetime.now(UTC))
"""


def test_processes_that_meet_an_empty_database_at_once_all_succeed(empty_store: sa.Engine) -> None:
    url = empty_store.url.render_as_string(hide_password=False)
    started = [subprocess.Popen([sys.executable, "-c", FIRST_USE, url], stderr=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=300)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, told
    assert database_state(empty_store) == "current"


def test_current_database_is_seen_without_the_migration_library(sqlite_url: str, open_test_store: OpenStore) -> None:
    ready_database(open_test_store(sqlite_url), at=AT)
    look = f"{FIRST_USE.strip()}\nassert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", look, sqlite_url], check=True, timeout=300)


def _leave_an_orphan(engine: sa.Engine) -> None:
    with rebuilding(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE children (parent INTEGER REFERENCES parents (id))")
        connection.exec_driver_sql("INSERT INTO children VALUES (7)")


def test_references_are_checked_after_rebuilding(sqlite_url: str, open_test_store: OpenStore) -> None:
    engine = open_test_store(sqlite_url)
    with pytest.raises(SurroundingsError) as refused:
        _leave_an_orphan(engine)
    assert refused.value.code == "database-broken"
    assert database_state(engine) == "empty"


def test_counter_counts_within_its_transaction(store: sa.Engine) -> None:
    with transaction(store, writes=True) as connection:
        assert [raise_counter(connection, "asked") for _ in range(3)] == [1, 2, 3]
        assert read_counter(connection, "never") == 0


def test_failed_transaction_leaves_nothing(store: sa.Engine) -> None:
    with suppress(ZeroDivisionError), transaction(store, writes=True) as connection:
        raise_counter(connection, "asked")
        raise ZeroDivisionError
    with transaction(store, writes=False) as connection:
        assert connection.execute(sa.select(COUNTERS)).all() == []
