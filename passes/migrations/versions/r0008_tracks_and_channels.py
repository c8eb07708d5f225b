"""Tracks with what they showed, and the green channels that were designated."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build the tables; none holds anything yet."""
    _build_tracks()
    op.create_table(
        "green_channels",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hub", sa.String(200), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("out_to", sa.String(200), nullable=False),
        sa.Column("back_from", sa.String(200), nullable=False),
        sa.Column("out_legs", sa.JSON, nullable=False),
        sa.Column("back_legs", sa.JSON, nullable=False),
        sa.Column("out_min", sa.Float, nullable=False),
        sa.Column("back_min", sa.Float, nullable=False),
        sa.Column("network_digest", sa.String(64), nullable=False),
        sa.Column("designated_by", sa.String(100), nullable=False),
        sa.Column("designated_at", _INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(100), nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_green_channels"),
    )
    op.create_index("ix_green_channels_hub", "green_channels", ["hub"])


def _build_tracks() -> None:
    op.create_table(
        "tracks",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("pass_number", sa.String(12), nullable=False),
        sa.Column("who", sa.String(16), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("first_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.Column("positions", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_tracks"),
    )
    op.create_index("ix_tracks_pass_number", "tracks", ["pass_number"])
    op.create_table(
        "track_signs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("track", sa.String(100), nullable=False),
        sa.Column("sign", sa.String(16), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.String(16), nullable=False),
        sa.Column("closure_id", sa.String(100), nullable=False),
        sa.Column("road_id", sa.String(64), nullable=False),
        sa.Column("offset_m", sa.Float, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["track"], ["tracks.key"], name="fk_track_signs_track"),
        sa.PrimaryKeyConstraint("id", name="pk_track_signs"),
    )
    for column in ("at", "closure_id", "track"):
        op.create_index(f"ix_track_signs_{column}", "track_signs", [column])
