"""What was deleted when, as its days were over: a record of the log, with counts and nothing of people."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0019"
down_revision: Final = "0018"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the table; the first round of deleting fills it."""
    op.create_table(
        "deletions",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("deleted_at", _INSTANT, nullable=False),
        sa.Column("ended_before", _INSTANT, nullable=False),
        sa.Column("deleted", sa.Integer, nullable=False),
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_deletions"),
    )
    op.create_index("ix_deletions_deleted_at", "deletions", ["deleted_at"])
