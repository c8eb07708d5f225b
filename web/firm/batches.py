"""Large files of applications: filed in the background, with progress, and what came of every row."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from geodata.errors import BadInputError, BaotongError, RowErrors
from geodata.findings import Finding
from passes.applications.office import Office, all_conditions
from passes.intake.batch import (
    MOST_FAULTS,
    ROWS_AT_FIRST,
    file_part,
    next_size,
    open_file,
    seal_file,
    sum_of,
    written_fault,
)
from passes.intake.file import ApplicationRow, read_application_rows
from passes.intake.handling import Act
from passes.jobs_register import Job, add_job, list_jobs
from passes.whitelist.register import find_firm
from web.answer import error_json
from web.firm.blueprint import own_firm, pages
from web.shell.access import allow, who
from web.site import reading, site, writing

if TYPE_CHECKING:
    from web.jobs.run import Run

KIND: Final = "applications"
#: Rows of a part in jobs that an earlier version began.
ROWS_BEFORE: Final = 50


def queue_file(data: bytes, name: str) -> Response:
    """Put a file in the queue and show how far it is."""
    batch_id = secrets.token_hex(8)
    with writing() as connection:
        firm = own_firm(connection)
        sealed = seal_file(data, site().encryption_key, batch_id=batch_id)
        parameters = {"batch_id": batch_id, "firm": firm.id, "name": name[:200], "sealed": sealed}
        add_job(connection, KIND, parameters, owner=who().name, at=site().now())
    return redirect(url_for("firm.batch", batch_id=batch_id), 303)


def work(run: Run) -> Mapping[str, Any]:
    """File the rows of a file part by part; a part that was done before is not done again."""
    from routing.trips.trip import trip_map_of

    parameters, here = run.job.parameters, run.site
    settings, name = here.county.settings, str(parameters["name"])
    data = open_file(str(parameters["sealed"]), here.encryption_key, batch_id=str(parameters["batch_id"]))
    run.tell(0.0, "rows")
    try:
        rows = read_application_rows(data, name, zone=settings.timezone, conditions=all_conditions(settings))
    except BadInputError as error:
        faults = error.rows if isinstance(error, RowErrors) else (error,)
        told = [written_fault(one) for one in faults[:MOST_FAULTS]]
        return {**sum_of([]), "faults": told, "fault_count": len(faults), "refused": True}
    trip_map = trip_map_of(here.county)

    def file_these(part: Sequence[ApplicationRow], connection: Any) -> Mapping[str, Any]:
        office = Office(connection, settings, trip_map, here.network.engine(connection, keeps=False))
        firm = find_firm(connection, str(parameters["firm"]))
        if firm is None:
            raise BadInputError("account-firm-unknown", run.job.owner, unit=str(parameters["firm"]))
        act = Act(run.job.owner, here.now(), here.key_file)
        return file_part(part, office, act, firm=firm, name=name).to_json()

    done = list(_parts_done(run, rows, file_these))
    return {**sum_of(done), "rows": len(rows), "refused": False}


def _parts_done(
    run: Run, rows: Sequence[ApplicationRow], file_these: Callable[[Sequence[ApplicationRow], Any], Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """File the rows part by part, each as large as fits into a short transaction; give what came of each.

    A part that was done before tells how many rows it had: the next one begins behind them.
    """
    start, size = 0, ROWS_AT_FIRST
    while start < len(rows):
        run.tell(start / len(rows), "filing")
        with run.reading() as connection:
            run.site.network.engine(connection, keeps=True)
        begin = time.monotonic()
        part = run.step(f"rows {start}", partial(file_these, rows[start : start + size]))
        # Jobs of earlier versions did fifty rows a part and did not say so.
        start += int(part.get("rows", ROWS_BEFORE))
        size = next_size(size, time.monotonic() - begin)
        yield part


def _own_job(batch_id: str) -> Job:
    """Return the job of a batch that the person sent.

    Raises
    ------
    BadInputError
        `batch-unknown`, also where it is another's.
    """
    with reading() as connection:
        jobs = list_jobs(connection, owner=who().name)
    found = [one for one in jobs if one.kind == KIND and one.parameters["batch_id"] == batch_id]
    if not found:
        raise BadInputError("batch-unknown", batch_id, id=batch_id)
    return found[0]


@pages.get("/batches/<batch_id>")
@allow("E")
def batch(batch_id: str) -> str:
    """Show how far a file is, and what came of it."""
    job = _own_job(batch_id)
    faults = [_told(one) for one in job.result.get("faults", [])]
    return render_template("firm/batch.html", job=job, name=job.parameters["name"], faults=faults)


def _told(fault: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fault with its sentence in the reader's language."""
    facts = {str(key): value for key, value in dict(fault["facts"]).items()}
    place = {"row": facts.get("row"), "column": facts.get("column") or ""}
    if fault.get("finding"):
        return {**place, "text": "", "finding": Finding(str(fault["code"]), "", "", facts)}
    said = error_json(BaotongError(str(fault["code"]), str(fault["where"]), **facts), site().lang)
    return {**place, "text": said["text"], "remedy": said["remedy"], "finding": None}
