"""When a truck came and was first looked at, who judged it, and how many wait at a checkpoint."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Widen what checkpoints keep of a truck, and build the counts of their queues; nothing is known of the past."""
    op.add_column("checkpoint_scans", sa.Column("arrived_at", _INSTANT))
    op.add_column("checkpoint_scans", sa.Column("shown_at", _INSTANT))
    op.add_column("checkpoint_scans", sa.Column("sent_by", sa.String(200)))
    op.create_table(
        "queue_counts",
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("checkpoint", sa.String(200), nullable=False),
        sa.Column("officer", sa.String(200), nullable=False),
        sa.Column("trucks", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_queue_counts"),
    )
    op.create_index("ix_queue_counts_at", "queue_counts", ["at"])
