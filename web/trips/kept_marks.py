"""Take a receipt or an end of a trip that a phone has kept: `POST /d/SECRET/mark` with JSON, whoever holds the link.

{"mark": "received" | "ended", "code", "position": "lon,lat" or "", "kept_s"}: how long ago it was pressed, by the
phone's own clock, so that a wrong clock does no harm. The same again changes nothing, so a phone may send until it is
answered: a receiving point need not have a network, and a phone may be killed in between.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, Final

from flask import abort, jsonify, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.loop.receipt import Arrival, end_trip, receive
from passes.tracks.trip_mark_register import ENDED, RECEIVED, TripMark
from web.driver.door import Opened, find_opened
from web.driver.forms import position_of
from web.shell.access import allow_all
from web.site import site, writing
from web.trips.blueprint import pages
from web.trips.recording import refused

#: A phone may keep what it could not send for so long.
_LONGEST_KEPT: Final = timedelta(days=31)
_LONGEST_BODY: Final = 4_096
_LONGEST_CODE: Final = 300


def _read_mark() -> tuple[str, Arrival]:
    """Return what was pressed, and what the phone told with it.

    Raises
    ------
    BadInputError
        `mark-unreadable`.
    """
    try:
        sent = request.get_json(force=True) if (request.content_length or 0) <= _LONGEST_BODY else None
    except (BadRequest, RecursionError):
        sent = None
    if not isinstance(sent, dict) or sent.get("mark") not in {RECEIVED, ENDED}:
        raise BadInputError("mark-unreadable", "mark")
    kept = timedelta(seconds=_kept_s(sent.get("kept_s")))
    return sent["mark"], Arrival(str(sent.get("code", ""))[:_LONGEST_CODE], site().now() - kept, _position(sent))


def _kept_s(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not 0 <= value <= _LONGEST_KEPT.total_seconds():
        raise BadInputError("mark-unreadable", "kept_s")
    return float(value)


def _position(sent: dict[str, Any]) -> tuple[float, float] | None:
    """Return where the phone was; one that cannot be read was not told."""
    try:
        return position_of(str(sent["position"])) if sent.get("position") else None
    except BadInputError:
        return None


@pages.post("/d/<secret>/mark")
@allow_all
def take_mark(secret: str) -> Response:
    """Keep a receipt, or the end of a round trip, as of when it was pressed."""
    try:
        with writing() as connection:
            opened = find_opened(connection, secret)
            if not opened.may_act:
                abort(403)
            mark, arrival = _read_mark()
            done = _keep(connection, opened, mark, arrival)
    except BadInputError as error:
        return refused(error)
    return jsonify({"ok": True, "mark": done.mark, "at": done.at.timestamp()})


def _keep(connection: Any, opened: Opened, mark: str, arrival: Arrival) -> TripMark:
    act = receive if mark == RECEIVED else end_trip
    return act(connection, opened.record, arrival, site().county, at=site().now())


@pages.record
def _let_phones_in(state: Any) -> None:
    """Ask no form token here: the link and the device are the capability, and a token would not outlive a dead zone."""
    state.app.extensions["csrf"].exempt(take_mark)
