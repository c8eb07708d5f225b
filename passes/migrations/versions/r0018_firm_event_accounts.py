"""Who said that a case was confirmed at a firm, and who answered its review."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0018"
down_revision: Final = "0017"


def upgrade() -> None:
    """Add the column; of what happened before nobody knows who it was."""
    op.add_column("firm_events", sa.Column("account", sa.String(100)))
