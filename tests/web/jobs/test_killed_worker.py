"""A worker is killed in the middle of a what-if; another process takes the work again and answers it once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import sqlalchemy as sa

from geodata.store import transaction
from passes.area_plans.plan_inputs import inputs_json
from passes.area_plans.plans_register import Plan, add_plan, new_plan_id, read_plan
from passes.jobs_register import DONE, JOBS, RUNNING, add_job, read_job
from tests.passes.area_plans.test_area_plan import SOUTH, asked


def start_worker(site, *words):
    environment = {**os.environ, "BAOTONG_COUNTY": str(site.county.folder), "BAOTONG_KEY_FILE": str(site.key_file)}
    command = [sys.executable, "-c", "from web.cli import main; main()", "work", *words]
    heard = subprocess.PIPE if words else subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=heard, stderr=subprocess.DEVNULL, text=True)


def ask(site):
    at = site.now()
    with transaction(site.store, writes=True) as connection:
        plan_id = new_plan_id()
        job = add_job(connection, "plan", {"plan_id": plan_id}, owner="p", at=at)
        inputs = inputs_json(asked(SOUTH))
        add_plan(connection, Plan(plan_id, "x", "p", inputs, job.id, "", {}, at, None, None, "", []))
    return plan_id, job


def state(site, job):
    with transaction(site.store, writes=False) as connection:
        return read_job(connection, job.id).state


def killed_in_the_middle(site):
    """Ask for work and kill who does it; on a busy machine it may be done before that, and is then asked for anew."""
    for _ in range(20):
        plan_id, job = ask(site)
        victim = start_worker(site)
        while state(site, job) not in {RUNNING, DONE} and victim.poll() is None:
            time.sleep(0.01)
        with transaction(site.store, writes=True) as connection:
            # While this transaction is open the worker cannot write that it is done.
            held = read_job(connection, job.id)
            victim.kill()
            victim.wait()
            if held.state == RUNNING:
                connection.execute(sa.update(JOBS).where(JOBS.c.id == job.id).values(lease_until=site.now()))
                return plan_id, job
    raise AssertionError("nobody was in the middle of it")


def test_work_of_a_killed_process_is_done_by_the_next_one(small_site):
    plan_id, job = killed_in_the_middle(small_site)
    said, _ = start_worker(small_site, "--once", "--json").communicate(timeout=600)
    assert json.loads(said) == {"ok": True, "jobs": [job.id], "messages_sent": 0}
    with transaction(small_site.store, writes=False) as connection:
        done, plan = read_job(connection, job.id), read_plan(connection, plan_id)
    assert (done.state, done.attempts) == (DONE, 2)
    assert plan.result["consequence"]["people_cut_off"] == 800
