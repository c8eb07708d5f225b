"""Large files of applications: filed in the background, with progress, and what came of every row."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from geodata.collector import collector_resting
from geodata.errors import BadInputError, BaotongError, RowErrors
from geodata.findings import Finding
from passes.applications.check import check_applications
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
from passes.intake.file import read_application_rows
from passes.intake.handling import Act
from passes.intake.row_reading import ApplicationRow
from passes.jobs_register import Job, add_job, list_jobs
from passes.whitelist.firms import Firm
from passes.whitelist.register import find_firm
from web.answer import error_json
from web.firm.blueprint import own_firm, pages
from web.shell.access import allow, who
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.trips.closed_loop import TripPlanner
    from web.jobs.run import Run

KIND: Final = "applications"
#: Rows that are asked about beforehand, for nothing.
ROWS_TO_TRY: Final = 5
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


@collector_resting()
def work(run: Run) -> Mapping[str, Any]:
    """File the rows of a file part by part; a part that was done before is not done again."""
    parameters, here = run.job.parameters, run.site
    settings, name = here.county.settings, str(parameters["name"])
    data = open_file(str(parameters["sealed"]), here.encryption_key, batch_id=str(parameters["batch_id"]))
    desk = _Desk(run)
    enterprise = desk.firm_name()
    run.tell(0.0, "rows")
    try:
        rows = read_application_rows(
            data,
            name,
            zone=settings.timezone,
            conditions=all_conditions(settings),
            enterprise=enterprise,
            places=desk.planner,
        )
    except BadInputError as error:
        faults = error.rows if isinstance(error, RowErrors) else (error,)
        told = [written_fault(one) for one in faults[:MOST_FAULTS]]
        return {**sum_of([]), "faults": told, "fault_count": len(faults), "refused": True}
    done = list(_parts_done(run, rows, desk))
    return {**sum_of(done), "rows": len(rows), "refused": False}


def _parts_done(run: Run, rows: Sequence[ApplicationRow], desk: _Desk) -> Iterator[Mapping[str, Any]]:
    """File the rows part by part, each as large as fits into a short transaction; give what came of each.

    A part that was done before tells how many rows it had: the next one begins behind them.
    """
    start, size = 0, ROWS_AT_FIRST
    while start < len(rows) and (before := run.done(f"rows {start}")) is not None:
        # Jobs of earlier versions did fifty rows a part and did not say so.
        start += int(before.get("rows", ROWS_BEFORE))
        yield before
    run.tell(start / len(rows), "filing")
    desk.make_ready(rows[start : start + ROWS_TO_TRY])
    while start < len(rows):
        part = rows[start : start + size]
        tells = (start + len(part)) / len(rows), "filing"
        desk.keep_up()
        begin = time.monotonic()
        yield run.step(f"rows {start}", partial(desk.file, part), tells=tells)
        start += len(part)
        size = next_size(len(part), time.monotonic() - begin)


class _Desk:
    """Files rows of a job, each part in a transaction of its own."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def _office(self, connection: sa.Connection, *, keeps: bool) -> Office:
        from routing.trips.trip import trip_map_of

        here = self._run.site
        engine = here.network.engine(connection, keeps=keeps)
        return Office(connection, here.county.settings, trip_map_of(here.county), engine)

    def _firm(self, connection: sa.Connection) -> Firm:
        unit = str(self._run.job.parameters["firm"])
        firm = find_firm(connection, unit)
        if firm is None:
            raise BadInputError("account-firm-unknown", self._run.job.owner, unit=unit)
        return firm

    def firm_name(self) -> str:
        """Return what the firm is called whose rows they are."""
        with self._run.reading() as connection:
            return self._firm(connection).name

    def planner(self) -> TripPlanner:
        """Return what plans trips on the roads as they are open now."""
        with self._run.reading() as connection:
            return self._office(connection, keeps=True).planner

    def make_ready(self, rows: Sequence[ApplicationRow]) -> None:
        """Ask the rules of some rows: a cold process loads or compiles its search now, and not while others wait."""
        read = [row.application for row in rows if row.application is not None]
        with self._run.reading() as connection:
            check_applications(read, self._office(connection, keeps=True), at=self._run.site.now())

    def keep_up(self) -> None:
        """Have the roads as they are open now ready before a transaction that others wait for."""
        with self._run.reading() as connection:
            self._run.site.network.engine(connection, keeps=True)

    def file(self, rows: Sequence[ApplicationRow], connection: sa.Connection) -> Mapping[str, Any]:
        """File some rows in a transaction."""
        here, firm = self._run.site, self._firm(connection)
        office = self._office(connection, keeps=False)
        act = Act(self._run.job.owner, here.now(), here.key_file)
        return file_part(rows, office, act, firm=firm, name=str(self._run.job.parameters["name"])).to_json()


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
