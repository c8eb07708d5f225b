"""Findings that were sent to the township: one with its answer, all by their deadline, many answered together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.tickets.board_register import find_row
from geodata.tickets.evidence import ON_SITE
from geodata.tickets.register import read_ticket
from geodata.tickets.ticket import RESOLVED
from passes.tickets.batch import Refused
from web.closures.ticket_desk import group_asked, group_page, list_page, take_together
from web.closures.ticket_form import StepForm
from web.closures.ticket_lists import GROUP_NAMES, STATES, BatchForm
from web.closures.ticket_page import key_of, take_posted, ticket_page
from web.jobs.clock import keep_board
from web.shell.access import allow, who
from web.site import reading, site
from web.township.blueprint import finding_address, pages

if TYPE_CHECKING:
    import sqlalchemy as sa

#: In this state the township answers.
_ANSWERED_IN = "assigned"


@pages.get("/findings")
@allow("TW")
def findings() -> str:
    """List what the township is to answer for, by its deadline."""
    return list_page(
        "township/findings.html",
        unit=who().unit,
        states=[one for one in STATES if one != "found"],
        groups={name: label for name, label in GROUP_NAMES.items() if name != "unit"},
        together={_ANSWERED_IN: (RESOLVED,)},
        address=finding_address,
    )


@pages.route("/findings/together", methods=["GET", "POST"])
@allow("TW")
def together() -> Response:
    """Give one answer to all findings of one cause; each keeps its own record."""
    form = BatchForm()
    if request.args.get("state") != _ANSWERED_IN:
        abort(404)

    def show(status: int, refused: tuple[Refused, ...] = ()) -> Response:
        batch = group_asked(form, refused, unit=who().unit)
        form.ask_for(note=True, photo=any(one.check in ON_SITE for one in batch.rows))
        return group_page("township/together.html", form, batch, status, address=finding_address)

    if request.method != "POST" or not form.validate():
        return show(form.status)
    return take_together(form, RESOLVED, by_unit=who().unit, show=show)


@pages.route("/findings/<check>/<path:subject>", methods=["GET", "POST"])
@allow("TW")
def finding(check: str, subject: str) -> Response:
    """Show a finding that was sent to this township, and take its answer."""
    key, form = key_of(check, subject), StepForm()
    if request.method == "POST" and form.validate():
        wrong = take_posted(key, form, RESOLVED, by_unit=who().unit, own=lambda one: _own_ticket(one, key))
        if wrong is not None:
            return _page(key, form, wrong)
        flash(_("Recorded: supervision will verify it."))
        return redirect(url_for("township.finding", check=check, subject=subject), 303)
    return _page(key, form, form.status)


def _own_ticket(connection: sa.Connection, key: tuple[str, str]) -> None:
    """Refuse to show a ticket of another unit; one that the unit once answered for stays readable."""
    row, ticket = find_row(connection, *key), read_ticket(connection, *key)
    own = {one.unit for one in ticket.steps} | ({row.unit} if row is not None else set())
    if who().unit not in own:
        abort(404)


def _page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    keep_board(site())
    with reading() as connection:
        _own_ticket(connection, key)
        page = ticket_page(connection, *key, missed_from=form.seen_count() if status == 409 else None)
    form.count.data = str(len(page.ticket.steps))
    form.ask_for(note=True, photo=key[0] in ON_SITE)
    body = render_template(
        "township/finding.html",
        form=form,
        page=page,
        may_answer=page.ticket.state == _ANSWERED_IN and page.ticket.unit == who().unit,
        at=site().now(),
    )
    return make_response(body, status)
