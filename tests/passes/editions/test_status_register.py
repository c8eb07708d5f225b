import pytest

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.editions import status_register
from passes.editions.status_register import (
    LIST_SIZE,
    RegisterStatuses,
    change_status,
    list_uri,
    list_uris,
    read_list,
    status_of,
    take_slots,
)
from passes.verifying.status_list import Status
from tests.signed_passes import AT


@pytest.fixture
def connection(store):
    with transaction(store, writes=True) as opened:
        yield opened


def test_a_new_pass_is_valid(connection):
    slot = take_slots(connection, ["p1"], at=AT)[0]
    assert status_of(connection, "p1") is Status.VALID
    assert slot.uri == list_uri(1)
    assert 0 <= slot.index < LIST_SIZE


def test_slots_do_not_tell_the_order_of_issue(connection):
    slots = [take_slots(connection, [f"p{number}"], at=AT)[0].index for number in range(30)]
    assert len(set(slots)) == 30
    assert slots != sorted(slots)


def test_a_pass_gets_one_slot_only(connection):
    take_slots(connection, ["p1"], at=AT)[0]
    with pytest.raises(BadInputError, match="status-pass-known"):
        take_slots(connection, ["p1"], at=AT)[0]


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.SUSPENDED, Status.REPLACED])
def test_a_changed_status_is_in_register_and_list(connection, status):
    slot = take_slots(connection, ["p1"], at=AT)[0]
    assert change_status(connection, "p1", status, at=AT)
    assert not change_status(connection, "p1", status, at=AT)
    assert RegisterStatuses(connection, AT).find(slot.uri, slot.index) is status
    assert read_list(connection, slot.uri, at=AT).find(slot.uri, slot.index) is status


def test_a_suspended_pass_becomes_valid_again(connection):
    take_slots(connection, ["p1"], at=AT)[0]
    change_status(connection, "p1", Status.SUSPENDED, at=AT)
    assert change_status(connection, "p1", Status.VALID, at=AT)


@pytest.mark.parametrize(
    ("before", "after"),
    [(Status.WITHDRAWN, Status.VALID), (Status.WITHDRAWN, Status.REPLACED), (Status.REPLACED, Status.VALID)],
)
def test_withdrawn_and_replaced_are_final(connection, before, after):
    take_slots(connection, ["p1"], at=AT)[0]
    change_status(connection, "p1", before, at=AT)
    with pytest.raises(BadInputError, match="status-final"):
        change_status(connection, "p1", after, at=AT)


def test_a_replaced_pass_can_still_be_withdrawn(connection):
    take_slots(connection, ["p1"], at=AT)[0]
    change_status(connection, "p1", Status.REPLACED, at=AT)
    assert change_status(connection, "p1", Status.WITHDRAWN, at=AT)


def test_an_unknown_pass_has_no_status(connection):
    assert status_of(connection, "none") is None
    assert RegisterStatuses(connection, AT).find(list_uri(1), 5) is None
    with pytest.raises(BadInputError, match="status-pass-unknown"):
        change_status(connection, "none", Status.WITHDRAWN, at=AT)


def test_a_half_full_list_is_given_up_for_the_next(connection, monkeypatch):
    monkeypatch.setattr(status_register, "LIST_SIZE", 8)
    uris = [take_slots(connection, [f"p{number}"], at=AT)[0].uri for number in range(9)]
    assert uris == [list_uri(1)] * 4 + [list_uri(2)] * 4 + [list_uri(3)]
    assert list_uris(connection) == (list_uri(1), list_uri(2), list_uri(3))


def test_lists_are_in_the_order_of_their_numbers(connection, monkeypatch):
    monkeypatch.setattr(status_register, "LIST_SIZE", 2)
    for number in range(11):
        take_slots(connection, [f"p{number}"], at=AT)[0]
    assert list_uris(connection)[-2:] == (list_uri(10), list_uri(11))


def test_before_the_first_pass_there_is_an_empty_list(connection):
    assert list_uris(connection) == (list_uri(1),)
    assert read_list(connection, list_uri(1), at=AT).find(list_uri(1), 7) is Status.VALID
