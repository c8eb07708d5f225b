"""The demo's page: the thread from plan to pass, verdict and closures, with the route drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import Markup

from geodata.county import County
from geodata.windows import parse_instant
from passes.qr_image import draw_qr
from web.messages import finding_wording
from web.road_picture import draw_route
from web.wording.thread_page import PAGE
from web.wording.verdicts import WORDS_EN

thread_page = Blueprint("thread", __name__)
#: Summary of the last run, beside the county's other files.
THREAD_FILE: Final = "thread.json"
SCRIPT: Final = "built/thread.js"


def _county() -> County:
    county: County = current_app.config["COUNTY"]
    return county


def _lang() -> str:
    asked = request.args.get("lang", _county().settings.lang)
    return "en" if asked == "en" else "zh"


def _texts(lang: str) -> dict[str, Any]:
    """Return what the template says with: page words, findings, times on the county's clock."""
    settings = _county().settings
    words = dict(settings.policy.words)

    def local(text: str) -> str:
        return parse_instant(text, where="page").astimezone(settings.timezone).strftime("%m-%d %H:%M")

    def coded(code: str, facts: dict[str, Any]) -> str:
        return finding_wording(code).text(lang, {**words, **facts})

    return {
        "lang": lang,
        "zone": settings.timezone.key,
        "say": lambda key, **facts: PAGE[key].text(lang, facts),
        "local": local,
        "finding_text": lambda row: coded(row["check"], {**row["facts"], "closure": row["closure"]}),
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


@thread_page.get("/")
def show_thread() -> str:
    """Show the thread of the demo county."""
    county = _county()
    thread = _load_thread(county)
    script = SCRIPT if Path(current_app.static_folder or "", SCRIPT).exists() else ""
    pictures = _pictures(thread, county, _lang()) if thread else {}
    return render_template("thread.html", thread=thread, script=script, **pictures, **_texts(_lang()))


@thread_page.get("/health")
def health() -> Response:
    """Say that the process answers, and for which county."""
    return Response(json.dumps({"ok": True, "county": _county().settings.area_code}), mimetype="application/json")


def write_thread(county: County, thread: dict[str, Any]) -> None:
    """Keep the summary for the page."""
    from geodata.geojson import write_whole

    write_whole(county.folder / THREAD_FILE, json.dumps(thread, ensure_ascii=False).encode())
