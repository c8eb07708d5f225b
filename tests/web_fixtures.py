"""The pages of the small county without a browser: an application, and clients that are signed in.

`tests/conftest.py` loads this file: every test may ask for

- `small_site`: the surroundings of the small county, with an account for every role (`ACCOUNTS`),
- `small_app`: its application,
- `client_of`: a function that returns a client signed in as a role, "" for a person without an account.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from geodata.county import DATABASE_FILE, County
from geodata.store import open_store, transaction
from passes.accounts.account_register import add_account, set_password
from web.app import create_app
from web.session import Session
from web.shell.gate import SIGN_IN_COOKIE
from web.site import Site, open_site

OPENED_AT = datetime(2022, 6, 22, tzinfo=UTC)
PASSWORD = "correct horse"
#: Role -> name and unit of its account.
ACCOUNTS = {
    "T": ("t", ""),
    "E": ("e", "宏达面粉"),
    "C": ("c", "check"),
    "P": ("p", ""),
    "TW": ("tw", "东镇"),
    "HQ": ("hq", "epidemic_hq"),
    "S": ("s", ""),
}
#: Argon2 with the least work that it allows: hundreds of tests sign in.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(scope="session")
def _with_accounts(_built_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an account for every role, and nothing else."""
    path = tmp_path_factory.mktemp("accounts") / DATABASE_FILE
    shutil.copyfile(_built_sqlite, path)
    store = open_store(f"sqlite:///{path}")
    with transaction(store, writes=True) as connection:
        for role, (name, unit) in ACCOUNTS.items():
            add_account(connection, name, role=role, unit=unit, password_hash=_HASH, at=OPENED_AT)
            set_password(connection, name, _HASH, must_change=False)
    store.dispose()
    return path


@pytest.fixture
def small_site(
    small_county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _with_accounts: Path
) -> Iterator[Site]:
    """The surroundings of the small county, with an account for every role."""
    monkeypatch.setenv("BAOTONG_KEY_FILE", str(tmp_path / "key-encryption-key"))
    shutil.copyfile(_with_accounts, small_county.folder / DATABASE_FILE)
    site = open_site(Session(small_county.folder, "", "", as_json=False))
    yield site
    site.store.dispose()


@pytest.fixture
def small_app(small_site: Site) -> Flask:
    """The application of the small county."""
    return create_app(small_site, testing=True)


@pytest.fixture
def client_of(small_app: Flask) -> Callable[[str], FlaskClient]:
    """Return a function that returns a client signed in as a role; forged forms are not looked for."""
    small_app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(role: str) -> FlaskClient:
        client = small_app.test_client()
        if role:
            answer = client.post("/sign-in", data={"name": ACCOUNTS[role][0], "password": PASSWORD})
            assert answer.status_code == 303
            assert client.get_cookie(SIGN_IN_COOKIE) is not None
        return client

    return sign_in
