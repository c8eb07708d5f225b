from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.tracks.stop_register import MOST_A_DAY, add_needed_stop, handle_stop, list_needed_stops
from tests.pass_applications import NOW

NUMBER = "411399000001"


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def need(connection, kind="fuel", *, number=NUMBER, after=0, position=None):
    return add_needed_stop(
        connection, number, plate="豫R12345", kind=kind, at=NOW + timedelta(minutes=after), position=position
    )


def test_a_needed_stop_comes_back_as_it_was_sent(connection):
    sent = need(connection, "breakdown", position=(113.02, 33.01))
    assert list_needed_stops(connection) == (sent,)
    assert (sent.lon, sent.lat, sent.handled_at) == (113.02, 33.01, None)


def test_stops_are_listed_newest_first_and_by_pass(connection):
    first, second = need(connection), need(connection, "toilet", number="411399000002", after=1)
    assert list_needed_stops(connection) == (second, first)
    assert list_needed_stops(connection, number=NUMBER) == (first,)


def test_a_stop_is_looked_after_once(connection):
    stop = need(connection, "unwell")
    assert handle_stop(connection, stop.id, by="t", at=NOW)
    assert not handle_stop(connection, stop.id, by="s", at=NOW)
    assert list_needed_stops(connection, only_open=True) == ()
    assert list_needed_stops(connection)[0].handled_by == "t"


def test_what_is_no_reason_to_stop_is_refused(connection):
    with pytest.raises(BadInputError, match="stop-kind-unknown"):
        need(connection, "picnic")


def test_stops_have_an_end(connection):
    for minute in range(MOST_A_DAY):
        need(connection, after=minute)
    with pytest.raises(BadInputError, match="stop-too-many"):
        need(connection, after=60)
    need(connection, after=25 * 60)
