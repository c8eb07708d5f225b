"""A pass that was issued while a result was not known says so, and goes on without it when the result is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import find_pass
from passes.intake.result_arrival import accept_result, is_waiting_for_result
from passes.tokens.claims import PASS, PENDING_TERM, read_pass_claims
from passes.tokens.front_door import parse_token
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW, when

WAITING = {
    "sampled_at": when(hours=2),
    "result": "pending",
    "earlier": [{"sampled_at": when(hours=30), "result": "negative", "proof": "seen"}],
}


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


def issue(office, tmp_path, **changes):
    record = issue_pass(applied(office, **changes), office, key_file=tmp_path / "key", at=NOW).record
    assert record is not None
    return record


def terms_of(record):
    return read_pass_claims(parse_token(record.token, PASS).claims).terms


def test_a_pending_result_is_marked_on_pass_and_person(office, tmp_path):
    record = issue(office, tmp_path, driver=WAITING)
    assert is_waiting_for_result(record)
    assert [one.get("pending", False) for one in record.crew] == [True, False]
    assert PENDING_TERM in terms_of(record)


def test_an_accepted_result_makes_a_pass_that_waits_no_more_and_lasts_longer(office, tmp_path):
    record = issue(office, tmp_path, driver=WAITING)
    done = accept_result(record.number, office, key_file=tmp_path / "key", at=NOW)
    assert done.record is not None
    assert (done.record.edition, find_pass(office.connection, record.jti + "-1").state) == (2, "replaced")
    assert not is_waiting_for_result(done.record)
    assert PENDING_TERM not in terms_of(done.record)
    assert done.record.crew[0]["condition_ends_at"] > record.crew[0]["condition_ends_at"]


def test_a_pass_without_a_pending_result_takes_none_in(office, tmp_path):
    record = issue(office, tmp_path)
    with pytest.raises(BadInputError, match="result-not-pending"):
        accept_result(record.number, office, key_file=tmp_path / "key", at=NOW)
