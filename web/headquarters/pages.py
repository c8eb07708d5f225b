"""The pages of headquarters: requests to decide with their consequence first, and the decision itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.closures.approval import approval_of
from geodata.closures.closure import Closure
from geodata.closures.deciding import APPROVED, Ruled, rule_on
from geodata.closures.filings_register import DECIDED, Filing, check_unchanged, closure_of, record_ruling
from geodata.closures.history_register import HistoryEntry, history_of
from geodata.errors import BadInputError
from web.closures.consequence import marked_sight
from web.closures.dossier import Dossier, dossier_features, dossier_of, rows_features
from web.closures.words import named
from web.headquarters import tickets
from web.headquarters.blueprint import pages
from web.headquarters.decision_form import DecisionForm
from web.headquarters.desk_lists import desk_lists
from web.headquarters.tickets import numbers_for
from web.jobs.clock import keep_board
from web.log_keeping import keep_site_state
from web.orders.signing import sign_where_approved
from web.shell.access import allow, who
from web.shell.form_errors import put_error
from web.shell.navigation import Entry
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["NAVIGATION", "pages", "tickets"]

NAVIGATION: Final = (
    Entry(
        "headquarters.desk",
        _l("Requests to decide"),
        _l("See what a closure would do, then approve, approve less or refuse it."),
        order=10,
    ),
    Entry(
        "headquarters.tickets",
        _l("Tickets brought up"),
        _l("Overdue below, or for headquarters to answer."),
        order=11,
    ),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of one request shows beside its form.

    Attributes
    ----------
    sight
        The consequence of what is asked, or of the part that is being looked at.
    of_part
        It is that of the part.
    changes
        What others recorded since the form was opened.
    """

    dossier: Dossier
    sight: dict[str, Any]
    of_part: bool = False
    changes: tuple[HistoryEntry, ...] = ()


@pages.get("")
@allow("HQ")
def desk() -> str:
    """List the requests to decide by their start, what waits for its paper, and what is in force."""
    keep_board(site())
    own = who().unit
    with reading() as connection:
        numbers = numbers_for(connection)
        lists = desk_lists(connection, request.args, body=own, at=site().now())
    rows = {row.closure.id: row for one in lists for row in one.rows}
    addresses = {one: url_for("headquarters.closure", closure_id=one) for one in rows}
    features = rows_features(rows.values(), addresses)
    return render_template("headquarters/desk.html", lists=lists, numbers=numbers, features=features, own=own)


@pages.route("/closures/<path:closure_id>", methods=["GET", "POST"])
@allow("HQ")
def closure(closure_id: str) -> Response:
    """Show a request with its consequence first, and decide on exactly the version that is shown."""
    at = site().now()
    with reading() as connection:
        dossier = dossier_of(connection, closure_id, at)
        may_withdraw = _may_withdraw(dossier.closure, at)
        form = DecisionForm(dossier.closure, may_withdraw=may_withdraw)
        ruled = _ruled(form, dossier, at)
        changes = _changes(connection, form, dossier) if request.method == "POST" else ()
        shown = _shown(connection, dossier, ruled, changes)
    if ruled is not None and not changes and request.form.get("action") != "look":
        try:
            _record(dossier, ruled, shown, at)
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(_("Recorded: %(what)s", what=_said(ruled)))
            return redirect(url_for("headquarters.closure", closure_id=closure_id), 303)
    return _page(form, shown)


def _ruled(form: DecisionForm, dossier: Dossier, at: datetime) -> Ruled | None:
    """Return the decision that the form makes; None where it makes none, with what is wrong beside its fields."""
    if not form.is_sent_right():
        return None
    county = site().county
    stands = dossier.row.is_in_force
    try:
        ruling = form.ruling(dossier.closure)
        return rule_on(dossier.closure, ruling, county.settings, county.network, at=at, stands=stands)
    except BadInputError as error:
        put_error(form, error)
        return None


def _changes(connection: sa.Connection, form: DecisionForm, dossier: Dossier) -> tuple[HistoryEntry, ...]:
    """Return what was recorded since the form was opened; from then on the form holds on to the new state."""
    seen = form.position.data or ""
    since = int(seen) if seen.isascii() and seen.isdigit() else -1
    changes = history_of(connection, dossier.closure.id, since=since)
    form.position.data = str(dossier.position)
    return changes


def _shown(
    connection: sa.Connection, dossier: Dossier, ruled: Ruled | None, changes: tuple[HistoryEntry, ...]
) -> Shown:
    part = ruled.set_up if ruled is not None else None
    sight = marked_sight(connection, [part or dossier.closure], site().now())
    return Shown(dossier, sight, part is not None, changes)


def _may_withdraw(closure: Closure, at: datetime) -> bool:
    """Tell whether an approval of this body stands."""
    county = site().county
    if closure.window is None:
        return False
    approval = approval_of(closure, county.settings.policy_for(closure.cause), county.network)
    return any(one.authority == who().unit for need in approval.requirements for one in need.standing(at))


def _record(dossier: Dossier, ruled: Ruled, shown: Shown, at: datetime) -> None:
    filing = Filing(dossier.closure.id, 1, DECIDED, who().name, who().unit, at, seen=shown.sight)
    with writing() as connection:
        check_unchanged(connection, dossier.closure.id, dossier.position)
        record_ruling(connection, closure_of(connection, dossier.closure.id), ruled, filing)
        sign_where_approved(connection, dossier.closure.id, by=(who().name, who().unit), at=at)
    keep_site_state(site())


def _said(ruled: Ruled) -> str:
    if ruled.decision.decision == APPROVED and ruled.set_up is not None:
        return str(_("approved in part"))
    return str(named("decision", ruled.decision.decision))


def _page(form: DecisionForm, shown: Shown) -> Response:
    form.position.data = str(shown.dossier.position)
    page = render_template(
        "headquarters/closure.html",
        form=form,
        shown=shown,
        dossier=shown.dossier,
        features=dossier_features(shown.dossier),
        may_decide=who().unit in shown.dossier.row.bodies,
    )
    wrong = bool(form.errors or form.form_errors)
    return make_response(page, 409 if shown.changes else 422 if wrong else 200)
