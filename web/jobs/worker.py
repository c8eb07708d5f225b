"""Do the jobs that wait, one after the other: in a thread of `baotong serve`, or as `baotong work`."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
from collections.abc import Mapping
from typing import Any, Final

from geodata.errors import BaotongError, SurroundingsError
from geodata.store import transaction
from passes.jobs_register import Job, JobLostError, fail_job, finish_job, stop_job, take_job
from web.foreign_lists import fetch_foreign_lists
from web.jobs.clock import keep_time
from web.jobs.kinds import KINDS
from web.jobs.reissue_clock import keep_reissues
from web.jobs.run import JobCancelledError, Run
from web.live_site import LiveSite
from web.site import Site

LOG: Final = logging.getLogger("baotong.web")
#: So often the lists of other issuers are fetched: far below the day after which a list counts as old.
_FETCH_EVERY_S: Final = 600.0
#: How often a worker without work looks for some.
_LOOK_EVERY_S: Final = 0.5
_LONGEST_NAME: Final = 64


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{platform.node()[:24]}:{os.getpid()}:{secrets.token_hex(4)}"[:_LONGEST_NAME]


def work_one(site: Site, worker: str) -> Job | None:
    """Take one job and do it to its end; None where none waits.

    A job never takes its worker down: whatever its work raises is written down as the reason why it failed.
    """
    with transaction(site.store, writes=True) as connection:
        job = take_job(connection, worker, at=site.now())
    if job is None:
        return None
    run = Run(site, job)
    try:
        with run.lease_kept():
            _end(run, _done(run))
    except JobLostError:
        LOG.warning("job lost", extra={"code": "job-lost"})
    return job


def _done(run: Run) -> Mapping[str, Any] | BaotongError:
    """Do the work and return its result, or what went wrong."""
    kind = KINDS.get(run.job.kind)
    if kind is None:
        return BaotongError("job-kind-unknown", run.job.kind, kind=run.job.kind)
    try:
        return kind.load()(run)
    except JobLostError:
        raise
    except BaotongError as error:
        return error
    except Exception as error:
        LOG.exception("job failed", extra={"code": "bug"})
        return BaotongError("bug", type(error).__name__, reason=str(error))


def _end(run: Run, ended: Mapping[str, Any] | BaotongError) -> None:
    with run.writing() as connection:
        at = run.site.now()
        if isinstance(ended, JobCancelledError):
            stop_job(connection, run.job, at=at)
        elif isinstance(ended, BaotongError):
            fail_job(connection, run.job, ended, at=at)
        else:
            finish_job(connection, run.job, ended, at=at)


def work_waiting(site: Site) -> list[Job]:
    """Do every job that waits and return them."""
    worker, done = worker_name(), []
    while (job := work_one(site, worker)) is not None:
        done.append(job)
    return done


def work_until(live: LiveSite, stopped: threading.Event) -> None:
    """Do jobs until told to stop; a database that does not answer is tried again."""
    worker = worker_name()
    while not stopped.is_set():
        try:
            job = work_one(live.current(), worker)
        except SurroundingsError as error:
            LOG.warning("worker waits", extra={"code": error.code})
            job = None
        if job is None:
            stopped.wait(_LOOK_EVERY_S)


def keep_time_until(live: LiveSite, stopped: threading.Event) -> None:
    """Keep the board and the tickets' clock until told to stop, also while a long job is done."""
    while not stopped.is_set():
        keep_time(live.current())
        stopped.wait(_LOOK_EVERY_S)


def reissue_until(live: LiveSite, stopped: threading.Event) -> None:
    """Re-issue the passes that closures hit until told to stop, whatever else goes on."""
    while not stopped.is_set():
        keep_reissues(live.current())
        stopped.wait(_LOOK_EVERY_S)


def fetch_until(live: LiveSite, stopped: threading.Event) -> None:
    """Fetch the lists of other issuers until told to stop; who does not answer is asked again."""
    while not stopped.is_set():
        _fetch_lists(live.current())
        stopped.wait(_FETCH_EVERY_S)


def _fetch_lists(here: Site) -> None:
    try:
        done = fetch_foreign_lists(lambda writes: transaction(here.store, writes=writes), here.now)
    except BaotongError as error:
        LOG.warning("lists of other issuers wait", extra={"code": error.code})
        return
    for one in done:
        if one.error is not None:
            LOG.warning("lists of another issuer wait", extra={"code": one.error.code})


def start_worker(live: LiveSite) -> threading.Event:
    """Keep the clock and do jobs in threads of this process; set the event that is returned to end them."""
    stopped = threading.Event()
    targets = {"clock": keep_time_until, "reissues": reissue_until, "jobs": work_until, "lists": fetch_until}
    for name, target in targets.items():
        threading.Thread(target=target, args=(live, stopped), name=name, daemon=True).start()
    return stopped
