"""One application in full: who, what, where and when, what the rules say, and what the officer does about it."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField

from geodata.errors import BadInputError
from passes.applications.check import CheckedApplication
from passes.intake.handling import Answer, answer_application, judgement_of
from passes.intake.intake_register import APPLIED, IntakeRecord, find_intake, intake_events
from passes.intake.morning_queue import Judged, check_filed
from passes.ways.pass_route import pass_route
from web.pass_pages import persons_of, route_features, suggested_answer
from web.shell.access import allow
from web.shell.form_errors import put_error, sentence_of
from web.site import reading, site, writing
from web.transport.blueprint import pages
from web.transport.queue import AnswerForm, act, issue_one


class OneAnswerForm(AnswerForm):
    """An answer for the application that is shown, in the version that was looked at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the officer looked at."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else 0


def _shown(checked: CheckedApplication | None) -> dict[str, Any]:
    """Return what the page shows of a check: persons, the route and its map."""
    if checked is None:
        return {"persons": [], "route": None, "features": None, "checked": None}
    route = pass_route(checked.trip, site().county.network) if checked.trip else None
    return {
        "persons": persons_of(checked),
        "route": route,
        "features": route_features(route) if route else None,
        "checked": checked,
    }


def show_application(
    intake_id: str, *, form: OneAnswerForm | None = None, told: str = "", status: int = 200
) -> Response:
    """Show one application as it stands now; `told` says what has just gone otherwise than the officer wished."""
    fault = None
    checked: CheckedApplication | None = None
    with reading() as connection:
        office = site().office(connection)
        record = find_intake(connection, intake_id)
        try:
            checked = check_filed(office, record, key_file=site().key_file, at=site().now())
        except BadInputError as error:
            fault = error
        judgement = judgement_of(checked, office, at=site().now()) if checked else record.judgement
        events = intake_events(connection, record.id)
    judged = Judged(record, judgement, fault)
    form = form or OneAnswerForm(text="" if judged.is_clean else suggested_answer(judged.causes, judged))
    form.version.data = str(record.version)
    page = render_template(
        "transport/application.html",
        record=record,
        judged=judged,
        fault=sentence_of(fault) if fault else "",
        events=events,
        form=form,
        told=told,
        can_act=record.state == APPLIED,
        **_shown(checked),
    )
    return make_response(page, status)


@pages.get("/applications/<intake_id>")
@allow("T")
def application(intake_id: str) -> Response:
    """Show one application."""
    return show_application(intake_id)


@pages.post("/applications/<intake_id>/issue")
@allow("T")
def issue(intake_id: str) -> Response:
    """Issue its pass; where a rule says no, or somebody else was faster, show the application as it is now."""
    form = OneAnswerForm()
    outcome = issue_one(intake_id, form.seen)
    if outcome.record.state == "granted" and not outcome.said:
        flash(_("Pass %(number)s is issued.", number=outcome.record.pass_number), "good")
        return redirect(url_for("transport.one_pass", number=outcome.record.pass_number), 303)
    told = outcome.said or _("A rule says no now: nothing was issued.")
    return show_application(intake_id, told=told, status=409 if outcome.said else 422)


@pages.post("/applications/<intake_id>/answer/<decision>")
@allow("T")
def answer(intake_id: str, decision: str) -> Response:
    """Return the application for correction, or refuse it."""
    form = OneAnswerForm()
    if form.is_sent_right():
        try:
            return _answered(intake_id, decision, form)
        except BadInputError as error:
            if error.code in {"application-changed", "application-not-open"}:
                return show_application(intake_id, form=form, told=sentence_of(error), status=409)
            put_error(form, error)
    return show_application(intake_id, form=form, status=422)


def _answered(intake_id: str, decision: str, form: OneAnswerForm) -> Response:
    with writing() as connection:
        record: IntakeRecord = find_intake(connection, intake_id)
        answer = Answer(decision, form.text.data or "")
        answered = answer_application(connection, record.id, act(), answer=answer, seen=form.seen)
    said = _("Application %(id)s is returned.", id=answered.id)
    if decision == "refused":
        said = _("Application %(id)s is refused.", id=answered.id)
    flash(said, "good")
    return redirect(url_for("transport.queue"), 303)
