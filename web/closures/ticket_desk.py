"""The views of lists of tickets that supervision and a responsible unit have alike: one list, one answer for many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flask import flash, make_response, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from geodata.errors import BadInputError
from passes.tickets.batch import EACH_ITS_OWN, Refused
from web.closures.ticket_lists import (
    ONLY,
    Batch,
    BatchForm,
    answer_together,
    batch_of,
    numbers_of,
    query_asked,
    seen_text,
    ticket_list,
)
from web.jobs.clock import keep_board
from web.shell.form_errors import put_error
from web.site import reading, site, writing

#: Shows the page of a group again with a status and what stood in the way.
Show: TypeAlias = Callable[[int, tuple[Refused, ...]], Response]


def list_page(template: str, *, unit: str | None = None, **more: object) -> str:
    """Return the page of the list that the address asks for; only a unit's own where one is given."""
    keep_board(site())
    with reading() as connection:
        found, numbers = ticket_list(connection, unit), numbers_of(connection, unit)
    return render_template(template, list=found, numbers=numbers, only=ONLY, at=site().now(), **more)


def take_together(form: BatchForm, step: str, *, by_unit: str, show: Show) -> Response:
    """Record the one answer that was sent for many and lead back to the group; else show it with what is in the way."""
    try:
        with writing() as connection:
            refused, count = answer_together(connection, step, form, by_unit=by_unit)
    except BadInputError as error:
        put_error(form, error)
        return show(422, ())
    if refused:
        return show(409 if any(one.is_changed for one in refused) else 422, refused)
    flash(ngettext("Recorded on %(num)d ticket.", "Recorded on %(num)d tickets.", count))
    return redirect(request.full_path, 303)


def group_asked(form: BatchForm, refused: tuple[Refused, ...], *, unit: str | None = None) -> Batch:
    """Return the group that the address asks for, and offer the units that its tickets may be sent to."""
    keep_board(site())
    with reading() as connection:
        batch = batch_of(connection, query_asked(unit)[0], form, refused)
        if unit is None:
            form.offer_units(connection, EACH_ITS_OWN, each=True)
    return batch


def group_page(template: str, form: BatchForm, batch: Batch, status: int, **more: object) -> Response:
    """Return the page on which a group is answered together."""
    page = render_template(template, form=form, batch=batch, seen_text=seen_text, at=site().now(), **more)
    return make_response(page, status)
