"""Keep what closures do to the passes they hit: which closures were looked at, and what became of each pass.

A row of `reissues` is one edition that is hit. Its next edition is signed beforehand and kept packed in the row, so
that it counts nowhere until the switch, which is one transaction: before it only the old edition is valid, after it
only the new one.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

REISSUE_CLOSURES: Final = sa.Table(
    "reissue_closures",
    METADATA,
    sa.Column("closure_id", sa.String(200), primary_key=True),
    sa.Column("extent", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant),
    sa.Column("found_at", Instant, nullable=False),
    sa.Column("lifted_at", Instant),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("decided_at", Instant),
    sa.Column("decision", sa.String(16), nullable=False),
)
REISSUES: Final = sa.Table(
    "reissues",
    METADATA,
    sa.Column("jti", sa.String(32), sa.ForeignKey("passes.jti"), primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("is_started", sa.Boolean, nullable=False),
    sa.Column("known_from", sa.String(16), nullable=False),
    sa.Column("known_at", Instant),
    sa.Column("closes_at", Instant, nullable=False),
    sa.Column("next_edition", sa.Integer, nullable=False),
    sa.Column("next_jti", sa.String(32), nullable=False),
    sa.Column("prepared", sa.LargeBinary),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("added_min", sa.Float),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("told_at", Instant),
    sa.Column("delivered_at", Instant),
    sa.Column("delivered_by", sa.String(16), nullable=False),
    sa.Column("switched_at", Instant),
    sa.Column("option", sa.String(16), nullable=False),
    sa.Column("option_by", sa.String(200), nullable=False),
    sa.Column("option_at", Instant),
)
REISSUE_HITS: Final = sa.Table(
    "reissue_hits",
    METADATA,
    sa.Column("closure_id", sa.String(200), sa.ForeignKey("reissue_closures.closure_id"), primary_key=True),
    sa.Column("jti", sa.String(32), sa.ForeignKey("reissues.jti"), primary_key=True, index=True),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
)
