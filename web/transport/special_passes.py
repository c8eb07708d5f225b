"""Passes that were issued: find one, see it whole, renew, replace, withdraw it, print it on A4."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.windows import Window
from passes.applications.eligibility import FARTHEST_AHEAD
from passes.consequence.hit_passes import HitPass, find_hit_passes
from passes.editions.issuing import Issued
from passes.editions.pass_register import (
    STATES,
    PassRecord,
    PassSearch,
    editions_of,
    events_of,
    find_pass,
    search_passes,
)
from passes.editions.suspending import resume_pass, suspend_pass
from passes.editions.withdrawal import withdraw_pass
from passes.intake.result_arrival import accept_result, is_waiting_for_result
from passes.reissue.renewal import renew_pass
from passes.reissue.replacing import replace_pass
from passes.tracks.tracing import trace_pass
from web.pass_pages import pass_state, route_features, trace_step
from web.pass_print import green_pass
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error, sentence_of
from web.site import reading, site, writing
from web.transport.blueprint import pages

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST_SHOWN = 200


def cut_passes(connection: sa.Connection) -> tuple[HitPass, ...]:
    """Return the passes whose roads are closed, or will be, while their trucks are on them."""
    here, at = site(), site().now()
    ahead = Window(at, at + FARTHEST_AHEAD)
    found = find_hit_passes(connection, here.engine(connection).closings, network=here.county.network, window=ahead)
    return tuple(hit for hit, _record in found)


class WithdrawForm(PageForm):
    """Why a pass is withdrawn."""

    reason = StringField(_l("Why it is withdrawn"), [InputRequired(_l("Give the reason.")), Length(max=500)])


class ReasonForm(PageForm):
    """Why a pass is suspended, or goes on."""

    why = StringField(_l("Why"), [InputRequired(_l("Give the reason.")), Length(max=500)])


@pages.get("/passes")
@allow("T")
def passes() -> str:
    """List passes, the newest first, by state and part of plate, number or firm."""
    state = request.args.get("state", "")
    state, text = state if state in STATES else "", request.args.get("q", "")[:60]
    wanted = PassSearch(state, text, most=MOST_SHOWN + 1)
    with reading() as connection:
        found = search_passes(connection, wanted, at=site().now())
        cut = cut_passes(connection)
    states = [(one, pass_state(one)) for one in STATES]
    return render_template(
        "transport/passes.html",
        found=found[:MOST_SHOWN],
        cut=cut,
        is_cut=len(found) > MOST_SHOWN,
        most=MOST_SHOWN,
        states=states,
        state=state,
        text=text,
        at=site().now(),
    )


def show_pass(
    number: str,
    *,
    form: WithdrawForm | None = None,
    why: ReasonForm | None = None,
    findings: tuple[Finding, ...] = (),
    told: str = "",
    status: int = 200,
) -> Response:
    """Show one pass as it stands now; findings and `told` say why something was not done."""
    with reading() as connection:
        record = find_pass(connection, number)
        events = events_of(connection, record.number)
        editions = editions_of(connection, record.number)
    page = render_template(
        "transport/pass.html",
        record=record,
        events=events,
        editions=editions,
        state=record.state_at(site().now()),
        features=route_features(record.route),
        form=form or WithdrawForm(),
        why=why or ReasonForm(),
        findings=findings,
        told=told,
    )
    return make_response(page, status)


@pages.get("/passes/<number>")
@allow("T")
def one_pass(number: str) -> Response:
    """Show one pass."""
    return show_pass(number)


def next_edition(number: str, make: Callable[..., Issued], said: Callable[[str], str]) -> Response:
    """Make the next edition of a pass and say so of its number; else show the pass with what speaks against it."""
    try:
        with writing() as connection:
            issued = make(number, site().office(connection), key_file=site().key_file, at=site().now())
    except BadInputError as error:
        return show_pass(number, told=sentence_of(error), status=422)
    if issued.record is None:
        return show_pass(number, findings=issued.checked.findings, status=422)
    flash(said(issued.record.number), "good")
    return redirect(url_for("transport.one_pass", number=issued.record.number), 303)


@pages.post("/passes/<number>/renew")
@allow("T")
def renew(number: str) -> Response:
    """Renew a pass, every rule asked again."""
    return next_edition(number, renew_pass, lambda one: _("Pass %(number)s is renewed.", number=one))


@pages.post("/passes/<number>/replace")
@allow("T")
def replace(number: str) -> Response:
    """Plan the route anew on the roads as they are open now, and replace the pass."""
    return next_edition(
        number,
        replace_pass,
        lambda one: _("Pass %(number)s has a new route. The driver must fetch it.", number=one),
    )


@pages.post("/passes/<number>/result-accepted")
@allow("T")
def result_accepted(number: str) -> Response:
    """Take in that the result that was waited for is accepted: the pass goes on in a new edition (L2)."""
    return next_edition(
        number, accept_result, lambda one: _("The result is on record; pass %(number)s goes on.", number=one)
    )


@pages.post("/passes/<number>/result-refused")
@allow("T")
def result_refused(number: str) -> Response:
    """Withdraw a pass whose waited-for result is not accepted, and show its trace at once (L2)."""
    reason = _("The result that was waited for is not accepted")
    with writing() as connection:
        record = find_pass(connection, number)
        if not is_waiting_for_result(record):
            raise BadInputError("result-not-pending", record.number, number=record.number)
        withdraw_pass(connection, record.number, reason=reason, at=site().now(), by=who().name)
    flash(_("Pass %(number)s is withdrawn.", number=record.number), "good")
    return redirect(url_for("transport.trace", number=record.number), 303)


@pages.post("/passes/<number>/withdraw")
@allow("T")
def withdraw(number: str) -> Response:
    """Withdraw a pass, with the reason on record; by the other button its trace is shown at once (L2)."""
    form = WithdrawForm()
    if form.is_sent_right():
        try:
            with writing() as connection:
                withdraw_pass(connection, number, reason=form.reason.data or "", at=site().now(), by=who().name)
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(_("Pass %(number)s is withdrawn.", number=number), "good")
            shown = "transport.trace" if "trace" in request.form else "transport.one_pass"
            return redirect(url_for(shown, number=number), 303)
    return show_pass(number, form=form, status=422)


@pages.post("/passes/<number>/suspend")
@allow("T")
def suspend(number: str) -> Response:
    """Suspend a pass while something is looked into."""
    return _stopped_or_on(number, suspend_pass, _("Pass %(number)s is suspended.", number=number))


@pages.post("/passes/<number>/resume")
@allow("T")
def resume(number: str) -> Response:
    """Let a suspended pass go on."""
    return _stopped_or_on(number, resume_pass, _("Pass %(number)s is valid again.", number=number))


def _stopped_or_on(number: str, act: Callable[..., PassRecord], told: str) -> Response:
    form = ReasonForm()
    if form.is_sent_right():
        try:
            with writing() as connection:
                act(connection, number, reason=form.why.data or "", at=site().now(), by=who().name)
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(told, "good")
            return redirect(url_for("transport.one_pass", number=number), 303)
    return show_pass(number, why=form, status=422)


@pages.get("/passes/<number>/trace")
@allow("T")
def trace(number: str) -> str:
    """Show where a pass's truck was to be and was seen, who received it, and other passes of truck and crew (L2)."""
    county = site().county
    with reading() as connection:
        traced = trace_pass(connection, number, county.places, at=site().now(), plane=county.road_index.plane)
    return render_template("transport/trace.html", traced=traced, step_name=trace_step, at=site().now())


@pages.get("/passes/<number>/print")
@allow("T")
def print_pass(number: str) -> str:
    """Show a pass on one A4 page for printing."""
    with reading() as connection:
        record = find_pass(connection, number)
    return green_pass(record, back=url_for("transport.one_pass", number=number))
