"""The township's pages: its own list, a request with its consequence, a barrier that stands, answers for findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.closures.asking import make_barrier, make_request, objections_to, overlapping, soft_barriers
from geodata.closures.closure import Closure, Observation
from geodata.closures.filings_register import (
    REGISTERED,
    REOPENED,
    REQUESTED,
    Filing,
    closure_of,
    file_closure,
    list_filings,
    next_closure_id,
    record_sight,
)
from geodata.closures.register import list_closures
from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.tickets.register import list_tickets, read_ticket
from geodata.tickets.ticket import RESOLVED
from geodata.townships import roads_outside
from web.closures.consequence import foresee_here, sight_of
from web.closures.dossier import Row, dossier_features, dossier_of, road_names, row_of, rows_features
from web.closures.local_times import next_hour, write_local
from web.closures.photo_field import kept_photo
from web.closures.ticket_form import StepForm
from web.closures.ticket_page import key_of, record_step, ticket_page
from web.shell.access import allow, who
from web.shell.form_errors import put_error
from web.shell.navigation import Entry
from web.site import reading, site, writing
from web.township.ask_form import AskForm, filled_from
from web.township.road_list import find_roads

if TYPE_CHECKING:
    import sqlalchemy as sa

pages = Blueprint("township", __name__, url_prefix="/township")
NAVIGATION: Final = (
    Entry(
        "township.desk",
        _l("Closures of the township"),
        _l("Request a closure, register a barrier that stands, answer for findings."),
        order=10,
    ),
    Entry(
        "township.request_closure",
        _l("Request closure"),
        _l("Pick roads, see what the closure would do, then send it to headquarters."),
        order=11,
    ),
    Entry(
        "township.register_barrier",
        _l("Register an existing barrier"),
        _l("What stands already is put on record, with what to do next."),
        order=12,
    ),
)
#: What a request has for an id until it is sent.
_UNSENT: Final = "request"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would do, and what speaks against it."""

    sight: dict[str, Any]
    objections: tuple[Finding, ...]
    beside: tuple[Closure, ...]
    length_m: float
    roads: tuple[str, ...]


@pages.get("")
@allow("TW")
def desk() -> str:
    """List what the township has filed, and what it is to answer for."""
    at, unit = site().now(), who().unit
    with reading() as connection:
        filings = {one.closure_id: one for one in reversed(list_filings(connection, unit=unit)) if _is_first(one)}
        rows = [
            row_of(one, at, filing=filings[one.id], requested=filings[one.id].act == REQUESTED)
            for one in list_closures(connection, list(filings))
        ]
        tickets = [one for one in list_tickets(connection) if one.unit == unit]
    rows.sort(key=lambda row: row.closure.id, reverse=True)
    addresses = {row.closure.id: url_for("township.closure", closure_id=row.closure.id) for row in rows}
    return render_template(
        "township/desk.html",
        barriers=[one for one in rows if one.filing and one.filing.act == REGISTERED and one.routing == "closed"],
        over=[one for one in rows if one.filing and one.filing.act == REGISTERED and one.routing != "closed"],
        requests=[one for one in rows if one.filing and one.filing.act == REQUESTED and not one.to_reopen],
        to_reopen=[one for one in rows if one.to_reopen],
        tickets=tickets,
        features=rows_features(rows, addresses),
        at=at,
    )


def _is_first(filing: Filing) -> bool:
    return filing.act in {REQUESTED, REGISTERED}


@pages.route("/request", methods=["GET", "POST"])
@allow("TW")
def request_closure() -> Response:
    """Ask for a closure: the consequence is shown before it can be sent."""
    form = AskForm(**_prefilled())
    preview = None
    if request.method == "POST":
        done, preview = _work_on_request(form)
        if done is not None:
            return redirect(url_for("township.closure", closure_id=done.id), 303)
    return _show_form("township/request.html", form, preview=preview)


def _prefilled() -> dict[str, str]:
    """Return what the form begins with: the next full hour, or a registered barrier's own roads."""
    at, about = site().now(), request.args.get("about", "")
    start = write_local(next_hour(at))
    if request.method == "POST" or not about:
        return {"start": start}
    with reading() as connection:
        closure = _own_closure(connection, about)
    soft = soft_barriers(site().county.settings.policy_for(closure.cause))
    return filled_from(closure, start=start, barrier=closure.barrier if closure.barrier in soft else soft[-1])


def _work_on_request(form: AskForm) -> tuple[Closure | None, Preview | None]:
    """Find roads, look at the consequence, or send; what is wrong is put beside its field."""
    if _picked_roads(form) or not form.validate():
        return None, None
    at = site().now()
    try:
        policy = site().county.settings.policy
        asked = make_request(form.ask(), site().county.road_index, policy, unit=who().unit, at=at)
        _check_township(asked)
        preview = _preview(asked)
    except BadInputError as error:
        _put(form, error)
        return None, None
    sends = request.form.get("action") == "send" and form.looked.data == form.weighed()
    form.looked.data = form.weighed()
    if not sends or preview.objections:
        return None, preview
    filing = Filing("", 1, REQUESTED, who().name, who().unit, at, about=form.about.data or "", seen=preview.sight)
    return _file(asked, filing), preview


def _picked_roads(form: AskForm) -> bool:
    """Add the roads ticked in the list; tell whether the button was only for finding or adding some."""
    form.add_roads(request.form.getlist("found"))
    return request.form.get("action") == "find"


def _put(form: AskForm, error: BadInputError) -> None:
    if error.code == "closure-on-parallel-roads":
        form.ask_which(error)
        put_error(form, error, fields={error.where.rpartition(": ")[2]: "meant"})
        return
    names = {"geometry": "line", "road_ids": "roads"}
    put_error(form, error, fields=names)


