"""Alembic's entry: runs migrations on the connection that `passes.database` hands over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from alembic import context

from geodata.store import Instant, open_store
from passes.migrations import VERSION_TABLE

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def _spell_out(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write a column type into a revision as it is in the database: a revision must not change with the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _migrate(connection: sa.Connection, metadata: sa.MetaData | None = None) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        render_as_batch=True,
        render_item=_spell_out,
    )
    context.run_migrations()


def _serve_maintainer() -> None:
    """Serve Alembic's own command line, which only maintainers use."""
    from passes.tables import METADATA

    engine = open_store(os.environ["BAOTONG_DATABASE_URL"])
    with engine.begin() as connection:
        _migrate(connection, METADATA)


_given = context.config.attributes.get("connection")
if _given is None:
    _serve_maintainer()
else:
    _migrate(_given)
