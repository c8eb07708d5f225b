"""The process that files a large file is killed in the middle; the next one goes on, and every row has one pass."""

from __future__ import annotations

import time

import sqlalchemy as sa

from geodata.store import transaction
from passes.jobs_register import DONE, JOB_STEPS, JOBS, RUNNING, read_job
from tests.web.firm.large_files import issued, issuing_site, large_file, queue
from tests.web.jobs.test_killed_worker import start_worker

ROWS = 1_500


def killed_in_the_middle(site):
    """Have a file filed and kill who does it; on a busy machine it may be all done before that: then the next file.

    Return the job, and how many files there were.
    """
    for count in range(5):
        data = large_file(site, ROWS, faults={3, 1_400}, first=count * ROWS)
        job = queue(site, data, batch_id=f"b{count}")
        victim = start_worker(site)
        while victim.poll() is None:
            # While this transaction is open the worker cannot keep anything.
            with transaction(site.store, writes=True) as connection:
                ours = sa.select(sa.func.count()).select_from(JOB_STEPS).where(JOB_STEPS.c.job == job.id)
                if connection.scalar(ours):
                    held = read_job(connection, job.id)
                    victim.kill()
                    victim.wait()
                    connection.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(lease_until=site.now()))
            time.sleep(0.01)
        if held.state == RUNNING:
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
