from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError, SurroundingsError
from geodata.store import transaction
from passes.applications.application import read_application
from passes.applications.sealed_applications import APPLICATIONS, keep_application, open_application
from tests.pass_applications import DRIVER_ID, NOW, application_document

KEY = bytes(range(32))


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def keep(connection: sa.Connection, *, firm: str = "firm", key: bytes = KEY, **changes: Any) -> str:
    application = read_application(application_document(**changes), where="")
    return keep_application(connection, application, key, firm=firm, at=NOW)


def test_an_application_opens_again_as_it_came(connection: sa.Connection) -> None:
    assert open_application(connection, keep(connection), KEY) == application_document()


def test_the_same_application_is_kept_once(connection: sa.Connection) -> None:
    assert keep(connection) == keep(connection)
    assert connection.scalar(sa.select(sa.func.count()).select_from(APPLICATIONS)) == 1


def test_other_content_another_firm_or_another_id_is_another_application(connection: sa.Connection) -> None:
    known = {keep(connection), keep(connection, goods="x"), keep(connection, firm="b"), keep(connection, id="1")}
    assert len(known) == 4


def test_an_id_used_for_other_content_is_refused(connection: sa.Connection) -> None:
    keep(connection, id="1")
    with pytest.raises(BadInputError, match="application-id-reused"):
        keep(connection, id="1", goods="x")


def test_nothing_kept_shows_a_person(connection: sa.Connection) -> None:
    keep(connection)
    row = connection.execute(sa.select(APPLICATIONS)).one()
    kept = repr(tuple(row)) + bytes(row.sealed).decode("latin-1")
    assert DRIVER_ID not in kept
    assert "王小明".encode() not in bytes(row.sealed)


def test_what_it_is_known_by_depends_on_the_key(connection: sa.Connection) -> None:
    assert keep(connection) != keep(connection, key=KEY[::-1])


def test_another_key_does_not_open_it(connection: sa.Connection) -> None:
    known_by = keep(connection)
    with pytest.raises(SurroundingsError, match="key-file-wrong"):
        open_application(connection, known_by, KEY[::-1])


def test_an_unknown_one_is_an_error(connection: sa.Connection) -> None:
    with pytest.raises(BadInputError, match="application-unknown"):
        open_application(connection, "x", KEY)
