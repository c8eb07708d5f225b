"""Apply for many trips with a file: every fault with its row and column, all rows or none."""

from __future__ import annotations

from typing import Final

from flask import make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField

from geodata.errors import BadInputError, RowErrors
from passes.applications.office import all_conditions
from passes.intake.auto_issue import issue_all_by_policy
from passes.intake.file import MOST_BYTES, MOST_ROWS, file_rows, read_application_rows
from passes.intake.template import template_csv, template_xlsx
from passes.reading.table_file import refuse_larger
from web.firm.batches import queue_file
from web.firm.blueprint import act, own_firm, pages
from web.shell.access import allow
from web.shell.file_size import size_marks, takes_at_most
from web.shell.form import PageForm
from web.shell.form_errors import sentence_of
from web.site import reading, site, writing

MOST_MB: Final = MOST_BYTES // 1_000_000
#: A larger file is filed in the background, by kind: some hundred rows.
BYTES_AT_ONCE: Final = {"csv": 60_000, "tsv": 60_000, "txt": 60_000, "xlsx": 40_000}
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class ApplicationsForm(PageForm):
    """A file of applications."""

    file = FileField(
        _l("File of applications"),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx", "required": True, **size_marks(MOST_MB)},
    )


def _page(form: ApplicationsForm, *, faults: tuple[BadInputError, ...] = (), status: int = 200) -> Response:
    told = [
        {"row": one.facts.get("row"), "column": one.facts.get("column") or "", "text": sentence_of(one)}
        for one in faults
    ]
    page = render_template("firm/upload.html", form=form, faults=told, most_rows=MOST_ROWS, most_mb=MOST_MB)
    return make_response(page, status)


@pages.get("/file")
@allow("E")
def send_file() -> Response:
    """Offer the template, and take a file."""
    return _page(ApplicationsForm())


@pages.post("/file")
@allow("E")
@takes_at_most(MOST_MB)
def file_applications() -> Response:
    """File every row of a file, or say everything that is wrong with it."""
    form = ApplicationsForm()
    sent = form.file.data
    if not sent or not sent.filename:
        form.file.errors = [_("Choose a file.")]
        return _page(form, status=422)
    settings, data = site().county.settings, sent.read()
    sent.close()
    try:
        conditions = all_conditions(settings)
        if len(data) > BYTES_AT_ONCE.get(sent.filename.rpartition(".")[2].lower(), MOST_BYTES):
            refuse_larger(data, sent.filename, most=MOST_BYTES)
            return queue_file(data, sent.filename)
        with reading() as connection:
            rows = read_application_rows(
                data,
                sent.filename,
                zone=settings.timezone,
                conditions=conditions,
                enterprise=own_firm(connection).name,
                places=lambda: site().office(connection).planner,
            )
        with writing() as connection:
            office = site().office(connection)
            filings = file_rows(rows, office, act(), firm=own_firm(connection), name=sent.filename)
            if any(filing.record is None for _row, filing in filings):
                raise BadInputError("applications-refused", sent.filename)
            issue_all_by_policy([filing for _row, filing in filings], office, act())
    except BadInputError as error:
        form.file.errors = [sentence_of(error)]
        return _page(form, faults=error.rows if isinstance(error, RowErrors) else (), status=422)
    return make_response(render_template("firm/uploaded.html", filings=filings))


@pages.get("/template.<kind>")
@allow("E")
def template(kind: str) -> Response:
    """Give the empty file with the headers of this language."""
    lang = site().lang
    if kind == "xlsx":
        firms = site().county.places.of_kind("enterprise")
        goal = firms[0].name if firms else site().county.settings.name
        data = template_xlsx(lang, example_sheet=_("example"), destination=goal)
    elif kind == "csv":
        data = template_csv(lang)
    else:
        raise BadInputError("file-kind-unknown", kind, kind=kind, choices=sorted(_TYPES))
    response = make_response(data)
    response.content_type = _TYPES[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="applications.{kind}"'
    return response
