"""Editions that are prepared for a closure are passes like any other, in a state of their own."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0016"
down_revision: Final = "0015"

#: A status that is withdrawn, as the list keeps it.
_WITHDRAWN: Final = 1


def upgrade() -> None:
    """Have what was prepared planned anew, and give up what was held: its packed form is gone."""
    op.execute("UPDATE reissues SET state = 'found' WHERE state = 'prepared'")
    held = "SELECT next_jti FROM reissues WHERE state = 'held'"
    op.execute(f"UPDATE status_slots SET status = {_WITHDRAWN} WHERE jti IN ({held})")  # noqa: S608 - our own words
    op.execute("UPDATE reissues SET state = 'dropped' WHERE state = 'held'")
    with op.batch_alter_table("reissues") as reissues:
        reissues.drop_column("prepared")
        reissues.add_column(sa.Column("planned_from", sa.String(16), nullable=False, server_default=""))
    with op.batch_alter_table("reissues") as reissues:
        reissues.alter_column("planned_from", server_default=None)
    op.create_index("ix_reissues_next_jti", "reissues", ["next_jti"])
