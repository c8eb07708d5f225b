"""Keep the ways that passes drive, and the stages of each pass: the inverted index road -> pass.

Which passes a closure hits is one look-up: roads -> ways -> stages that are not over -> passes. The rows of roads are
those of the distinct ways; a pass adds a handful of stages. A pass that was signed again has the stages of the edition
before (`passes.roads_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa

from geodata.store import METADATA, MicroInstant, insert_rows
from passes.ways.driven_way import DrivenWay, Stage
from passes.ways.shared_head import SharedHead

#: Ways asked for in one query.
_CHUNK: Final = 500
W = TypeVar("W", DrivenWay, SharedHead)

PASS_WAYS: Final = sa.Table(
    "pass_ways",
    METADATA,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)
WAY_ROADS: Final = sa.Table(
    "way_roads",
    METADATA,
    sa.Column("way", sa.String(32), sa.ForeignKey("pass_ways.name"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("road_id", sa.String(64), nullable=False, index=True),
    sa.Column("direction", sa.SmallInteger, nullable=False),
    sa.Column("on_us", sa.BigInteger, nullable=False),
    sa.Column("off_us", sa.BigInteger, nullable=False),
)
PASS_STAGES: Final = sa.Table(
    "pass_stages",
    METADATA,
    sa.Column("jti", sa.String(32), sa.ForeignKey("passes.jti"), primary_key=True),
    sa.Column("first_leg", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("way", sa.String(32), sa.ForeignKey("pass_ways.name"), nullable=False),
    sa.Column("early_us", sa.BigInteger, nullable=False),
    sa.Column("late_us", sa.BigInteger, nullable=False),
    sa.Column("least_us", sa.BigInteger, nullable=False),
    sa.Column("most_us", sa.BigInteger, nullable=False),
    sa.Column("until_us", sa.BigInteger, nullable=False),
    sa.Index(None, "way", "until_us"),
)


def _all_passages() -> sa.Subquery:
    """Return every road of every pass, each with the time within which the truck may be on it."""
    stage, road = PASS_STAGES.c, WAY_ROADS.c
    from_us, to_us = stage.early_us + road.on_us, stage.late_us + road.off_us
    from_at = sa.case((from_us < stage.least_us, stage.least_us), else_=from_us)
    to_at = sa.case((to_us > stage.most_us, stage.most_us), else_=to_us)
    instant = MicroInstant()
    query = sa.select(
        stage.jti,
        (stage.first_leg + road.place).label("leg"),
        road.road_id,
        road.direction,
        sa.type_coerce(from_at, instant).label("from_at"),
        sa.type_coerce(to_at, instant).label("to_at"),
        sa.type_coerce(stage.until_us, instant).label("over_at"),
    )
    return query.select_from(WAY_ROADS.join(PASS_STAGES, stage.way == road.way)).subquery("passages")


#: Every road of every pass (jti of the edition that has its roads, leg, road_id, direction, from_at, to_at), and when
#: its stage is over (`over_at`): who asks for what is still to come names that too, for the index's sake.
PASSAGES: Final = _all_passages()


def keep_ways(connection: sa.Connection, ways: Iterable[DrivenWay]) -> None:
    """Keep ways; those that are known already stay as they are."""
    rows: list[tuple[object, ...]] = []
    for one in _keep_new(connection, ways):
        driven = zip(one.road_ids, one.directions, one.on_us, one.off_us, strict=True)
        rows += ((one.name, place, *road) for place, road in enumerate(driven))
    insert_rows(connection, WAY_ROADS, rows)


def keep_heads(connection: sa.Connection, heads: Iterable[SharedHead]) -> None:
    """Keep what passes share of their stops and sections; what is known already stays as it is."""
    _keep_new(connection, heads)


def _keep_new(connection: sa.Connection, ways: Iterable[W]) -> list[W]:
    """Keep what is told of ways or heads that are new, and return these."""
    by_name = {one.name: one for one in ways}
    known = _known(connection, list(by_name))
    new = [one for name, one in by_name.items() if name not in known]
    insert_rows(connection, PASS_WAYS, [(one.name, one.packed) for one in new])
    return new


def _known(connection: sa.Connection, names: Sequence[str]) -> set[str]:
    query = sa.select(PASS_WAYS.c.name)
    parts = (names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK))
    return {name for part in parts for name in connection.scalars(query.where(PASS_WAYS.c.name.in_(part)))}


def keep_stages(connection: sa.Connection, stages: Sequence[tuple[str, Stage]]) -> None:
    """Keep the stages of passes (jti) that are in the register, with their ways."""
    keep_ways(connection, [stage.way for _, stage in stages])
    rows = [
        (jti, one.first_leg, one.way.name, one.early_us, one.late_us, one.least_us, one.most_us, one.until_us)
        for jti, one in stages
    ]
    insert_rows(connection, PASS_STAGES, rows)


def forget_stages(connection: sa.Connection, jti: str) -> None:
    """Forget the stages of a pass, for others to be kept in their place; the ways stay."""
    connection.execute(sa.delete(PASS_STAGES).where(PASS_STAGES.c.jti == jti))


def packed_ways(connection: sa.Connection, names: Collection[str]) -> dict[str, bytes]:
    """Return how each of these ways is answered and drawn, packed; and what is kept of each of these heads."""
    asked = sorted(names)
    query = sa.select(PASS_WAYS.c.name, PASS_WAYS.c.packed)
    parts = (asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK))
    rows = (row for part in parts for row in connection.execute(query.where(PASS_WAYS.c.name.in_(part))))
    return {row.name: bytes(row.packed) for row in rows}
