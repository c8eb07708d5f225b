from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from passes.editions.status_register import status_of
from passes.editions.withdrawal import withdraw_pass
from passes.reissue.renewal import renew_pass
from passes.verifying.status_list import Status
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def record(office: Office, tmp_path: Path) -> PassRecord:
    made = issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW).record
    assert made is not None
    return made


def test_a_withdrawn_pass_says_so_in_state_status_and_events(office: Office, record: PassRecord) -> None:
    withdraw_pass(office.connection, record.number, reason=" 改道 ", at=NOW)
    assert find_pass(office.connection, record.number).state == "withdrawn"
    assert status_of(office.connection, record.jti) is Status.WITHDRAWN
    last = events_of(office.connection, record.number)[-1]
    assert (last.event, last.reason, last.at) == ("withdrawn", "改道", NOW)


def test_withdrawing_needs_a_reason(office: Office, record: PassRecord) -> None:
    with pytest.raises(BadInputError, match="withdrawal-without-reason"):
        withdraw_pass(office.connection, record.number, reason="  ", at=NOW)
    assert status_of(office.connection, record.jti) is Status.VALID


def test_a_pass_is_withdrawn_only_once(office: Office, record: PassRecord) -> None:
    withdraw_pass(office.connection, record.number, reason="x", at=NOW)
    with pytest.raises(BadInputError, match="pass-not-open"):
        withdraw_pass(office.connection, record.number, reason="x", at=NOW)


def test_the_editions_before_are_void_too(office: Office, record: PassRecord, tmp_path: Path) -> None:
    renew_pass(record.number, office, key_file=tmp_path / "key", at=NOW + timedelta(hours=1))
    withdraw_pass(office.connection, record.number, reason="x", at=NOW)
    assert status_of(office.connection, record.jti) is Status.WITHDRAWN


def test_a_withdrawn_pass_lets_the_same_application_have_a_new_one(
    office: Office, record: PassRecord, tmp_path: Path
) -> None:
    withdraw_pass(office.connection, record.number, reason="x", at=NOW)
    again = issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW)
    assert again.record is not None
    assert again.record.number == "411399000002"
