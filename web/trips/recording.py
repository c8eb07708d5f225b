"""Take positions from a driver's phone: `POST /d/SECRET/track` with JSON, whoever holds the pass's link.

{"track", "sent_at", "datum": "wgs84" | "gcj02", "points": [{"seq", "at", "lon", "lat", "accuracy_m"?}, ...]}; the
answer says how many were new, how many were known, and which could not be taken with the reason, so that a phone can
delete what it sent. A burst sent twice is taken once.
"""

from __future__ import annotations

from typing import Any, Final

from flask import abort, jsonify, request, send_from_directory
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.loop.certificate import certificate_of, take_back_where_left
from passes.loop.check import check_loop
from passes.tracks.phone_tracks import TakenBurst, take_burst
from passes.tracks.track_burst import LARGEST_BYTES
from web.driver.door import find_opened
from web.messages import error_wording
from web.shell.access import allow_all
from web.site import site, writing
from web.static_files import BUILT
from web.trips.blueprint import pages, track_roads

_TOO_LARGE: Final = 413


def _burst() -> Any:
    """Return the JSON that was sent.

    Raises
    ------
    BadInputError
        `burst-too-large`, or `burst-not-an-object` where it is no JSON.
    """
    length = request.content_length
    if length is None or length > LARGEST_BYTES:
        raise BadInputError("burst-too-large", "body", most_kb=LARGEST_BYTES // 1000)
    try:
        return request.get_json(force=True)
    except (BadRequest, RecursionError):
        raise BadInputError("burst-not-an-object", "body") from None


@pages.post("/d/<secret>/track")
@allow_all
def take_positions(secret: str) -> Response:
    """Keep a burst of positions of a pass."""
    at = site().now()
    try:
        burst = _burst()
        with writing() as connection:
            opened = find_opened(connection, secret)
            if not opened.may_act:
                abort(403)
            done = take_burst(connection, opened.record, burst, track_roads(), at=at)
            if done.taken and certificate_of(connection, opened.record.number) is not None:
                roads = track_roads()
                check = check_loop(connection, opened.record.number, roads.county, roads.engine, at=at)
                take_back_where_left(connection, check, at=at)
    except BadInputError as error:
        return refused(error)
    return jsonify(_answer(done))


def _answer(done: TakenBurst) -> dict[str, Any]:
    lang = site().lang
    refused = [
        {"seq": one.seq, "code": one.code, "text": error_wording(one.code).text(lang, {})} for one in done.refused
    ]
    counts = {"taken": done.taken, "known": done.known, "refused": refused}
    return {"ok": True, **counts, "clock_off_s": round(done.clock_off_s, 1)}


def refused(error: BadInputError) -> Response:
    """Say why nothing was taken, always as JSON: a phone asked, not a person."""
    lang, wording = site().lang, error_wording(error.code)
    said = {"code": error.code, "where": error.where, "text": wording.text(lang, error.facts)}
    answer = jsonify({"ok": False, "error": {**said, "remedy": wording.remedy(lang, error.facts)}})
    statuses = {"burst-too-large": _TOO_LARGE, "link-unknown": 404}
    answer.status_code = statuses.get(error.code, 422)
    return answer


@pages.record
def _let_phones_in(state: Any) -> None:
    """Ask no form token here: the link and the device are the capability, and no other site knows the link."""
    state.app.extensions["csrf"].exempt(take_positions)


@pages.get("/d/trip-worker.js")
@allow_all
def worker() -> Response:
    """Give the service worker that opens the trip's page again without a network, in a killed browser too."""
    return worker_script()


def worker_script() -> Response:
    """Return the service worker of the trips' pages; its address decides what it may answer for."""
    if not (BUILT / "trip-worker.js").is_file():
        abort(404)
    response = send_from_directory(BUILT, "trip-worker.js", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response
