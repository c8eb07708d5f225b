"""The roads of passes kept once for each way that they drive: the index road -> pass becomes ways and stages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0015"
down_revision: Final = "0014"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_INSTANT: Final = sa.DateTime(timezone=True)
#: Passes brought over at once: some hundred thousand rows of roads.
_AT_ONCE: Final = 500
_ROADS: Final = sa.table(
    "pass_roads",
    *(sa.column(name) for name in ("jti", "leg", "road_id", "direction")),
    sa.column("from_at", _INSTANT),
    sa.column("to_at", _INSTANT),
)
_WAYS: Final = sa.table("pass_ways", sa.column("name"), sa.column("packed"))
_WAY_ROADS: Final = sa.table(
    "way_roads", *(sa.column(name) for name in ("way", "place", "road_id", "direction", "on_us", "off_us"))
)
_STAGE: Final = ("jti", "first_leg", "way", "early_us", "late_us", "least_us", "most_us", "until_us")
_STAGES: Final = sa.table("pass_stages", *(sa.column(name) for name in _STAGE))


def upgrade() -> None:
    """Bring the roads of every pass over as one way of its own, or that of others who drive it in the same time."""
    op.add_column("passes", sa.Column("ways", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("passes") as passes:
        passes.alter_column("ways", server_default=None)
    _make_tables()
    connection = op.get_bind()
    jtis = connection.execute(sa.select(_ROADS.c.jti).distinct().order_by(_ROADS.c.jti)).scalars().all()
    known: set[str] = set()
    for start in range(0, len(jtis), _AT_ONCE):
        _bring_over(connection, jtis[start : start + _AT_ONCE], known)
    op.drop_table("pass_roads")


def _make_tables() -> None:
    op.create_table(
        "pass_ways",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pass_ways"),
    )
    op.create_table(
        "way_roads",
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("road_id", sa.String(64), nullable=False),
        sa.Column("direction", sa.SmallInteger, nullable=False),
        sa.Column("on_us", sa.BigInteger, nullable=False),
        sa.Column("off_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["way"], ["pass_ways.name"], name="fk_way_roads_way_pass_ways"),
        sa.PrimaryKeyConstraint("way", "place", name="pk_way_roads"),
    )
    op.create_index("ix_way_roads_road_id", "way_roads", ["road_id"])
    op.create_table(
        "pass_stages",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("first_leg", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _STAGE[3:]),
        sa.ForeignKeyConstraint(["jti"], ["passes.jti"], name="fk_pass_stages_jti_passes"),
        sa.ForeignKeyConstraint(["way"], ["pass_ways.name"], name="fk_pass_stages_way_pass_ways"),
        sa.PrimaryKeyConstraint("jti", "first_leg", name="pk_pass_stages"),
    )
    op.create_index("ix_pass_stages_way_until_us", "pass_stages", ["way", "until_us"])


def _bring_over(connection: sa.Connection, jtis: Sequence[str], known: set[str]) -> None:
    ways: list[dict[str, Any]] = []
    roads: list[dict[str, Any]] = []
    stages: list[dict[str, Any]] = []
    found = connection.execute(sa.select(_ROADS).where(_ROADS.c.jti.in_(jtis)).order_by(_ROADS.c.jti, _ROADS.c.leg))
    for jti, rows in groupby(found, key=lambda row: row.jti):
        legs = [(row.leg, row.road_id, row.direction, _us(row.from_at), _us(row.to_at)) for row in rows]
        first_leg, start = legs[0][0], legs[0][3]
        driven = [(leg - first_leg, road, way, on - start, off - start) for leg, road, way, on, off in legs]
        name = hashlib.sha256(json.dumps(driven).encode()).hexdigest()[:32]
        if name not in known:
            known.add(name)
            ways.append({"name": name, "packed": b""})
            keys = ("place", "road_id", "direction", "on_us", "off_us")
            roads += ({"way": name, **dict(zip(keys, one, strict=True))} for one in driven)
        least, most = min(leg[3] for leg in legs), max(leg[4] for leg in legs)
        stages.append(dict(zip(_STAGE, (jti, first_leg, name, start, start, least, most, most), strict=True)))
    for table, values in ((_WAYS, ways), (_WAY_ROADS, roads), (_STAGES, stages)):
        if values:
            connection.execute(sa.insert(table), values)


def _us(instant: datetime) -> int:
    """Return an instant as microseconds since 1970; SQLite has dropped the zone, which is UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND
