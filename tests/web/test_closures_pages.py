"""The record of closures: three lists with their counts, each a page at a time."""

import re
from datetime import timedelta

import pytest

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.register import import_closures
from geodata.store import transaction
from tests.closure_cases import HQ, blocked, closed, says, sees


@pytest.fixture
def record(small_site, client_of):
    """A function that returns the page, with 120 closures in force, one seen, one to come and one that is history."""
    at = small_site.now()
    many = [
        closed(
            RoadSpan("c1", Direction.BOTH, 10.0 * number, 10.0 * number + 10), id=f"z{number:03}", start=at, end=None
        )
        for number in range(120)
    ]
    seen = blocked("v1", observations=[sees("blocked", at, "driver")])
    coming, ended = at + timedelta(days=1), at - timedelta(days=1)
    decided = [says(HQ, at=ended)]
    future = closed("c3", id="future", start=coming, end=coming + timedelta(days=1), decisions=decided)
    past = closed("c3", id="past", start=ended - timedelta(days=1), end=ended)
    refused = closed("c3", id="no", start=coming, end=None, decisions=[says(HQ, "refused", at=ended)])
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [*many, seen, future, past, refused], at)
    client = client_of("HQ")
    return lambda query="": client.get(f"/closures{query}").text


def ids(page):
    return re.findall(r"<small>([^<]+)</small></p>", page)


def test_every_list_shows_its_count_and_its_head(record):
    page = record()
    assert re.findall(r'<h2 id="(\w+)">[^<]+<small>(\d+)', page) == [
        ("in_force", "120"),
        ("seen", "1"),
        ("to_come", "1"),
    ]
    assert ids(page) == [*(f"z{number:03}" for number in range(50)), "b1", "future"]


def test_a_list_is_read_page_by_page(record):
    first = record()
    address = re.search(r'href="(/closures\?group=in_force[^"]+)"', first)[1].replace("&amp;", "&")
    assert ids(record(address.removeprefix("/closures")))[0] == "z050"
    assert ids(record("?group=in_force&page=3")) == [f"z{number:03}" for number in range(100, 120)]


@pytest.mark.parametrize("query", ["?group=in_force&page=999", "?group=in_force&page=x", "?group=in_force&page=-1"])
def test_a_page_that_is_none_is_the_nearest_one(record, query):
    assert len(ids(record(query))) in {20, 50}


def test_an_unknown_list_is_all_lists(record):
    assert len(ids(record("?group=nonsense"))) == 52
