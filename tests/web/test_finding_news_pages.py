"""A page of supervision that lies open is told what the checks find since it was opened."""

import json

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from tests.closure_cases import closed
from web.jobs import events
from web.jobs.clock import keep_board, keep_time


@pytest.fixture
def no_waiting(monkeypatch):
    """Let a stream give what there is and end."""
    monkeypatch.setattr(events, "LONGEST_S", 0.0)


def change(small_site, *closures):
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, closures, small_site.now())
    keep_board(small_site)


def news(client, after=0, lang="zh", **headers):
    text = client.get(f"/supervision/news?after={after}&lang={lang}", headers=headers).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_a_new_finding_is_told_with_its_address(small_site, client_of, no_waiting):
    change(small_site, closed("c1", end=None))
    change(small_site, closed("c3", id="z/2", end=None))
    (told,) = news(client_of("S"))
    assert (told["kind"], told["href"]) == ("found", "/supervision/findings/K1/z/2")
    assert told["text"] == "新发现：K1 未见批准 · c3"
    assert client_of("S").get(told["href"]).status_code == 200


def test_the_page_asks_for_what_comes_after_it_was_made(small_site, client_of, no_waiting):
    change(small_site, closed("c1", end=None))
    change(small_site, closed("c3", id="z2", end=None))
    client = client_of("S")
    assert 'data-news="/supervision/news?after=1"' in client.get("/supervision").text
    assert news(client, after=1) == []
    assert [one["text"][:11] for one in news(client, lang="en")] == ["New finding"]
    assert news(client, **{"Last-Event-ID": "1"}) == []


def test_nobody_else_is_told(client_of):
    assert client_of("TW").get("/supervision/news").status_code == 403


def test_the_worker_keeps_the_board_and_the_logs_state(small_site):
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [closed("c1", end=None)], small_site.now())
    keep_time(small_site)
    (kept,) = (small_site.county.folder / "checkpoints" / "baotong").iterdir()
    assert kept.read_text(encoding="utf-8").splitlines()[:2] == ["baotong.log/411399", "1"]
