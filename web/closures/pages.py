"""The record of closures: what is in force, what is to come, and each one's extents, decisions and history."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext as _l

from geodata.windows import parse_instant
from web.closures.consequence import is_harmless
from web.closures.dossier import dossier_features, dossier_of, is_only_registered, one_direction, road_by_id, road_names
from web.closures.photo_field import shown_photo
from web.closures.record_lists import record_lists
from web.closures.rules_page import rules_page
from web.closures.ticket_page import nearest_checkpoint
from web.closures.words import TONES, check_name, class_name, named, state_name, unit_or_role
from web.shell.access import allow
from web.shell.form_errors import sentence_of
from web.shell.navigation import ROADS, Entry
from web.site import reading, site

pages = Blueprint("closures", __name__)
NAVIGATION: Final = (
    Entry(
        "closures.record",
        _l("Closures on record"),
        _l("What is closed now, what is to come, and what was decided about each closure."),
        order=60,
        group=ROADS,
    ),
)
#: Who reads the record: every officer; a township has its own list.
READERS: Final = ("HQ", "S", "T", "P")


@pages.get("/closures")
@allow(*READERS)
def record() -> str:
    """List what is in force and what is to come, the head of each list or a page of one."""
    with reading() as connection:
        lists = record_lists(connection, request.args, at=site().now())
    return render_template("closures/record.html", lists=lists)


@pages.get("/closures/rules")
@allow(*READERS)
def rules() -> str:
    """Show what the checks find of which closure."""
    return rules_page()


@pages.get("/closures/photo/<digest>")
@allow("HQ", "S")
def photo(digest: str) -> Response:
    """Show a photo of a sighting or of a ticket's step."""
    from passes.reports.photo_register import find_photo

    with reading() as connection:
        found = find_photo(connection, digest)
    return shown_photo(found)


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
pages.app_template_global("nearest_checkpoint")(nearest_checkpoint)
pages.app_template_global("error_text")(sentence_of)
pages.app_template_global("road_names")(road_names)
pages.app_template_global("road_by_id")(road_by_id)
pages.app_template_global("is_only_registered")(is_only_registered)
pages.app_template_global("one_direction")(one_direction)
pages.app_template_global("is_harmless")(is_harmless)
pages.app_template_global("tone_of")(lambda state: TONES.get(state, ""))
pages.app_template_global("lang_comma")(lambda: "、" if site().lang == "zh" else ", ")
pages.app_template_filter("instant")(lambda text: parse_instant(str(text), where="instant"))
