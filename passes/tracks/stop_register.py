"""Keep stops that a driver needs on the way (fuel, toilet, breakdown, unwell), until somebody has looked after them.

A pass is from point to point (L5): a stop that could not be helped is told, so that nobody takes it for leaving the
loop, and so that help is sent where it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import METADATA, Instant

#: What a driver may need to stop for; the last two call for help.
STOP_KINDS: Final = ("fuel", "toilet", "breakdown", "unwell")
MOST_A_DAY: Final = 20
_DAY: Final = timedelta(hours=24)

NEEDED_STOPS: Final = sa.Table(
    "needed_stops",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("plate", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("lon", sa.Float),
    sa.Column("lat", sa.Float),
    sa.Column("handled_at", Instant),
    sa.Column("handled_by", sa.String(200), nullable=False),
)


@dataclass(frozen=True, slots=True)
class NeededStop:
    """A stop that a driver needs.

    Attributes
    ----------
    lon, lat
        Where, None where the phone did not tell.
    handled_at, handled_by
        Who looked after it, None and "" while nobody has.
    """

    id: int
    number: str
    plate: str
    at: datetime
    kind: str
    lon: float | None
    lat: float | None
    handled_at: datetime | None = None
    handled_by: str = ""


def add_needed_stop(
    connection: sa.Connection,
    number: str,
    *,
    plate: str,
    kind: str,
    at: datetime,
    position: tuple[float, float] | None = None,
) -> NeededStop:
    """Keep a stop that a driver needs.

    Raises
    ------
    BadInputError
        `stop-kind-unknown`, or `stop-too-many`.
    """
    if kind not in STOP_KINDS:
        raise BadInputError("stop-kind-unknown", "kind", value=kind, choices=list(STOP_KINDS))
    table = NEEDED_STOPS.c
    sent = connection.scalar(sa.select(sa.func.count()).where(table.number == number, table.at > at - _DAY))
    if int(sent or 0) >= MOST_A_DAY:
        raise BadInputError("stop-too-many", "", most=MOST_A_DAY)
    lon, lat = position or (None, None)
    values = {"number": number, "plate": plate, "kind": kind, "at": at, "lon": lon, "lat": lat}
    done = connection.execute(sa.insert(NEEDED_STOPS).values(**values, handled_by="").returning(table.id))
    return NeededStop(int(done.scalar_one()), number, plate, at, kind, lon, lat)


def list_needed_stops(
    connection: sa.Connection, *, number: str = "", only_open: bool = False, most: int = 200
) -> tuple[NeededStop, ...]:
    """Return stops, the newest first; of one pass, or those that nobody has looked after, where asked."""
    query = sa.select(NEEDED_STOPS).order_by(NEEDED_STOPS.c.at.desc(), NEEDED_STOPS.c.id.desc())
    if number:
        query = query.where(NEEDED_STOPS.c.number == number)
    if only_open:
        query = query.where(NEEDED_STOPS.c.handled_at.is_(None))
    return tuple(NeededStop(**row._mapping) for row in connection.execute(query.limit(most)))


def handle_stop(connection: sa.Connection, stop_id: int, *, by: str, at: datetime) -> bool:
    """Write down who looked after a stop; return whether nobody had before."""
    waiting = (NEEDED_STOPS.c.id == stop_id) & NEEDED_STOPS.c.handled_at.is_(None)
    return connection.execute(sa.update(NEEDED_STOPS).where(waiting).values(handled_at=at, handled_by=by)).rowcount == 1
