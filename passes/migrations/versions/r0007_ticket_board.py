"""The board of findings and tickets, derived from the steps and the audit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the board; the next audit fills it."""
    op.create_table(
        "ticket_board",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("check_id", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("is_reopening", sa.Boolean, nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("is_found", sa.Boolean, nullable=False),
        sa.Column("comes_back", sa.Boolean, nullable=False),
        sa.Column("township", sa.String(200), nullable=False),
        sa.Column("road_id", sa.String(100), nullable=False),
        sa.Column("lon", sa.Float),
        sa.Column("lat", sa.Float),
        sa.Column("put_up_by", sa.Text, nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("since", _INSTANT),
        sa.Column("clause", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("subject", "check_id", name="pk_ticket_board"),
    )
    op.create_index("ix_ticket_board_state", "ticket_board", ["state"])
    op.create_index("ix_ticket_board_unit", "ticket_board", ["unit"])
