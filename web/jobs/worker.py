"""Do the jobs that wait, one after the other: in a thread of `baotong serve`, or as `baotong work`."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from geodata.errors import BaotongError, SurroundingsError
from geodata.store import transaction
from passes.jobs_register import Job, JobLostError, fail_job, finish_job, stop_job, take_job
from web.foreign_lists import fetch_foreign_lists
from web.jobs.clock import keep_time
from web.jobs.keeping import keep_no_longer
from web.jobs.kinds import KINDS
from web.jobs.reissue_clock import keep_reissues
from web.jobs.run import JobCancelledError, Run
from web.live_site import LiveSite
from web.site import Site

LOG: Final = logging.getLogger("baotong.web")
#: So often the lists of other issuers are fetched: far below the day after which a list counts as old.
_FETCH_EVERY_S: Final = 600.0
#: So often it is asked whether a new day has begun, on which what is kept of people no longer is deleted.
_KEEPING_EVERY_S: Final = 600.0
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


def _keep_clock(site: Site) -> bool:
    """Keep the board and the tickets' clock, also while a long job is done."""
    keep_time(site)
    return False


def _reissue(site: Site) -> bool:
    """Re-issue the passes that closures hit, whatever else goes on."""
    keep_reissues(site)
    return False


def _fetch_lists(site: Site) -> bool:
    """Fetch the lists of other issuers; who does not answer is asked again."""
    try:
        done = fetch_foreign_lists(lambda writes: transaction(site.store, writes=writes), site.now)
    except BaotongError as error:
        LOG.warning("lists of other issuers wait", extra={"code": error.code})
        return False
    for one in done:
        if one.error is not None:
            LOG.warning("lists of another issuer wait", extra={"code": one.error.code})
    return False


def keep_doing(do: Callable[[Site], bool], live: LiveSite, stopped: threading.Event, *, every_s: float) -> None:
    """Do something again and again until told to stop, at once where there was something to do, whatever fails.

    One fault must not end what the county relies on until somebody starts the server again.
    """
    while not stopped.is_set():
        try:
            has_done = do(live.current())
        except SurroundingsError as error:
            LOG.warning("worker waits", extra={"code": error.code})
            has_done = False
        except Exception:
            LOG.exception("worker failed", extra={"code": "bug"})
            has_done = False
        if not has_done:
            stopped.wait(every_s)


def start_worker(live: LiveSite) -> threading.Event:
    """Keep the clock and do jobs in threads of this process; set the event that is returned to end them."""
    stopped, worker = threading.Event(), worker_name()
    duties: tuple[tuple[str, Callable[[Site], bool], float], ...] = (
        ("clock", _keep_clock, _LOOK_EVERY_S),
        ("reissues", _reissue, _LOOK_EVERY_S),
        ("jobs", lambda site: work_one(site, worker) is not None, _LOOK_EVERY_S),
        ("lists", _fetch_lists, _FETCH_EVERY_S),
        ("keeping", keep_no_longer, _KEEPING_EVERY_S),
    )
    for name, do, every_s in duties:
        threading.Thread(
            target=keep_doing, args=(do, live, stopped), kwargs={"every_s": every_s}, name=name, daemon=True
        ).start()
    return stopped
