"""Databases for tests: a throw-away PostgreSQL server, and stores on SQLite and PostgreSQL alike.

`tests/conftest.py` loads this file: every test may ask for

- `store`: an engine on a database with every table of the product; the test runs once on each kind of database,
- `empty_store`: the same without any table,
- `used_county`: the small county with a database that has every table,
- `sqlite_url` and `postgresql_url`: the URL of an empty database of that kind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata.county import DATABASE_FILE, County
from geodata.store import open_store
from passes.database import upgrade_database
from tests.kept_database import KeptDatabase

BUILT_AT = datetime(2022, 6, 22, tzinfo=UTC)


def _program(name: str) -> str | None:
    """Return PostgreSQL's own program: from PATH, else where Debian keeps the newest one."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(installed[-1]) if installed else None


def _as_nobody() -> list[str]:
    """Return what goes before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_server_user()}", "--clear-groups", f"--regid={_server_user()}"]


def _server_user() -> int:
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_uid
    return pwd.getpwnam("nobody").pw_uid


def _missing(reason: str) -> None:
    """Skip where PostgreSQL is not installed; a run in CI must have it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _run(*command: str) -> None:
    done = subprocess.run([*_as_nobody(), *command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stderr or done.stdout}")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL server of our own on a socket in a temporary folder; yields that folder."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if initdb is None or pg_ctl is None:
        _missing("PostgreSQL's server programs are not installed")
        return
    # Not pytest's folder: a socket's path may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="baotong-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, _server_user(), _server_user())
    data, log = str(folder / "data"), str(folder / "log")
    try:
        _run(initdb, "-D", data, "-U", "baotong", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(pg_ctl, "-D", data, "-l", log, "-w", "-o", f"-F -k {folder} -c listen_addresses=", "start")
        try:
            yield str(folder)
        finally:
            _run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql_server: str) -> Iterator[Callable[..., str]]:
    """Return a function that creates a database, empty or a copy of another, and returns its URL."""
    admin = sa.create_engine(_postgresql_url(postgresql_server, "postgres"), isolation_level="AUTOCOMMIT")
    numbers = count(1)

    def create(template: str = "template1") -> str:
        name = f"t{next(numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return _postgresql_url(postgresql_server, name)

    yield create
    admin.dispose()


def _postgresql_url(server: str, name: str) -> str:
    return f"postgresql+psycopg://baotong@/{name}?host={server}"


@pytest.fixture
def postgresql_url(new_postgresql_database: Callable[..., str]) -> str:
    """Return the URL of an empty PostgreSQL database."""
    return new_postgresql_database()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="session")
def _built_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "built.sqlite"
    engine = open_store(f"sqlite:///{path}")
    upgrade_database(engine, at=BUILT_AT)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def used_county(small_county: County, _built_sqlite: Path) -> County:
    """The small county with a database that was made before: commands begin at once."""
    shutil.copyfile(_built_sqlite, small_county.folder / DATABASE_FILE)
    return small_county


@pytest.fixture(scope="session")
def fresh_postgresql(new_postgresql_database: Callable[..., str]) -> Callable[[], str]:
    """Return a function that returns the URL of a database with every table and only what a new one holds."""
    template = new_postgresql_database()
    engine = open_store(template)
    upgrade_database(engine, at=BUILT_AT)
    engine.dispose()
    kept = KeptDatabase(template, lambda: new_postgresql_database(str(engine.url.database)))
    return kept.fresh


@pytest.fixture
def open_test_store() -> Iterator[Callable[[str], sa.Engine]]:
    """Return a function that opens a store and closes it after the test."""
    engines: list[sa.Engine] = []

    def open_and_remember(url: str) -> sa.Engine:
        engines.append(open_store(url))
        return engines[-1]

    yield open_and_remember
    for engine in engines:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store(request: pytest.FixtureRequest, open_test_store: Callable[[str], sa.Engine]) -> sa.Engine:
    """Return an engine on an empty database, once on SQLite and once on PostgreSQL."""
    return open_test_store(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, open_test_store: Callable[[str], sa.Engine]) -> sa.Engine:
    """Return an engine on a fresh database with every table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("_built_sqlite"), tmp_path / "store.sqlite")
        return open_test_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    return open_test_store(request.getfixturevalue("fresh_postgresql")())
