"""The morning queue: all clean ones with one press, one answer for a group."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired

from geodata.errors import BadInputError
from passes.intake.bulk_intake import issue_seen
from passes.intake.handling import Act, Answer, Granting, answer_application, issue_filed
from passes.intake.intake_register import APPLIED, IntakeRecord, count_intake, find_intake, list_intake
from passes.intake.morning_queue import Judged, Judgements, MorningQueue, judge_waiting, morning_queue, split_queue
from web.pass_pages import suggested_answer
from web.pass_print import state_word
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error, sentence_of
from web.site import reading, site, writing
from web.transport.blueprint import pages

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.findings import Finding

_JUDGEMENTS: Final = "baotong-judgements"
_CHOSEN: Final = re.compile(r"([0-9]{6,12})\.([0-9]{1,6})")
#: A browser waits so long for one answer; what is left is done by the next press.
PATIENCE_S: Final = 20.0
#: Passes issued in one transaction: others wait for it.
ISSUED_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one application of many: its pass, or why it has none."""

    record: IntakeRecord
    findings: tuple[Finding, ...] = ()
    said: str = ""


class AnswerForm(PageForm):
    """One answer for several applications."""

    chosen = HiddenField()
    text = TextAreaField(
        _l("What the applicant is told"),
        [InputRequired(_l("Say why, and what would cure it."))],
        render_kw={"rows": 4, "maxlength": 2000},
    )


def act() -> Act:
    """Return whose hand acts in this request."""
    return Act(who().name, site().now(), site().key_file)


def judgements() -> Judgements:
    """Return what this process judged before."""
    found: Judgements = site().kept.setdefault(_JUDGEMENTS, Judgements())
    return found


def read_queue(connection: sa.Connection) -> MorningQueue:
    """Return the queue as of now."""
    return morning_queue(site().office(connection), judgements(), key_file=site().key_file, at=site().now())


def chosen_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield id and version of every application that a form names."""
    for found in _CHOSEN.finditer(text):
        yield found[1], int(found[2])


@pages.get("")
@allow("T")
def queue() -> str:
    """Show what waits: clean ones first, then groups of one cause."""
    with reading() as connection:
        waiting = read_queue(connection)
        counts = count_intake(connection)
        answered = list_intake(connection, "returned", "refused", most=20, newest_first=True)
    suggested = {group.causes: suggested_answer(group.causes, group.waiting[0]) for group in waiting.groups}
    return render_template(
        "transport/queue.html",
        queue=waiting,
        counts=counts,
        answered=answered,
        suggested=suggested,
        state_word=state_word(),
    )


@pages.post("/issue-clean")
@allow("T")
def issue_clean() -> str:
    """Issue the passes of all clean applications that the officer saw, some at a time."""
    outcomes: list[Outcome] = []
    chosen, until = list(chosen_in(AnswerForm().chosen.data or "")), time.monotonic() + PATIENCE_S
    while len(outcomes) < len(chosen) and time.monotonic() <= until:
        outcomes += issue_some(chosen[len(outcomes) : len(outcomes) + ISSUED_AT_ONCE])
    left = len(chosen) - len(outcomes)
    return render_template(
        "transport/issued.html",
        issued=[one for one in outcomes if one.record.state == "granted"],
        others=[one for one in outcomes if one.record.state != "granted"],
        left=left,
    )


def issue_some(chosen: Sequence[tuple[str, int]]) -> list[Outcome]:
    """Issue passes together in one transaction, and say what became of each; what cannot go with the others, alone."""
    try:
        with writing() as connection:
            grantings = issue_seen(dict(chosen), site().office(connection), act())
    except BadInputError:
        grantings = {}
    return [
        _outcome(grantings.pop(intake_id)) if intake_id in grantings else issue_one(intake_id, seen)
        for intake_id, seen in chosen
    ]


def _outcome(granting: Granting) -> Outcome:
    return Outcome(granting.record, () if granting.is_granted else granting.record.judgement.findings)


def issue_one(intake_id: str, seen: int) -> Outcome:
    """Issue one pass, every rule asked again, and say what became of it."""
    try:
        with writing() as connection:
            granting = issue_filed(site().office(connection), intake_id, act(), seen=seen)
    except BadInputError as error:
        with reading() as connection:
            return Outcome(find_intake(connection, intake_id), said=sentence_of(error))
    return _outcome(granting)


@pages.post("/answer/<decision>")
@allow("T")
def answer_group(decision: str) -> Response:
    """Return or refuse several applications with one text."""
    form = AnswerForm()
    wanted = list(chosen_in(form.chosen.data or ""))
    if form.is_sent_right():
        try:
            done, missed = _answer_all(wanted, decision, form.text.data or "")
        except BadInputError as error:
            put_error(form, error)
        else:
            _tell(done, missed, decision)
            return redirect(url_for("transport.queue"), 303)
    with reading() as connection:
        queue = split_queue(_judged(connection, wanted), at=site().now())
    page = render_template("transport/answer.html", form=form, queue=queue, decision=decision)
    return make_response(page, form.status)


def _judged(connection: sa.Connection, wanted: list[tuple[str, int]]) -> tuple[Judged, ...]:
    records = [find_intake(connection, intake_id) for intake_id, _seen in wanted]
    applied = [one for one in records if one.state == APPLIED]
    here = site()
    return judge_waiting(here.office(connection), applied, judgements(), key_file=here.key_file, at=here.now())


def _answer_all(wanted: list[tuple[str, int]], decision: str, text: str) -> tuple[int, list[str]]:
    """Answer each; one that somebody else was faster with does not stop the others."""
    done, missed = 0, []
    with writing() as connection:
        ground = {one.record.id: one.judgement for one in _judged(connection, wanted)}
        for intake_id, seen in wanted:
            answer = Answer(decision, text, ground.get(intake_id))
            try:
                answer_application(connection, intake_id, act(), answer=answer, seen=seen)
                done += 1
            except BadInputError as error:
                if error.code not in {"application-changed", "application-not-open"}:
                    raise
                missed.append(sentence_of(error))
    return done, missed


def _tell(done: int, missed: list[str], decision: str) -> None:
    if done and decision == "returned":
        flash(ngettext("%(num)d application returned.", "%(num)d applications returned.", done), "good")
    elif done:
        flash(ngettext("%(num)d application refused.", "%(num)d applications refused.", done), "good")
    for sentence in missed:
        flash(sentence, "bad")
    if not done and not missed:
        flash(_("Nothing was chosen."), "bad")
