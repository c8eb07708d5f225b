"""Editions that have the roads of another one, and what closures do to the passes they hit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let every pass have its own roads, as before, and build the empty tables of re-issuing."""
    op.add_column("passes", sa.Column("roads_of", sa.String(32), nullable=False, server_default=""))
    op.execute("UPDATE passes SET roads_of = jti")
    with op.batch_alter_table("passes") as passes:
        passes.alter_column("roads_of", server_default=None)
    op.create_index("ix_passes_roads_of", "passes", ["roads_of"])
    _make_closures()
    _make_reissues()
    _make_hits()


def _make_closures() -> None:
    op.create_table(
        "reissue_closures",
        sa.Column("closure_id", sa.String(200), nullable=False),
        sa.Column("extent", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("lifted_at", _INSTANT),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", _INSTANT),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("closure_id", name="pk_reissue_closures"),
    )
    op.create_index("ix_reissue_closures_state", "reissue_closures", ["state"])


def _make_reissues() -> None:
    op.create_table(
        "reissues",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("is_started", sa.Boolean, nullable=False),
        sa.Column("known_from", sa.String(16), nullable=False),
        sa.Column("known_at", _INSTANT),
        sa.Column("closes_at", _INSTANT, nullable=False),
        sa.Column("next_edition", sa.Integer, nullable=False),
        sa.Column("next_jti", sa.String(32), nullable=False),
        sa.Column("prepared", sa.LargeBinary),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("added_min", sa.Float),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT),
        sa.Column("delivered_at", _INSTANT),
        sa.Column("delivered_by", sa.String(16), nullable=False),
        sa.Column("switched_at", _INSTANT),
        sa.Column("option", sa.String(16), nullable=False),
        sa.Column("option_by", sa.String(200), nullable=False),
        sa.Column("option_at", _INSTANT),
        sa.ForeignKeyConstraint(["jti"], ["passes.jti"], name="fk_reissues_jti"),
        sa.PrimaryKeyConstraint("jti", name="pk_reissues"),
    )
    op.create_index("ix_reissues_number", "reissues", ["number"])
    op.create_index("ix_reissues_state", "reissues", ["state"])


def _make_hits() -> None:
    op.create_table(
        "reissue_hits",
        sa.Column("closure_id", sa.String(200), nullable=False),
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["closure_id"], ["reissue_closures.closure_id"], name="fk_reissue_hits_closure_id"),
        sa.ForeignKeyConstraint(["jti"], ["reissues.jti"], name="fk_reissue_hits_jti"),
        sa.PrimaryKeyConstraint("closure_id", "jti", name="pk_reissue_hits"),
    )
    op.create_index("ix_reissue_hits_jti", "reissue_hits", ["jti"])
