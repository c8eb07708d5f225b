"""Take the photo of a form, where one was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa


def kept_photo(connection: sa.Connection, name: str, *, at: datetime) -> str:
    """Keep the photo of a file field and return its digest, "" where none was sent.

    Raises
    ------
    BadInputError
        What `passes.reports.photos.take_photo` refuses.
    """
    from passes.reports.photo_register import keep_photo
    from passes.reports.photos import take_photo

    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return ""
    return keep_photo(connection, take_photo(sent.read(), where=name), at=at)
