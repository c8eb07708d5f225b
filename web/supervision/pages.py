"""The opening page of supervision: numbers that open their lists, and today's round in the order of travel."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template
from flask_babel import lazy_gettext as _l

from geodata.tickets.news_register import last_news
from web.closures.ticket_lists import ONLY, STATES, numbers_of
from web.jobs.clock import keep_board
from web.shell.access import allow
from web.shell.navigation import LISTS, Entry
from web.site import reading, site
from web.supervision import kept, news, one_finding, own_sight, round_files, ticket_lists
from web.supervision.blueprint import pages
from web.supervision.round_asked import round_asked
from web.supervision.round_files import hand_overs

__all__ = ["NAVIGATION", "kept", "news", "one_finding", "own_sight", "pages", "round_files", "ticket_lists"]

NAVIGATION: Final = (
    Entry(
        "supervision.desk",
        _l("List of findings"),
        _l("Findings in the order of travel: send them, verify on site, close them."),
        order=10,
    ),
    Entry(
        "supervision.tickets",
        _l("All tickets"),
        _l("Every ticket by its deadline; answer those of one cause together."),
        order=11,
    ),
    Entry(
        "supervision.report_road",
        _l("Report a blocked road"),
        _l("What an inspector sees on the way, with a photo: it is confirmed at once."),
        order=12,
    ),
    Entry(
        "supervision.kept_days",
        _l("Kept and deleted"),
        _l("How long anything about people is kept, and what was deleted when."),
        order=90,
        group=LISTS,
    ),
)


@pages.get("")
@allow("S")
def desk() -> str:
    """Show the numbers, and the findings in the order of travel beside the map."""
    keep_board(site())
    with reading() as connection:
        numbers, newest = numbers_of(connection), last_news(connection)
    shown = {"numbers": numbers, "newest": newest, "states": STATES, "only": ONLY}
    return render_template("supervision/desk.html", **shown, **_round())


@pages.get("/print")
@allow("S")
def print_list() -> str:
    """Show the list to take along, for A4 paper."""
    keep_board(site())
    return render_template("supervision/print.html", **_round())


def _round() -> dict[str, Any]:
    shown = round_asked()
    return {**shown, "hand_overs": hand_overs(shown["round"])}
