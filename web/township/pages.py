"""The township's pages: its own list, a request with its consequence, and a barrier that stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.closures.asking import make_barrier, make_request, objections_to, overlapping, soft_barriers
from geodata.closures.closure import Closure
from geodata.closures.filings_register import (
    REGISTERED,
    REQUESTED,
    Filing,
    file_closure,
    list_filings,
    next_closure_id,
)
from geodata.closures.register import list_closures
from geodata.errors import BadInputError, RowErrors
from geodata.findings import Finding
from geodata.tickets.board_register import BoardQuery, list_board
from geodata.townships import roads_outside
from passes.tickets.board import with_closures
from passes.tickets.handling import open_own_tickets
from web.closures.consequence import marked_sight
from web.closures.dossier import road_names, row_of, rows_features
from web.closures.local_times import next_hour, write_local
from web.closures.ticket_lists import ONLY, STATES, numbers_of
from web.jobs.clock import keep_board
from web.shell.access import allow, who
from web.shell.form_errors import put_error
from web.shell.navigation import Entry
from web.site import reading, site, writing
from web.township import findings
from web.township import own_closure as own_closure_page
from web.township.ask_form import AskForm, filled_from
from web.township.blueprint import finding_address, own_closure, pages
from web.township.road_list import find_roads

__all__ = ["NAVIGATION", "findings", "own_closure_page", "pages"]

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
#: So many tickets stand on the first page; the list has all.
MOST_TICKETS: Final = 12
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
    keep_board(site())
    at, unit = site().now(), who().unit
    with reading() as connection:
        filings = {one.closure_id: one for one in reversed(list_filings(connection, unit=unit)) if _is_first(one)}
        rows = [
            row_of(one, at, filing=filings[one.id], requested=filings[one.id].act == REQUESTED)
            for one in list_closures(connection, list(filings))
        ]
        rows_due, due = list_board(connection, BoardQuery(unit=unit), most=MOST_TICKETS)
        tickets = with_closures(connection, rows_due)
        numbers = numbers_of(connection, unit)
    rows.sort(key=lambda row: row.closure.id, reverse=True)
    addresses = {row.closure.id: url_for("township.closure", closure_id=row.closure.id) for row in rows}
    return render_template(
        "township/desk.html",
        barriers=[one for one in rows if one.filing and one.filing.act == REGISTERED and one.routing == "closed"],
        over=[one for one in rows if one.filing and one.filing.act == REGISTERED and one.routing != "closed"],
        requests=[one for one in rows if one.filing and one.filing.act == REQUESTED and not one.to_reopen],
        to_reopen=[one for one in rows if one.to_reopen],
        tickets=tickets,
        left_out=due - len(tickets),
        numbers=numbers,
        states=[one for one in STATES if one != "found"],
        only=ONLY,
        address=finding_address,
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
        closure = own_closure(connection, about)
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
    if isinstance(error, RowErrors):
        for one in error.rows:
            _put(form, one)
        return
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
        sight = marked_sight(connection, [named], site().now())
        beside = overlapping(named, list_closures(connection))
    objections = objections_to(named, county.settings, county.network)
    length_m = sum(span.to_m - span.from_m for span in named.extent)
    return Preview(sight, objections, beside, length_m, road_names(named.extent))


def _file(closure: Closure, filing: Filing) -> Closure:
    county = site().county
    with writing() as connection:
        day = filing.filed_at.astimezone(county.settings.timezone)
        numbered = replace(closure, id=next_closure_id(connection, county.settings.area_code, day))
        filed = file_closure(connection, numbered, filing)
        if filing.act == REGISTERED:
            open_own_tickets(connection, county, filed, filing)
        return filed


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
    due_at = at + timedelta(hours=policy.tickets.barrier_within_h)
    return _file(standing, Filing("", 1, REGISTERED, who().name, who().unit, at, due_at=due_at))
