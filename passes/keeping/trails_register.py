"""Find and delete what checkpoints, trips and reports left behind, by the register that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.closures.records import CLOSURE_OBSERVATIONS
from geodata.store import one_of
from geodata.tickets.register import TICKET_STEPS
from passes.area_plans.plans_register import PLANS
from passes.checkpoint.queue_register import QUEUE_COUNTS
from passes.checkpoint.scan_register import CHECKPOINT_SCANS
from passes.jobs_register import JOB_EVENTS, JOB_STEPS, JOBS, OVER
from passes.keeping.limits import Trail
from passes.reports.photo_register import PHOTOS, forget_photos
from passes.reports.road_report_register import ROAD_REPORTS
from passes.tracks.burst_register import TRACK_BURSTS
from passes.tracks.stop_register import NEEDED_STOPS
from passes.tracks.track_register import TRACK_SIGNS, TRACKS
from passes.tracks.trip_mark_register import TRIP_MARKS

#: So many are looked at in one transaction: others wait for it.
PART: Final = 500
#: Finds what ended before an instant, after a key, in the order of the keys.
Find = Callable[[sa.Connection, datetime, str | int | None], list[Trail]]
#: Deletes what is known by some keys and ended before an instant; returns how many rows that were.
Delete = Callable[[sa.Connection, Sequence[str | int], datetime], int]


@dataclass(frozen=True)
class Kept:
    """One kind of trails: how they are found and deleted."""

    find: Find
    delete: Delete


@dataclass(frozen=True)
class _Rows:
    """A table whose rows are trails.

    Attributes
    ----------
    key, ended
        By what they are known, and from when their days count.
    number
        Pass number, or an edition of one.
    subject
        What a ticket about it would name.
    numbered
        The newest row stays: SQLite counts on from it, and pages read on from the last number they saw.
    """

    key: sa.Column[Any]
    ended: sa.Column[Any]
    number: sa.Column[Any] | None = None
    subject: sa.Column[Any] | None = None
    numbered: bool = False

    def find(self, connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
        """Return the next trails."""
        further = [one for one in (self.number, self.subject) if one is not None]
        query = sa.select(self.key, sa.func.max(self.ended), *further).where(self.ended < before)
        if after is not None:
            query = query.where(self.key > after)
        if self.numbered:
            query = query.where(self.key < sa.select(sa.func.max(self.key)).scalar_subquery())
        rows = connection.execute(query.group_by(self.key, *further).order_by(self.key).limit(PART))
        return [self._trail(tuple(row)) for row in rows]

    def _trail(self, row: tuple[Any, ...]) -> Trail:
        key, ended_at, *further = row
        number = "" if self.number is None else str(further.pop(0)).partition("-")[0]
        return Trail(key, ended_at, only(number), subjects=only(str(further[0]) if further else ""))

    def delete(self, connection: sa.Connection, keys: Sequence[str | int], before: datetime) -> int:
        """Delete trails."""
        gone = self.key.in_(keys) & (self.ended < before)
        return connection.execute(sa.delete(self.key.table).where(gone)).rowcount


def only(value: str) -> frozenset[str]:
    """Return a set of one, without anything where there is nothing."""
    return frozenset({value} - {""})


def _find_tracks(connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
    rows = _Rows(TRACKS.c.key, TRACKS.c.last_at, TRACKS.c.pass_number).find(connection, before, after)
    query = sa.select(TRACK_SIGNS.c.track, TRACK_SIGNS.c.closure_id)
    about = _gathered(connection.execute(query.where(TRACK_SIGNS.c.track.in_([one.key for one in rows]))))
    return [Trail(one.key, one.ended_at, one.numbers, subjects=about.get(str(one.key), frozenset())) for one in rows]


def delete_tracks(connection: sa.Connection, keys: Sequence[str | int], _before: datetime) -> int:
    """Delete tracks with what they showed; the sightings made of it stay."""
    connection.execute(sa.delete(TRACK_SIGNS).where(TRACK_SIGNS.c.track.in_(keys)))
    return connection.execute(sa.delete(TRACKS).where(TRACKS.c.key.in_(keys))).rowcount


def _gathered(pairs: Iterable[Any]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, value in pairs:
        found.setdefault(str(name), set()).update(only(str(value)))
    return {name: frozenset(values) for name, values in found.items()}


def _find_photos(connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
    """Find photos that are still there, with everything that names them."""
    table = PHOTOS.c
    query = sa.select(table.digest, table.received_at).where(table.received_at < before, table.width > 0)
    if after is not None:
        query = query.where(table.digest > after)
    rows = connection.execute(query.order_by(table.digest).limit(PART)).all()
    digests = [row.digest for row in rows]
    scans, reports = CHECKPOINT_SCANS.c, ROAD_REPORTS.c
    numbers = [(scans.photo, scans.jti), (reports.photo, reports.reporter)]
    subjects = [(scans.photo, scans.key), (reports.photo, reports.case_id)]
    steps, seen = TICKET_STEPS.c, CLOSURE_OBSERVATIONS.c
    subjects += [(steps.photo, steps.subject), (seen.photo, seen.closure_id)]
    belongs, about = (_named(connection, pairs, digests) for pairs in (numbers, subjects))
    none: frozenset[str] = frozenset()
    return [
        Trail(
            row.digest,
            row.received_at,
            frozenset(one.partition("-")[0] for one in belongs.get(row.digest, none)),
            subjects=about.get(row.digest, none),
        )
        for row in rows
    ]


def _named(
    connection: sa.Connection, pairs: Sequence[tuple[Any, Any]], digests: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return by photo what names it, over several tables."""
    parts = [sa.select(photo, name).where(one_of(connection, photo, digests)) for photo, name in pairs]
    return _gathered(connection.execute(sa.union_all(*parts)))


