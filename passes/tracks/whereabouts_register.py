"""Where trucks were seen: at checkpoints that let them pass, where drivers asked for a stop, and by their phones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar

import sqlalchemy as sa

from geodata.store import one_of
from passes.checkpoint.scan_register import CHECKPOINT_SCANS, LET_PASS
from passes.editions.pass_register import PASSES
from passes.tracks import trip_mark_register
from passes.tracks.burst_register import TRACK_BURSTS, unpack_positions
from passes.tracks.stop_register import NEEDED_STOPS
from passes.tracks.trip_mark_register import TRIP_MARKS
from passes.tracks.whereabouts import RECEIVED, SCAN, STOP, TRACK, Sight

#: So many bursts of a phone, the newest among them, and positions of the newest, say where its truck is.
_BURSTS: Final = 10
_POSITIONS: Final = 8
#: A position that is no better than this says nothing.
_VAGUEST_M: Final = 500.0
T = TypeVar("T")


def sights_of(connection: sa.Connection, numbers: Sequence[str], *, until: datetime) -> dict[str, tuple[Sight, ...]]:
    """Return for each pass number where its truck was seen, in order of time; a number never seen is left out."""
    found: dict[str, list[Sight]] = {}
    for look in (_scans, _stops, _receipts, _tracks):
        for number, sight in look(connection, numbers, until):
            found.setdefault(number, []).append(sight)
    return {number: tuple(sorted(sights, key=lambda one: one.at)) for number, sights in found.items()}


def _scans(connection: sa.Connection, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, Sight]]:
    scans = CHECKPOINT_SCANS.c
    query = (
        sa.select(PASSES.c.number, scans.at, scans.checkpoint)
        .join(CHECKPOINT_SCANS, scans.jti == PASSES.c.jti)
        .where(one_of(connection, PASSES.c.number, numbers), scans.outcome == LET_PASS, scans.at <= until)
    )
    for row in connection.execute(query):
        yield row.number, Sight(SCAN, row.at, row.checkpoint)


def _stops(connection: sa.Connection, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, Sight]]:
    stops = NEEDED_STOPS.c
    told = sa.select(stops.number, stops.at, stops.lon, stops.lat)
    told = told.where(one_of(connection, stops.number, numbers), stops.at <= until)
    for row in connection.execute(told.where(stops.lon.is_not(None), stops.lat.is_not(None))):
        yield row.number, Sight(STOP, row.at, lonlat=(row.lon, row.lat))


def _receipts(connection: sa.Connection, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, Sight]]:
    marks = TRIP_MARKS.c
    query = sa.select(marks.number, marks.at, marks.place).where(one_of(connection, marks.number, numbers))
    query = query.where(marks.at <= until)
    for row in connection.execute(query.where(marks.mark == trip_mark_register.RECEIVED)):
        yield row.number, Sight(RECEIVED, row.at, row.place)


def _tracks(connection: sa.Connection, numbers: Sequence[str], until: datetime) -> Iterator[tuple[str, Sight]]:
    """Give positions by phone: some of the whole way, for the order of places, and the newest one by one."""
    bursts = TRACK_BURSTS.c
    query = sa.select(bursts.number, bursts.track, bursts.first_seq).where(
        one_of(connection, bursts.number, numbers), bursts.first_at <= until
    )
    keys: dict[str, list[tuple[str, int]]] = {}
    for row in connection.execute(query.order_by(bursts.last_at, bursts.first_seq)):
        keys.setdefault(row.number, []).append((row.track, row.first_seq))
    for number, known in keys.items():
        for last, key in enumerate(_some(known, _BURSTS), start=1 - min(len(known), _BURSTS)):
            asked = sa.select(bursts.packed_positions).where(bursts.track == key[0], bursts.first_seq == key[1])
            fixes = [one.fix for one in unpack_positions(bytes(connection.scalar(asked) or b""))]
            fixes = [one for one in fixes if one.at <= until and one.accuracy_m <= _VAGUEST_M]
            for fix in fixes[-_POSITIONS:] if last == 0 else _some(fixes, 2):
                yield number, Sight(TRACK, fix.at, lonlat=(fix.lon, fix.lat), within_m=fix.accuracy_m)


def _some(values: Sequence[T], most: int) -> list[T]:
    """Return at most so many of these, evenly, the first and the last among them."""
    if len(values) <= most:
        return list(values)
    return [values[number * (len(values) - 1) // (most - 1)] for number in range(most)]
