"""Passes that the policy issued, drawn for a check: say that one is in order, or open it to withdraw it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from passes.intake.intake_register import intake_of_pass
from passes.intake.sample_check_register import drawn_passes, keep_check
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.site import reading, site, writing
from web.transport.blueprint import pages


class CheckForm(PageForm):
    """What an officer found."""

    said = StringField(_l("What you looked at"), [InputRequired(_l("Say what you looked at.")), Length(max=500)])


@pages.get("/checks")
@allow("T")
def checks() -> str:
    """List what is to be checked."""
    with reading() as connection:
        drawn = drawn_passes(connection)
    return render_template("transport/checks.html", drawn=drawn, policy=site().county.settings.policy.passes)


@pages.route("/checks/<number>", methods=["GET", "POST"])
@allow("T")
def check(number: str) -> Response:
    """Show one drawn pass, and take the officer's word that it is in order."""
    form = CheckForm()
    if form.is_sent_right():
        try:
            with writing() as connection:
                record = keep_check(connection, number, said=form.said.data or "", by=who().name, at=site().now())
        except BadInputError as error:
            if error.code != "check-without-text":
                raise
            put_error(form, error)
        else:
            flash(_("Pass %(number)s is checked: in order.", number=record.number), "good")
            return redirect(url_for("transport.checks"), 303)
    with reading() as connection:
        found = next((one for one in drawn_passes(connection) if number in {one.jti, one.number}), None)
        if found is None:
            raise BadInputError("check-unknown", number, number=number)
        applied = intake_of_pass(connection, found.number)
    return make_response(render_template("transport/check.html", record=found, applied=applied, form=form), form.status)
