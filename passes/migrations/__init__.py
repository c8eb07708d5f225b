"""Migrations of the store, forward only; `passes.database` runs them.

A new one is written by `uv run alembic revision --autogenerate -m "What it adds"` against a database that is up to date
(BAOTONG_DATABASE_URL), read and mended by hand, and added to `REVISIONS`.
"""

from __future__ import annotations

from typing import Final

#: The name of the table that holds a database's revision; its own, so that another program's database is not mistaken.
VERSION_TABLE: Final = "baotong_revision"
#: Every revision, oldest first; kept here so that a command sees without Alembic that its database is current.
REVISIONS: Final = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
)
