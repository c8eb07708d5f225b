"""The page of one finding: what the check says, what lies behind it, its steps; send, return, verify and close it."""

from __future__ import annotations

from typing import Final

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from geodata.tickets.evidence import ON_SITE
from geodata.tickets.ticket import CLOSED, RETURNED, SENT
from passes.ticket_units import known_units, responsible_unit
from web.closures.ticket_form import StepForm
from web.closures.ticket_page import TicketPage, key_of, record_step, ticket_page
from web.jobs.clock import keep_board
from web.shell.access import allow
from web.shell.form_errors import put_error
from web.site import reading, site, writing
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
        try:
            with writing() as connection:
                record_step(connection, key, step, form, by_unit=own_unit())
        except BadInputError as error:
            put_error(form, error)
            return _page(key, form, 409 if error.code == "ticket-changed" else 422)
        flash(_("Recorded."))
        return redirect(url_for("supervision.finding", check=check, subject=subject), 303)
    return _page(key, form, form.status)


def _unit_of(page: TicketPage, units: tuple[str, ...]) -> str:
    return responsible_unit(page.closure, page.row.township, site().county, units)


def _page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    keep_board(site())
    with reading() as connection:
        page: TicketPage = ticket_page(connection, *key, missed_from=form.seen_count() if status == 409 else None)
        units = known_units(connection, site().county)
        form.offer_units(connection, page.ticket.unit or _unit_of(page, units))
    form.count.data = str(len(page.ticket.steps))
    answered = page.ticket.state == "resolved"
    form.ask_for(note=answered, photo=answered and key[0] in ON_SITE)
    body = render_template("supervision/finding.html", form=form, page=page, at=site().now())
    return make_response(body, status)
