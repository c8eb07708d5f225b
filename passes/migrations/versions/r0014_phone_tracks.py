"""Positions that phones of passes sent, codes of receiving points, and where trips were received and ended."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0014"
down_revision: Final = "0013"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the tables; none holds anything yet."""
    op.create_table(
        "track_bursts",
        sa.Column("track", sa.String(64), nullable=False),
        sa.Column("first_seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("clock_off_s", sa.Float, nullable=False),
        sa.Column("packed_positions", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("track", "first_seq", name="pk_track_bursts"),
    )
    for column in ("number", "received_at"):
        op.create_index(f"ix_track_bursts_{column}", "track_bursts", [column])
    op.create_table(
        "place_codes",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("code", name="pk_place_codes"),
    )
    op.create_index("ix_place_codes_place", "place_codes", ["place"])
    op.create_table(
        "trip_marks",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("lon", sa.Float),
        sa.Column("lat", sa.Float),
        sa.Column("distance_m", sa.Float),
        sa.PrimaryKeyConstraint("number", "mark", name="pk_trip_marks"),
    )
    for column in ("place", "at"):
        op.create_index(f"ix_trip_marks_{column}", "trip_marks", [column])
