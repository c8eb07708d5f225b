"""Apply with a form, see what became of it, correct what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from geodata.places import PlaceKind
from passes.applications.eligibility import MOST_PERSONS
from passes.applications.sealed_applications import open_application
from passes.editions.pass_register import find_pass
from passes.intake.auto_issue import issue_by_policy
from passes.intake.handling import NEVER_FILED, Wish, file_application, open_filed, save_draft, take_back
from passes.intake.intake_register import (
    DRAFT,
    RETURNED,
    IntakeRecord,
    count_intake,
    find_intake,
    intake_events,
    list_intake,
)
from passes.keyring.key_register import open_encryption_key
from web.firm.application_form import (
    ApplicationForm,
    asks_samples,
    document_of,
    new_form,
    put_finding,
    stated_fields,
    values_of,
)
from web.firm.blueprint import act, own_firm, pages
from web.firm.both_edits import OtherEdit, differences
from web.shell.access import allow
from web.shell.form_errors import put_error, sentence_of
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.whitelist.firms import Firm

#: Places that nobody loads or unloads at.
_NO_ENDS: Final = {PlaceKind.CHECKPOINT, PlaceKind.RECEIVING_POINT, PlaceKind.ENTRY_POINT}
_EDITABLE: Final = (DRAFT, RETURNED)
_CHANGED: Final = {"application-changed", "application-not-open"}
MOST_SHOWN: Final = 200


@pages.get("")
@allow("E")
def applications() -> str:
    """List the firm's applications, what came back first."""
    with reading() as connection:
        firm = own_firm(connection)
        found = list_intake(connection, firm=firm.id, most=MOST_SHOWN, newest_first=True)
        counts = count_intake(connection, firm=firm.id)
    back = [one for one in found if one.state == RETURNED]
    rest = [one for one in found if one.state != RETURNED]
    return render_template("firm/applications.html", firm=firm, back=back, rest=rest, counts=counts)


def _form_page(
    form: ApplicationForm,
    firm: Firm,
    *,
    record: IntakeRecord | None = None,
    may_send_anyway: bool = False,
    status: int = 200,
    other: OtherEdit | None = None,
) -> Response:
    places = site().county.places.by_id.values()
    page = render_template(
        "firm/apply.html",
        form=form,
        firm=firm,
        record=record,
        places=sorted({one.name for one in places if one.kind not in _NO_ENDS}),
        asks_samples=asks_samples(),
        stated=stated_fields(form),
        may_send_anyway=may_send_anyway,
        other=other,
    )
    return make_response(page, status)


def _prefilled(connection: sa.Connection, firm: Firm) -> dict[str, Any]:
    """Return what an empty form begins with: one driver, or the application of a pass that is named."""
    number = request.args.get("again", "")
    if not number:
        return {"crew": [{"role": "driver", "proof": "seen"}], "vehicle": {"link": "own"}}
    record = find_pass(connection, number)
    if record.firm != firm.id:
        raise BadInputError("pass-unknown", number, number=number)
    document = open_application(connection, record.application, open_encryption_key(connection, site().key_file))
    return {**values_of(document), "depart_at": ""}


@pages.route("/apply", methods=["GET", "POST"])
@allow("E")
def apply() -> Response:
    """Apply for one trip."""
    with reading() as connection:
        firm = own_firm(connection)
        values = _prefilled(connection, firm) if request.method == "GET" else {}
    form = new_form(**values)
    if request.method == "GET":
        return _form_page(form, firm)
    return _worked(form, firm)


@pages.route("/applications/<intake_id>", methods=["GET", "POST"])
@allow("E")
def application(intake_id: str) -> Response:
    """Show one application; a draft or one that came back is shown as a form to correct and send again."""
    with reading() as connection:
        firm = own_firm(connection)
        record = find_intake(connection, intake_id, firm=firm.id)
        if request.method == "GET" and record.state not in _EDITABLE:
            events = intake_events(connection, record.id)
            return make_response(render_template("firm/application.html", record=record, events=events))
        kept = open_filed(connection, record, site().key_file) if request.method == "GET" else {}
    form = new_form(**(values_of(kept) if kept else {}))
    if request.method == "GET":
        form.version.data = str(record.version)
        return _form_page(form, firm, record=record)
    return _worked(form, firm, record=record)