def _find_files(connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
    """Find long work that is over, with the files it was about; a plan keeps its own."""
    table = JOBS.c
    planned = sa.select(PLANS.c.job)
    query = sa.select(table.id, table.changed_at).where(
        table.changed_at < before, table.state.in_(OVER), table.id.not_in(planned)
    )
    if after is not None:
        query = query.where(table.id > after)
    return [Trail(row.id, row.changed_at) for row in connection.execute(query.order_by(table.id).limit(PART))]


def _delete_files(connection: sa.Connection, keys: Sequence[str | int], _before: datetime) -> int:
    for table in (JOB_STEPS, JOB_EVENTS):
        connection.execute(sa.delete(table).where(table.c.job.in_(keys)))
    return connection.execute(sa.delete(JOBS).where(JOBS.c.id.in_(keys))).rowcount


def _kept(rows: _Rows) -> Kept:
    return Kept(rows.find, rows.delete)


_REPORTS: Final = ROAD_REPORTS.c
TRAILS: Final[Mapping[str, Kept]] = {
    "positions": _kept(_Rows(TRACK_BURSTS.c.number, TRACK_BURSTS.c.received_at, TRACK_BURSTS.c.number)),
    "tracks": Kept(_find_tracks, delete_tracks),
    "stops": _kept(_Rows(NEEDED_STOPS.c.id, NEEDED_STOPS.c.at, NEEDED_STOPS.c.number, numbered=True)),
    "receipts": _kept(_Rows(TRIP_MARKS.c.number, TRIP_MARKS.c.at, TRIP_MARKS.c.number)),
    "truck_counts": _kept(_Rows(QUEUE_COUNTS.c.key, QUEUE_COUNTS.c.at)),
    "scans": _kept(
        _Rows(CHECKPOINT_SCANS.c.key, CHECKPOINT_SCANS.c.at, CHECKPOINT_SCANS.c.jti, CHECKPOINT_SCANS.c.key)
    ),
    "reports": _kept(_Rows(_REPORTS.id, _REPORTS.received_at, _REPORTS.reporter, _REPORTS.case_id, numbered=True)),
    "files": Kept(_find_files, _delete_files),
    "photos": Kept(_find_photos, lambda connection, keys, _before: forget_photos(connection, [str(k) for k in keys])),
}
