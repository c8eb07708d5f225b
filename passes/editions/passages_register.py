"""Find which passes may be on which roads at some time of a window: reads the index road -> pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.windows import Window
from passes.editions.pass_register import GRANTED, PASSES
from passes.ways.ways_register import PASSAGES

#: Roads, or passes, asked for in one query.
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class RoadPassage:
    """One road of a pass in one direction, and when its truck may be there; `leg` counts from 0."""

    jti: str
    leg: int
    road_id: str
    direction: int
    from_at: datetime
    to_at: datetime


def passages_on_roads(
    connection: sa.Connection, road_ids: Collection[str], *, window: Window, states: Collection[str] = (GRANTED,)
) -> Iterator[RoadPassage]:
    """Give the passages of passes in some kept states over any of these roads that overlap a window, road by road."""
    wanted = sorted(road_ids)
    joined = PASSAGES.join(PASSES, PASSES.c.roads_of == PASSAGES.c.jti)
    columns = (PASSAGES.c[name] for name in ("leg", "road_id", "direction", "from_at", "to_at"))
    query = sa.select(PASSES.c.jti, *columns).select_from(joined).where(PASSES.c.state.in_(states))
    query = query.where(
        PASSAGES.c.to_at > window.start, PASSAGES.c.over_at > window.start, PASSES.c.expires_at > window.start
    )
    if window.end is not None:
        query = query.where(PASSAGES.c.from_at < window.end)
    query = query.order_by(PASSAGES.c.road_id, PASSES.c.jti, PASSAGES.c.leg)
    for start in range(0, len(wanted), _CHUNK):
        for row in connection.execute(query.where(PASSAGES.c.road_id.in_(wanted[start : start + _CHUNK]))):
            yield RoadPassage(*row)


@dataclass(frozen=True, slots=True)
class PassFacts:
    """What is said of a pass that is hit; of thousands nobody reads route and token."""

    jti: str
    number: str
    state: str
    plate: str
    enterprise: str
    firm: str
    depart_at: datetime


def pass_facts(connection: sa.Connection, jtis: Collection[str]) -> Iterator[PassFacts]:
    """Give what is said of these passes, in whatever state."""
    wanted = sorted(jtis)
    columns = [PASSES.c[one.name] for one in fields(PassFacts)]
    for start in range(0, len(wanted), _CHUNK):
        for row in connection.execute(sa.select(*columns).where(PASSES.c.jti.in_(wanted[start : start + _CHUNK]))):
            yield PassFacts(*row)
