"""The database that tests share is a new one to each of them."""

from __future__ import annotations

import sqlalchemy as sa

from geodata.store import COUNTERS, METADATA, open_store, transaction
from passes.accounts.account_register import add_account
from tests.database_fixtures import BUILT_AT


def content(url):
    store = open_store(url)
    with store.connect() as connection:
        return {
            table.name: list(map(tuple, connection.execute(sa.select(table)))) for table in METADATA.tables.values()
        }


def test_what_a_test_left_is_gone_for_the_next(fresh_postgresql):
    url = fresh_postgresql()
    before = content(url)
    with transaction(open_store(url), writes=True) as connection:
        add_account(connection, "somebody", role="T", unit="", password_hash="x", at=BUILT_AT)
        connection.execute(sa.delete(COUNTERS))
    assert content(url) != before
    assert fresh_postgresql() == url
    assert content(url) == before


def test_a_changed_schema_or_a_connection_left_open_means_another_database(fresh_postgresql):
    url = fresh_postgresql()
    with open_store(url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE left_over (id INTEGER)")
    other = fresh_postgresql()
    assert other != url
    with open_store(other).connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        assert fresh_postgresql() != other
