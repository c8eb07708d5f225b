"""Filings of closures, and the steps of tickets."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the tables of filings and of ticket steps; both are only added to."""
    op.create_table(
        "closure_filings",
        sa.Column("closure_id", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("filed_at", _INSTANT, nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("closure_id", "number", name="pk_closure_filings"),
        sa.UniqueConstraint("position", name="uq_closure_filings_position"),
    )
    op.create_table(
        "ticket_steps",
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("check_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("by_unit", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("photo", sa.Text, nullable=False),
        sa.Column("sight", sa.String(16), nullable=False),
        sa.Column("due_at", _INSTANT),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("subject", "check_id", "number", name="pk_ticket_steps"),
        sa.UniqueConstraint("position", name="uq_ticket_steps_position"),
    )
