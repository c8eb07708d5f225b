"""The policy issues what is clean and nothing else; a share is drawn, the same one each time, for an officer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from passes.applications.office import Office
from passes.editions.withdrawal import withdraw_pass
from passes.intake.auto_issue import BY_POLICY, is_drawn, issue_by_policy
from passes.intake.handling import Act, file_application
from passes.intake.intake_register import intake_events, intake_of_pass
from passes.intake.sample_check_register import drawn_passes, keep_check
from passes.whitelist.register import find_firm
from tests.issuing_office import an_office, with_policy
from tests.pass_applications import NOW, application_document, when

KEY = bytes(range(32))


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield set_policy(open_office, auto_issue=True, sample_check_pct=100.0)


def set_policy(office, **changes):
    return with_policy(office, replace(office.policy, passes=replace(office.policy.passes, **changes)))


def filed(office, tmp_path, **changes):
    act = Act("e", NOW, tmp_path / "key")
    filing = file_application(application_document(**changes), office, act, firm=find_firm(office.connection, "firm"))
    return issue_by_policy(filing, office, act)


def test_a_clean_application_has_its_pass_at_once_and_nobodys_name_is_under_it(office, tmp_path):
    granting = filed(office, tmp_path)
    assert granting.is_granted
    events = intake_events(office.connection, granting.record.id)
    assert [(one.event, one.who) for one in events] == [("filed", "e"), ("granted", BY_POLICY)]
    assert intake_of_pass(office.connection, granting.record.pass_number) == granting.record


def test_one_with_a_finding_waits_for_the_officer(office, tmp_path):
    assert filed(office, tmp_path, driver={"sampled_at": when(hours=48, seconds=1)}) is None


def test_where_an_officer_confirms_nothing_is_issued_at_once(office, tmp_path):
    assert filed(set_policy(office, auto_issue=False), tmp_path) is None


def test_the_same_application_twice_is_one_pass_and_one_draw(office, tmp_path):
    assert filed(office, tmp_path).is_granted
    assert filed(office, tmp_path) is None
    assert len(drawn_passes(office.connection)) == 1


def test_a_drawn_pass_waits_until_an_officer_has_looked(office, tmp_path):
    number = filed(office, tmp_path).record.pass_number
    with pytest.raises(BadInputError, match="check-without-text"):
        keep_check(office.connection, number, said=" ", by="t", at=NOW)
    keep_check(office.connection, number, said="原件相符", by="t", at=NOW)
    assert drawn_passes(office.connection) == ()
    with pytest.raises(BadInputError, match="check-not-open"):
        keep_check(office.connection, number, said="原件相符", by="t", at=NOW)


def test_a_drawn_pass_that_is_withdrawn_needs_no_check_more(office, tmp_path):
    withdraw_pass(office.connection, filed(office, tmp_path).record.pass_number, reason="x", at=NOW)
    assert drawn_passes(office.connection) == ()


def test_no_share_draws_none(office, tmp_path):
    filed(set_policy(office, sample_check_pct=0.0), tmp_path)
    assert drawn_passes(office.connection) == ()


def test_the_draw_is_the_share_and_the_same_each_time_and_another_with_another_key():
    numbers = [f"4113990{n:05d}" for n in range(4000)]
    drawn = {one for one in numbers if is_drawn(one, KEY, pct=5)}
    assert 150 <= len(drawn) <= 250
    assert drawn == {one for one in numbers if is_drawn(one, KEY, pct=5)}
    assert drawn < {one for one in numbers if is_drawn(one, KEY, pct=10)}
    assert drawn != {one for one in numbers if is_drawn(one, bytes(32), pct=5)}


def test_where_the_office_applies_for_firms_none_files_itself(office, tmp_path):
    with pytest.raises(BadInputError, match="applicant-is-office"):
        filed(set_policy(office, applicant="office"), tmp_path)
