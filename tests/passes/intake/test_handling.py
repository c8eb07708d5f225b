"""Applications go from draft to pass; who is slower learns it, and nothing is issued that a rule refuses now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.county import County
from geodata.errors import BadInputError
from geodata.store import transaction
from passes.applications.office import Office
from passes.applications.sealed_applications import APPLICATIONS
from passes.editions.pass_register import find_pass, list_passes
from passes.intake.handling import (
    LONGEST_ANSWER,
    Act,
    Answer,
    Filing,
    Wish,
    answer_application,
    file_application,
    issue_filed,
    open_filed,
    read_filed,
    save_draft,
    take_back,
)
from passes.intake.intake_register import IntakeRecord, count_intake, find_intake, intake_events, list_intake
from passes.whitelist.firms import Firm
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, closing, office_of, put_on_whitelist
from tests.pass_applications import DRIVER_ID, NOW, application_document, when


@pytest.fixture
def office(small_county: County, store: sa.Engine) -> Iterator[Office]:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, small_county)


@pytest.fixture
def act(tmp_path: Path) -> Act:
    return Act("王科员", NOW, tmp_path / "key")


def firm_of(office: Office, name: str = "宏达面粉") -> Firm:
    firm = find_firm(office.connection, name)
    assert firm is not None
    return firm


def file(office: Office, act: Act, *, wish: Wish | None = None, **changes: Any) -> Filing:
    return file_application(application_document(**changes), office, act, firm=firm_of(office), wish=wish)


def filed(office: Office, act: Act, **changes: Any) -> IntakeRecord:
    record = file(office, act, **changes).record
    assert record is not None
    return record


def refused(code: str, call: Any, *args: Any, **options: Any) -> BadInputError:
    with pytest.raises(BadInputError) as error:
        call(*args, **options)
    assert error.value.code == code
    return error.value


def test_a_filed_application_is_applied_and_keeps_what_it_was_judged_on(office: Office, act: Act) -> None:
    record = filed(office, act)
    assert (record.id, record.version, record.state) == ("000001", 1, "applied")
    assert (record.plate, record.origin, record.destination) == ("豫R12345", "县医院", "宏达面粉")
    assert (record.judgement.judged_at, record.judgement.findings) == (NOW, ())
    assert find_intake(office.connection, "000001") == record


def test_what_names_people_stays_sealed(office: Office, act: Act) -> None:
    record = filed(office, act)
    sealed = office.connection.execute(sa.select(APPLICATIONS)).one()
    assert DRIVER_ID.encode() not in bytes(sealed.sealed)
    assert DRIVER_ID not in repr(record)
    assert open_filed(office.connection, record, act.key_file)["crew"][0]["id_number"] == DRIVER_ID


def test_the_same_application_again_is_the_one_filed_before(office: Office, act: Act) -> None:
    first, again = file(office, act, id="mine"), file(office, act)
    assert (first.again, again.again) == (False, True)
    assert again.record == first.record


def test_an_application_speaks_for_its_own_firm_only(office: Office, act: Act) -> None:
    record = filed(office, act, enterprise="顺通物流")
    assert (record.firm, record.enterprise) == ("firm", "宏达面粉")


def test_findings_are_kept_with_the_application(office: Office, act: Act) -> None:
    record = filed(office, act, driver={"sampled_at": when(hours=48, seconds=1)})
    assert [one.code for one in record.judgement.findings] == ["condition-expired"]
    assert find_intake(office.connection, record.id).judgement == record.judgement


def test_with_findings_it_is_filed_only_if_wished(office: Office, act: Act) -> None:
    filing = file(office, act, wish=Wish(despite_findings=False), driver={"sampled_at": when(hours=-1)})
    assert filing.record is None
    assert "condition-in-future" in {one.code for one in filing.checked.findings}
    assert list_intake(office.connection) == ()


def test_a_firm_taken_off_the_whitelist_files_nothing(office: Office, act: Act) -> None:
    put_on_whitelist(office.connection, {**WHITELIST[0], "status": "removed", "reason": "整改"})
    assert file(office, act).record is None


def test_an_application_with_faults_of_form_is_refused_with_their_paths(office: Office, act: Act) -> None:
    error = refused("id-number-wrong", file, office, act, driver={"id_number": DRIVER_ID[:-1] + "2"})
    assert error.facts["path"] == "crew[0].id_number"


def test_issuing_gives_the_pass_and_its_number(office: Office, act: Act) -> None:
    record = filed(office, act)
    granted = issue_filed(office, record.id, act, seen=record.version).record
    assert (granted.state, granted.version) == ("granted", 2)
    assert find_pass(office.connection, granted.pass_number).plate == record.plate
    assert [one.event for one in intake_events(office.connection, record.id)] == ["filed", "granted"]


def test_issuing_twice_makes_one_pass(office: Office, act: Act) -> None:
    record = filed(office, act)
    first = issue_filed(office, record.id, act, seen=1)
    second = issue_filed(office, record.id, act, seen=1)
    assert second.record == first.record
    assert second.issued is None
    assert len(list_passes(office.connection, at=NOW)) == 1


def test_a_firm_removed_meanwhile_is_refused_when_the_pass_is_issued(office: Office, act: Act) -> None:
    record = filed(office, act)
    put_on_whitelist(office.connection, {**WHITELIST[0], "status": "removed", "reason": "整改"})
    granting = issue_filed(office, record.id, act, seen=1)
    assert not granting.is_granted
    assert [one.code for one in find_intake(office.connection, record.id).judgement.findings] == ["enterprise-removed"]
    assert list_passes(office.connection, at=NOW) == ()


def test_a_road_closed_meanwhile_is_seen_when_the_pass_is_issued(
    small_county: County, office: Office, act: Act
) -> None:
    record = filed(office, act)
    closed = [closing(small_county, "c1"), closing(small_county, "c3")]
    granting = issue_filed(office_of(office.connection, small_county, closings=closed), record.id, act, seen=1)
    assert [one.code for one in granting.record.judgement.findings] == ["no-route"]


@pytest.mark.parametrize("decision", ["returned", "refused"])
def test_an_answer_says_who_said_what_and_when(office: Office, act: Act, decision: str) -> None:
    record = filed(office, act)
    later = Act("李科长", NOW + timedelta(minutes=5), act.key_file)
    answer_application(office.connection, record.id, later, answer=Answer(decision, " 请补采样 "), seen=1)
    now = find_intake(office.connection, record.id)
    assert (now.state, now.answer, now.answered_by, now.answered_at) == (decision, "请补采样", "李科长", later.at)
    assert intake_events(office.connection, record.id)[-1].text == "请补采样"


@pytest.mark.parametrize(
    ("decision", "text", "code"),
    [
        ("returned", "  ", "answer-without-text"),
        ("granted", "好", "answer-unknown"),
        ("refused", "长" * (LONGEST_ANSWER + 1), "answer-too-long"),
    ],
)
def test_an_answer_without_a_text_or_of_another_kind_is_refused(
    office: Office, act: Act, decision: str, text: str, code: str
) -> None:
    record = filed(office, act)
    refused(code, answer_application, office.connection, record.id, act, answer=Answer(decision, text), seen=1)


def test_the_slower_of_two_officers_learns_who_was_faster(office: Office, act: Act) -> None:
    record = filed(office, act)
    answer_application(office.connection, record.id, act, answer=Answer("returned", "补正"), seen=1)
    other = Act("李科长", NOW, act.key_file)
    slower = Answer("refused", "不予")
    error = refused(
        "application-changed", answer_application, office.connection, record.id, other, answer=slower, seen=1
    )
    assert (error.facts["who"], error.facts["state"]) == ("王科员", "returned")
    refused("application-changed", issue_filed, office, record.id, other, seen=1)


def test_a_returned_application_is_corrected_and_filed_again(office: Office, act: Act) -> None:
    record = filed(office, act, driver={"sampled_at": when(hours=60)})
    back = answer_application(office.connection, record.id, act, answer=Answer("returned", "重新采样"), seen=1)
    again = file(office, act, wish=Wish(known=record.id, seen=back.version)).record
    assert again is not None
    assert (again.id, again.version, again.state, again.judgement.findings) == (record.id, 3, "applied", ())
    assert office.connection.scalar(sa.select(sa.func.count()).select_from(APPLICATIONS)) == 1


def test_a_refused_application_is_not_filed_again(office: Office, act: Act) -> None:
    record = filed(office, act)
    answer_application(office.connection, record.id, act, answer=Answer("refused", "不予"), seen=1)
    refused("application-not-open", file, office, act, wish=Wish(known=record.id, seen=2))


def test_the_applicant_takes_an_application_back_and_files_it_changed(office: Office, act: Act) -> None:
    record = filed(office, act)
    draft = take_back(office.connection, record.id, act, firm=firm_of(office), seen=1)
    assert (draft.state, draft.version) == ("draft", 2)
    refused("application-changed", issue_filed, office, record.id, act, seen=1)
    changed = filed(office, act, wish=Wish(known=record.id, seen=2), goods="feed")
    assert (changed.id, changed.goods, changed.state) == (record.id, "feed", "applied")


def test_a_draft_may_have_gaps_and_is_written_over(office: Office, act: Act) -> None:
    gaps = {"vehicle": {"plate": "豫r１２３４５"}, "crew": [{}], "depart_at": "soon"}
    draft = save_draft(gaps, office, act, firm=firm_of(office))
    assert (draft.plate, draft.persons, draft.depart_at) == ("豫R12345", 1, None)
    better = save_draft(application_document(), office, act, firm=firm_of(office), known=draft.id, seen=1)
    assert read_filed(office, better, act.key_file).enterprise == "宏达面粉"
    assert office.connection.scalar(sa.select(sa.func.count()).select_from(APPLICATIONS)) == 1


def test_another_firm_s_application_is_not_found(office: Office, act: Act) -> None:
    record = filed(office, act)
    carrier = firm_of(office, "顺通物流")
    refused("intake-unknown", find_intake, office.connection, record.id, firm=carrier.id)
    refused("intake-unknown", take_back, office.connection, record.id, act, firm=carrier, seen=1)
    assert list_intake(office.connection, firm=carrier.id) == ()


def test_lists_come_by_departure_and_counts_by_state(office: Office, act: Act) -> None:
    late = filed(office, act, depart_at=when(hours=-3))
    early = filed(office, act)
    assert [one.id for one in list_intake(office.connection, "applied")] == [early.id, late.id]
    issue_filed(office, late.id, act, seen=1)
    assert count_intake(office.connection) == {"draft": 0, "applied": 1, "returned": 0, "refused": 0, "granted": 1}
