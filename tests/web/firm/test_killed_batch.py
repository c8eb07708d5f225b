"""The process that files a large file is killed in the middle; the next one goes on, and every row has one pass."""

from __future__ import annotations

import time

import sqlalchemy as sa

from geodata.store import transaction
from passes.jobs_register import DONE, JOB_STEPS, JOBS, read_job
from tests.web.firm.large_files import issued, issuing_site, large_file, queue
from tests.web.jobs.test_killed_worker import start_worker
from web.firm.batches import WORTH_A_SECOND

ROWS = 1_500


def steps_done(site):
    with transaction(site.store, writes=False) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(JOB_STEPS))


def test_a_file_whose_worker_is_killed_gives_every_row_one_pass(small_site):
    site = issuing_site(small_site)
    data = large_file(site, ROWS, faults={3, 1_400})
    assert len(data) > WORTH_A_SECOND
    job = queue(site, data)
    victim = start_worker(site)
    while not steps_done(site):
        assert victim.poll() is None
        time.sleep(0.01)
    victim.kill()
    victim.wait()
    before, _, _ = issued(site)
    assert 0 < len(before) < ROWS - 2
    with transaction(site.store, writes=True) as connection:
        connection.execute(sa.update(JOBS).values(lease_until=site.now()))
    start_worker(site, "--once", "--json").communicate(timeout=600)
    with transaction(site.store, writes=False) as connection:
        done = read_job(connection, job.id)
    assert (done.state, done.attempts, done.result["issued"]) == (DONE, 2, ROWS - 2)
    assert [one["facts"]["row"] for one in done.result["faults"]] == [5, 1_402]
    numbers, departures, order = issued(site)
    assert numbers == [f"411399{number:06}" for number in range(1, ROWS - 1)]
    assert departures == order
    assert len(set(order)) == ROWS - 2
    site.store.dispose()
