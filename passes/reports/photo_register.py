"""Keep photos by what they show: the same picture sent twice is kept once, and none is ever changed.

When its days are over a photo is forgotten: its digest stays, as the log names it, and nothing that it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """Keep a photo and return its digest; the days of one that is sent again count anew."""
    values = {"width": photo.width, "height": photo.height, "content": photo.content, "received_at": at}
    known = sa.update(PHOTOS).where(PHOTOS.c.digest == photo.digest)
    if connection.execute(known.values(values)).rowcount == 0:
        connection.execute(sa.insert(PHOTOS).values(digest=photo.digest, **values))
    return photo.digest


def forget_photos(connection: sa.Connection, digests: Sequence[str]) -> int:
    """Forget what photos show; return how many that were."""
    known = sa.update(PHOTOS).where(PHOTOS.c.digest.in_(digests), PHOTOS.c.width > 0)
    return connection.execute(known.values(width=0, height=0, content=b"")).rowcount


def find_photo(connection: sa.Connection, digest: str) -> Photo | None:
    """Return a kept photo; None where there is none of that digest. Who may see it is the caller's question.

    One that was forgotten comes back without content.
    """
    row = connection.execute(sa.select(PHOTOS).where(PHOTOS.c.digest == digest)).first()
    return None if row is None else Photo(row.digest, bytes(row.content), row.width, row.height)
