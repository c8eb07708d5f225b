"""The checkpoint's pages: find or scan a pass, the verdict as an instruction, what was done, the next vehicle."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.checkpoint.ahead_register import void_ahead
from passes.checkpoint.expected_register import find_by_plate, list_expected
from passes.checkpoint.outcome import Recorded, record_outcome
from passes.checkpoint.refusal_reasons import refusal_reasons
from passes.checkpoint.scan_register import LET_PASS, NO_PASS, Scan, list_scans
from passes.editions.pass_register import find_pass
from passes.reading.plates import normalise_plate
from passes.reports.photo_register import keep_photo
from passes.reports.photos import take_photo
from web.checkpoint import hand_over, lists, news, offline, queues
from web.checkpoint.blueprint import pages
from web.checkpoint.forms import NoPassForm, OutcomeForm, TextForm
from web.checkpoint.hand_over import hand_over_for
from web.checkpoint.judging import Judged, county_rules, judge
from web.checkpoint.post import (
    POST_COOKIE,
    VOID_REMEMBERED,
    checkpoint_here,
    checkpoints,
    here_or_refuse,
    own_checkpoint,
    roads_of,
)
from web.checkpoint.start_page import desk_phone, offered, start_page
from web.driver.forms import ReportForm
from web.driver.reporting import file_form
from web.road_picture import draw_route
from web.shell.access import allow, allow_all, who
from web.shell.failures import wants_json
from web.shell.form_errors import put_error
from web.shell.navigation import ON_THE_ROAD, Entry
from web.site import reading, site, writing
from web.wording.exempt_vehicles import exempt_names

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.findings import Finding
    from geodata.places import Place

__all__ = ["NAVIGATION", "hand_over", "lists", "news", "offline", "pages", "queues"]

NAVIGATION: Final = (
    Entry(
        "checkpoint.start", _l("Check a truck"), _l("Four digits of the plate, or the code: an instruction"), order=10
    ),
    Entry("checkpoint.day_log", _l("Today's list"), _l("What this checkpoint saw and did"), order=20),
    Entry(
        "checkpoint.doubled",
        _l("Passes shown twice"),
        _l("Sooner than one truck can drive from one to the other"),
        order=42,
        group=ON_THE_ROAD,
    ),
    Entry(
        "checkpoint.waiting",
        _l("Waiting times"),
        _l("How long trucks wait at each checkpoint, and how many now"),
        order=43,
        group=ON_THE_ROAD,
    ),
    Entry(
        "checkpoint.refusals",
        _l("Refusals"),
        _l("Trucks that were not let through, and why"),
        order=41,
        group=ON_THE_ROAD,
    ),
)
#: Trucks expected within this time are listed before anything is typed.
_AHEAD: Final = timedelta(hours=2)
_POST_KEPT_S: Final = 7_776_000
#: A phone that keeps the page asks for it without trucks: they would outlive a sign-out, and its script adds them.
BARE: Final = "Baotong-Bare"


@pages.get("/verdict.css")
@allow_all
def verdict_colours() -> Response:
    """Give the colours of verdicts as the county's policy sets them."""
    names = zip(("green", "amber", "red"), county_rules().colours, strict=True)
    response = make_response(":root{" + "".join(f"--verdict-{name}:{colour};" for name, colour in names) + "}")
    response.headers["Content-Type"] = "text/css"
    return response


@pages.get("/")
@allow("C")
def start() -> Response | str:
    """Ask for four digits or a code; list the trucks that are expected."""
    here = checkpoint_here()
    if here is None:
        return redirect(url_for("checkpoint.choose"), 303)
    if BARE in request.headers:
        return start_page(here)
    part, at = request.args.get("part", ""), site().now()
    with reading() as connection:
        roads = roads_of(here)
        coming = void_ahead(connection, roads, checkpoint=here.id, since=at - VOID_REMEMBERED)
        found = find_by_plate(connection, part, road_ids=roads, at=at) if part else ()
        expected = () if part else list_expected(connection, roads, from_at=at, to_at=at + _AHEAD, most=20)
    return start_page(here, part=part, found=found, expected=expected, coming=coming)


