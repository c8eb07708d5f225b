"""How far long work is: the page, the stream of events that goes on from the last one seen, and whose work it is."""

from __future__ import annotations

import json
import threading

import pytest

from geodata.store import transaction
from passes.jobs_register import add_job, finish_job, read_job, take_job, tell_progress
from web.jobs import events
from web.jobs.worker import start_worker
from web.live_site import LiveSite


@pytest.fixture
def job(small_site):
    with transaction(small_site.store, writes=True) as connection:
        add_job(connection, "plan", {"plan_id": "none"}, owner="p", at=small_site.now())
        taken = take_job(connection, "w", at=small_site.now())
        tell_progress(connection, taken, 0.5, "people", at=small_site.now())
    return taken


def finish(site, job):
    with transaction(site.store, writes=True) as connection:
        finish_job(connection, job, {}, at=site.now())


def told(text):
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(int(one["id"]), json.loads(one["data"])) for one in blocks if one.get("event") == "job"]


def test_the_stream_tells_every_change_and_ends_when_the_work_is_over(small_site, client_of, job):
    finish(small_site, job)
    answer = client_of("P").get(f"/jobs/{job.id}/events")
    assert answer.mimetype == "text/event-stream"
    seen = [(one["state"], one["progress"]) for _, one in told(answer.text)]
    assert seen == [("queued", 0.0), ("running", 0.0), ("running", 0.5), ("done", 1.0)]


def test_the_stream_goes_on_after_the_last_event_that_was_seen(small_site, client_of, job):
    finish(small_site, job)
    client = client_of("P")
    first = told(client.get(f"/jobs/{job.id}/events").text)
    rest = told(client.get(f"/jobs/{job.id}/events", headers={"Last-Event-ID": str(first[1][0])}).text)
    assert rest == first[2:]


def test_the_stream_of_work_that_goes_on_ends_by_itself(small_site, client_of, job, monkeypatch):
    monkeypatch.setattr(events, "LONGEST_S", 0.5)
    answer = client_of("P").get(f"/jobs/{job.id}/events")
    assert [one["over"] for _, one in told(answer.text)] == [False, False, False]


def test_a_stream_sees_what_happens_while_it_is_open(small_site, client_of, job):
    timer = threading.Timer(0.6, finish, (small_site, job))
    timer.start()
    answer = client_of("P").get(f"/jobs/{job.id}/events")
    timer.join()
    assert told(answer.text)[-1][1]["state"] == "done"


def test_more_streams_than_threads_can_be_spared_are_answered_at_once(small_site, job, monkeypatch):
    monkeypatch.setattr(events, "_STREAMS", threading.BoundedSemaphore(1))
    events._STREAMS.acquire()
    text = "".join(events.job_stream(small_site, job.id, last_seen=0, words=events.Words({}, {})))
    assert text.startswith("retry: 3000")
    assert len(told(text)) == 3


def test_nobody_sees_or_cancels_the_work_of_others(client_of, job):
    stranger = client_of("T")
    assert stranger.get(f"/jobs/{job.id}").status_code == 404
    assert stranger.get(f"/jobs/{job.id}/events").status_code == 404
    assert stranger.post(f"/jobs/{job.id}/cancel").status_code == 422
    assert client_of("HQ").post(f"/jobs/{job.id}/cancel").status_code == 422


def test_ones_own_work_is_listed(client_of, job):
    assert f"/planner/{job.parameters['plan_id']}" in client_of("P").get("/jobs").text
    assert "/planner/none" not in client_of("T").get("/jobs").text


def test_cancelling_is_asked_for_once_and_shown(small_site, client_of, job):
    planner = client_of("P")
    assert planner.post(f"/jobs/{job.id}/cancel").status_code == 303
    assert "会尽快停止" in planner.get(f"/jobs/{job.id}").text


def test_a_worker_in_the_background_does_what_waits(small_site):
    with transaction(small_site.store, writes=True) as connection:
        job = add_job(connection, "nothing-we-know", {}, owner="p", at=small_site.now())
    stopped = start_worker(LiveSite(small_site))
    for _ in range(100):
        with transaction(small_site.store, writes=False) as connection:
            found = read_job(connection, job.id)
        if found.is_over:
            break
        threading.Event().wait(0.05)
    stopped.set()
    assert (found.state, found.result["code"]) == ("failed", "job-kind-unknown")
