"""Tracks: traffic on a closed road, a prank that three of them contradict, trucks that turn back, and bad files (story 5)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from geodata.closures.closure import Closure, Observation
from geodata.closures.register import import_closures, list_closures
from geodata.closures.states import physical_state, routing_state
from geodata.errors import BadInputError, RowErrors
from passes.audit.audit import run_audit
from passes.audit.problems import list_problems
from passes.editions.issuing import issue_pass
from passes.reports.road_reporting import RoadReport, file_report
from passes.tracks.track_file import SentTrack, read_tracks
from passes.tracks.track_intake import TrackDesk
from passes.tracks.track_register import list_signs
from tests.closure_cases import HQ, closed, says
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW, when
from tests.track_driving import drive, spot

LATER = NOW + timedelta(hours=6)


@pytest.fixture
def office(small_county, tmp_path):
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


def take(office, small_county, *tracks, at=LATER):
    return TrackDesk(office.connection, small_county, office.engine, at).take(tracks)


def through_village_road(key, minutes, *, pass_number="", vehicle=""):
    start = NOW + timedelta(minutes=minutes)
    return SentTrack(key, pass_number, vehicle, drive(spot("B"), spot("A"), spot("F"), start=start))


def mound(office, small_county, minutes=0.0):
    at = NOW + timedelta(minutes=minutes)
    seen = RoadReport(at, "driver", f"d{minutes}", 113.02, 33.01, "earth_mound")
    return file_report(office.connection, seen, small_county, at=at).kept.case_id


def states(office, small_county, at=LATER):
    (case,) = list_closures(office.connection)
    settings = small_county.settings
    return routing_state(case, settings.policy_for, small_county.network, at), physical_state(case, at)


def checks(office, small_county, at=LATER):
    return {one.code for one in run_audit(office.connection, small_county, at=at).findings}


def register(office, road="v1", **more):
    start, end = NOW - timedelta(hours=1), NOW + timedelta(hours=20)
    decisions = [says(HQ, at=start)]
    import_closures(office.connection, [closed(road, start=start, end=end, decisions=decisions, **more)], start)


def test_a_prank_that_three_tracks_contradict_is_doubtful_and_open_again(office, small_county):
    mound(office, small_county)
    take(office, small_county, *(through_village_road(f"t{number}", 10 * number) for number in (1, 2)))
    assert states(office, small_county) == ("closed", "reported")
    take(office, small_county, through_village_road("t3", 30))
    assert states(office, small_county)[0] == "open"
    assert "K7" not in checks(office, small_county)


def test_a_doubtful_case_stays_on_the_list_until_a_person_has_looked(office, small_county):
    case = mound(office, small_county)
    take(office, small_county, *(through_village_road(f"t{number}", 10 * number) for number in (1, 2, 3)))
    (problem,) = list_problems(office.connection, small_county, at=LATER)
    assert (problem.check, problem.subject, problem.finding) == ("K7", case, None)
    seen = Observation(LATER, "open", "inspection")
    looked = Closure(case, 1, problem.closure.extent, None, observations=(seen,))
    import_closures(office.connection, [looked], LATER)
    assert list_problems(office.connection, small_county, at=LATER + timedelta(hours=1)) == ()


def test_the_same_file_again_changes_nothing(office, small_county):
    mound(office, small_county)
    tracks = [through_village_road("t1", 10)]
    assert take(office, small_county, *tracks).observations == 1
    again = take(office, small_county, *tracks)
    assert (again.taken, again.known, again.observations) == (0, 1, 0)


def test_traffic_on_a_closed_road_is_found(office, small_county):
    register(office)
    assert take(office, small_county, through_village_road("t1", 10)).passages == 1
    assert "K8" in checks(office, small_county)


def test_exempt_vehicles_and_let_through_passes_are_no_traffic(office, small_county, tmp_path):
    register(office, pass_holders="let_through", barrier="staffed")
    number = issue(office, tmp_path).number
    exempt = small_county.settings.policy.exempt_vehicles[0]
    done = take(
        office,
        small_county,
        through_village_road("t1", 70, pass_number=number),
        through_village_road("t2", 80, vehicle=exempt),
    )
    assert (done.taken, done.passages) == (2, 0)
    assert "K8" not in checks(office, small_county)
    assert take(office, small_county, through_village_road("t3", 90)).passages == 1
    assert "K8" in checks(office, small_county)


def issue(office, tmp_path, plate="豫R12345"):
    vehicle = {**applied_vehicle(), "plate": plate}
    application = applied(office, vehicle=vehicle, origin="clinic", destination="firm", depart_at=when(hours=-1))
    issued = issue_pass(application, office, key_file=tmp_path / "key", at=NOW)
    assert issued.record is not None, issued.checked.findings
    return issued.record


def applied_vehicle():
    return {"gross_weight_t": 18, "height_m": 3.8, "width_m": 2.5, "length_m": 9.6, "axles": 3, "link": "own"}


def turning(key, number, minutes):
    start = NOW + timedelta(minutes=60 + minutes)
    return SentTrack(key, number, "", drive(spot("A"), spot("A", "C", 0.5), spot("A"), spot("B"), start=start))


def test_one_truck_that_turns_back_is_a_sign_and_two_make_a_blockage(office, small_county, tmp_path):
    one = issue(office, tmp_path).number
    other = issue(office, tmp_path, plate="豫R23456").number
    assert take(office, small_county, turning("t1", one, 0)).turns == 1
    assert list_closures(office.connection) == ()
    take(office, small_county, turning("t2", one, 20))
    assert list_closures(office.connection) == ()
    take(office, small_county, turning("t3", other, 40))
    (case,) = list_closures(office.connection)
    assert (case.extent[0].road_id, case.observations[0].source) == ("c1", "track")
    assert "K7" in checks(office, small_county)


def test_a_truck_that_turns_at_a_reported_mound_confirms_it(office, small_county, tmp_path):
    number = issue(office, tmp_path).number
    seen = RoadReport(NOW, "driver", "d", *spot("A", "C", 0.52), "earth_mound")
    file_report(office.connection, seen, small_county, at=NOW)
    assert take(office, small_county, turning("t1", number, 0)).observations == 1
    assert list_signs(office.connection)[0].closure_id == list_closures(office.connection)[0].id


def test_a_truck_that_arrives_has_not_turned_back(office, small_county, tmp_path):
    number = issue(office, tmp_path).number
    fixes = drive(spot("A"), spot("C"), spot("A"), start=NOW + timedelta(minutes=60))
    assert take(office, small_county, SentTrack("t1", number, "", fixes)).turns == 0


def test_tracks_of_the_future_and_of_unknown_passes_are_refused(office, small_county):
    with pytest.raises(BadInputError, match="track-in-future"):
        take(office, small_county, through_village_road("t1", 10), at=NOW)
    with pytest.raises(BadInputError, match="track-pass-unknown"):
        take(office, small_county, through_village_road("t1", 10, pass_number="411399999999"))


def line(**changes):
    known = {"id": "t1", "positions": [[113.02, 33.01, when(hours=1)], [113.02, 33.02, when(hours=0)]]}
    return json.dumps({**known, **changes})


def test_a_file_is_read_whole_or_not_at_all():
    (track,) = read_tracks([line(), ""], where="f", exempt=("fire",))
    assert (track.key, len(track.fixes)) == ("t1", 2)
    wrong = [line(), line(), "{", line(id=""), line(id="a", vehicle="tank"), line(id="b", positions=[[1, 2]])]
    wrong.append(line(id="c", positions=[[113.0, 33.0, "2022-07-01T08:00:00"]] * 2))
    with pytest.raises(RowErrors) as refused:
        read_tracks(wrong, where="f", exempt=("fire",))
    codes = {(one.facts["row"], one.code) for one in refused.value.rows}
    assert {(2, "track-twice"), (3, "json-unreadable"), (4, "track-without-id"), (5, "track-vehicle-unknown")} < codes
    assert {row for row, _ in codes} == {2, 3, 4, 5, 6, 7}
