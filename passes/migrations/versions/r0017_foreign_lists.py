"""Status lists of other issuers and where they are fetched; what a root has signed of the one after it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0017"
down_revision: Final = "0016"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the table; no issuer that is trusted already has an address."""
    op.create_table(
        "foreign_lists",
        sa.Column("issuer", sa.String(64), nullable=False),
        sa.Column("uri", sa.String(200), nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "uri", name="pk_foreign_lists"),
    )
    op.add_column("roots", sa.Column("succession", sa.Text))
    op.add_column("trusted_issuers", sa.Column("address", sa.String(300)))
