"""Tell a checkpoint's open page that passes have changed, so that its phone fetches the lists at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from flask import Response, abort, request
from flask_babel import gettext as _

from geodata.store import transaction
from passes.reissue.status_news_register import StatusNews, status_news
from web.checkpoint.blueprint import pages
from web.jobs.events import Told, stream
from web.shell.access import allow
from web.site import site

if TYPE_CHECKING:
    from web.site import Site

_LOOK_EVERY_S: Final = 1.0
#: Stands for a number in a sentence that is made while there is a request.
_MANY: Final = 987_654


@pages.get("/news")
@allow("C")
def news() -> Response:
    """Tell of changes of passes after the last one that the phone knows of."""
    said = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        abort(404)
    told = _("A road closes: %(n)d passes go another way. This phone fetches the new lists.", n=_MANY)
    events = stream(_looker(site(), told), int(said), every_s=_LOOK_EVERY_S)
    return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _looker(here: Site, told: str) -> Callable[[int], list[Told]]:
    def look(seen: int) -> list[Told]:
        with transaction(here.store, writes=False) as connection:
            found = status_news(connection, after=seen)
        return [_told(found, told)] if found.last > seen else []

    return look


def _told(found: StatusNews, told: str) -> Told:
    text = told.replace(str(_MANY), str(found.rerouted)) if found.rerouted else ""
    data = json.dumps({"text": text, "rerouted": found.rerouted}, ensure_ascii=False)
    return Told(found.last, f"id: {found.last}\nevent: news\ndata: {data}\n\n")
