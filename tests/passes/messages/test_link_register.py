"""A link opens one pass number, keeps no secret, and lets a second device act only with the ID's last four."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.messages.link_register import (
    DRIVER_LINKS,
    MOST_TRIES,
    TRIES_WITHIN,
    DriverLink,
    has_link,
    let_in_first,
    let_in_knowing,
    make_link,
    may_act,
    open_link,
    revoke_links,
    told_link,
)
from tests.pass_applications import NOW

NUMBER = "411399000001"
KEY = bytes(range(32))
TAILS = ("0071", "001X")


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def linked(connection: sa.Connection) -> DriverLink:
    link = open_link(connection, make_link(connection, NUMBER, by="t", at=NOW))
    assert link is not None
    return link


def test_a_link_opens_its_pass_number(connection):
    assert linked(connection).number == NUMBER
    assert has_link(connection, NUMBER)


def test_the_secret_is_not_kept(connection):
    secret = make_link(connection, NUMBER, by="t", at=NOW)
    kept = connection.execute(sa.select(DRIVER_LINKS)).one()
    assert secret not in str(kept)
    assert len(secret) == 24


def test_a_new_link_ends_the_one_before(connection):
    old, new = (make_link(connection, NUMBER, by="t", at=NOW) for _ in range(2))
    assert open_link(connection, old) is None
    assert open_link(connection, new) is not None


def test_a_revoked_link_does_not_open(connection):
    secret = make_link(connection, NUMBER, by="t", at=NOW)
    assert revoke_links(connection, NUMBER, at=NOW) == 1
    assert open_link(connection, secret) is None
    assert not has_link(connection, NUMBER)


@pytest.mark.parametrize("secret", ["", "x", "a" * 24, "a" * 5000, "' OR 1=1 --", "中" * 24, "A" * 23 + "\n"])
def test_what_is_no_secret_opens_nothing(connection, secret):
    linked(connection)
    assert open_link(connection, secret) is None


def test_the_first_device_may_act_and_a_second_may_not(connection):
    link = linked(connection)
    assert let_in_first(connection, link, "first", at=NOW)
    assert not let_in_first(connection, link, "second", at=NOW)
    assert [may_act(connection, link, one) for one in ("first", "second", "")] == [True, False, False]


@pytest.mark.parametrize("typed", ["0071", " 001x "])
def test_a_second_device_is_let_in_by_the_last_four(connection, typed):
    link = linked(connection)
    let_in_first(connection, link, "first", at=NOW)
    assert let_in_knowing(connection, link, "second", typed=typed, id_tails=TAILS, at=NOW)
    assert may_act(connection, link, "second")


def tries(connection, link, *typed, after=timedelta()):
    return [let_in_knowing(connection, link, "other", typed=one, id_tails=TAILS, at=NOW + after) for one in typed]


def test_wrong_tries_are_few(connection):
    link = linked(connection)
    assert not any(tries(connection, link, *["0000"] * MOST_TRIES))
    with pytest.raises(BadInputError, match="link-locked"):
        tries(connection, link, TAILS[0])
    assert tries(connection, link, TAILS[0], after=TRIES_WITHIN) == [True]


def test_a_crew_without_numbers_lets_nobody_in(connection):
    assert not let_in_knowing(connection, linked(connection), "other", typed="", id_tails=("",), at=NOW)


def test_a_link_of_messages_can_be_told_again_and_ends_with_the_next_made_by_hand(connection):
    by_hand = make_link(connection, NUMBER, by="t", at=NOW)
    told = told_link(connection, NUMBER, KEY, by="messages", at=NOW)
    assert told == told_link(connection, NUMBER, KEY, by="messages", at=NOW + TRIES_WITHIN)
    assert open_link(connection, told) is not None
    assert open_link(connection, by_hand) is not None
    make_link(connection, NUMBER, by="t", at=NOW)
    assert open_link(connection, told) is None
    assert told_link(connection, NUMBER, KEY, by="messages", at=NOW + TRIES_WITHIN) != told


def test_a_link_of_messages_follows_from_the_key(connection):
    told = told_link(connection, NUMBER, KEY, by="messages", at=NOW)
    assert told_link(connection, NUMBER, bytes(32), by="messages", at=NOW + TRIES_WITHIN) != told
