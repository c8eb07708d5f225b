"""The intake: applications with their state, judgement and answer, and what happened to them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the intake and its history."""
    op.create_table(
        "intake",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("enterprise", sa.String(200), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("goods", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("destination", sa.String(200), nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("depart_at", _INSTANT),
        sa.Column("application", sa.String(64), nullable=False),
        sa.Column("filed_at", _INSTANT),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("judged_at", _INSTANT),
        sa.Column("closure_set_version", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.String(200), nullable=False),
        sa.Column("answered_at", _INSTANT),
        sa.Column("pass_number", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.id"], name="fk_intake_application"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
    )
    op.create_index("ix_intake_application", "intake", ["application"])
    op.create_index("ix_intake_firm", "intake", ["firm"])
    op.create_index("ix_intake_state_depart_at", "intake", ["state", "depart_at"])
    op.create_table(
        "intake_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("intake", sa.String(16), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["intake"], ["intake.id"], name="fk_intake_events_intake"),
        sa.PrimaryKeyConstraint("id", name="pk_intake_events"),
    )
    op.create_index("ix_intake_events_intake", "intake_events", ["intake"])
