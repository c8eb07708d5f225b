"""Keep where and when a trip was received and ended, without anybody's signature or touch; rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

#: The driver read the code of the receiving point; the trip is over.
RECEIVED: Final = "received"
ENDED: Final = "ended"

TRIP_MARKS: Final = sa.Table(
    "trip_marks",
    METADATA,
    sa.Column("number", sa.String(12), primary_key=True),
    sa.Column("mark", sa.String(16), primary_key=True),
    sa.Column("jti", sa.String(32), nullable=False),
    sa.Column("place", sa.String(200), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("told_at", Instant, nullable=False),
    sa.Column("lon", sa.Float),
    sa.Column("lat", sa.Float),
    sa.Column("distance_m", sa.Float),
)


@dataclass(frozen=True, slots=True)
class TripMark:
    """What happened to a trip.

    Attributes
    ----------
    mark
        `RECEIVED` or `ENDED`.
    jti
        The edition it was driven with.
    place
        Id of the place, "" where the trip ended away from any.
    at, told_at
        When it happened, and when the office was told: a phone may have been without a network.
    lon, lat, distance_m
        Where the phone was and how far from the place; None where it did not say.
    """

    number: str
    mark: str
    jti: str
    place: str
    at: datetime
    told_at: datetime
    lon: float | None = None
    lat: float | None = None
    distance_m: float | None = None


def add_mark(connection: sa.Connection, mark: TripMark) -> None:
    """Keep a mark; the trip has none of that kind yet."""
    values = {one.name: getattr(mark, one.name) for one in fields(TripMark)}
    connection.execute(sa.insert(TRIP_MARKS).values(values))


def marks_of(connection: sa.Connection, number: str) -> dict[str, TripMark]:
    """Return the marks of a pass number by kind."""
    columns = [TRIP_MARKS.c[one.name] for one in fields(TripMark)]
    rows = connection.execute(sa.select(*columns).where(TRIP_MARKS.c.number == number))
    return {row.mark: TripMark(*row) for row in rows}


def receipts_at(connection: sa.Connection, place: str, *, most: int = 50) -> tuple[TripMark, ...]:
    """Return what was received at a place, the newest first."""
    columns = [TRIP_MARKS.c[one.name] for one in fields(TripMark)]
    query = sa.select(*columns).where(TRIP_MARKS.c.place == place, TRIP_MARKS.c.mark == RECEIVED)
    return tuple(TripMark(*row) for row in connection.execute(query.order_by(TRIP_MARKS.c.at.desc()).limit(most)))
