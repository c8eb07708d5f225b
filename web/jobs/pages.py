"""Long work that a person asked for: how far it is, cancelling it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from geodata.errors import BadInputError, BaotongError
from passes.jobs_register import FAILED, Job, cancel_job, list_jobs, read_job
from web.answer import error_json
from web.jobs.events import Words, job_stream
from web.jobs.kinds import KINDS, STATES, STEPS
from web.shell.access import allow, who
from web.site import reading, site, writing

pages = Blueprint("jobs", __name__)

#: Whose jobs others may see: a plan is shown by its link.
_SHARED_KINDS: Final = ("plan",)
_PLANNERS: Final = ("P", "HQ")


def _check_owner(job: Job) -> Job:
    """Return a job that the person may see.

    Raises
    ------
    BadInputError
        `job-unknown`: nobody learns that others' work exists.
    """
    person = who()
    if job.owner == person.name or (job.kind in _SHARED_KINDS and person.role in _PLANNERS):
        return job
    raise BadInputError("job-unknown", job.id, id=job.id)


def why_failed(job: Job) -> tuple[str, str]:
    """Return why a job failed and what to do next, in the reader's language; "" twice where it did not fail."""
    if job.state != FAILED:
        return "", ""
    facts = {str(key): value for key, value in dict(job.result.get("facts", {})).items()}
    said = error_json(BaotongError(str(job.result["code"]), str(job.result["where"]), **facts), site().lang)
    return said["text"], said["remedy"]


def result_address(job: Job) -> str:
    """Return the address of the page that shows what came of a job; "" where its kind has none."""
    kind = KINDS.get(job.kind)
    return "" if kind is None else url_for(kind.endpoint, **kind.values(job))


_GLOBALS: Final[Mapping[str, Callable[..., Any]]] = {
    "job_states": lambda: STATES,
    "job_steps": lambda: STEPS,
    "job_kinds": lambda: KINDS,
    "why_failed": why_failed,
    "result_address": result_address,
}
for _name, _given in _GLOBALS.items():
    pages.add_app_template_global(_given, _name)


@pages.get("/jobs")
@allow()
def list_own() -> str:
    """List what the person asked for, the newest first."""
    with reading() as connection:
        jobs = list_jobs(connection, owner=who().name)
    return render_template("jobs/list.html", jobs=jobs)


@pages.get("/jobs/<job_id>")
@allow()
def show(job_id: str) -> str:
    """Show how far a job is."""
    with reading() as connection:
        job = _check_owner(read_job(connection, job_id))
    return render_template("jobs/show.html", job=job)


@pages.get("/jobs/<job_id>/events")
@allow()
def events(job_id: str) -> Response:
    """Tell how far a job is as it goes on, from the last event that the browser has seen."""
    with reading() as connection:
        _check_owner(read_job(connection, job_id))
    last = request.headers.get("Last-Event-ID", "")
    words = Words(*({code: str(text) for code, text in table.items()} for table in (STATES, STEPS)))
    last_seen = int(last) if last.isascii() and last.isdigit() else 0
    stream = job_stream(site(), job_id, last_seen=last_seen, words=words)
    return Response(stream, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


@pages.post("/jobs/<job_id>/cancel")
@allow()
def cancel(job_id: str) -> AnyResponse:
    """Cancel a job of one's own."""
    with writing() as connection:
        job = read_job(connection, job_id)
        if job.owner != who().name:
            raise BadInputError("job-unknown", job_id, id=job_id)
        job = cancel_job(connection, job_id, at=site().now())
    flash(_("It was done before it could be cancelled.") if job.state == "done" else _("Stopping."), "good")
    return redirect(result_address(job) or url_for("jobs.show", job_id=job_id), 303)
