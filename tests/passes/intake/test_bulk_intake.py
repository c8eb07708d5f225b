"""Many applications filed and issued at once become what each becomes alone, whatever stands between them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from geodata.demo.enterprises import unreal_id_number
from geodata.errors import BadInputError
from geodata.store import transaction
from passes.applications.application import read_application
from passes.applications.check import check_application
from passes.applications.office import all_conditions
from passes.editions.pass_register import events_of, find_pass, list_passes
from passes.editions.status_register import STATUS_SLOTS, status_of
from passes.intake.auto_issue import issue_all_by_policy, issue_by_policy
from passes.intake.batch import file_part
from passes.intake.bulk_intake import file_many, issue_many, issue_seen
from passes.intake.handling import Act, Answer, Filing, answer_application, file_application, read_filed
from passes.intake.intake_register import intake_events, list_intake
from passes.intake.row_reading import ApplicationRow
from passes.intake.sample_check_register import drawn_passes
from passes.verifying.status_list import Status
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, an_office, office_of, put_on_whitelist, with_policy
from tests.pass_applications import NOW, application_document, when

LATE = {"sampled_at": when(hours=48, seconds=1)}
DOCUMENTS = [
    application_document(),
    application_document(destination="月亮"),
    application_document(origin="village"),
    application_document(),
    application_document(driver=LATE),
    application_document(depart_at="x"),
    application_document(origin="village", round_trip=True),
]


def by_policy(office):
    passes = replace(office.policy.passes, auto_issue=True, sample_check_pct=50.0)
    return with_policy(office, replace(office.policy, passes=passes))


@pytest.fixture
def office(store, small_county):
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield by_policy(office_of(connection, small_county))


@pytest.fixture
def act(tmp_path):
    return Act("王科员", NOW, tmp_path / "key")


def firm_of(office):
    return find_firm(office.connection, "firm")


def one_by_one(office, act):
    told = []
    for document in DOCUMENTS:
        try:
            filing = file_application(document, office, act, firm=firm_of(office))
            issue_by_policy(filing, office, act)
            told.append(filing.again)
        except BadInputError as error:
            told.append(error.code)
    return told


def all_at_once(office, act):
    filed = file_many(DOCUMENTS, office, act, firm=firm_of(office))
    issue_all_by_policy([one for one in filed if isinstance(one, Filing)], office, act)
    return [one.again if isinstance(one, Filing) else one.code for one in filed]


def kept(office):
    """Everything that is kept, but for what is drawn by lot, keyed or told from the clock."""
    connection = office.connection
    intake = [replace(one, application="") for one in list_intake(connection)]
    steps = [[(one.event, one.who, one.text) for one in intake_events(connection, row.id)] for row in intake]
    passes = sorted(list_passes(connection, at=NOW), key=lambda one: one.jti)
    shown = [replace(one, application="", kid="", token="", url="", route={**one.route}, rules="") for one in passes]
    events = [
        [(each.event, {**each.facts, "first_key": 0} if "first_key" in each.facts else each.facts) for each in of]
        for of in (events_of(connection, one.number) for one in passes)
    ]
    return intake, steps, shown, [[one for one in each if one[0] != "drawn"] for each in events]


def test_many_at_once_are_kept_as_one_by_one(small_county, tmp_path, act):
    results = []
    for name, way in (("one", one_by_one), ("all", all_at_once)):
        (tmp_path / name).mkdir()
        with an_office(small_county, tmp_path / name) as office:
            results.append((way(by_policy(office), act), *kept(office)))
    assert results[0] == results[1]
    assert results[0][0] == [False, "place-unknown", False, True, False, "time-unreadable", False]


def test_every_pass_of_many_is_whole(office, act):
    all_at_once(office, act)
    made = list_passes(office.connection, at=NOW)
    assert len(made) == 3
    assert {status_of(office.connection, one.jti) for one in made} == {Status.VALID}
    drawn = {one.number for one in drawn_passes(office.connection)}
    told = {one.number for one in made if "drawn" in {each.event for each in events_of(office.connection, one.number)}}
    assert drawn == told


def test_the_same_file_again_makes_nothing_new(office, act):
    rows = [ApplicationRow(number, one, {}) for number, one in enumerate(DOCUMENTS, start=2)]
    first, again = (file_part(rows, office, act, firm=firm_of(office), name="day.csv") for _ in range(2))
    assert (first.rows, first.filed, first.issued, first.waiting, first.again) == (7, 5, 3, 1, 1)
    assert (again.filed, again.issued, again.waiting, again.again) == (5, 0, 0, 5)
    assert [(one["code"], one["facts"]["row"]) for one in first.faults] == [
        ("place-unknown", 3),
        ("time-unreadable", 7),
    ]
    assert len(list_passes(office.connection, at=NOW)) == 3


def waiting(office, act):
    """Applications that wait for an officer, as a queue has them."""
    file_many(DOCUMENTS, office, act, firm=firm_of(office))
    found = list_intake(office.connection)
    return [(one, check_application(read_filed(office, one, act.key_file), office, at=NOW)) for one in found]


def test_a_queue_is_issued_at_once_and_what_a_rule_refuses_stays(office, act):
    grantings = issue_many(waiting(office, act), office, act)
    assert sorted(one.is_granted for one in grantings) == [False, True, True, True]
    assert {one.id: one for one in list_intake(office.connection)} == {one.record.id: one.record for one in grantings}
    for one in grantings:
        if one.is_granted:
            assert find_pass(office.connection, one.record.pass_number) == one.issued.record


def test_who_was_slower_issues_nothing(office, act):
    asked = waiting(office, act)
    record, _ = asked[0]
    answer_application(office.connection, record.id, act, answer=Answer("returned", "x"), seen=record.version)
    with pytest.raises(BadInputError, match="application-changed"):
        issue_many(asked, office, act)


def test_an_application_that_has_its_pass_is_not_issued_again(office, act):
    asked = waiting(office, act)
    issue_many(asked, office, act)
    granted = [(one, checked) for one, (_, checked) in zip(list_intake(office.connection), asked, strict=True)]
    with pytest.raises(BadInputError, match="application-not-open"):
        issue_many(granted, office, act)


def test_nothing_is_nothing(office, act):
    assert file_many([], office, act, firm=firm_of(office)) == ()
    assert issue_many([], office, act) == ()
    assert office.connection.scalar(sa.select(sa.literal(1))) == 1


def test_what_was_read_before_is_filed_as_if_read_now(office, act):
    conditions = all_conditions(office.settings)
    before = [read_application({**one, "enterprise": "-"}, where="", conditions=conditions) for one in DOCUMENTS[2:4]]
    first = file_many(DOCUMENTS[2:4], office, act, firm=firm_of(office), read=before)
    again = file_many(DOCUMENTS[2:4], office, act, firm=firm_of(office))
    assert [one.again for one in again] == [True, True]
    assert [one.checked.application for one in first] == [one.checked.application for one in again]


def crowded(count):
    """An application of so many persons, of whom each has a number of their own."""
    person = application_document()["crew"][0]
    names = (f"欧阳{letter}" for letter in "赵钱孙李周吴郑王")
    crew = [{**person, "name": name, "id_number": unreal_id_number(place)} for place, name in enumerate(names)]
    return application_document(crew=crew[:count])


def test_a_code_that_is_too_long_keeps_no_other_row_back(office, act):
    # With an address so long, a pass of eight persons does not fit its code, and one of a single person does.
    office = replace(office, settings=replace(office.settings, public_url=f"https://pass.example/{'A' * 190}"))
    documents = [application_document(), crowded(8), application_document(origin="village")]
    rows = [ApplicationRow(number, one, {}) for number, one in enumerate(documents, start=2)]
    done = file_part(rows, office, act, firm=firm_of(office), name="day.csv")
    assert (done.filed, done.issued, done.waiting) == (3, 2, 1)
    assert [(one["code"], one["facts"]["row"]) for one in done.faults] == [("pass-code-too-long", 3)]
    (left,) = [one for one in list_intake(office.connection) if one.state == "applied"]
    assert issue_seen({left.id: left.version}, office, act) == {}
    numbers = [one.jti for one in list_passes(office.connection, at=NOW)]
    assert len(numbers) == 2
    assert all(status_of(office.connection, one) is Status.VALID for one in numbers)
    assert office.connection.scalar(sa.select(sa.func.count()).select_from(STATUS_SLOTS)) == len(numbers)
