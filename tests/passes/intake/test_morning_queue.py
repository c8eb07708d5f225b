"""The morning queue: clean ones apart, the others in groups that one answer serves, judged again only when due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.county import County
from geodata.findings import Finding
from geodata.places import Places
from geodata.store import CLOSURE_SET_VERSION, raise_counter, transaction
from passes.applications.office import Office
from passes.intake import morning_queue as queue_module
from passes.intake.handling import Act, file_application, issue_filed
from passes.intake.intake_register import IntakeRecord
from passes.intake.morning_queue import STANDS_FOR, Cause, Judgements, MorningQueue, cause_of, morning_queue
from passes.whitelist.register import find_firm
from routing.trips.trip import TripMap
from tests.issuing_office import WHITELIST, closing, office_of, put_on_whitelist
from tests.pass_applications import NOW, application_document, when

OLD = {"sampled_at": when(hours=50)}


@pytest.fixture
def office(small_county: County, store: sa.Engine) -> Iterator[Office]:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, small_county)


@pytest.fixture
def act(tmp_path: Path) -> Act:
    return Act("企业物流员", NOW, tmp_path / "key")


def filed(office: Office, act: Act, *, firm: str = "宏达面粉", **changes: Any) -> IntakeRecord:
    listed = find_firm(office.connection, firm)
    assert listed is not None
    record = file_application(application_document(**changes), office, act, firm=listed).record
    assert record is not None
    return record


def queue_of(office: Office, act: Act, judgements: Judgements | None = None, **later: float) -> MorningQueue:
    at = NOW + timedelta(**later)
    return morning_queue(office, judgements or Judgements(), key_file=act.key_file, at=at)


def ids(waiting: Any) -> list[str]:
    return [one.record.id for one in waiting]


def test_clean_ones_stand_apart_by_departure(office: Office, act: Act) -> None:
    late, early = filed(office, act, depart_at=when(hours=-4)), filed(office, act)
    expired = filed(office, act, driver=OLD)
    queue = queue_of(office, act)
    assert ids(queue.clean) == [early.id, late.id]
    assert [ids(group.waiting) for group in queue.groups] == [[expired.id]]
    assert queue.count == 3


def test_one_cause_is_one_group_and_two_causes_are_another(office: Office, act: Act) -> None:
    one_off = {"plate": "豫R99999", "link": "one_off"}
    first, second = filed(office, act, driver=OLD), filed(office, act, driver=OLD, goods="feed")
    both = filed(office, act, driver=OLD, vehicle=one_off)
    groups = {group.causes: ids(group.waiting) for group in queue_of(office, act).groups}
    expired = Cause("condition-expired", (("condition", "test"),))
    assert groups == {
        (expired,): [first.id, second.id],
        (expired, Cause("one-off-without-guarantee")): [both.id],
    }


def test_trips_cut_by_the_same_closures_are_one_group(small_county: County, office: Office, act: Act) -> None:
    filed(office, act)
    filed(office, act, origin="village")
    cut = [closing(small_county, "c1"), closing(small_county, "c3")]
    groups = queue_of(office_of(office.connection, small_county, closings=cut), act).groups
    assert [(group.causes, len(group.waiting)) for group in groups] == [
        ((Cause("no-route", (("blocking", "closure-c1"),)),), 2)
    ]


def test_what_is_granted_waits_no_longer(office: Office, act: Act) -> None:
    record = filed(office, act)
    issue_filed(office, record.id, act, seen=1)
    assert queue_of(office, act).count == 0


def test_a_place_that_is_gone_is_a_group_too(office: Office, act: Act) -> None:
    filed(office, act)
    trip_map = office.trip_map
    left = Places({key: one for key, one in trip_map.places.by_id.items() if key != "clinic"})
    map_now = TripMap(trip_map.network, trip_map.road_index, left, trip_map.areas, trip_map.settings)
    queue = queue_of(replace(office, trip_map=map_now), act)
    assert [group.causes for group in queue.groups] == [(Cause("place-unknown", (("place", "clinic"),)),)]


@pytest.fixture
def checked_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows by the id of every application that is checked, not remembered."""
    seen: list[str] = []
    check = queue_module.check_filed

    def noting(office: Office, record: IntakeRecord, **options: Any) -> Any:
        seen.append(record.id)
        return check(office, record, **options)

    monkeypatch.setattr(queue_module, "check_filed", noting)
    return seen


def test_a_second_look_judges_only_what_is_new(office: Office, act: Act, checked_ids: list[str]) -> None:
    judgements, first = Judgements(), filed(office, act)
    queue_of(office, act, judgements)
    second = filed(office, act, goods="feed")
    assert queue_of(office, act, judgements, minutes=1).count == 2
    assert checked_ids == [first.id, second.id]


def test_a_closure_a_firm_or_ten_minutes_more_make_it_judge_again(
    office: Office, act: Act, checked_ids: list[str]
) -> None:
    judgements = Judgements()
    filed(office, act)
    queue_of(office, act, judgements)
    raise_counter(office.connection, CLOSURE_SET_VERSION)
    queue_of(office, act, judgements)
    put_on_whitelist(office.connection, {**WHITELIST[0], "status": "removed", "reason": "整改"})
    assert queue_of(office, act, judgements).clean == ()
    queue_of(office, act, judgements, seconds=STANDS_FOR.total_seconds())
    assert len(checked_ids) == 4


def test_a_cause_names_what_one_answer_depends_on() -> None:
    facts = {"blocking": ["12", "15"], "origin": "a"}
    assert cause_of(Finding("no-route", facts=facts)) == Cause("no-route", (("blocking", "12, 15"),))
    assert cause_of(Finding("crew-empty", facts={"path": "crew"})) == Cause("crew-empty")
