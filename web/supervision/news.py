"""What is new among the findings, told to a page that is open: server-sent events by rising number."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from flask import Response, abort, request
from flask_babel import gettext as _

from geodata.store import transaction
from geodata.tickets.news_register import GONE, News, news_after
from web.closures.words import check_name
from web.jobs.events import Told, stream
from web.shell.access import allow
from web.site import site
from web.supervision.blueprint import finding_address, pages

if TYPE_CHECKING:
    from web.site import Site

#: The checks run once a minute and after a change; looking sooner than this finds nothing.
_LOOK_EVERY_S: Final = 1.0


@pages.get("/news")
@allow("S")
def news() -> Response:
    """Tell what was found and what is found no more, from the last piece that the browser or its page has seen."""
    said = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        abort(404)
    events = stream(_looker(site(), _sentences()), int(said), every_s=_LOOK_EVERY_S)
    return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _sentences() -> Callable[[News], str]:
    """Return what makes a sentence of a piece of news in this reader's language, also after the request is over."""
    names = {f"K{number}": check_name(f"K{number}") for number in range(1, 15)}
    found, gone = _("New finding"), _("Found no more")
    colon = "\uff1a" if site().lang == "zh" else ": "

    def say(one: News) -> str:
        parts = (f"{one.check_id} {names.get(one.check_id, '')}".strip(), one.about, one.township)
        return f"{gone if one.kind == GONE else found}{colon}{' · '.join(part for part in parts if part)}"

    return say


def _looker(here: Site, say: Callable[[News], str]) -> Callable[[int], list[Told]]:
    address = finding_address("CHECK", "SUBJECT")  # made while there is a request

    def told(one: News) -> Told:
        from urllib.parse import quote

        link = address.replace("CHECK", quote(one.check_id)).replace("SUBJECT", quote(one.subject or "-"))
        data = {"kind": one.kind, "text": say(one), "href": link, "at": one.at.isoformat()}
        return Told(one.id, f"id: {one.id}\nevent: news\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")

    def look(seen: int) -> list[Told]:
        with transaction(here.store, writes=False) as connection:
            return [told(one) for one in news_after(connection, seen)]

    return look
