"""Keep which tracks were taken in and what each showed: passages through closed parts, and turns before a road.

The positions themselves are not kept here: of a truck without a pass nobody need know where it was. Rows are only ever
added; a track is known by its key, so that the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

THROUGH: Final = "through"
TURNED_BACK: Final = "turned_back"
#: Whose track: of a pass, of a vehicle that needs none, or of anybody.
PASS: Final = "pass"  # noqa: S105 - no password
EXEMPT: Final = "exempt"
OTHER: Final = "other"

TRACKS: Final = sa.Table(
    "tracks",
    METADATA,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("pass_number", sa.String(12), nullable=False, index=True),
    sa.Column("who", sa.String(16), nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("positions", sa.Integer, nullable=False),
)
TRACK_SIGNS: Final = sa.Table(
    "track_signs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("track", sa.String(100), sa.ForeignKey("tracks.key"), nullable=False, index=True),
    sa.Column("sign", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("who", sa.String(16), nullable=False),
    sa.Column("closure_id", sa.String(100), nullable=False, index=True),
    sa.Column("road_id", sa.String(64), nullable=False),
    sa.Column("offset_m", sa.Float, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TrackSign:
    """What a track showed at one place.

    Attributes
    ----------
    track
        Key of the track.
    sign
        `THROUGH` or `TURNED_BACK`.
    who
        `PASS`, `EXEMPT` or `OTHER`.
    closure_id
        The closure or blockage it was counted to, "" where none is there yet.
    road_id, offset_m
        Where.
    """

    track: str
    sign: str
    at: datetime
    who: str
    closure_id: str
    road_id: str
    offset_m: float
    lon: float
    lat: float


def known_tracks(connection: sa.Connection, keys: Collection[str]) -> frozenset[str]:
    """Return which of these tracks were taken in before."""
    wanted, found = sorted(keys), set()
    for start in range(0, len(wanted), 500):
        query = sa.select(TRACKS.c.key).where(TRACKS.c.key.in_(wanted[start : start + 500]))
        found |= set(connection.scalars(query))
    return frozenset(found)


def add_track(
    connection: sa.Connection,
    key: str,
    *,
    who: str,
    pass_number: str,
    span: tuple[datetime, datetime, int],
    at: datetime,
) -> None:
    """Keep that a track was taken in: first and last instant, and how many positions."""
    first, last, positions = span
    values = {"key": key, "pass_number": pass_number, "who": who, "received_at": at}
    connection.execute(sa.insert(TRACKS).values(**values, first_at=first, last_at=last, positions=positions))


def passes_of(connection: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """Return the pass number of each of these tracks, "" where it had none."""
    query = sa.select(TRACKS.c.key, TRACKS.c.pass_number).where(TRACKS.c.key.in_(sorted(keys)))
    return {str(key): str(number) for key, number in connection.execute(query)}


def add_sign(connection: sa.Connection, sign: TrackSign) -> None:
    """Keep what a track showed."""
    connection.execute(sa.insert(TRACK_SIGNS).values({one.name: getattr(sign, one.name) for one in fields(TrackSign)}))


def count_signs(connection: sa.Connection) -> dict[str, int]:
    """Return how many signs of each kind there are."""
    table = TRACK_SIGNS.c
    rows = connection.execute(sa.select(table.sign, sa.func.count()).group_by(table.sign))
    return {str(sign): int(count) for sign, count in rows}


def list_signs(
    connection: sa.Connection,
    *,
    sign: str = "",
    closure_ids: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[TrackSign, ...]:
    """Return signs by time; of one kind, of some closures, since and until a time where these are given."""
    table = TRACK_SIGNS.c
    query = sa.select(*(table[one.name] for one in fields(TrackSign))).order_by(table.at, table.id)
    if sign:
        query = query.where(table.sign == sign)
    if closure_ids is not None:
        query = query.where(table.closure_id.in_(sorted(closure_ids)))
    if since is not None:
        query = query.where(table.at >= since)
    if until is not None:
        query = query.where(table.at <= until)
    return tuple(TrackSign(*row) for row in connection.execute(query))
