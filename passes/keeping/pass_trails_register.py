"""Find and delete passes with everything that is known by their numbers, and applications that never became one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from passes.applications.sealed_applications import APPLICATIONS
from passes.editions.pass_register import PASS_EVENTS, PASSES
from passes.intake.intake_register import GRANTED, INTAKE, INTAKE_EVENTS
from passes.keeping.limits import Trail
from passes.keeping.trails_register import PART, Kept, delete_tracks, only
from passes.messages.link_register import DRIVER_DEVICES, DRIVER_LINKS
from passes.messages.message_register import MESSAGES
from passes.reissue.reissue_register import REISSUE_HITS, REISSUES
from passes.tracks.burst_register import TRACK_BURSTS
from passes.tracks.stop_register import NEEDED_STOPS
from passes.tracks.track_register import TRACKS
from passes.tracks.trip_mark_register import TRIP_MARKS
from passes.ways.ways_register import PASS_STAGES


def _find_passes(connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
    """Find pass numbers by the end of the last edition.

    The number of the newest event stays: SQLite counts on from it, and messages are told from the last one told on.
    """
    table = PASSES.c
    newest = sa.select(PASS_EVENTS.c.jti).order_by(PASS_EVENTS.c.id.desc()).limit(1).scalar_subquery()
    last = sa.select(table.number).where(table.jti == newest).scalar_subquery()
    query = sa.select(table.number, sa.func.max(table.expires_at).label("ended_at"), sa.func.max(table.firm))
    query = query.where(table.number != sa.func.coalesce(last, "")).group_by(table.number)
    if after is not None:
        query = query.where(table.number > after)
    rows = connection.execute(query.having(sa.func.max(table.expires_at) < before).order_by(table.number).limit(PART))
    return [Trail(number, ended_at, only(number), only(firm)) for number, ended_at, firm in rows]


def _delete_passes(connection: sa.Connection, keys: Sequence[str | int], before: datetime) -> int:
    numbers = [str(one) for one in keys]
    editions = sa.select(PASSES.c.jti).where(PASSES.c.number.in_(numbers))
    sealed = set(connection.scalars(sa.select(PASSES.c.application).where(PASSES.c.number.in_(numbers))))
    for table in (REISSUE_HITS, REISSUES, PASS_STAGES, PASS_EVENTS):
        connection.execute(sa.delete(table).where(table.c.jti.in_(editions)))
    links = sa.select(DRIVER_LINKS.c.secret_hash).where(DRIVER_LINKS.c.number.in_(numbers))
    connection.execute(sa.delete(DRIVER_DEVICES).where(DRIVER_DEVICES.c.secret_hash.in_(links)))
    for table in (DRIVER_LINKS, MESSAGES, TRIP_MARKS, TRACK_BURSTS):
        connection.execute(sa.delete(table).where(table.c.number.in_(numbers)))
    last_stop = sa.select(sa.func.max(NEEDED_STOPS.c.id)).scalar_subquery()
    stops = NEEDED_STOPS.c.number.in_(numbers) & (NEEDED_STOPS.c.id < last_stop)
    connection.execute(sa.delete(NEEDED_STOPS).where(stops))
    tracks = connection.scalars(sa.select(TRACKS.c.key).where(TRACKS.c.pass_number.in_(numbers))).all()
    delete_tracks(connection, tracks, before)
    filed = sa.select(INTAKE.c.id).where(INTAKE.c.pass_number.in_(numbers))
    sealed |= _delete_filed(connection, connection.scalars(filed).all())
    connection.execute(sa.delete(PASSES).where(PASSES.c.number.in_(numbers)))
    _delete_unnamed(connection, sealed)
    return len(numbers)


def _delete_filed(connection: sa.Connection, intakes: Sequence[str]) -> set[str]:
    """Delete applications as the intake keeps them; return what their sealed ones are known by."""
    sealed = set(connection.scalars(sa.select(INTAKE.c.application).where(INTAKE.c.id.in_(intakes))))
    connection.execute(sa.delete(INTAKE_EVENTS).where(INTAKE_EVENTS.c.intake.in_(intakes)))
    connection.execute(sa.delete(INTAKE).where(INTAKE.c.id.in_(intakes)))
    return sealed


def _delete_unnamed(connection: sa.Connection, sealed: set[str]) -> None:
    """Delete sealed applications that neither a pass nor the intake names any more."""
    named = [sa.select(one.c.application) for one in (PASSES, INTAKE)]
    gone = APPLICATIONS.c.id.in_(sorted(sealed)) & sa.and_(*(APPLICATIONS.c.id.not_in(one) for one in named))
    connection.execute(sa.delete(APPLICATIONS).where(gone))


def _find_applications(connection: sa.Connection, before: datetime, after: str | int | None) -> list[Trail]:
    """Find applications that never became a pass: drafts, those sent back or refused, those that departed without."""
    table = INTAKE.c
    query = sa.select(table.id, table.changed_at, table.depart_at, table.firm).where(
        table.state != GRANTED, table.changed_at < before, sa.or_(table.depart_at.is_(None), table.depart_at < before)
    )
    if after is not None:
        query = query.where(table.id > after)
    rows = connection.execute(query.order_by(table.id).limit(PART))
    return [Trail(row.id, max(row.changed_at, row.depart_at or row.changed_at), firms=only(row.firm)) for row in rows]


def _delete_applications(connection: sa.Connection, keys: Sequence[Any], _before: datetime) -> int:
    _delete_unnamed(connection, _delete_filed(connection, keys))
    return len(keys)


PASS_TRAILS: Final[Mapping[str, Kept]] = {
    "applications": Kept(_find_applications, _delete_applications),
    "passes": Kept(_find_passes, _delete_passes),
}
