"""The first tables of the store."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Build every table, each register's after those it refers to."""
    _build_counters()
    _build_closures()
    _build_ledger()
    _build_keys()
    _build_applications()
    _build_passes()
    _build_status_lists()
    _build_whitelist()


def _build_counters() -> None:
    """Build the counters."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def _build_closures() -> None:
    """Build closures, their decisions and observations."""
    op.create_table(
        "closure_observations",
        sa.Column("closure_id", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("observed_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("barrier", sa.String(32), nullable=False),
        sa.Column("photo", sa.Text, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("closure_id", "number", name="pk_closure_observations"),
        sa.UniqueConstraint("position", name="uq_closure_observations_position"),
    )
    op.create_table(
        "closure_versions",
        sa.Column("closure_id", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("extent", sa.Text, nullable=False),
        sa.Column("drawn", sa.Text),
        sa.Column("starts_at", _INSTANT),
        sa.Column("ends_at", _INSTANT),
        sa.Column("barrier", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("pass_holders", sa.String(16), nullable=False),
        sa.Column("requested", sa.Text),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("closure_id", "version", name="pk_closure_versions"),
        sa.UniqueConstraint("position", name="uq_closure_versions_position"),
    )
    op.create_table(
        "closure_decisions",
        sa.Column("closure_id", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("about_version", sa.Integer, nullable=False),
        sa.Column("authority", sa.Text, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("document_no", sa.Text, nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.Column("starts_at", _INSTANT),
        sa.Column("ends_at", _INSTANT),
        sa.Column("extent", sa.Text),
        sa.Column("drawn", sa.Text),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id", "version"],
            ["closure_versions.closure_id", "closure_versions.version"],
            name="fk_closure_decisions_closure_id_version",
        ),
        sa.PrimaryKeyConstraint("closure_id", "version", "number", name="pk_closure_decisions"),
        sa.UniqueConstraint("position", name="uq_closure_decisions_position"),
    )


def _build_ledger() -> None:
    """Build the ledger."""
    op.create_table(
        "ledger_leaves",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.Column("appended_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_ledger_leaves"),
    )


def _build_keys() -> None:
    """Build the signing keys."""
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("x", sa.LargeBinary(32), nullable=False),
        sa.Column("y", sa.LargeBinary(32), nullable=False),
        sa.Column("encrypted_secret", sa.LargeBinary(128), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("published_at", _INSTANT, nullable=False),
        sa.Column("usable_from", _INSTANT, nullable=False),
        sa.Column("retired_at", _INSTANT),
        sa.Column("withdrawn_at", _INSTANT),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
    )


def _build_applications() -> None:
    """Build the sealed applications."""
    op.create_table(
        "applications",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
    )
    op.create_index("ix_applications_firm", "applications", ["firm"])


def _build_passes() -> None:
    """Build passes, their roads and what happened to them."""
    op.create_table(
        "passes",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("enterprise", sa.String(200), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("goods", sa.String(200), nullable=False),
        sa.Column("crew", sa.JSON, nullable=False),
        sa.Column("application", sa.String(64), nullable=False),
        sa.Column("depart_at", _INSTANT, nullable=False),
        sa.Column("not_before", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("expires_because", sa.String(32), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
        sa.Column("network_digest", sa.String(64), nullable=False),
        sa.Column("closure_set_version", sa.BigInteger, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("packed_route", sa.LargeBinary, nullable=False),
        sa.Column("replaced_by", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.id"], name="fk_passes_application"),
        sa.PrimaryKeyConstraint("jti", name="pk_passes"),
        sa.UniqueConstraint("number", "edition", name="uq_passes_number_edition"),
    )
    op.create_index("ix_passes_application", "passes", ["application"])
    op.create_index("ix_passes_expires_at", "passes", ["expires_at"])
    op.create_index("ix_passes_firm", "passes", ["firm"])
    op.create_index("ix_passes_plate", "passes", ["plate"])
    op.create_table(
        "pass_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["jti"], ["passes.jti"], name="fk_pass_events_jti"),
        sa.PrimaryKeyConstraint("id", name="pk_pass_events"),
    )
    op.create_index("ix_pass_events_jti", "pass_events", ["jti"])
    op.create_table(
        "pass_roads",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("leg", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("road_id", sa.String(64), nullable=False),
        sa.Column("direction", sa.SmallInteger, nullable=False),
        sa.Column("from_at", _INSTANT, nullable=False),
        sa.Column("to_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["jti"], ["passes.jti"], name="fk_pass_roads_jti"),
        sa.PrimaryKeyConstraint("jti", "leg", name="pk_pass_roads"),
    )
    op.create_index("ix_pass_roads_road_id_to_at", "pass_roads", ["road_id", "to_at"])


def _build_status_lists() -> None:
    """Build the status lists."""
    op.create_table(
        "status_slots",
        sa.Column("uri", sa.String(64), nullable=False),
        sa.Column("slot", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("jti", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("uri", "slot", name="pk_status_slots"),
        sa.UniqueConstraint("jti", name="uq_status_slots_jti"),
    )


def _build_whitelist() -> None:
    """Build the whitelist of firms and their vehicles."""
    op.create_table(
        "firms",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sector", sa.String(200), nullable=False),
        sa.Column("township", sa.String(200), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("linked_to", sa.String(200), nullable=False),
        sa.Column("priority", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_firms"),
        sa.UniqueConstraint("name", name="uq_firms_name"),
    )
    op.create_table(
        "firm_events",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["firm"], ["firms.id"], name="fk_firm_events_firm"),
        sa.PrimaryKeyConstraint("id", name="pk_firm_events"),
    )
    op.create_index("ix_firm_events_firm", "firm_events", ["firm"])
    op.create_table(
        "firm_vehicles",
        sa.Column("firm", sa.String(200), nullable=False),
        sa.Column("plate", sa.String(16), nullable=False),
        sa.Column("link", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["firm"], ["firms.id"], name="fk_firm_vehicles_firm"),
        sa.PrimaryKeyConstraint("firm", "plate", name="pk_firm_vehicles"),
    )
    op.create_index("ix_firm_vehicles_plate", "firm_vehicles", ["plate"])
