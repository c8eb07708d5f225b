"""The process that files a large file is killed in the middle; the next one goes on, and every row has one pass."""

from __future__ import annotations

import time

import sqlalchemy as sa

from geodata.store import transaction
from passes.jobs_register import DONE, JOB_STEPS, JOBS, RUNNING, read_job
from tests.web.firm.large_files import issued, issuing_site, large_file, queue
from tests.web.jobs.test_killed_worker import start_worker

ROWS = 1_500


def rows_done(site, job):
    """How many rows of a job are kept for good."""
    with transaction(site.store, writes=False) as connection:
        results = connection.scalars(sa.select(JOB_STEPS.c.result).where(JOB_STEPS.c.job == job.id))
        return sum(one["rows"] for one in results)


def killed_in_the_middle(site):
    """Have a file filed and kill who does it; on a busy machine it may be all done before that: then the next file.

    Return the job, and how many files there were.
    """
    for count in range(5):
        job = queue(site, large_file(site, ROWS, faults={3, 1_400}, first=count * ROWS), batch_id=f"b{count}")
        victim = start_worker(site)
        while victim.poll() is None and not rows_done(site, job):
            time.sleep(0.005)
        victim.kill()
        victim.wait()
        with transaction(site.store, writes=True) as connection:
            running = sa.update(JOBS).where(JOBS.c.state == RUNNING)
            connection.execute(running.values(lease_until=site.now()))
        if rows_done(site, job) < ROWS:
            return job, count + 1
    raise AssertionError("nobody was in the middle of it")


def test_a_file_whose_worker_is_killed_gives_every_row_one_pass(small_site):
    site = issuing_site(small_site)
    job, files = killed_in_the_middle(site)
    before, _, _ = issued(site)
    assert (files - 1) * (ROWS - 2) < len(before) < files * (ROWS - 2)
    start_worker(site, "--once", "--json").communicate(timeout=600)
    with transaction(site.store, writes=False) as connection:
        done = read_job(connection, job.id)
    assert (done.state, done.attempts, done.result["issued"]) == (DONE, 2, ROWS - 2)
    assert [one["facts"]["row"] for one in done.result["faults"]] == [5, 1_402]
    numbers, departures, order = issued(site)
    assert numbers == [f"411399{number:06}" for number in range(1, files * (ROWS - 2) + 1)]
    assert departures == order
    assert len(set(order)) == files * (ROWS - 2)
    site.store.dispose()
