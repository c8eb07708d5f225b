"""The store is built by migrations, upgraded after a copy, and refused where it is newer or another program's."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from passes.database import database_state, upgrade_database

AT = datetime(2022, 6, 22, 8, tzinfo=UTC)


def test_empty_database_becomes_current(empty_store: sa.Engine) -> None:
    assert database_state(empty_store) == "empty"
    upgrade_database(empty_store, at=AT)
    assert database_state(empty_store) == "current"


def test_x(store: sa.Engine) -> None:
    assert database_state(store) == "current"
