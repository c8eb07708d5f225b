"""Firms whose open passes somebody has to look at: taken off the whitelist, or with a confirmed case (W6, W8)."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from geodata.errors import BadInputError
from passes.editions.firm_review_register import KEPT, WITHDRAWN, open_reviews, report_case
from passes.keyring.firm_withdrawal import answer_review as answer_firm_review
from passes.keyring.firm_withdrawal import proposed_withdrawal
from passes.whitelist.register import list_firms
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.site import reading, site, writing
from web.transport.blueprint import pages


class ReviewForm(PageForm):
    """The answer for one firm."""

    outcome = RadioField(
        _l("Answer"),
        choices=[SelectChoice(KEPT, _l("They stay as they are")), SelectChoice(WITHDRAWN, _l("Withdraw all of them"))],
        validators=[InputRequired(_l("Choose an answer."))],
    )
    reason = StringField(_l("Reason, for the record"), [InputRequired(_l("Give the reason.")), Length(max=500)])


class CaseForm(PageForm):
    """A confirmed case at a firm."""

    firm = StringField(_l("Firm"), [InputRequired(_l("Name the firm.")), Length(max=200)], render_kw={"list": "firms"})
    reason = StringField(_l("What is known"), [InputRequired(_l("Say what is known.")), Length(max=500)])


def _show(case: CaseForm, status: int = 200) -> Response:
    with reading() as connection:
        found = open_reviews(connection, at=site().now())
        firms = list_firms(connection)
    page = render_template(
        "transport/reviews.html",
        reviews=found,
        firms=[one.name for one in firms],
        case=case,
        rule=site().county.settings.policy.passes.stops_on_confirmed_case,
    )
    return make_response(page, status)


@pages.route("/reviews", methods=["GET", "POST"])
@allow("T")
def reviews() -> Response:
    """List the firms whose open passes are to be looked at; write down a confirmed case."""
    form = CaseForm()
    if form.is_sent_right():
        firm, reason, policy = form.firm.data or "", form.reason.data or "", site().county.settings.policy
        try:
            with writing() as connection:
                stopped = report_case(connection, firm, policy, reason=reason, at=site().now(), by=who().name)
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(_("It is on record; %(n)d passes are suspended.", n=stopped), "good")
            return redirect(url_for("transport.reviews"), 303)
    return _show(form, form.status)


@pages.route("/reviews/answer", methods=["GET", "POST"])
@allow("T")
def answer_review() -> Response:
    """Answer one firm's review: its passes stay, or are withdrawn; many at once only when another person confirms."""
    form, firm, at = ReviewForm(), request.args.get("firm", ""), site().now()
    if form.is_sent_right():
        answer = {"outcome": form.outcome.data or "", "reason": form.reason.data or ""}
        try:
            with writing() as connection:
                done = answer_firm_review(connection, firm, by=who().name, at=at, **answer)
        except BadInputError as error:
            put_error(form, error)
        else:
            if done.proposed is None:
                flash(_("The review is answered; %(n)d passes are withdrawn.", n=done.withdrawn), "good")
            else:
                flash(_("Proposed. Another person must confirm it."), "good")
            return redirect(url_for("transport.reviews"), 303)
    with reading() as connection:
        review = next((one for one in open_reviews(connection, at=at) if one.firm == firm), None)
        waiting = proposed_withdrawal(connection, firm, at=at)
    if review is None:
        raise BadInputError("review-unknown", firm, firm=firm)
    page = render_template("transport/review.html", review=review, form=form, waiting=waiting, at=at)
    return make_response(page, form.status)
