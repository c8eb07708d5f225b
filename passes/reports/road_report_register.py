"""Keep reports of blocked roads: who saw what where, and which closure or blockage the report was counted to.

The sighting itself is an observation of that closure or blockage, in the log (`geodata.closures.register`); kept here
is who to ask, and where they stood. Rows are only ever added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant

ROAD_REPORTS: Final = sa.Table(
    "road_reports",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(100), nullable=False, index=True),
    sa.Column("observed_at", Instant, nullable=False, index=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("reporter", sa.String(200), nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("road_id", sa.String(64), nullable=False),
    sa.Column("offset_m", sa.Float, nullable=False),
    sa.Column("distance_m", sa.Float, nullable=False),
    sa.Column("township", sa.String(200), nullable=False),
    sa.Column("barrier", sa.String(32), nullable=False),
    sa.Column("photo", sa.String(64), nullable=False, index=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index(None, "reporter", "received_at"),
)


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as it is kept.

    Attributes
    ----------
    case_id
        The closure or blockage it was counted to.
    reporter
        Pass number, id of the checkpoint, or name of the township.
    lon, lat
        Where the reporter said it is.
    road_id, offset_m, distance_m
        The nearest road, where on it, and how far from there.
    photo
        Digest of the photo, "" where none was sent.
    """

    id: int
    case_id: str
    observed_at: datetime
    received_at: datetime
    source: str
    reporter: str
    lon: float
    lat: float
    road_id: str
    offset_m: float
    distance_m: float
    township: str
    barrier: str
    photo: str
    note: str


def add_report(connection: sa.Connection, values: dict[str, Any]) -> KeptReport:
    """Keep a report and return it with its number."""
    done = connection.execute(sa.insert(ROAD_REPORTS).values(values).returning(ROAD_REPORTS.c.id))
    return KeptReport(id=int(done.scalar_one()), **values)


def list_reports(
    connection: sa.Connection,
    *,
    case_id: str = "",
    township: str = "",
    reporter: str = "",
    since: datetime | None = None,
    most: int = 200,
) -> tuple[KeptReport, ...]:
    """Return reports, the newest first; of one case, township or reporter, or since a time where these are given."""
    query = sa.select(ROAD_REPORTS).order_by(ROAD_REPORTS.c.observed_at.desc(), ROAD_REPORTS.c.id.desc())
    if case_id:
        query = query.where(ROAD_REPORTS.c.case_id == case_id)
    if township:
        query = query.where(ROAD_REPORTS.c.township == township)
    if reporter:
        query = query.where(ROAD_REPORTS.c.reporter == reporter)
    if since is not None:
        query = query.where(ROAD_REPORTS.c.observed_at >= since)
    return tuple(KeptReport(**row._mapping) for row in connection.execute(query.limit(most)))


def count_reports(connection: sa.Connection, *, source: str, reporter: str, since: datetime) -> int:
    """Return how many reports one reporter has sent since a time."""
    table = ROAD_REPORTS.c
    query = sa.select(sa.func.count()).where(
        table.source == source, table.reporter == reporter, table.received_at > since
    )
    return int(connection.scalar(query) or 0)


def is_photo_of(connection: sa.Connection, digest: str, *, township: str = "", reporter: str = "") -> bool:
    """Tell whether a photo came with a report from this township, or from this reporter."""
    query = sa.select(ROAD_REPORTS.c.id).where(ROAD_REPORTS.c.photo == digest)
    if township:
        query = query.where(ROAD_REPORTS.c.township == township)
    if reporter:
        query = query.where(ROAD_REPORTS.c.reporter == reporter)
    return connection.scalar(query.limit(1)) is not None
