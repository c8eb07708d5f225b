"""The firm's passes: see, print, renew with one tap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from geodata.findings import Finding
from passes.editions.pass_register import PassRecord, PassSearch, events_of, find_pass, search_passes
from passes.intake.auto_issue import DRAWN
from passes.intake.sample_check_register import CHECKED
from passes.reissue.renewal import renew_pass
from web.firm.blueprint import own_firm, pages
from web.pass_pages import route_features
from web.pass_print import green_pass
from web.shell.access import allow
from web.shell.form_errors import sentence_of
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

MOST_SHOWN = 200
#: What the office does about a pass without its firm.
_OFFICE_ONLY = {DRAWN, CHECKED}


def own_pass(connection: sa.Connection, number: str) -> PassRecord:
    """Return a pass of the firm of the person who asks; another firm's is unknown here.

    Raises
    ------
    BadInputError
        `pass-unknown`, `account-firm-unknown`.
    """
    firm = own_firm(connection)
    record = find_pass(connection, number)
    if record.firm != firm.id:
        raise BadInputError("pass-unknown", number, number=number)
    return record


@pages.get("/passes")
@allow("E")
def passes() -> str:
    """List the firm's passes, the newest first."""
    with reading() as connection:
        firm = own_firm(connection)
        found = search_passes(connection, PassSearch(firm=firm.id, most=MOST_SHOWN), at=site().now())
    return render_template("firm/passes.html", firm=firm, found=found, at=site().now())


def _show(number: str, *, findings: tuple[Finding, ...] = (), told: str = "", status: int = 200) -> Response:
    with reading() as connection:
        record = own_pass(connection, number)
        events = [one for one in events_of(connection, record.number) if one.event not in _OFFICE_ONLY]
    page = render_template(
        "firm/pass.html",
        record=record,
        events=events,
        state=record.state_at(site().now()),
        features=route_features(record.route),
        findings=findings,
        told=told,
    )
    return make_response(page, status)


@pages.get("/passes/<number>")
@allow("E")
def one_pass(number: str) -> Response:
    """Show one pass of the firm."""
    return _show(number)


@pages.post("/passes/<number>/renew")
@allow("E")
def renew(number: str) -> Response:
    """Renew a pass, every rule asked again; where one says no, say which and offer to apply with newer data."""
    try:
        with writing() as connection:
            own = own_pass(connection, number)
            office = site().office(connection)
            issued = renew_pass(own.number, office, key_file=site().key_file, at=site().now())
    except BadInputError as error:
        if error.code in {"pass-unknown", "account-firm-unknown"}:
            raise
        return _show(number, told=sentence_of(error), status=422)
    if issued.record is None:
        return _show(number, findings=issued.checked.findings, status=422)
    flash(_("Pass %(number)s is renewed.", number=issued.record.number), "good")
    return redirect(url_for("firm.one_pass", number=issued.record.number), 303)


@pages.get("/passes/<number>/print")
@allow("E")
def print_pass(number: str) -> str:
    """Show a pass on one A4 page for printing."""
    with reading() as connection:
        record = own_pass(connection, number)
    return green_pass(record, back=url_for("firm.one_pass", number=number))
