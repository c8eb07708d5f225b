"""Reports become observations of one case, in force for routes at once and never a closure (story 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.closures.register import closure_set_version, import_closures, list_closures
from geodata.closures.states import approval_state, closings_of, routing_state
from geodata.county import County
from geodata.errors import BadInputError
from geodata.store import transaction
from geodata.windows import Window
from passes.audit.audit import run_audit
from passes.reports.road_report_register import is_photo_of, list_reports
from passes.reports.road_reporting import MOST_A_DAY, FiledReport, RoadReport, file_report
from tests.pass_applications import NOW

VILLAGE_ROAD = (113.02, 33.01)


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def report(minutes: float = 0.0, **changes: Any) -> RoadReport:
    given = {
        "at": NOW + timedelta(minutes=minutes),
        "source": "driver",
        "reporter": "411399000001",
        "lon": VILLAGE_ROAD[0],
        "lat": VILLAGE_ROAD[1],
        "barrier": "earth_mound",
        **changes,
    }
    return RoadReport(**given)


def file(connection: sa.Connection, county: County, one: RoadReport) -> FiledReport:
    return file_report(connection, one, county, at=one.at)


def refusal(connection: sa.Connection, county: County, one: RoadReport) -> str:
    before = closure_set_version(connection)
    with pytest.raises(BadInputError) as refused:
        file(connection, county, one)
    assert closure_set_version(connection) == before
    return refused.value.code


def test_a_report_makes_a_blockage_and_no_closure(connection, small_county):
    filed = file(connection, small_county, report())
    (blockage,) = list_closures(connection)
    assert filed.is_new_case
    assert (blockage.id, blockage.is_blockage_only) == (filed.kept.case_id, True)
    assert (blockage.extent[0].road_id, blockage.observations[0].barrier) == ("v1", "earth_mound")
    assert approval_state(blockage, small_county.settings.policy_for, small_county.network, NOW) == ""


def test_a_report_is_avoided_at_once(connection, small_county):
    before = closure_set_version(connection)
    file(connection, small_county, report())
    assert closure_set_version(connection) == before + 1
    closures = list_closures(connection)
    closings = closings_of(closures, small_county.settings, small_county.network)
    assert [small_county.network.road_id[one.road] for one in closings] == ["v1"]
    policy_for = small_county.settings.policy_for
    assert routing_state(closures[0], policy_for, small_county.network, NOW) == "closed"


def test_the_audit_finds_the_mound_of_a_report(connection, small_county):
    file(connection, small_county, report())
    found = run_audit(connection, small_county, at=NOW).findings
    assert [one.code for one in found] == ["K6", "K7"]
    assert found[0].facts["cure"] == "remove"


def test_twelve_reports_of_one_mound_are_one_case(connection, small_county):
    filed = [
        file(connection, small_county, report(minutes, reporter=f"4113990000{minutes:02}", lat=33.01 + minutes * 3e-5))
        for minutes in range(12)
    ]
    assert len({one.kept.case_id for one in filed}) == 1
    assert [one.is_new_case for one in filed] == [True] + [False] * 11
    (blockage,) = list_closures(connection)
    assert len(blockage.observations) == 12
    audit = run_audit(connection, small_county, at=NOW + timedelta(hours=1))
    assert next(one for one in audit.findings if one.code == "K7").facts["reports"] == 12


def test_another_place_is_another_case(connection, small_county):
    cases = {file(connection, small_county, report(lat=lat)).kept.case_id for lat in (33.01, 33.012)}
    assert len(cases) == 2


def test_concrete_at_a_registered_closure_belongs_to_it(connection, small_county):
    from geodata.closures.closure import Closure, Direction, RoadSpan

    soft = Closure(
        "z1", 1, (RoadSpan("v1", Direction.BOTH, 0.0, 2000.0),), Window(NOW, None), "staffed", cause="epidemic"
    )
    import_closures(connection, [soft], NOW)
    filed = file(connection, small_county, report(5, barrier="concrete_block"))
    assert (filed.kept.case_id, filed.is_registered, filed.is_new_case) == ("z1", True, False)
    audit = run_audit(connection, small_county, at=NOW + timedelta(hours=1))
    assert [one.code for one in audit.findings] == ["K1", "K6"]


def test_a_place_four_hundred_metres_off_is_asked_about(connection, small_county):
    far = report(lon=VILLAGE_ROAD[0] + 0.0043)
    assert refusal(connection, small_county, far) == "report-far-from-road"
    filed = file(connection, small_county, report(lon=far.lon, is_sure=True))
    assert 390 < filed.kept.distance_m < 410


def test_a_place_beyond_two_kilometres_is_refused_however_sure(connection, small_county):
    far = report(lon=113.2, is_sure=True)
    assert refusal(connection, small_county, far) == "position-far-from-road"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"barrier": "height_bar"}, "report-barrier-unknown"),
        ({"source": "rumour"}, "report-source-unknown"),
        ({"lon": float("nan")}, "position-not-a-number"),
        ({"note": "长" * 501}, "report-note-too-long"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(connection, small_county, changes, code):
    assert refusal(connection, small_county, report(**changes)) == code


def test_one_reporter_cannot_send_reports_without_end(connection, small_county):
    for minutes in range(MOST_A_DAY):
        file(connection, small_county, report(minutes))
    assert refusal(connection, small_county, report(60)) == "report-too-many"
    file(connection, small_county, report(60, reporter="411399000002"))
    file(connection, small_county, report(25 * 60))


def test_reports_are_listed_newest_first_with_what_was_sent(connection, small_county):
    file(connection, small_county, report(photo="a" * 64, note="桥头"))
    file(connection, small_county, report(3))
    newest, first = list_reports(connection)
    assert (newest.observed_at - first.observed_at, first.note) == (timedelta(minutes=3), "桥头")
    assert list_reports(connection, case_id=first.case_id) == (newest, first)
    assert list_reports(connection, township="别处") == ()


def test_a_photo_is_its_reporters(connection, small_county):
    file(connection, small_county, report(photo="a" * 64))
    assert is_photo_of(connection, "a" * 64, reporter="411399000001")
    assert not is_photo_of(connection, "a" * 64, reporter="411399000002")
    assert not is_photo_of(connection, "b" * 64)
