"""A new route because a road closes: the driver sees the old line and the new one, and takes the new pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Response as StreamedResponse
from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.store import transaction
from passes.messages.link_register import open_link
from passes.reissue.reissue_register import BY_DRIVER, NO_ROUTE, OUTGOING, PREPARED, REFUSED, SWITCHED, reissue_of
from passes.reissue.switch import take_edition, waiting_edition
from web.driver.blueprint import pages
from web.driver.door import Opened, enter, find_opened, remember_device, with_edition
from web.driver.shown_pass import shown_pass
from web.jobs.events import Told, stream
from web.shell.access import allow_all
from web.site import reading, site, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import sqlalchemy as sa

    from passes.editions.pass_register import PassRecord
    from passes.reissue.reissue_register import Reissue
    from web.site import Site

_LOOK_EVERY_S: Final = 2.0
#: A road on the way closes: a new edition waits, or there is none.
_CLOSING_AHEAD: Final = (PREPARED, NO_ROUTE, REFUSED)


def waiting_for(opened: Opened) -> tuple[Reissue, PassRecord] | None:
    """Return the new edition that waits for the driver of an opened pass, None where none does."""
    with reading() as connection:
        return waiting_edition(connection, opened.record.number)


def both_lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return both routes as GeoJSON for the map."""
    rows = (("old_route", _("Old route"), old), ("route", _("New route"), new))
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"kind": kind, "name": name},
            "geometry": {"type": "LineString", "coordinates": route["geometry"]},
        }
        for kind, name, route in rows
    ]
    for number, stop in enumerate(new["stops"], start=1):
        point = {"type": "Point", "coordinates": [stop["lon"], stop["lat"]]}
        properties = {"kind": "place", "name": stop["name"], "order": number}
        features.append({"type": "Feature", "properties": properties, "geometry": point})
    return {"type": "FeatureCollection", "features": features}


def _names(route: Mapping[str, Any]) -> list[str]:
    """Return the numbers or names of the roads in order, each once in a row."""
    names = [name for section in route["sections"] for name in section["roads"]]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


def reroute_page(opened: Opened, secret: str, waiting: tuple[Reissue, PassRecord]) -> Response:
    """Show both lines and what changes, with the one button."""
    row, new = waiting
    old = opened.record.route
    page = render_template(
        "driver/reroute.html",
        secret=secret,
        shown=shown_pass(opened.record, site().county, at=site().now()),
        row=row,
        old_roads=_names(old),
        new_roads=_names(new.route),
        new=new,
        features=both_lines(old, new.route),
    )
    return remember_device(make_response(page), opened)


@pages.post("/d/<secret>/take")
@allow_all
def take_new_pass(secret: str) -> Response:
    """Take the new pass: from now on it is the valid one, and the old one is replaced."""
    opened = enter(secret)
    if not opened.may_act:
        return remember_device(redirect(url_for("driver.let_in", secret=secret, goal=""), 303), opened)
    with writing() as connection:
        take_edition(connection, opened.record.number, seen=request.form.get("seen", ""), by=BY_DRIVER, at=site().now())
        opened = find_opened(connection, secret)
    return with_edition(redirect(url_for("driver.show_pass", secret=secret), 303), opened)


@pages.get("/d/<secret>/news")
@allow_all
def driver_news(secret: str) -> StreamedResponse:
    """Tell a driver's page that is open when a new pass waits or the pass changed."""
    with reading() as connection:
        number = find_opened(connection, secret).record.number
    said = request.headers.get("Last-Event-ID") or request.args.get("after", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        abort(404)
    events = stream(_looker(site(), secret, number), int(said), every_s=_LOOK_EVERY_S)
    return StreamedResponse(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _looker(here: Site, secret: str, number: str) -> Callable[[int], list[Told]]:
    def look(seen: int) -> list[Told]:
        with transaction(here.store, writes=False) as connection:
            mark = news_mark(connection, number) if open_link(connection, secret) else 0
        if mark <= seen:
            return []
        data = {"state": "", "label": "", "progress": 1.0, "text": "", "over": True}
        return [Told(mark, f"id: {mark}\nevent: job\ndata: {json.dumps(data)}\n\n", is_last=True)]

    return look


def road_closing_ahead(opened: Opened) -> Reissue | None:
    """Return what is known of a road on the way of this very edition that closes; None where none does."""
    with reading() as connection:
        row = reissue_of(connection, opened.record.number, *_CLOSING_AHEAD)
    return row if row is not None and row.jti == opened.record.jti else None


def news_mark(connection: sa.Connection, number: str) -> int:
    """Return a number that rises whenever a driver's page has something new to show."""
    row = reissue_of(connection, number, *_CLOSING_AHEAD, OUTGOING, SWITCHED)
    return 0 if row is None else int(row.changed_at.timestamp() * 1_000)
