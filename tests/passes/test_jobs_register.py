"""Long work is taken by one worker at a time, taken again when a worker died, and never done twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.jobs_register import (
    CANCELLED,
    DONE,
    FAILED,
    LEASE,
    MOST_ATTEMPTS,
    QUEUED,
    RUNNING,
    JobLostError,
    add_job,
    cancel_job,
    events_after,
    fail_job,
    finish_job,
    keep_step,
    list_jobs,
    read_job,
    renew_lease,
    step_result,
    stop_job,
    take_job,
    tell_progress,
)

AT = datetime(2022, 7, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def new(connection, at=AT, owner="p"):
    return add_job(connection, "plan", {"n": 1}, owner=owner, at=at)


def taken(connection, at=AT):
    new(connection, at)
    job = take_job(connection, "w1", at=at)
    assert job is not None
    return job


def test_a_new_job_waits_and_is_read_as_it_was_asked(connection):
    job = new(connection)
    assert read_job(connection, job.id) == job
    assert (job.state, job.parameters, job.owner, job.progress) == (QUEUED, {"n": 1}, "p", 0.0)


def test_the_oldest_job_is_taken_first_and_only_once(connection):
    second, first = new(connection, AT + SECOND), new(connection, AT)
    assert [take_job(connection, w, at=AT + SECOND).id for w in ("w1", "w2")] == [first.id, second.id]
    assert take_job(connection, "w3", at=AT + SECOND) is None


def test_two_workers_that_race_never_take_the_same_job(store):
    with transaction(store, writes=True) as connection:
        ids = {new(connection).id for _ in range(8)}
    got, start = [], threading.Barrier(2)

    def work(name):
        start.wait()
        while True:
            with transaction(store, writes=True) as own:
                job = take_job(own, name, at=AT)
            if job is None:
                return
            got.append(job.id)

    workers = [threading.Thread(target=work, args=(name,)) for name in ("w1", "w2")]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(got) == sorted(ids)


def test_a_job_of_a_dead_worker_is_taken_again_when_its_lease_is_over(connection):
    job = taken(connection)
    assert take_job(connection, "w2", at=AT + LEASE - SECOND) is None
    again = take_job(connection, "w2", at=AT + LEASE)
    assert (again.id, again.worker, again.attempts) == (job.id, "w2", 2)


def test_a_worker_that_comes_back_too_late_writes_nothing(connection):
    late = taken(connection)
    again = take_job(connection, "w2", at=AT + LEASE)
    for write in (
        lambda: finish_job(connection, late, {}, at=AT + LEASE),
        lambda: tell_progress(connection, late, 0.5, "x", at=AT + LEASE),
        lambda: keep_step(connection, late, "s", {}, at=AT + LEASE),
        lambda: renew_lease(connection, late, at=AT + LEASE),
    ):
        with pytest.raises(JobLostError):
            write()
    assert read_job(connection, late.id) == again


def test_the_same_worker_that_took_it_again_is_another_holder(connection):
    late = taken(connection)
    take_job(connection, "w1", at=AT + LEASE)
    with pytest.raises(JobLostError):
        finish_job(connection, late, {}, at=AT + LEASE)


def test_a_renewed_lease_keeps_the_job(connection):
    job = taken(connection)
    assert renew_lease(connection, job, at=AT + LEASE - SECOND) is False
    assert take_job(connection, "w2", at=AT + LEASE) is None


def test_a_job_that_kills_its_workers_is_given_up(connection):
    job = new(connection)
    for attempt in range(MOST_ATTEMPTS):
        assert take_job(connection, "w", at=AT + attempt * LEASE) is not None
    assert take_job(connection, "w", at=AT + MOST_ATTEMPTS * LEASE) is None
    assert (read_job(connection, job.id).state, read_job(connection, job.id).result["code"]) == (FAILED, "job-given-up")


def test_a_finished_job_keeps_its_result_and_is_never_taken(connection):
    job = taken(connection)
    finish_job(connection, job, {"answer": [1]}, at=AT + SECOND)
    done = read_job(connection, job.id)
    assert (done.state, done.result, done.progress, done.is_over) == (DONE, {"answer": [1]}, 1.0, True)
    assert take_job(connection, "w2", at=AT + 9 * LEASE) is None


def test_a_failed_job_says_why(connection):
    job = taken(connection)
    fail_job(connection, job, BadInputError("area-outside-county", "area", far=3), at=AT)
    found = read_job(connection, job.id)
    assert (found.state, found.result) == (
        FAILED,
        {"code": "area-outside-county", "where": "area", "facts": {"far": "3"}},
    )


def test_a_waiting_job_is_cancelled_at_once(connection):
    job = new(connection)
    assert cancel_job(connection, job.id, at=AT).state == CANCELLED
    assert take_job(connection, "w", at=AT) is None


def test_a_running_job_is_asked_to_stop_and_its_worker_is_told(connection):
    job = taken(connection)
    assert cancel_job(connection, job.id, at=AT).state == RUNNING
    assert tell_progress(connection, job, 0.5, "passes", at=AT) is True
    stop_job(connection, job, at=AT)
    assert read_job(connection, job.id).state == CANCELLED


def test_a_job_whose_worker_died_after_it_was_cancelled_is_not_taken_again(connection):
    job = taken(connection)
    cancel_job(connection, job.id, at=AT)
    assert take_job(connection, "w2", at=AT + LEASE) is None
    assert read_job(connection, job.id).state == CANCELLED


def test_cancelling_what_is_over_changes_nothing(connection):
    job = taken(connection)
    finish_job(connection, job, {}, at=AT)
    assert cancel_job(connection, job.id, at=AT + SECOND) == read_job(connection, job.id)
    assert read_job(connection, job.id).state == DONE


def test_a_step_is_done_once_also_by_the_next_worker(connection):
    job = taken(connection)
    keep_step(connection, job, "roads", {"n": 1}, at=AT)
    again = take_job(connection, "w2", at=AT + LEASE)
    assert step_result(connection, again, "roads") == {"n": 1}
    keep_step(connection, again, "roads", {"n": 2}, at=AT + LEASE)
    assert step_result(connection, again, "roads") == {"n": 1}
    assert step_result(connection, again, "other") is None


def test_events_rise_and_are_read_on_from_the_last_one_seen(connection):
    job = taken(connection)
    seen = events_after(connection, job.id)
    assert [one.state for one in seen] == [QUEUED, RUNNING]
    tell_progress(connection, job, 0.25, "roads", at=AT)
    tell_progress(connection, job, 0.25, "roads", at=AT)
    (new_one,) = events_after(connection, job.id, seen[-1].id)
    assert (new_one.progress, new_one.message) == (0.25, "roads")


def test_progress_never_falls(connection):
    job = taken(connection)
    tell_progress(connection, job, 0.5, "a", at=AT)
    tell_progress(connection, job, 0.1, "b", at=AT)
    assert read_job(connection, job.id).progress == 0.5


def test_jobs_are_listed_by_owner_the_newest_first(connection):
    old, new_one, other = new(connection), new(connection, AT + SECOND), new(connection, owner="t")
    assert [one.id for one in list_jobs(connection, owner="p")] == [new_one.id, old.id]
    assert {one.id for one in list_jobs(connection)} == {old.id, new_one.id, other.id}


def test_an_unknown_job_is_refused(connection):
    with pytest.raises(BadInputError, match="job-unknown"):
        read_job(connection, "none")
