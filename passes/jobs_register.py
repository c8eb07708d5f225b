"""Keep long work: who asked for what, who works on it until when, how far it is, and what came of it.

A worker takes a job with a lease. It renews the lease while it works; a worker that died does not, and when the lease
is over another one takes the job again. What must not be done twice is a step with a key: the first result stands.
Every change is an event with a rising number, which is how pages follow a job: they read on from the last one seen.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError, BaotongError
from geodata.store import METADATA, Instant

QUEUED: Final = "queued"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
OVER: Final = (DONE, FAILED, CANCELLED)
#: A job whose worker died so often is given up: it is most likely what kills them.
MOST_ATTEMPTS: Final = 3
LEASE: Final = timedelta(seconds=60)

JOBS: Final = sa.Table(
    "jobs",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("owner", sa.String(100), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("message", sa.String(64), nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("cancel_asked", sa.Boolean, nullable=False),
    sa.Column("worker", sa.String(64), nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
JOB_EVENTS: Final = sa.Table(
    "job_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("message", sa.String(64), nullable=False),
)
JOB_STEPS: Final = sa.Table(
    "job_steps",
    METADATA,
    sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id"), primary_key=True),
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("done_at", Instant, nullable=False),
)


_CHANGING: Final = tuple(
    JOBS.c[name] for name in ("state", "worker", "attempts", "progress", "message", "cancel_asked")
)


class JobLostError(BaotongError, RuntimeError):
    """The worker's lease is over and somebody else has the job, or it is over: stop and write nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work.

    Attributes
    ----------
    owner
        Account that asked for it.
    progress
        Share done, 0 to 1.
    message
        Code of what is being done, "" at the start.
    result
        What came of it; of a failed job `code`, `where` and `facts` of the error.
    attempts
        How often a worker took it.
    """

    id: str
    kind: str
    parameters: Mapping[str, Any]
    owner: str
    state: str
    progress: float
    message: str
    result: Mapping[str, Any]
    attempts: int
    cancel_asked: bool
    worker: str
    lease_until: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen to it."""
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One change of a job; `id` rises."""

    id: int
    job: str
    at: datetime
    state: str
    progress: float
    message: str


def _job(row: sa.Row[Any]) -> Job:
    return Job(**row._mapping)


def add_job(connection: sa.Connection, kind: str, parameters: Mapping[str, Any], *, owner: str, at: datetime) -> Job:
    """Put a job in the queue; its id cannot be guessed."""
    job = Job(
        id=secrets.token_hex(8),
        kind=kind,
        parameters=dict(parameters),
        owner=owner,
        state=QUEUED,
        progress=0.0,
        message="",
        result={},
        attempts=0,
        cancel_asked=False,
        worker="",
        lease_until=None,
        created_at=at,
        changed_at=at,
    )
    connection.execute(sa.insert(JOBS).values({one.name: getattr(job, one.name) for one in fields(Job)}))
    _record(connection, job.id, at=at)
    return job


def read_job(connection: sa.Connection, job_id: str) -> Job:
    """Return a job.

    Raises
    ------
    BadInputError
        `job-unknown`.
    """
    row = connection.execute(sa.select(JOBS).where(JOBS.c.id == job_id)).first()
    if row is None:
        raise BadInputError("job-unknown", job_id, id=job_id)
    return _job(row)


def list_jobs(connection: sa.Connection, *, owner: str = "", most: int = 50) -> tuple[Job, ...]:
    """Return the newest jobs first; those of one account where it is named."""
    query = sa.select(JOBS).order_by(JOBS.c.created_at.desc(), JOBS.c.id).limit(most)
    return tuple(_job(row) for row in connection.execute(query.where(JOBS.c.owner == owner) if owner else query))


def take_job(connection: sa.Connection, worker: str, *, at: datetime, lease: timedelta = LEASE) -> Job | None:
    """Take the oldest job that waits or whose worker's lease is over, within a writer's transaction.

    Writers are alone (`geodata.store.transaction`), so two workers never take the same job. A job that was taken
    `MOST_ATTEMPTS` times fails instead; one whose cancelling was asked for meanwhile is cancelled.
    """
    waits = (JOBS.c.state == QUEUED) | ((JOBS.c.state == RUNNING) & (JOBS.c.lease_until <= at))
    for row in connection.execute(sa.select(JOBS).where(waits).order_by(JOBS.c.created_at, JOBS.c.id)).all():
        job = _job(row)
        if job.cancel_asked:
            _change(connection, job.id, at=at, state=CANCELLED, lease_until=None)
        elif job.attempts >= MOST_ATTEMPTS:
            given_up = {"code": "job-given-up", "where": job.id, "facts": {"attempts": job.attempts}}
            _change(connection, job.id, at=at, state=FAILED, result=given_up, lease_until=None)
        else:
            taken = {"worker": worker, "lease_until": at + lease, "attempts": job.attempts + 1}
            _change(connection, job.id, at=at, state=RUNNING, **taken)
            return read_job(connection, job.id)
    return None


def _now(connection: sa.Connection, job_id: str) -> sa.Row[Any]:
    """Return what changes of a job while it is worked on; its parameters may be a whole file."""
    row = connection.execute(sa.select(*_CHANGING).where(JOBS.c.id == job_id)).first()
    if row is None:
        raise BadInputError("job-unknown", job_id, id=job_id)
    return row


def _held(connection: sa.Connection, job: Job) -> sa.Row[Any]:
    """Return what the job is now if this worker still holds it.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    held = _now(connection, job.id)
    if (held.state, held.worker, held.attempts) != (RUNNING, job.worker, job.attempts):
        raise JobLostError("job-lost", job.id, state=held.state)
    return held


