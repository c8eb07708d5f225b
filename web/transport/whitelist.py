"""The whitelist: find a firm and its vehicles, and take in a list of firms, all rows or none."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField

from geodata.errors import BadInputError, RowErrors
from passes.reading.plates import normalise_plate
from passes.whitelist.file import read_whitelist_data
from passes.whitelist.firms import Firm, plain_name
from passes.whitelist.register import import_whitelist, list_firms
from web.shell.access import allow
from web.shell.file_size import size_marks
from web.shell.form import PageForm
from web.shell.form_errors import sentence_of
from web.site import reading, site, writing
from web.transport.blueprint import pages

MOST_SHOWN = 200


class ListForm(PageForm):
    """A whitelist file."""

    file = FileField(
        _l("File of firms and vehicles"),
        description=_l("CSV, XLSX or JSON. Firms that the file does not name stay as they are."),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.json", "required": True, **size_marks()},
    )


def _mentions(firm: Firm, text: str) -> bool:
    plate = normalise_plate(text)
    named = text.casefold() in f"{firm.name} {firm.id} {firm.township} {firm.sector}".casefold()
    return named or any(plate and plate in one.plate for one in firm.vehicles)


def _show(form: ListForm, faults: list[tuple[str, str]], status: int = 200) -> Response:
    text = plain_name(request.args.get("q", ""))[:60]
    with reading() as connection:
        firms = list_firms(connection)
    found = [one for one in firms if not text or _mentions(one, text)]
    page = render_template(
        "transport/whitelist.html",
        firms=found[:MOST_SHOWN],
        count=len(found),
        vehicles=sum(len(one.vehicles) for one in found),
        text=text,
        form=form,
        faults=faults,
    )
    return make_response(page, status)


@pages.get("/whitelist")
@allow("T")
def whitelist() -> Response:
    """List firms with their vehicles."""
    return _show(ListForm(), [])


@pages.post("/whitelist")
@allow("T")
def import_list() -> Response:
    """Take in a file: all rows or none, every fault with its row."""
    form = ListForm()
    sent = form.file.data
    if not sent or not sent.filename:
        form.file.errors = [_("Choose a file.")]
        return _show(form, [], 422)
    try:
        file = read_whitelist_data(sent.read(), sent.filename)
        with writing() as connection:
            done = import_whitelist(connection, file.entries, at=site().now(), where=sent.filename)
    except BadInputError as error:
        form.file.errors = [sentence_of(error)]
        rows = error.rows if isinstance(error, RowErrors) else ()
        return _show(form, [(one.where.partition(": ")[2], sentence_of(one)) for one in rows], 422)
    counts = {"created": done.created, "changed": done.changed, "unchanged": done.unchanged, "removed": done.removed}
    flash(
        _(
            "Imported: %(created)d new, %(changed)d changed, %(unchanged)d as before, %(removed)d taken off the list.",
            **counts,
        ),
        "good",
    )
    return redirect(url_for("transport.whitelist"), 303)
