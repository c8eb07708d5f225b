"""Large files of applications: filed in the background, with progress, and what came of every row."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
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
from passes.intake.handling import Act, own_document
from passes.intake.preparing import Prepared, ground_of, prepare
from passes.jobs_register import Job, add_job, list_jobs
from passes.whitelist.firms import Firm
from passes.whitelist.register import find_firm
from web.answer import error_json
from web.firm.blueprint import own_firm, pages
from web.firm.row_lots import Found, Lot, RowLots
from web.firm.side_preparer import SidePreparer, side_preparer
from web.shell.access import allow, who
from web.site import reading, site, writing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from routing.trips.closed_loop import TripPlanner
    from web.jobs.run import Run

KIND: Final = "applications"
#: Bytes of a file from which a second process is worth its start: about a thousand rows.
WORTH_A_SECOND: Final = 200_000
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
    parameters, here = run.job.parameters, run.site
    settings, name = here.county.settings, str(parameters["name"])
    data = open_file(str(parameters["sealed"]), here.encryption_key, batch_id=str(parameters["batch_id"]))
    desk, conditions = _Desk(run), all_conditions(settings)
    run.tell(0.0, "rows")
    with side_preparer(here, str(parameters["firm"]), is_worth_it=len(data) >= WORTH_A_SECOND) as side:
        try:
            rows = read_application_rows(data, name, zone=settings.timezone, conditions=conditions, places=desk.planner)
        except BadInputError as error:
            faults = error.rows if isinstance(error, RowErrors) else (error,)
            told = [written_fault(one) for one in faults[:MOST_FAULTS]]
            return {**sum_of([]), "faults": told, "fault_count": len(faults), "refused": True}
        done = list(_parts_done(run, rows, desk, side))
    return {**sum_of(done), "rows": len(rows), "refused": False}


def _parts_done(
    run: Run, rows: Sequence[ApplicationRow], desk: _Desk, side: SidePreparer | None
) -> Iterator[Mapping[str, Any]]:
    """File the rows part by part, each as large as fits into a short transaction; give what came of each.

    A part that was done before tells how many rows it had: the next one begins behind them.
    """
    start, size = 0, ROWS_AT_FIRST
    while start < len(rows) and (before := run.done(f"rows {start}")) is not None:
        # Jobs of earlier versions did fifty rows a part and did not say so.
        start += int(before.get("rows", ROWS_BEFORE))
        yield before
    lots = RowLots(rows[start:], ROWS_AT_FIRST, desk.prepare, run.site.now)
    if side is not None and start < len(rows):
        lots.share_with(side, desk.firm())
    run.tell(start / len(rows), "filing")
    while start < len(rows):
        taken = lots.take(size)
        begin = time.monotonic()
        count = sum(len(one.rows) for one in taken)
        tells = (start + count) / len(rows), "filing"
        yield run.step(f"rows {start}", partial(desk.file, taken), tells=tells)
        start += count
        size = next_size(count, time.monotonic() - begin)


class _Desk:
    """Prepares and files rows of a job, each in a transaction of its own."""

    def __init__(self, run: Run) -> None:
        self._run = run
        #: When the first part that issued passes was asked about: the key that signs may be no older.
        self._since: datetime | None = None

    def _office(self, connection: sa.Connection, *, keeps: bool) -> tuple[Office, Firm]:
        from routing.trips.trip import trip_map_of

        here, unit = self._run.site, str(self._run.job.parameters["firm"])
        engine = here.network.engine(connection, keeps=keeps)
        firm = find_firm(connection, unit)
        if firm is None:
            raise BadInputError("account-firm-unknown", self._run.job.owner, unit=unit)
        return Office(connection, here.county.settings, trip_map_of(here.county), engine), firm

    def firm(self) -> Firm:
        """Return the firm whose rows they are."""
        with self._run.reading() as connection:
            return self._office(connection, keeps=True)[1]

    def planner(self) -> TripPlanner:
        """Return what plans trips on the roads as they are open now."""
        with self._run.reading() as connection:
            return self._office(connection, keeps=True)[0].planner

    def prepare(self, rows: Sequence[ApplicationRow]) -> Found:
        """Ask every rule of some rows; nothing is kept."""
        self._run.check()
        with self._run.reading() as connection:
            office, firm = self._office(connection, keeps=True)
            ground, at = ground_of(connection), self._run.site.now()
            own, read = [own_document(row.document, firm) for row in rows], [row.application for row in rows]
            return Found(ground, at, prepare(own, office, firm=firm, at=at, read=read))

    def file(self, lots: Sequence[Lot], connection: sa.Connection) -> Mapping[str, Any]:
        """File some rows in a transaction, on what was prepared of them as far as that still holds."""
        office, firm = self._office(connection, keeps=False)
        ground, now = ground_of(connection), self._run.site.now()
        prepared: dict[int, Prepared | BaotongError] = {}
        moments = []
        for lot in lots:
            if lot.found is not None and (self._since is None or lot.found.at >= self._since):
                holds = lot.prepared(firm, ground, at=now)
                prepared.update(holds)
                moments += [lot.found.at] if holds else []
        act = Act(self._run.job.owner, min(moments, default=now), self._run.site.key_file)
        rows, name = [row for lot in lots for row in lot.rows], str(self._run.job.parameters["name"])
        part = file_part(rows, office, act, firm=firm, name=name, prepared=prepared)
        if part.issued and self._since is None:
            self._since = act.at
        return part.to_json()


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
