"""One job in the hands of a worker: its surroundings, how it tells how far it is, and when it must stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BaotongError, SurroundingsError
from geodata.store import transaction
from passes.jobs_register import LEASE, Job, JobLostError, keep_step, renew_lease, step_result, tell_progress
from web.site import Site

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Progress is written down at most so often unless something else is being done.
_EVERY_S: Final = 0.3
#: How often a lease is renewed, as a share of its length.
_RENEWALS: Final = 4


class JobCancelledError(BaotongError, RuntimeError):
    """The job's owner asked to cancel it."""


@dataclass
class Run:
    """A job that a worker has taken.

    Parameters
    ----------
    site
        The county, its database and clock.
    job
        As taken.
    """

    site: Site
    job: Job
    _told: tuple[float, str] = (0.0, "")
    _stop: threading.Event = field(default_factory=threading.Event)
    _lost: threading.Event = field(default_factory=threading.Event)

    def tell(self, share: float, step: str) -> None:
        """Write down how far the job is, and stop where it must.

        Raises
        ------
        JobCancelledError
            `job-cancelled`.
        JobLostError
            `job-lost`.
        """
        self.check()
        told_at, told_step = self._told
        if step == told_step and time.monotonic() - told_at < _EVERY_S:
            return
        self._told = (time.monotonic(), step)
        with self.writing() as connection:
            if tell_progress(connection, self.job, share, step, at=self.site.now()):
                self._stop.set()
        self.check()

    def check(self) -> None:
        """Stop where the job was cancelled or is in other hands.

        Raises
        ------
        JobCancelledError, JobLostError
        """
        if self._lost.is_set():
            raise JobLostError("job-lost", self.job.id)
        if self._stop.is_set():
            raise JobCancelledError("job-cancelled", self.job.id)

    def step(
        self,
        key: str,
        do: Callable[[sa.Connection], Mapping[str, Any]],
        *,
        tells: tuple[float, str] | None = None,
    ) -> Mapping[str, Any]:
        """Do a step that must not be done twice, in one transaction with the note that it is done.

        Parameters
        ----------
        tells
            How far the job is when it is done, written down in the same transaction.
        """
        self.check()
        with self.writing() as connection:
            done = step_result(connection, self.job, key)
            if done is None:
                done = do(connection)
                keep_step(connection, self.job, key, done, at=self.site.now())
            if tells and tell_progress(connection, self.job, *tells, at=self.site.now()):
                self._stop.set()
        return done

    def done(self, key: str) -> Mapping[str, Any] | None:
        """Return what a step gave when it was done, None where it is still to be done."""
        with self.reading() as connection:
            return step_result(connection, self.job, key)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that changes nothing."""
        with transaction(self.site.store, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open a transaction as the only writer."""
        with transaction(self.site.store, writes=True) as connection:
            yield connection

    @contextmanager
    def lease_kept(self) -> Iterator[None]:
        """Go on holding the job while the block runs, however long it takes."""
        over = threading.Event()
        keeper = threading.Thread(target=self._keep_lease, args=(over,), name=f"lease {self.job.id}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _keep_lease(self, over: threading.Event) -> None:
        while not over.wait(LEASE.total_seconds() / _RENEWALS):
            try:
                with self.writing() as connection:
                    if renew_lease(connection, self.job, at=self.site.now()):
                        self._stop.set()
            except JobLostError:
                self._lost.set()
                return
            except SurroundingsError:
                continue  # the next try may come through before the lease is over
