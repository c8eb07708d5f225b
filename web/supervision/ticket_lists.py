"""Every ticket by its deadline, a page at a time, grouped by cause, and answered together."""

from __future__ import annotations

from typing import Final

from flask import abort, flash, make_response, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.ticket_batch import EACH_ITS_OWN, Refused
from web.closures.ticket_lists import (
    GROUP_NAMES,
    ONLY,
    STATES,
    BatchForm,
    answer_together,
    batch_of,
    numbers_of,
    query_asked,
    seen_text,
    ticket_list,
)
from web.jobs.clock import keep_board
from web.shell.access import allow
from web.shell.form_errors import put_error
from web.site import reading, site, writing
from web.supervision.blueprint import finding_address, own_unit, pages
from web.supervision.one_finding import STEPS

#: States that supervision answers together, and the steps that it may take.
_TOGETHER: Final = {"found": ("sent",), "assigned": ("sent",), "resolved": ("closed", "returned")}


@pages.get("/tickets")
@allow("S")
def tickets() -> str:
    """List tickets by their deadline, fifty a page, narrowed and grouped as the address says."""
    keep_board(site())
    with reading() as connection:
        found, numbers = ticket_list(connection), numbers_of(connection)
    return render_template(
        "supervision/tickets.html",
        list=found,
        numbers=numbers,
        states=STATES,
        only=ONLY,
        groups=GROUP_NAMES,
        together=_TOGETHER,
        address=finding_address,
        at=site().now(),
    )


@pages.route("/together", methods=["GET", "POST"])
@allow("S")
def together() -> Response:
    """Give one answer to all tickets of a cause that are in one state; each keeps its own record."""
    form = BatchForm()
    state = request.args.get("state", "")
    if state not in _TOGETHER:
        abort(404)
    if request.method == "POST" and form.validate():
        step = request.form.get("step", "")
        if step not in STEPS:
            abort(400)
        try:
            with writing() as connection:
                refused, count = answer_together(connection, step, form, by_unit=own_unit())
        except BadInputError as error:
            put_error(form, error)
            return _page(form, state, 422)
        if refused:
            return _page(form, state, 409 if any(one.is_changed for one in refused) else 422, refused)
        flash(ngettext("Recorded on %(num)d ticket.", "Recorded on %(num)d tickets.", count))
        return redirect(request.full_path, 303)
    return _page(form, state, form.status)


def _page(form: BatchForm, state: str, status: int, refused: tuple[Refused, ...] = ()) -> Response:
    keep_board(site())
    with reading() as connection:
        batch = batch_of(connection, query_asked()[0], form, refused)
        form.offer_units(connection, EACH_ITS_OWN, each=True)
    form.ask_for(note=state == "resolved", photo=False)
    page = render_template(
        "supervision/together.html",
        form=form,
        batch=batch,
        state=state,
        steps=_TOGETHER[state],
        seen_text=seen_text,
        address=finding_address,
        at=site().now(),
    )
    return make_response(page, status)
