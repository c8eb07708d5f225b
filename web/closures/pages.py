"""The record of closures: what is in force, what is to come, and each one's extents, decisions and history."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask import Blueprint, Response, abort, render_template
from flask_babel import lazy_gettext as _l

from geodata.closures.filings_register import requested_ids
from geodata.closures.register import list_closures
from geodata.windows import parse_instant
from web.closures.consequence import is_harmless
from web.closures.dossier import Row, dossier_features, dossier_of, one_direction, road_by_id, road_names, row_of
from web.closures.words import TONES, check_name, class_name, named, state_name, unit_or_role
from web.shell.access import allow
from web.shell.form_errors import sentence_of
from web.shell.navigation import Entry
from web.site import reading, site

pages = Blueprint("closures", __name__)
NAVIGATION: Final = (
    Entry(
        "closures.record",
        _l("Closures on record"),
        _l("What is closed now, what is to come, and what was decided about each closure."),
        order=60,
    ),
)
#: Who reads the record: every officer; a township has its own list.
READERS: Final = ("HQ", "S", "T", "P")


@pages.get("/closures")
@allow(*READERS)
def record() -> str:
    """List what is in force and what is to come, with the three states of each."""
    at = site().now()
    with reading() as connection:
        closures, requested = list_closures(connection), requested_ids(connection)
    rows = [row_of(one, at, requested=one.id in requested) for one in closures]
    groups = {
        "in_force": [one for one in rows if one.is_in_force],
        "seen": [one for one in rows if not one.approval and one.routing == "closed"],
        "to_come": [one for one in rows if _is_to_come(one, at)],
    }
    return render_template("closures/record.html", groups=groups)


def _is_to_come(row: Row, at: datetime) -> bool:
    window = row.closure.window
    if window is None or row.is_in_force or row.approval in {"refused", "withdrawn", "expired"}:
        return False
    return window.end is None or window.end > at


@pages.get("/closures/photo/<digest>")
@allow("HQ", "S")
def photo(digest: str) -> Response:
    """Show a photo of a sighting or of a ticket's step."""
    from passes.photo_register import find_photo

    with reading() as connection:
        found = find_photo(connection, digest)
    if found is None:
        abort(404)
    return Response(found.content, mimetype="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


@pages.get("/closures/<path:closure_id>")
@allow(*READERS)
def show(closure_id: str) -> str:
    """Show one closure: its extents, what was decided, and its history with the positions in the log."""
    with reading() as connection:
        dossier = dossier_of(connection, closure_id, site().now())
    return render_template("closures/show.html", dossier=dossier, features=dossier_features(dossier))


pages.app_template_global("named")(named)
pages.app_template_global("state_name")(state_name)
pages.app_template_global("check_name")(check_name)
pages.app_template_global("class_name")(class_name)
pages.app_template_global("unit_or_role")(unit_or_role)
pages.app_template_global("error_text")(sentence_of)
pages.app_template_global("road_names")(road_names)
pages.app_template_global("road_by_id")(road_by_id)
pages.app_template_global("one_direction")(one_direction)
pages.app_template_global("is_harmless")(is_harmless)
pages.app_template_global("tone_of")(lambda state: TONES.get(state, ""))
pages.app_template_global("lang_comma")(lambda: "、" if site().lang == "zh" else ", ")
pages.app_template_filter("instant")(lambda text: parse_instant(str(text), where="instant"))
