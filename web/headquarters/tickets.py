"""Tickets that came before headquarters: those of its own to answer, and those that lasted too long below (W10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.tickets.board_register import BoardQuery, count_board, list_board
from geodata.tickets.evidence import ON_SITE
from geodata.tickets.ticket import RESOLVED, SENT
from passes.tickets.board import with_closures
from web.closures.paged import PAGE_ROWS, PageAsked
from web.closures.ticket_form import StepForm
from web.closures.ticket_page import NO_SUBJECT, key_of, page_with_units, take_posted
from web.headquarters.blueprint import pages
from web.jobs.clock import keep_board
from web.shell.access import allow, who
from web.site import reading, site

if TYPE_CHECKING:
    import sqlalchemy as sa


def queries_of_body(unit: str) -> dict[str, BoardQuery]:
    """Return what comes before a body: its own tickets to answer, and those brought up to its level."""
    levels = site().county.settings.policy.tickets.escalate_to
    own = {"own": BoardQuery(state="assigned", unit=unit)}
    return own | ({"raised": BoardQuery(least_level=levels.index(unit) + 1)} if unit in levels else {})


def numbers_for(connection: sa.Connection) -> dict[str, int]:
    """Return how many tickets come before the body of the person who asks."""
    return {"own": 0, "raised": 0, **count_board(connection, queries_of_body(who().unit))}


def finding_address(check: str, subject: str) -> str:
    """Return the address of one finding's page."""
    return url_for("headquarters.finding", check=check, subject=subject or NO_SUBJECT)


@pages.get("/tickets")
@allow("HQ")
def tickets() -> str:
    """List what is for this body to answer and what was brought before it, those whose time runs out first."""
    keep_board(site())
    queries = queries_of_body(who().unit)
    asked = PageAsked.of("headquarters.tickets", request.args, queries)
    with reading() as connection:
        numbers = numbers_for(connection)
        lists = []
        for name, query in queries.items():
            if asked.shows(name):
                rows, total = list_board(connection, query, start=asked.start(numbers[name]), most=PAGE_ROWS)
                lists.append(asked.page_of(name, with_closures(connection, rows), total))
    return render_template("headquarters/tickets.html", lists=lists, address=finding_address, at=site().now())


@pages.route("/findings/<check>/<path:subject>", methods=["GET", "POST"])
@allow("HQ")
def finding(check: str, subject: str) -> Response:
    """Show one finding; answer it where it is this body's own, else hand it to a unit."""
    key, form = key_of(check, subject), StepForm()
    if request.method == "POST" and form.validate():
        step = request.form.get("step", "")
        if step not in {SENT, RESOLVED}:
            abort(400)
        wrong = take_posted(key, form, step, by_unit=who().unit)
        if wrong is not None:
            return _page(key, form, wrong)
        flash(_("Recorded."))
        return redirect(url_for("headquarters.finding", check=check, subject=subject), 303)
    return _page(key, form, form.status)


def _page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    keep_board(site())
    page = page_with_units(key, form, status)
    own = page.state == "assigned" and page.ticket.unit == who().unit
    form.ask_for(note=own, photo=own and key[0] in ON_SITE)
    body = render_template("headquarters/finding.html", form=form, page=page, own=own, at=site().now())
    return make_response(body, status)
