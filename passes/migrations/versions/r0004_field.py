"""Tables of the road: photos, driver links, reports of blocked roads, needed stops, checkpoint scans."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build every table, each after those it refers to."""
    _build_photos()
    _build_links()
    _build_reports()
    _build_stops()
    _build_scans()


def _build_photos() -> None:
    """Build the photos."""
    op.create_table(
        "photos",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_photos"),
    )


def _build_links() -> None:
    """Build driver links and the devices that may act on them."""
    op.create_table(
        "driver_links",
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tries_since", _INSTANT),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_driver_links"),
    )
    op.create_index("ix_driver_links_number", "driver_links", ["number"])
    op.create_table(
        "driver_devices",
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("device_hash", sa.String(64), nullable=False),
        sa.Column("let_in_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["secret_hash"], ["driver_links.secret_hash"], name="fk_driver_devices_secret_hash"),
        sa.PrimaryKeyConstraint("secret_hash", "device_hash", name="pk_driver_devices"),
    )


def _build_reports() -> None:
    """Build reports of blocked roads."""
    op.create_table(
        "road_reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String(100), nullable=False),
        sa.Column("observed_at", _INSTANT, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("reporter", sa.String(200), nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("road_id", sa.String(64), nullable=False),
        sa.Column("offset_m", sa.Float, nullable=False),
        sa.Column("distance_m", sa.Float, nullable=False),
        sa.Column("township", sa.String(200), nullable=False),
        sa.Column("barrier", sa.String(32), nullable=False),
        sa.Column("photo", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_road_reports"),
    )
    op.create_index("ix_road_reports_case_id", "road_reports", ["case_id"])
    op.create_index("ix_road_reports_observed_at", "road_reports", ["observed_at"])
    op.create_index("ix_road_reports_photo", "road_reports", ["photo"])
    op.create_index("ix_road_reports_reporter_received_at", "road_reports", ["reporter", "received_at"])


def _build_stops() -> None:
    """Build the stops that drivers need."""
    op.create_table(
        "needed_stops",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("lon", sa.Float),
        sa.Column("lat", sa.Float),
        sa.Column("handled_at", _INSTANT),
        sa.Column("handled_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_needed_stops"),
    )
    op.create_index("ix_needed_stops_number", "needed_stops", ["number"])
    op.create_index("ix_needed_stops_at", "needed_stops", ["at"])


def _build_scans() -> None:
    """Build what checkpoints saw and did."""
    op.create_table(
        "checkpoint_scans",
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("checkpoint", sa.String(200), nullable=False),
        sa.Column("officer", sa.String(200), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("jti", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("called", sa.String(200), nullable=False),
        sa.Column("photo", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_checkpoint_scans"),
    )
    for name in ("at", "plate", "jti", "photo"):
        op.create_index(f"ix_checkpoint_scans_{name}", "checkpoint_scans", [name])
    op.create_index("ix_checkpoint_scans_checkpoint_at", "checkpoint_scans", ["checkpoint", "at"])
