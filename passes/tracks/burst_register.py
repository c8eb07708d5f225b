"""Keep the positions of passes' trips as their phones sent them, in bursts, for as many days as the policy says.

A position is known by its track and number: whatever is sent again, whole or in part, is kept once.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant
from routing.tracks.track import Fix

TRACK_BURSTS: Final = sa.Table(
    "track_bursts",
    METADATA,
    sa.Column("track", sa.String(64), primary_key=True),
    sa.Column("first_seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("number", sa.String(12), nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False, index=True),
    sa.Column("first_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("clock_off_s", sa.Float, nullable=False),
    sa.Column("packed_positions", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SeenPosition:
    """A position with its number within its track."""

    seq: int
    fix: Fix


@dataclass(frozen=True, slots=True)
class TrackKey:
    """One recording of one phone: the pass number, and what the phone calls the recording."""

    number: str
    track: str


def _pack(positions: Sequence[SeenPosition]) -> bytes:
    rows = [
        [round(one.fix.at.timestamp() * 1000), round(one.fix.lon, 6), round(one.fix.lat, 6), round(one.fix.accuracy_m)]
        for one in positions
    ]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def unpack_positions(packed: bytes, first_seq: int = 0) -> Iterator[SeenPosition]:
    """Give the positions of a burst as it is kept, numbered from its first."""
    for number, (at_ms, lon, lat, accuracy_m) in enumerate(json.loads(zlib.decompress(packed))):
        yield SeenPosition(first_seq + number, Fix(datetime.fromtimestamp(at_ms / 1000, UTC), lon, lat, accuracy_m))


def known_ranges(connection: sa.Connection, key: TrackKey) -> tuple[tuple[int, int], ...]:
    """Return which numbers of a recording are kept, from and to, in order."""
    table = TRACK_BURSTS.c
    query = sa.select(table.first_seq, table.last_seq).where(table.track == key.track, table.number == key.number)
    return tuple((int(row.first_seq), int(row.last_seq)) for row in connection.execute(query.order_by(table.first_seq)))


def add_run(
    connection: sa.Connection, key: TrackKey, run: Sequence[SeenPosition], *, clock_off_s: float, at: datetime
) -> None:
    """Keep positions whose numbers follow each other; none of them is kept yet."""
    times = [one.fix.at for one in run]
    values = {"track": key.track, "number": key.number, "received_at": at, "clock_off_s": clock_off_s}
    spans = {"first_seq": run[0].seq, "last_seq": run[-1].seq, "first_at": min(times), "last_at": max(times)}
    connection.execute(sa.insert(TRACK_BURSTS).values(**values, **spans, packed_positions=_pack(run)))


def is_track_of_another(connection: sa.Connection, key: TrackKey) -> bool:
    """Tell whether a recording of that name belongs to another pass."""
    table = TRACK_BURSTS.c
    query = sa.select(table.number).where(table.track == key.track, table.number != key.number).limit(1)
    return connection.scalar(query) is not None


def positions_of(connection: sa.Connection, number: str, *, track: str = "", since_seq: int = 0) -> tuple[Fix, ...]:
    """Return the positions of a pass number in the order of their times; of one recording, from a number on."""
    table = TRACK_BURSTS.c
    query = sa.select(table.first_seq, table.packed_positions).where(table.number == number)
    if track:
        query = query.where(table.track == track, table.last_seq >= since_seq)
    rows = connection.execute(query.order_by(table.first_at))
    found = (one for row in rows for one in unpack_positions(bytes(row.packed_positions), int(row.first_seq)))
    return tuple(sorted((one.fix for one in found if one.seq >= since_seq), key=lambda one: one.at))
