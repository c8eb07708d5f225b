"""What is new among the findings, for pages that are open."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the list of news; what is found already is none."""
    op.create_table(
        "finding_news",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("check_id", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("township", sa.String(200), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("since", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_finding_news"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_finding_news_at", "finding_news", ["at"])
