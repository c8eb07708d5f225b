"""Find which passes may be on which roads at some time of a window: reads the index road -> pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, NamedTuple

import sqlalchemy as sa

from geodata.store import one_of
from geodata.windows import Window
from passes.editions.pass_register import GRANTED, PASSES
from passes.ways.ways_register import PASSAGES

#: Roads asked for in one query.
_CHUNK: Final = 500


class RoadPassage(NamedTuple):
    """One road of a pass in one direction, and when its truck may be there; `leg` counts from 0.

    Attributes
    ----------
    from_us, to_us
        Microseconds since 1970: of ten thousand passages a few hundred instants are asked for.
    """

    jti: str
    leg: int
    road_id: str
    direction: int
    from_us: int
    to_us: int


def passages_on_roads(
    connection: sa.Connection, road_ids: Collection[str], *, window: Window, states: Collection[str] = (GRANTED,)
) -> Iterator[RoadPassage]:
    """Give the passages of passes in some kept states over any of these roads that overlap a window, road by road."""
    wanted = sorted(road_ids)
    joined = PASSAGES.join(PASSES, PASSES.c.roads_of == PASSAGES.c.jti)
    columns = (PASSAGES.c[name] for name in ("leg", "road_id", "direction"))
    times = (sa.type_coerce(PASSAGES.c[name], sa.BigInteger) for name in ("from_at", "to_at"))
    query = sa.select(PASSES.c.jti, *columns, *times).select_from(joined).where(PASSES.c.state.in_(states))
    query = query.where(
        PASSAGES.c.to_at > window.start, PASSAGES.c.over_at > window.start, PASSES.c.expires_at > window.start
    )
    if window.end is not None:
        query = query.where(PASSAGES.c.from_at < window.end)
    query = query.order_by(PASSAGES.c.road_id, PASSES.c.jti, PASSAGES.c.leg)
    for start in range(0, len(wanted), _CHUNK):
        for row in connection.execute(query.where(PASSAGES.c.road_id.in_(wanted[start : start + _CHUNK]))):
            yield RoadPassage._make(row)


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
    columns = [PASSES.c[one.name] for one in fields(PassFacts)]
    for row in connection.execute(sa.select(*columns).where(one_of(connection, PASSES.c.jti, jtis))):
        yield PassFacts(*row)