def _worked(form: ApplicationForm, firm: Firm, *, record: IntakeRecord | None = None) -> Response:
    """Do what the pressed button says: one person more or less, keep a draft, or send."""
    button = request.form.get("button", "send")
    if button == "add" or button.startswith("remove-"):
        _change_crew(form, button)
        return _form_page(form, firm, record=record)
    document = document_of(form)
    if any(field.errors for field in form):
        return _form_page(form, firm, record=record, status=422)
    try:
        if button == "save":
            return _saved(document, record.id if record else "", form.seen)
        return _sent(form, document, record, despite_findings=button == "anyway")
    except BadInputError as error:
        if error.code in _CHANGED and record is not None:
            return _edited_by_both(error, form, firm, record.id)
        put_error(form, error)
    return _form_page(form, firm, record=record, status=422)


def _change_crew(form: ApplicationForm, button: str) -> None:
    """Add a person, or take one away; what was typed of the others stays."""
    crew = form.crew
    if button == "add":
        if len(crew.entries) < MOST_PERSONS:
            crew.append_entry({"role": "rider", "proof": "seen"})
        return
    left = [one.data for place, one in enumerate(crew.entries) if f"remove-{place}" != button]
    while crew.entries:
        crew.pop_entry()
    crew.last_index = -1
    for values in left or [{"role": "driver"}]:
        crew.append_entry(values)


def _saved(document: dict[str, Any], known: str, seen: int) -> Response:
    with writing() as connection:
        office = site().office(connection)
        draft = save_draft(document, office, act(), firm=own_firm(connection), known=known, seen=seen)
    flash(_("The draft %(id)s is kept.", id=draft.id), "good")
    return redirect(url_for("firm.application", intake_id=draft.id), 303)


def _edited_by_both(error: BadInputError, form: ApplicationForm, firm: Firm, known: str) -> Response:
    """Show what somebody else did to an application meanwhile, beside what was typed, of which nothing is lost."""
    with reading() as connection:
        record = find_intake(connection, known, firm=firm.id)
        kept = open_filed(connection, record, site().key_file)
        events = intake_events(connection, record.id)
    other = OtherEdit(sentence_of(error), differences(form, kept))
    if record.state in _EDITABLE:
        form.version.data = str(record.version)
        return _form_page(form, firm, record=record, status=409, other=other)
    page = render_template("firm/application.html", record=record, events=events, other=other)
    return make_response(page, 409)


def _changed(error: BadInputError, known: str) -> Response:
    """Show the application as somebody else left it."""
    flash(sentence_of(error), "bad")
    return redirect(url_for("firm.application", intake_id=known), 303)


def _sent(
    form: ApplicationForm, document: dict[str, Any], record: IntakeRecord | None, *, despite_findings: bool
) -> Response:
    """File the application; where a rule says no, show it beside the field that it speaks of."""
    wish = Wish(record.id if record else "", form.seen, despite_findings)
    with writing() as connection:
        firm = own_firm(connection)
        office = site().office(connection)
        filing = file_application(document, office, act(), firm=firm, wish=wish)
        granting = issue_by_policy(filing, office, act())
    if filing.record is None:
        for finding in filing.checked.findings:
            put_finding(form, finding)
        barred = NEVER_FILED & {one.code for one in filing.checked.findings}
        return _form_page(form, firm, record=record, may_send_anyway=not barred, status=422)
    if filing.again:
        flash(_("This application was sent before: it is number %(id)s.", id=filing.record.id), "good")
    elif granting is not None and granting.is_granted:
        number = granting.record.pass_number
        flash(_("Application %(id)s is clean: pass %(number)s is issued.", id=filing.record.id, number=number), "good")
        return redirect(url_for("firm.one_pass", number=number), 303)
    else:
        flash(_("Application %(id)s is sent.", id=filing.record.id), "good")
    return redirect(url_for("firm.applications"), 303)


@pages.post("/applications/<intake_id>/take-back")
@allow("E")
def take_application_back(intake_id: str) -> Response:
    """Take an application back into a draft."""
    seen = request.form.get("version", "")
    try:
        with writing() as connection:
            firm = own_firm(connection)
            take_back(connection, intake_id, act(), firm=firm, seen=int(seen) if seen.isdecimal() else 0)
    except BadInputError as error:
        if error.code not in _CHANGED:
            raise
        return _changed(error, intake_id)
    return redirect(url_for("firm.application", intake_id=intake_id), 303)
