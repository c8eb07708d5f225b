"""Take the photo of a form, where one was sent, and show one that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, request
from flask_babel import gettext as _
from markupsafe import escape

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from passes.reports.photos import Photo


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


def shown_photo(photo: Photo | None) -> Response:
    """Answer with a photo; in place of one whose days are over, with a picture that says so. None is not found."""
    from passes.reports.photos import MEDIA_TYPE

    if photo is None:
        abort(404)
    if photo.content:
        return Response(photo.content, mimetype=MEDIA_TYPE, headers={"Cache-Control": "private, max-age=3600"})
    said = escape(_("Photo deleted: its days are over"))
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="120" viewBox="0 0 400 120">'
        '<rect width="400" height="120" fill="#eee"/>'
        f'<text x="200" y="66" font-family="sans-serif" font-size="18" text-anchor="middle" fill="#333">{said}</text>'
        "</svg>"
    )
    return Response(drawn, status=410, mimetype="image/svg+xml")
