"""Keep photos by what they show: the same picture sent twice is kept once, and none is ever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from geodata.store import METADATA, Instant
from passes.reports.photos import Photo

PHOTOS: Final = sa.Table(
    "photos",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
)


def keep_photo(connection: sa.Connection, photo: Photo, *, at: datetime) -> str:
    """Keep a photo and return its digest."""
    known = sa.select(PHOTOS.c.digest).where(PHOTOS.c.digest == photo.digest)
    if connection.scalar(known) is None:
        values = {"width": photo.width, "height": photo.height, "content": photo.content, "received_at": at}
        connection.execute(sa.insert(PHOTOS).values(digest=photo.digest, **values))
    return photo.digest


def find_photo(connection: sa.Connection, digest: str) -> Photo | None:
    """Return a kept photo; None where there is none of that digest. Who may see it is the caller's question."""
    row = connection.execute(sa.select(PHOTOS).where(PHOTOS.c.digest == digest)).first()
    return None if row is None else Photo(row.digest, bytes(row.content), row.width, row.height)
