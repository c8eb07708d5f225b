"""One PostgreSQL database that is used by one test after the other: creating one for each costs a fifth of a second.

Before it is handed out again it is brought back to what a new database holds: every row that a test left goes, every
sequence begins anew. Where a test changed more than rows, or still holds a connection, a new database takes its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from geodata.store import open_store

#: What only a changed schema changes: emptying a table leaves it as it is.
_SHAPE = """
SELECT md5(string_agg(found.line, '|' ORDER BY found.line)) FROM (
  SELECT concat_ws(' ', 'r', c.oid, c.relname, c.relkind, a.attnum, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'c', oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 't', oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(' ', 'p', oid, proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat_ws(' ', 'n', oid, nspname) FROM pg_namespace WHERE left(nspname, 3) <> 'pg_'
  UNION ALL SELECT concat_ws(' ', 's', setdatabase, setrole, setconfig) FROM pg_db_role_setting
) AS found
"""
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
#: How often it is looked whether others are connected, a hundredth of a second apart.
_LOOKS = 50
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
_SEQUENCES = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


class KeptDatabase:
    """A database for one test after the other.

    Parameters
    ----------
    template
        URL of a database as every test expects it; it is never handed out.
    create
        Makes a copy of it and returns its URL.
    """

    def __init__(self, template: str, create: Callable[[], str]) -> None:
        self._create = create
        with open_store(template).connect() as connection:
            self._tables = list(connection.exec_driver_sql(_TABLES).scalars())
            self._rows = {name: rows for name in self._tables if (rows := _rows_of(connection, name))}
        self._url = ""
        self._shape = ""

    def fresh(self) -> str:
        """Return the URL of a database that holds what a new one holds."""
        if not self._url or not self._is_fresh_again():
            self._url = self._create()
            with open_store(self._url).connect() as connection:
                self._shape = str(connection.exec_driver_sql(_SHAPE).scalar())
        return self._url

    def _is_fresh_again(self) -> bool:
        with open_store(self._url).begin() as connection:
            if not _is_alone(connection) or connection.exec_driver_sql(_SHAPE).scalar() != self._shape:
                return False
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no order among the tables
            for name in self._tables:
                connection.exec_driver_sql(f'DELETE FROM "{name}"')
            for name, rows in self._rows.items():
                table = sa.table(name, *map(sa.column, rows[0]))
                connection.execute(table.insert(), rows)
            connection.exec_driver_sql(_SEQUENCES)
        return True


def _is_alone(connection: sa.Connection) -> bool:
    """Tell whether nobody else is connected; a connection that was closed just now takes its server a moment to end."""
    for _ in range(_LOOKS):
        if not connection.exec_driver_sql(_OTHERS).scalar():
            return True
        connection.exec_driver_sql("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")
    return False


def _rows_of(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()]
