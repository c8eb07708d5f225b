"""A receipt that a phone has kept: taken as of its time, exactly once, and refused with words that the phone can show."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from geodata.store import transaction
from passes.editions.pass_register import COMPLETED, events_of, find_pass
from passes.loop.place_code_register import make_code
from passes.tracks.trip_mark_register import RECEIVED, marks_of
from tests.road_world import issue_now, link_now, the_moment

DOCK = "113.02,33.04"


@pytest.fixture
def record(small_site):
    return issue_now(small_site.store, small_site.county, small_site.key_file)


@pytest.fixture
def code(small_site):
    with transaction(small_site.store, writes=True) as connection:
        return make_code(connection, "dock", by="e", at=the_moment())


@pytest.fixture
def driver(client_of, small_site, record):
    path = f"/d/{link_now(small_site.store, record.number)}"
    client = client_of("")
    client.get(path)
    return lambda **mark: client.post(
        f"{path}/mark", data=json.dumps({"mark": "received", "position": DOCK, "kept_s": 0, **mark})
    )


def kept(small_site, number):
    with transaction(small_site.store, writes=False) as connection:
        return marks_of(connection, number), find_pass(connection, number).state, events_of(connection, number)


def test_a_kept_receipt_counts_from_when_it_was_pressed_and_once_only(driver, small_site, record, code, monkeypatch):
    monkeypatch.setattr(type(small_site), "now", lambda _: record.not_before + timedelta(minutes=10))
    answers = [driver(code=code, kept_s=300) for _ in range(3)]
    assert [(one.status_code, one.json["ok"]) for one in answers] == [(200, True)] * 3
    marks, state, events = kept(small_site, record.number)
    assert marks[RECEIVED].told_at - marks[RECEIVED].at == timedelta(minutes=5)
    assert state == COMPLETED
    assert [one.event for one in events].count(RECEIVED) == 1


@pytest.mark.parametrize(
    ("mark", "error"),
    [
        ({"code": "A" * 24}, "receipt-code-unknown"),
        ({"code": "torn"}, "receipt-code-unreadable"),
        ({"position": "112.0,33.0"}, "receipt-too-far"),
        ({"kept_s": 86_400}, "receipt-outside-pass"),
        ({"kept_s": -1}, "mark-unreadable"),
        ({"kept_s": "soon"}, "mark-unreadable"),
        ({"kept_s": 1e300}, "mark-unreadable"),
        ({"mark": "stolen"}, "mark-unreadable"),
        ({"mark": "ended"}, "trip-not-received"),
    ],
)
def test_what_is_wrong_with_a_kept_receipt_is_said_and_nothing_is_kept(driver, small_site, record, code, mark, error):
    answer = driver(**{"code": code, **mark})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, error)
    assert answer.json["error"]["text"]
    assert kept(small_site, record.number)[0] == {}


def test_only_the_devices_of_the_driver_confirm(client_of, small_site, record, code, driver):
    path = f"/d/{link_now(small_site.store, record.number)}"
    assert client_of("").post(f"{path}/mark", json={"mark": "received", "code": code}).status_code == 403
    assert kept(small_site, record.number)[0] == {}