def renew_lease(connection: sa.Connection, job: Job, *, at: datetime, lease: timedelta = LEASE) -> bool:
    """Go on holding a job; return whether its owner asked to cancel it.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    held = _held(connection, job)
    connection.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(lease_until=at + lease))
    return bool(held.cancel_asked)


def tell_progress(connection: sa.Connection, job: Job, progress: float, message: str, *, at: datetime) -> bool:
    """Write down how far a job is; return whether its owner asked to cancel it.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    held = _held(connection, job)
    share = min(max(progress, held.progress), 1.0)
    if (share, message) != (held.progress, held.message):
        _change(connection, job.id, at=at, progress=share, message=message, lease_until=at + LEASE)
    return bool(held.cancel_asked)


def finish_job(connection: sa.Connection, job: Job, result: Mapping[str, Any], *, at: datetime) -> None:
    """Write down what came of a job.

    Raises
    ------
    JobLostError
        `job-lost`: whoever took it over writes its result.
    """
    _held(connection, job)
    _change(connection, job.id, at=at, state=DONE, progress=1.0, result=dict(result), lease_until=None)


def fail_job(connection: sa.Connection, job: Job, error: BaotongError, *, at: datetime) -> None:
    """Write down why a job failed.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    _held(connection, job)
    why = {"code": error.code, "where": error.where, "facts": {key: str(one) for key, one in error.facts.items()}}
    _change(connection, job.id, at=at, state=FAILED, result=why, lease_until=None)


def cancel_job(connection: sa.Connection, job_id: str, *, at: datetime) -> Job:
    """Cancel a job that waits, or ask its worker to stop; one that is over stays as it is.

    Raises
    ------
    BadInputError
        `job-unknown`.
    """
    job = read_job(connection, job_id)
    if job.state == QUEUED:
        _change(connection, job_id, at=at, state=CANCELLED, cancel_asked=True)
    elif job.state == RUNNING and not job.cancel_asked:
        _change(connection, job_id, at=at, cancel_asked=True)
    return read_job(connection, job_id)


def stop_job(connection: sa.Connection, job: Job, *, at: datetime) -> None:
    """Write down that a job's worker stopped because it was asked to.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    _held(connection, job)
    _change(connection, job.id, at=at, state=CANCELLED, lease_until=None)


def step_result(connection: sa.Connection, job: Job, key: str) -> Mapping[str, Any] | None:
    """Return what a step of a job gave when it was done, None where it is still to be done."""
    same = (JOB_STEPS.c.job == job.id) & (JOB_STEPS.c.key == key)
    found = connection.execute(sa.select(JOB_STEPS.c.result).where(same)).first()
    return None if found is None else dict(found.result)


def keep_step(connection: sa.Connection, job: Job, key: str, result: Mapping[str, Any], *, at: datetime) -> None:
    """Write down a step in the transaction that does it; the first result stands.

    Raises
    ------
    JobLostError
        `job-lost`.
    """
    _held(connection, job)
    if step_result(connection, job, key) is None:
        connection.execute(sa.insert(JOB_STEPS).values(job=job.id, key=key, result=dict(result), done_at=at))


def events_after(connection: sa.Connection, job_id: str, last_seen: int = 0) -> tuple[JobEvent, ...]:
    """Return a job's events after the last one seen, in order."""
    query = sa.select(JOB_EVENTS).where(JOB_EVENTS.c.job == job_id, JOB_EVENTS.c.id > last_seen)
    return tuple(JobEvent(**row._mapping) for row in connection.execute(query.order_by(JOB_EVENTS.c.id)))


def _change(connection: sa.Connection, job_id: str, *, at: datetime, **values: Any) -> None:
    connection.execute(sa.update(JOBS).where(JOBS.c.id == job_id).values(changed_at=at, **values))
    _record(connection, job_id, at=at)


def _record(connection: sa.Connection, job_id: str, *, at: datetime) -> None:
    """Add the event of a job as it now is."""
    job = _now(connection, job_id)
    values = {"job": job_id, "at": at, "state": job.state, "progress": job.progress, "message": job.message}
    connection.execute(sa.insert(JOB_EVENTS).values(**values))
