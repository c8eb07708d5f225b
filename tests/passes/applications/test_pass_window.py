from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from geodata.closures.closing import Closing
from geodata.county import County
from geodata.policy_reading import load_profile
from passes.applications.check import CheckedApplication, check_application
from passes.applications.pass_window import PassWindow, closings_used, window_of
from routing.trips.trip import Trip
from tests.issuing_office import an_office, applied, closing, with_policy
from tests.pass_applications import NOW, when

DEPART = NOW + timedelta(hours=1)
FAR = NOW + timedelta(days=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def check(county: County, folder: Path, *closings: Closing) -> CheckedApplication:
    """Check a trip from the hospital to the firm, 2.2 km by c1 or 8.4 km by n2, c2 and c3."""
    folder.mkdir(exist_ok=True)
    with an_office(county, folder, closings=closings) as office:
        return check_application(applied(office), office, at=NOW)


def planned(county: County, folder: Path, *closings: Closing) -> tuple[list[str], PassWindow, Trip]:
    checked = check(county, folder, *closings)
    assert checked.findings == ()
    assert checked.trip is not None
    assert checked.window is not None
    return [str(county.network.road_id[leg.road]) for leg in checked.trip.legs], checked.window, checked.trip


def test_validity_starts_an_hour_before_departure_and_never_in_the_past(small_county: County, folder: Path) -> None:
    _, window, trip = planned(small_county, folder)
    policy = load_profile("fangcheng-2022").passes
    assert window.not_before == DEPART - timedelta(hours=1)
    later = DEPART - timedelta(minutes=20, microseconds=5)
    assert window_of(trip, policy, at=later).not_before == later.replace(microsecond=0)


def test_the_policys_most_hours_bound_the_end_and_the_reason_says_so(small_county: County, folder: Path) -> None:
    _, _, trip = planned(small_county, folder)
    policy = replace(load_profile("fangcheng-2022").passes, max_hours=2)
    window = window_of(trip, policy, at=NOW)
    assert (window.expires_at, window.because) == (NOW + timedelta(hours=2), "max-hours")


def test_a_closing_that_begins_within_the_grace_is_driven_round(small_county: County, folder: Path) -> None:
    _, _, plain = planned(small_county, folder / "plain")
    roads, window, trip = planned(
        small_county, folder, closing(small_county, "c1", plain.end_at + timedelta(minutes=1), FAR)
    )
    assert roads == ["n2", "c2", "c3"]
    assert window.because == "planned-end"
    assert trip.end_at < window.expires_at


def test_without_a_way_round_the_pass_ends_when_the_closing_begins(small_county: County, folder: Path) -> None:
    _, _, plain = planned(small_county, folder / "plain")
    start = plain.end_at.replace(microsecond=0) + timedelta(minutes=9)
    closings = [closing(small_county, road, start, FAR) for road in ("c1", "n2")]
    roads, window, _ = planned(small_county, folder, *closings)
    assert roads == ["c1"]
    assert (window.expires_at, window.because) == (start, "closure-begins")


def test_a_closing_that_ends_before_departure_delays_the_start_of_validity(small_county: County, folder: Path) -> None:
    end = DEPART - timedelta(minutes=7)
    roads, window, _ = planned(small_county, folder, closing(small_county, "c1", NOW - timedelta(days=1), end))
    assert roads == ["c1"]
    assert window.not_before == end


def test_a_closing_after_the_pass_or_of_another_road_changes_nothing(small_county: County, folder: Path) -> None:
    _, plain, _ = planned(small_county, folder / "plain")
    after = closing(small_county, "c1", plain.expires_at, FAR)
    other = closing(small_county, "v1", NOW - timedelta(days=1), FAR)
    assert planned(small_county, folder, after, other)[1] == plain


def test_a_closing_that_lets_pass_holders_through_changes_nothing(small_county: County, folder: Path) -> None:
    _, plain, _ = planned(small_county, folder / "plain")
    through = closing(small_county, "c1", NOW, FAR, lets_pass_holders_through=True)
    assert planned(small_county, folder, through)[1] == plain


def test_a_closing_during_the_trip_that_cuts_every_way_leaves_no_route(small_county: County, folder: Path) -> None:
    during = [closing(small_county, road, DEPART + timedelta(minutes=5), FAR) for road in ("c1", "c3")]
    (finding,) = check(small_county, folder, *during).findings
    assert (finding.code, finding.facts["proven"]) == ("no-route", True)


def test_only_closings_on_the_way_at_the_time_are_used(small_county: County, folder: Path) -> None:
    with an_office(small_county, folder) as office:
        checked = check_application(applied(office), office, at=NOW)
    assert checked.trip is not None
    assert checked.request is not None
    hit = closing(small_county, "c1", DEPART, FAR)
    engine = office.engine.snapshot(closings=[hit, closing(small_county, "n2", DEPART, FAR)])
    window = PassWindow(NOW, DEPART + timedelta(minutes=1), "").window
    assert closings_used(checked.trip, engine, vehicle=checked.request.vehicle, window=window) == (hit,)
    before = PassWindow(NOW, DEPART, "").window
    assert closings_used(checked.trip, engine, vehicle=checked.request.vehicle, window=before) == ()


def test_whole_seconds_only(small_county: County, folder: Path) -> None:
    odd = NOW + timedelta(microseconds=700_001)
    with an_office(small_county, folder) as office:
        checked = check_application(applied(office, depart_at=when(minutes=-30, microseconds=-1)), office, at=odd)
    assert checked.window is not None
    times: tuple[datetime, ...] = (checked.window.not_before, checked.window.expires_at)
    assert [one.microsecond for one in times] == [0, 0]
    assert checked.window.not_before <= odd


def test_a_policy_of_no_hours_lets_no_trip_pass(small_county: County, folder: Path) -> None:
    policy = load_profile("fangcheng-2022")
    with an_office(small_county, folder) as office:
        none = with_policy(office, replace(policy, passes=replace(policy.passes, max_hours=0)))
        checked = check_application(applied(none), none, at=NOW)
    assert [one.code for one in checked.findings] == ["trip-too-long"]
