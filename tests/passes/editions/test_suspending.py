"""A suspended pass waits, with its reason on record, and may go on; a withdrawn one never does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from passes.editions.status_register import status_of
from passes.editions.suspending import resume_pass, suspend_pass
from passes.editions.withdrawal import withdraw_pass
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


def test_a_suspended_pass_says_so_and_is_good_again_afterwards(office, record):
    suspend_pass(office.connection, record.number, reason=" 待核实 ", at=NOW)
    assert find_pass(office.connection, record.number).state == "suspended"
    assert status_of(office.connection, record.jti) is Status.SUSPENDED
    resume_pass(office.connection, record.number, reason="已核实", at=NOW)
    assert find_pass(office.connection, record.number).state == "granted"
    assert status_of(office.connection, record.jti) is Status.VALID
    told = [(one.event, one.reason) for one in events_of(office.connection, record.number)][1:]
    assert told == [("suspended", "待核实"), ("resumed", "已核实")]


def test_a_withdrawn_pass_never_goes_on(office, record):
    suspend_pass(office.connection, record.number, reason="x", at=NOW)
    withdraw_pass(office.connection, record.number, reason="x", at=NOW)
    with pytest.raises(BadInputError, match="pass-not-open"):
        resume_pass(office.connection, record.number, reason="x", at=NOW)


@pytest.mark.parametrize("act", [suspend_pass, resume_pass])
def test_both_need_a_reason(office, record, act):
    with pytest.raises(BadInputError, match="suspension-without-reason"):
        act(office.connection, record.number, reason=" ", at=NOW)


def test_a_pass_that_is_not_suspended_does_not_go_on(office, record):
    with pytest.raises(BadInputError, match="pass-not-open"):
        resume_pass(office.connection, record.number, reason="x", at=NOW)
