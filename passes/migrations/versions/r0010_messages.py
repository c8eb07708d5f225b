"""Messages to drivers, each with its outlet, its attempts and what came of it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"

_INSTANT: Final = sa.DateTime(timezone=True)
#: What happened before there were messages is told to nobody now.
_START: Final = "INSERT INTO counters (name, value) SELECT 'told_event', MAX(id) FROM pass_events HAVING MAX(id) > 0"


def upgrade() -> None:
    """Build the table; passes that were issued already are not told of again."""
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("event", sa.Integer, nullable=False),
        sa.Column("recipient", sa.SmallInteger, nullable=False),
        sa.Column("outlet", sa.String(64), nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("person", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.String(100), nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("give_up_at", _INSTANT, nullable=False),
        sa.Column("pass_ends_at", _INSTANT, nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("done_by", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
        sa.UniqueConstraint("event", "recipient", "outlet", name="uq_messages_event_recipient_outlet"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_number", "messages", ["number"])
    op.create_index("ix_messages_state_next_at", "messages", ["state", "next_at"])
    op.execute(sa.text(_START))