def _check_township(closure: Closure) -> None:
    county = site().county
    outside = roads_outside(closure.extent, who().unit, county.network, county.areas)
    if outside:
        raise BadInputError("roads-of-another-township", "roads", road_ids=list(outside))


def _preview(asked: Closure) -> Preview:
    county = site().county
    named = replace(asked, id=_UNSENT)
    with reading() as connection:
        found = foresee_here(connection, [named], site().now())
        beside = overlapping(named, list_closures(connection))
    objections = objections_to(named, county.settings, county.network)
    length_m = sum(span.to_m - span.from_m for span in named.extent)
    return Preview(sight_of(found), objections, beside, length_m, road_names(named.extent))


def _file(closure: Closure, filing: Filing) -> Closure:
    county = site().county
    with writing() as connection:
        day = filing.filed_at.astimezone(county.settings.timezone)
        numbered = replace(closure, id=next_closure_id(connection, county.settings.area_code, day))
        return file_closure(connection, numbered, filing)


def _show_form(template: str, form: AskForm, **more: Any) -> Response:
    wrong = bool(form.errors or form.form_errors)
    roads = find_roads(who().unit, form.find.data or "")
    page = render_template(template, form=form, found=roads, own=who().unit, draws="draw" in request.args, **more)
    return make_response(page, 422 if wrong else 200)


@pages.route("/barrier", methods=["GET", "POST"])
@allow("TW")
def register_barrier() -> Response:
    """Put a barrier that stands already on record: of its own accord, with a time to ask for it or to remove it."""
    form = AskForm(barrier="earth_mound")
    if request.method == "POST" and not _picked_roads(form) and form.validate():
        try:
            closure = _registered(form)
        except BadInputError as error:
            _put(form, error)
        else:
            return redirect(url_for("township.closure", closure_id=closure.id), 303)
    return _show_form("township/barrier.html", form)


def _registered(form: AskForm) -> Closure:
    at, policy = site().now(), site().county.settings.policy
    standing = make_barrier(form.ask(), site().county.road_index, policy, unit=who().unit, at=at)
    _check_township(standing)
    due_at = at + timedelta(hours=policy.answer_within_h)
    return _file(standing, Filing("", 1, REGISTERED, who().name, who().unit, at, due_at=due_at))


@pages.get("/closures/<path:closure_id>")
@allow("TW")
def closure(closure_id: str) -> str:
    """Show one of the township's own closures, and what to do next."""
    at = site().now()
    with reading() as connection:
        _own_closure(connection, closure_id)
        dossier = dossier_of(connection, closure_id, at)
    policy = site().county.settings.policy_for(dossier.closure.cause)
    return render_template(
        "township/closure.html",
        dossier=dossier,
        features=dossier_features(dossier),
        soft=soft_barriers(policy),
        hard=dossier.closure.barrier in policy.hard_isolation.barriers,
        can_reopen=_can_reopen(dossier.row),
        at=at,
    )


def _can_reopen(row: Row) -> bool:
    return row.to_reopen or row.is_in_force or row.physical in {"reported", "confirmed_blocked"}


def _own_closure(connection: sa.Connection, closure_id: str) -> Closure:
    """Return a closure of the township's own; another's is as if it were not there."""
    unit = who().unit
    own = any(one.closure_id == closure_id for one in list_filings(connection, unit=unit))
    found = closure_of(connection, closure_id)
    if not own and found.requested_by != unit and not _answers_for(connection, closure_id):
        abort(404)
    return found


def _answers_for(connection: sa.Connection, closure_id: str) -> bool:
    return any(one.subject == closure_id and one.unit == who().unit for one in list_tickets(connection))


@pages.post("/closures/<path:closure_id>/reopened")
@allow("TW")
def reopened(closure_id: str) -> Response:
    """Record that the road is open again, with a photo where there is one."""
    at = site().now()
    with writing() as connection:
        _own_closure(connection, closure_id)
        photo = kept_photo(connection, "photo", at=at)
        sight = Observation(at, "open", "township", photo=photo)
        record_sight(connection, closure_id, sight, Filing(closure_id, 1, REOPENED, who().name, who().unit, at))
    flash(_("Recorded: the road is open again. Supervision will verify it."))
    return redirect(url_for("township.closure", closure_id=closure_id), 303)


@pages.route("/findings/<check>/<path:subject>", methods=["GET", "POST"])
@allow("TW")
def finding(check: str, subject: str) -> Response:
    """Show a finding that was sent to this township, and take its answer."""
    key, form = key_of(check, subject), StepForm()
    if request.method == "POST" and form.validate():
        try:
            with writing() as connection:
                _own_ticket(connection, key)
                record_step(connection, key, RESOLVED, form, by_unit=who().unit)
        except BadInputError as error:
            put_error(form, error)
            return _finding_page(key, form, 409 if error.code == "ticket-changed" else 422)
        flash(_("Recorded: supervision will verify it."))
        return redirect(url_for("township.finding", check=check, subject=subject), 303)
    return _finding_page(key, form, form.status)


def _own_ticket(connection: sa.Connection, key: tuple[str, str]) -> None:
    if read_ticket(connection, *key).unit != who().unit:
        abort(404)


def _finding_page(key: tuple[str, str], form: StepForm, status: int) -> Response:
    with reading() as connection:
        _own_ticket(connection, key)
        page = ticket_page(connection, *key, missed_from=form.seen_count() if status == 409 else None)
    form.count.data = str(len(page.ticket.steps))
    form.note.flags.required = True
    return make_response(render_template("township/finding.html", form=form, page=page, at=site().now()), status)
