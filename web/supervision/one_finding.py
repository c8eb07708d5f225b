"""The page of one finding: what the check says, what lies behind it, its steps; send, return, verify and close it."""

from __future__ import annotations

from typing import Final

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.tickets.evidence import ON_SITE
from geodata.tickets.ticket import CLOSED, RETURNED, SENT
from web.closures.ticket_form import StepForm
from web.closures.ticket_page import key_of, page_with_units, take_posted
from web.jobs.clock import keep_board
from web.shell.access import allow
from web.site import site
from web.supervision.blueprint import own_unit, pages

#: Steps that supervision takes.
STEPS: Final = (SENT, RETURNED, CLOSED)


@pages.route("/findings/<check>/<path:subject>", methods=["GET", "POST"])
@allow("S")
def finding(check: str, subject: str) -> Response:
    """Show one finding; send it to a unit, return its answer, verify and close it."""
    key = key_of(check, subject)
    form = StepForm()
    if request.method == "POST" and form.validate():
        step = request.form.get("step", "")
        if step not in STEPS:
            abort(400)
        wrong = take_posted(key, form, step, by_unit=own_unit())
        if wrong is not None:
            return _page(key, form, wrong)
        flash(_("Recorded."))
        return redirect(url_for("supervision.finding", check=check, subject=subject), 303)
    return _page(key, form, form.status)


def _page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    keep_board(site())
    page = page_with_units(key, form, status)
    answered = page.ticket.state == "resolved"
    form.ask_for(note=answered, photo=answered and key[0] in ON_SITE)
    body = render_template("supervision/finding.html", form=form, page=page, at=site().now())
    return make_response(body, status)
