"""One person's answer withdraws one pass of a firm; many at once need another person (W6, W8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.errors import BadInputError
from passes.accounts.account_register import add_account
from passes.editions.firm_review_register import open_reviews
from passes.editions.issuing import issue_pass
from passes.editions.pass_register import list_passes
from passes.keyring.firm_withdrawal import answer_review, proposed_withdrawal
from passes.keyring.key_acts import confirm, turn_down
from tests.issuing_office import an_office, applied, put_on_whitelist
from tests.pass_applications import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def office(small_county, tmp_path):
    with an_office(small_county, tmp_path) as opened:
        for name, role, unit in (("t", "T", ""), ("hq", "HQ", "epidemic_hq")):
            add_account(opened.connection, name, role=role, unit=unit, password_hash="x", at=NOW)
        yield opened


@pytest.fixture
def connection(office, tmp_path):
    """The register of a firm with two open passes that has left the whitelist."""
    for plate in ("豫R12345", "豫R23456"):
        issue(office, plate, tmp_path)
    remove(office)
    return office.connection


def issue(office, plate, folder):
    link = "own" if plate == "豫R12345" else "contracted"
    made = applied(office, vehicle={"plate": plate, "link": link})
    assert issue_pass(made, office, key_file=folder / "key", at=NOW).record is not None


def remove(office):
    put_on_whitelist(
        office.connection, {"name": "宏达面粉", "id": "firm", "status": "removed", "reason": "x"}, at=LATER
    )


def withdraw_all(connection, by="t"):
    return answer_review(connection, "firm", outcome="withdrawn", reason="已移出", by=by, at=LATER)


def states(connection):
    return [one.state for one in list_passes(connection, at=LATER)]


def test_many_passes_stay_until_another_person_confirms(connection, tmp_path):
    act = withdraw_all(connection).proposed
    assert (act.about, act.parameters["name"], states(connection)) == ("firm", "宏达面粉", ["granted", "granted"])
    assert proposed_withdrawal(connection, "firm", at=LATER) == act
    with pytest.raises(BadInputError, match="key-act-own"):
        confirm(connection, act.id, by="t", key_file=tmp_path / "key", at=LATER)
    confirm(connection, act.id, by="hq", key_file=tmp_path / "key", at=LATER)
    assert states(connection) == ["withdrawn", "withdrawn"]
    assert (open_reviews(connection, at=LATER), proposed_withdrawal(connection, "firm", at=LATER)) == ((), None)


def test_what_is_turned_down_leaves_the_review_open(connection):
    turn_down(connection, withdraw_all(connection).proposed.id, by="hq", at=LATER)
    assert states(connection) == ["granted", "granted"]
    assert len(open_reviews(connection, at=LATER)) == 1


def test_a_review_that_was_answered_meanwhile_withdraws_nothing(connection, tmp_path):
    act = withdraw_all(connection).proposed
    answer_review(connection, "firm", outcome="kept", reason="在途", by="hq", at=LATER)
    with pytest.raises(BadInputError, match="review-unknown"):
        confirm(connection, act.id, by="hq", key_file=tmp_path / "key", at=LATER)
    assert states(connection) == ["granted", "granted"]


def test_one_pass_alone_needs_one_person(office, tmp_path):
    issue(office, "豫R12345", tmp_path)
    remove(office)
    assert withdraw_all(office.connection).withdrawn == 1


def test_a_stranger_proposes_nothing(connection):
    with pytest.raises(BadInputError, match="key-act-not-entitled"):
        withdraw_all(connection, by="nobody")
