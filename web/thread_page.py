"""The demo's page: the thread from plan to pass, verdict and closures, with the route drawn."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from geodata.county import County
from geodata.windows import parse_instant
from passes.tokens.qr_image import draw_qr
from web.messages import finding_wording
from web.road_picture import draw_route
from web.shell.access import allow_all
from web.shell.navigation import Entry
from web.site import site
from web.wording.verdicts import WORDS_EN

pages = Blueprint("demo", __name__)
#: Summary of the last run, beside the county's other files.
THREAD_FILE: Final = "thread.json"
NAVIGATION: Final = (
    Entry(
        "demo.show_thread",
        _l("The demo, step by step"),
        _l("Plan, pass, verdict and closures of the demo's own run"),
        order=90,
        is_public=True,
        is_demo=True,
    ),
)


def _texts(lang: str) -> dict[str, Any]:
    """Return what the template says with: findings and verdicts as sentences, times on the county's clock."""
    settings = site().county.settings
    words = dict(settings.policy.words)

    def local_text(text: str) -> str:
        return parse_instant(text, where="page").astimezone(settings.timezone).strftime("%m-%d %H:%M")

    def row_text(row: dict[str, Any]) -> str:
        return finding_wording(row["check"]).text(lang, {**words, **row["facts"], "closure": row["closure"]})

    return {
        "zone": settings.timezone.key,
        "local_text": local_text,
        "row_text": row_text,
        "verdict_text": lambda reason: reason["said"][lang]["text"],
    }


def _load_thread(county: County) -> dict[str, Any] | None:
    path = county.folder / THREAD_FILE
    if not path.exists():
        return None
    thread: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return thread


def _pictures(thread: dict[str, Any], county: County, lang: str) -> dict[str, Any]:
    words = dict(zip(("green", "amber", "red"), county.settings.policy.verdict.words, strict=True))
    word = (words if lang == "zh" else WORDS_EN)[thread["verdict"]]
    goal = next((stop["name"] for stop in thread["plan"]["stops"] if stop["kind"] == "destination"), "")
    return {
        "picture": Markup(draw_route(county.network, thread["plan"]["geometry"])),  # noqa: S704 - drawn from numbers
        "code": Markup(draw_qr(thread["pass"]["url"])),  # noqa: S704 - drawn by our own encoder
        "verdict_word": word,
        "goal": goal,
    }


@pages.get("/demo")
@allow_all
def show_thread() -> str:
    """Show the thread of the demo county."""
    county, lang = site().county, site().lang
    thread = _load_thread(county)
    pictures = _pictures(thread, county, lang) if thread else {}
    return render_template("demo/thread.html", thread=thread, **pictures, **_texts(lang))


def write_thread(county: County, thread: dict[str, Any]) -> None:
    """Keep the summary for the page, without the accounts' password."""
    from geodata.geojson import write_whole

    shown = {name: value for name, value in thread.items() if name != "accounts"}
    write_whole(county.folder / THREAD_FILE, json.dumps(shown, ensure_ascii=False).encode())