@pages.route("/choose", methods=["GET", "POST"])
@allow("C")
def choose() -> Response:
    """Choose the checkpoint that this device stands at, where the account is bound to none."""
    if own_checkpoint() is not None:
        return redirect(url_for("checkpoint.start"), 303)
    chosen = request.form.get("checkpoint", "")
    if request.method == "POST" and any(one.id == chosen for one in checkpoints()):
        response = redirect(url_for("checkpoint.start"), 303)
        response.set_cookie(
            POST_COOKIE, chosen, max_age=_POST_KEPT_S, httponly=True, samesite="Lax", secure=site().secure
        )
        return response
    return make_response(render_template("checkpoint/choose.html", checkpoints=checkpoints()))


@pages.get("/pass/<number>")
@allow("C")
def check_number(number: str) -> Response:
    """Judge the pass of a number, found by its plate."""
    here = here_or_refuse()
    with reading() as connection:
        record = find_pass(connection, number)
        judged = judge(connection, record.token, position=(here.lon, here.lat))
        return _verdict_page(connection, judged, here)


@pages.post("/check")
@allow("C")
def check_text() -> Response:
    """Judge what was scanned or pasted; a plate that was typed too is compared."""
    here, form = here_or_refuse(), TextForm()
    if not form.validate():
        return make_response(start_page(here, form), form.status)
    with reading() as connection:
        judged = judge(connection, form.text.data or "", plate=form.plate.data or "", position=(here.lon, here.lat))
        return _verdict_page(connection, judged, here, seen=form.plate.data or "")


def _verdict_page(
    connection: sa.Connection, judged: Judged, here: Place, *, seen: str = "", form: OutcomeForm | None = None
) -> Response:
    """Return the page of a verdict; with a form that came back, its errors beside the fields."""
    status = 200 if form is None else form.status
    shown = form or OutcomeForm()
    shown.key.data, shown.text.data, shown.plate.data = str(uuid.uuid4()), judged.text, seen
    number = "" if judged.claims is None else judged.claims.number
    page = render_template(
        "checkpoint/verdict.html",
        judged=judged,
        here=here,
        seen=seen,
        form=shown,
        reasons=offered(refusal_reasons(site().county.settings.policy)),
        before=list_scans(connection, number=number, most=5) if number else (),
        picture=_picture(judged, here),
        new=hand_over_for(connection, judged.claims),
        desk_phone=desk_phone(),
    )
    return make_response(page, status)


def _picture(judged: Judged, here: Place) -> Markup:
    """Return the route with "you are here"; nothing where the pass is not vouched for."""
    if judged.claims is None:
        return Markup("")
    line = [[lon, lat] for lon, lat in judged.claims.corridor]
    marks = ((*line[-1], "goal"), (here.lon, here.lat, "here"))
    drawn = draw_route(site().county.network, line, marks=marks, close=True)  # type: ignore[arg-type]  # numbers and a word
    return Markup(drawn)  # noqa: S704 - drawn from numbers


@pages.post("/outcome")
@allow("C")
def record() -> Response:
    """Record what was done with a truck, then go on to the next one; a phone's queue sends the same, as of its time."""
    here, form = here_or_refuse(), OutcomeForm()
    if wants_json():
        return _record_queued(form, here)
    seen = normalise_plate(form.plate.data or "")
    if form.validate() and (done := _recorded(form, here, seen)) is not None:
        return done
    with reading() as connection:
        judged = judge(connection, form.text.data or "", plate=seen, position=(here.lon, here.lat))
        return _verdict_page(connection, judged, here, seen=seen, form=form)


def _recorded(form: OutcomeForm, here: Place, seen: str) -> Response | None:
    """Record the outcome; None where something is wrong with it, which then stands beside its field."""
    try:
        recorded = _keep(form, here, seen)
    except BadInputError as error:
        put_error(form, error)
        return None
    if recorded.finding is not None:
        form.form_errors.append(_why_not_taken(recorded.finding))
        return None
    flash(_("Registered: let pass.") if recorded.scan.outcome == LET_PASS else _("Registered."))
    return redirect(url_for("checkpoint.start"), 303)


