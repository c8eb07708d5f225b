"""The pages of supervision: findings in the order of travel, one finding with its steps, and the list to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from geodata.tickets.ticket import CLOSED, RETURNED, SENT
from passes.problems import list_problems
from web.closures.ticket_form import StepForm, known_units
from web.closures.ticket_page import NO_SUBJECT, TicketPage, key_of, record_step, ticket_page
from web.closures.words import SUPERVISION
from web.shell.access import allow, who
from web.shell.form_errors import put_error
from web.shell.navigation import Entry
from web.site import reading, site, writing
from web.supervision.rounds import behind_all, places_to_start, round_features, round_of, start_of

if TYPE_CHECKING:
    from passes.problems import Problem

pages = Blueprint("supervision", __name__, url_prefix="/supervision")
NAVIGATION: Final = (
    Entry(
        "supervision.desk",
        _l("List of findings"),
        _l("Findings in the order of travel: send them, verify on site, close them."),
        order=10,
    ),
)
_STEPS: Final = (SENT, RETURNED, CLOSED)
#: So many findings are put into an order of travel at once: more than a day's round.
_MOST: Final = 120
#: What the list can be narrowed to.
_STATES: Final = ("found", "assigned", "resolved", "closed")


@pages.get("")
@allow("S")
def desk() -> str:
    """List the findings in the order of travel, beside the map."""
    return render_template("supervision/desk.html", **_list())


@pages.get("/print")
@allow("S")
def print_list() -> str:
    """Show the list to take along, for A4 paper."""
    return render_template("supervision/print.html", **_list())


def _list() -> dict[str, Any]:
    at, wanted, township = site().now(), request.args.get("state", ""), request.args.get("township", "")
    start = start_of(request.args.get("start", ""))
    with reading() as connection:
        problems = list_problems(connection, site().county, at=at)
        chosen = [one for one in problems if (one.state == wanted if wanted in _STATES else one.state != "closed")]
        chosen = [one for one in chosen if township in {"", one.township}]
        left_out = max(0, len(chosen) - _MOST)
        chosen = chosen[:_MOST]
        stops, placeless = round_of(connection, chosen, start)
        behind = behind_all(connection, chosen)
    addresses = {stop.number: _address(stop.first) for stop in stops}
    counts = {state: sum(one.state == state for one in problems) for state in _STATES}
    return {
        "stops": stops,
        "placeless": placeless,
        "behind": behind,
        "start": start,
        "starts": places_to_start(),
        "wanted": wanted,
        "township": township,
        "townships": sorted({one.township for one in problems if one.township}),
        "left_out": left_out,
        "counts": counts,
        "at": at,
        "features": round_features(stops, addresses),
        "address": _address,
    }


def _address(problem: Problem) -> str:
    return url_for("supervision.finding", check=problem.check, subject=problem.subject or NO_SUBJECT)


@pages.route("/findings/<check>/<path:subject>", methods=["GET", "POST"])
@allow("S")
def finding(check: str, subject: str) -> Response:
    """Show one finding: what the check says, what lies behind it, its steps; send, return, verify and close it."""
    key = key_of(check, subject)
    form = StepForm()
    if request.method == "POST" and form.validate():
        step = request.form.get("step", "")
        if step not in _STEPS:
            abort(400)
        try:
            with writing() as connection:
                record_step(connection, key, step, form, by_unit=who().unit or SUPERVISION)
        except BadInputError as error:
            put_error(form, error)
            return _page(key, form, 409 if error.code == "ticket-changed" else 422)
        flash(_("Recorded."))
        return redirect(url_for("supervision.finding", check=check, subject=subject), 303)
    return _page(key, form, form.status)


def _page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    with reading() as connection:
        page: TicketPage = ticket_page(connection, *key, missed_from=form.seen_count() if status == 409 else None)
    form.count.data = str(len(page.ticket.steps))
    form.note.flags.required = page.ticket.state == "resolved"
    if not form.unit.data and page.problem is not None:
        form.unit.data = page.problem.ticket.unit or page.problem.township
    body = render_template("supervision/finding.html", form=form, page=page, units=known_units(), at=site().now())
    return make_response(body, status)
