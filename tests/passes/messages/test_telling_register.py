"""What happens to a pass becomes the messages of its drivers, once, in order, and however it was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from geodata.county import County
from geodata.message_settings import MessageSettings, Outlet
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import PassEvent, record_event
from passes.editions.suspending import suspend_pass
from passes.editions.withdrawal import withdraw_pass
from passes.key_encryption import make_key_file
from passes.messages.link_register import open_link
from passes.messages.message_register import OPEN, list_messages, open_contact
from passes.messages.telling_register import is_anything_new, tell_events
from passes.reissue.renewal import renew_pass
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW

SMS = MessageSettings(outlets=(Outlet("sms", "https://a.example/", "s"),))


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


def issue(office, tmp_path, **changes):
    record = issue_pass(applied(office, **changes), office, key_file=tmp_path / "key", at=NOW).record
    assert record is not None
    return record


def tell(office, tmp_path, settings=SMS, at=NOW):
    key = make_key_file(tmp_path / "key")
    tell_events(office.connection, settings, key, at=at)
    found = list_messages(office.connection, OPEN, at=NOW)
    return [(one.occasion, one.outlet, open_contact(one, key)) for one in found]


def test_a_driver_is_told_of_the_pass_by_a_link_that_opens_it(office, tmp_path):
    record = issue(office, tmp_path)
    ((occasion, outlet, contact),) = tell(office, tmp_path)
    assert (occasion, outlet, contact.phone) == ("issued", "sms", "13800000000")
    link = open_link(office.connection, contact.link)
    assert link is not None
    assert link.number == record.number


def test_nothing_is_told_twice(office, tmp_path):
    issue(office, tmp_path)
    assert is_anything_new(office.connection)
    assert tell(office, tmp_path) == tell(office, tmp_path)
    assert not is_anything_new(office.connection)


def test_what_happens_afterwards_is_told_by_the_same_link(office, tmp_path):
    record = issue(office, tmp_path)
    ((_, _, first),) = tell(office, tmp_path)
    suspend_pass(office.connection, record.number, reason="王小明 待核实", at=NOW)
    ((occasion, _, contact),) = tell(office, tmp_path)
    assert (occasion, contact) == ("suspended", first)


def test_only_the_last_of_what_happened_is_left_to_tell(office, tmp_path):
    record = issue(office, tmp_path)
    renew_pass(record.number, office, key_file=tmp_path / "key", at=NOW + timedelta(minutes=1))
    withdraw_pass(office.connection, record.number, reason="x", at=NOW + timedelta(minutes=2))
    assert [one[0] for one in tell(office, tmp_path)] == ["withdrawn"]


def test_a_closure_that_hits_a_pass_is_told(office, tmp_path):
    record = issue(office, tmp_path)
    record_event(office.connection, PassEvent(record.jti, NOW, "cut", "", {"closures": ["c1"]}))
    assert [one[0] for one in tell(office, tmp_path)] == ["cut"]


def test_what_no_outlet_is_for_is_not_told(office, tmp_path):
    issue(office, tmp_path)
    assert tell(office, tmp_path, MessageSettings(outlets=(Outlet("a", "https://a/", "s", occasions=("cut",)),))) == []


def test_without_an_outlet_or_a_phone_somebody_calls(office, tmp_path):
    issue(office, tmp_path)
    assert [one[1] for one in tell(office, tmp_path, MessageSettings())] == [""]
    issue(office, tmp_path, id="2", driver={"phone": None}, rider={"phone": None})
    assert [(one[1], one[2].phone) for one in tell(office, tmp_path)][1:] == [("", "")]


def test_each_driver_is_told_once(office, tmp_path):
    issue(office, tmp_path, rider={"role": "司机", "phone": "138 0000 0000"})
    assert len(tell(office, tmp_path)) == 1
    issue(office, tmp_path, id="2", rider={"role": "司机"})
    assert [one[2].phone for one in tell(office, tmp_path)][1:] == ["13800000000", "13900000000"]


def test_a_pass_that_has_ended_is_told_of_no_more(office, tmp_path):
    record = issue(office, tmp_path)
    assert tell(office, tmp_path, at=record.expires_at) == []