def _keep(form: OutcomeForm, here: Place, seen: str) -> Recorded:
    """Keep the outcome with its evidence; sent again it is the same row."""
    photo = take_photo(sent, where="photo") if (sent := form.photo_bytes()) else None
    with writing() as connection:
        digest = "" if photo is None else keep_photo(connection, photo, at=site().now())
        scan = _scan(connection, form, here, seen=seen, photo=digest)
        return record_outcome(connection, scan, site().county.settings.policy, at=site().now())


def _record_queued(form: OutcomeForm, here: Place) -> Response:
    """Record what a phone has kept while it had no network; what is wrong with it is said as a problem."""
    if not form.validate():
        raise BadInputError("outcome-unknown", "outcome", value=form.outcome.data)
    recorded = _keep(form, here, normalise_plate(form.plate.data or ""))
    if recorded.finding is None:
        return jsonify({"ok": True, "key": recorded.scan.key})
    said = {"code": recorded.finding.code, "title": _why_not_taken(recorded.finding), "status": 422}
    answer = jsonify(said)
    answer.status_code, answer.content_type = 422, "application/problem+json"
    return answer


def _why_not_taken(finding: Finding) -> str:
    from web.messages import finding_wording

    wording = finding_wording(finding.code)
    return f"{wording.text(site().lang, finding.facts)} {wording.remedy(site().lang, finding.facts)}"


def _scan(connection: sa.Connection, form: OutcomeForm, here: Place, *, seen: str, photo: str) -> Scan:
    """Return the scan of a form; the verdict is judged anew, nothing of it is taken from the page."""
    at, text = form.checked_at(site().now()), form.text.data or ""
    position = form.position_or((here.lon, here.lat))
    judged = judge(connection, text, plate=seen, position=position, at=at) if text else None
    claims = None if judged is None else judged.claims
    return Scan(
        key=(form.key.data or str(uuid.uuid4()))[:36],
        at=at,
        checkpoint=here.id,
        officer=form.judged_by(who().name),
        plate=(seen or ("" if claims is None else claims.plate))[:16],
        jti="" if claims is None else claims.jti,
        verdict=NO_PASS if judged is None else judged.level,
        reasons=() if judged is None else judged.codes,
        outcome=form.outcome.data or "",
        reason=form.reason.data or "",
        note=form.note.data or "",
        called=form.called.data or "",
        photo=photo,
        arrived_at=form.instant_of(form.arrived_at, site().now()),
        shown_at=form.instant_of(form.shown_at, site().now()),
        sent_by=who().name,
    )


@pages.route("/no-pass", methods=["GET", "POST"])
@allow("C")
def no_pass() -> Response:
    """Guide a truck that has no pass, let it pass where it needs none, or refuse it for a listed reason."""
    here, form = here_or_refuse(), NoPassForm()
    if request.method == "POST" and form.validate():
        done = _recorded(form, here, normalise_plate(form.plate.data or ""))
        if done is not None:
            return done
    form.key.data, form.text.data = str(uuid.uuid4()), ""
    if request.method == "GET":
        form.plate.data = request.args.get("plate", "")
    policy = site().county.settings.policy
    page = render_template(
        "checkpoint/no_pass.html",
        here=here,
        form=form,
        reasons=offered(refusal_reasons(policy)),
        desk_phone=desk_phone(),
        exempt=exempt_names(policy.exempt_vehicles, policy.words, site().lang),
    )
    return make_response(page, form.status)


@pages.route("/report", methods=["GET", "POST"])
@allow("C")
def report_road() -> Response:
    """Report a blocked road: what a guard has seen confirms it."""
    here, form = here_or_refuse(), ReportForm()
    if form.is_sent_right() and file_form(form, source="checkpoint", reporter=here.id):
        return redirect(url_for("checkpoint.start"), 303)
    spot = {"type": "Point", "coordinates": [here.lon, here.lat]}
    properties = {"kind": "checkpoint", "name": here.name}
    features = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": spot}],
    }
    return make_response(
        render_template("checkpoint/report.html", here=here, form=form, features=features), form.status
    )
