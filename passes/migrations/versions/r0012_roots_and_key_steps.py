"""The offline root, the lists that it signs, other issuers, and what two people do with the keys."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0012"
down_revision: Final = "0011"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the tables; a county without a root goes on as before."""
    op.create_table(
        "roots",
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("x", sa.LargeBinary(32), nullable=False),
        sa.Column("y", sa.LargeBinary(32), nullable=False),
        sa.Column("adopted_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kid", name="pk_roots"),
    )
    op.create_table(
        "root_lists",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("published_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_root_lists"),
    )
    op.create_table(
        "trusted_issuers",
        sa.Column("issuer", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("keys", sa.JSON, nullable=False),
        sa.Column("withdrawn", sa.JSON, nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("issuer", name="pk_trusted_issuers"),
    )
    op.create_table(
        "key_steps",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("subject", "number", name="pk_key_steps"),
        sa.UniqueConstraint("position", name="uq_key_steps_position"),
    )
