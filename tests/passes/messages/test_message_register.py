"""A message waits until its outlet took it, is in one sender's hands at a time, and is given up in somebody's sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.message_settings import MessageSettings, Outlet
from geodata.store import transaction
from passes.messages.message_register import (
    BY_PHONE,
    DELIVERED,
    FAILED,
    LEASE,
    OVERTAKEN,
    TOLD,
    WAITING,
    Addressed,
    Contact,
    add_message,
    count_messages,
    find_message,
    is_anything_due,
    keep_delivered,
    keep_problem,
    keep_told,
    list_messages,
    open_contact,
    send_again,
    take_messages,
)
from tests.pass_applications import NOW

KEY = bytes(range(32))
SETTINGS = MessageSettings(2, 5, 30, (Outlet("sms", "https://a.example/", "secret"),))
CONTACT = Contact("13800000000", "secret-of-the-link")
SECOND = timedelta(seconds=1)


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def add(connection: sa.Connection, event: int = 1, *, settings: MessageSettings = SETTINGS, **changes: Any) -> None:
    about = {"event": event, "recipient": 0, "outlet": "sms", "occasion": "issued", "number": "411399000001"}
    about |= {"plate": "豫R12345", "firm": "firm", "person": "王*明", "pass_ends_at": NOW + timedelta(days=1)}
    add_message(connection, Addressed({**about, **changes}, CONTACT), KEY, settings=settings, at=NOW)


def take(connection, worker="w", at=NOW, most=9):
    return take_messages(connection, worker, at=at, most=most)


def test_a_new_message_is_taken_once_and_names_nobody_in_clear(connection):
    add(connection)
    (message,) = take(connection)
    assert open_contact(message, KEY) == CONTACT
    assert b"138" not in message.sealed
    assert take(connection, "other") == ()


def test_a_message_that_was_taken_is_over_and_forgets_its_number(connection):
    add(connection)
    assert keep_delivered(connection, take(connection)[0], at=NOW)
    message = find_message(connection, 1)
    assert (message.state, message.sealed, open_contact(message, KEY)) == (DELIVERED, b"", Contact("", ""))
    assert not is_anything_due(connection, at=NOW + LEASE)


def test_a_message_of_a_sender_that_died_is_sent_under_the_same_key(connection):
    add(connection)
    (first,) = take(connection)
    assert take(connection, "other", NOW + LEASE - SECOND) == ()
    (second,) = take(connection, "other", NOW + LEASE)
    assert (second.key, second.attempts) == (first.key, 2)
    assert not keep_delivered(connection, first, at=NOW + LEASE)
    assert keep_delivered(connection, second, at=NOW + LEASE)


def test_pauses_grow_until_the_message_has_failed_in_sight(connection):
    add(connection)
    at, pauses = NOW, []
    while taken := take(connection, at=at):
        keep_problem(connection, taken[0], "status-500", at=at, settings=SETTINGS)
        message = find_message(connection, 1)
        pauses.append((message.next_at - at).total_seconds())
        at = message.next_at
    assert (message.state, message.problem) == (FAILED, "status-500")
    assert all(5 * 2**n <= pause <= 5 * 2**n * 1.25 + 1e-3 for n, pause in enumerate(pauses[:8]))
    assert max(pauses) <= 30 * 60 * 1.25
    assert timedelta(hours=2) <= at - NOW <= timedelta(hours=2, minutes=38)
    assert list_messages(connection, [FAILED], at=NOW) == (message,)


def test_a_message_that_nobody_sent_in_time_has_failed(connection):
    add(connection)
    assert take(connection, at=NOW + timedelta(hours=2)) == ()
    assert find_message(connection, 1).state == FAILED


def test_an_officer_has_a_failed_message_sent_again(connection):
    add(connection)
    take(connection, at=NOW + timedelta(hours=2))
    send_again(connection, 1, settings=SETTINGS, at=NOW + timedelta(hours=3))
    assert len(take(connection, at=NOW + timedelta(hours=3))) == 1


def test_a_message_that_is_over_is_not_sent_again(connection):
    add(connection)
    keep_delivered(connection, take(connection)[0], at=NOW)
    with pytest.raises(BadInputError, match="message-not-open"):
        send_again(connection, 1, settings=SETTINGS, at=NOW)
    with pytest.raises(BadInputError, match="message-unknown"):
        send_again(connection, 7, settings=SETTINGS, at=NOW)


def test_a_message_in_a_senders_hands_is_not_sent_beside_it(connection):
    add(connection)
    take(connection)
    send_again(connection, 1, settings=SETTINGS, at=NOW + SECOND)
    assert take(connection, "other", NOW + SECOND) == ()


def test_without_an_outlet_it_is_told_by_telephone_and_by_whom(connection):
    add(connection, outlet="", settings=MessageSettings())
    assert (find_message(connection, 1).state, take(connection)) == (BY_PHONE, ())
    assert keep_told(connection, 1, by="t", at=NOW).done_by == "t"
    assert (find_message(connection, 1).state, find_message(connection, 1).sealed) == (TOLD, b"")
    with pytest.raises(BadInputError, match="message-not-open"):
        keep_told(connection, 1, by="t", at=NOW)


def test_what_is_older_is_overtaken_and_never_comes_late(connection):
    add(connection, 1)
    add(connection, 2, occasion="withdrawn")
    add(connection, 3, number="411399000002")
    assert [find_message(connection, n).state for n in (1, 2, 3)] == [OVERTAKEN, WAITING, WAITING]
    assert count_messages(connection, at=NOW) == {OVERTAKEN: 1, WAITING: 2}


def test_the_same_event_is_never_two_messages_to_one_person(connection):
    add(connection)
    with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
        add(connection)


def test_messages_of_passes_that_ended_are_not_shown(connection):
    add(connection)
    assert list_messages(connection, [WAITING], at=NOW + timedelta(days=1)) == ()
