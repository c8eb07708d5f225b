"""Bursts of a phone: kept once whatever comes twice, late or wrong, and shown to the roads they passed (story 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.closures.register import import_closures, list_closures
from geodata.coordinates import to_gcj02
from geodata.errors import BadInputError
from passes.reports.road_reporting import RoadReport, file_report
from passes.tracks.burst_register import positions_of
from passes.tracks.track_burst import MOST_POINTS, read_burst
from passes.tracks.track_register import list_signs
from tests.closure_cases import HQ, closed, says
from tests.issuing_office import an_office
from tests.pass_applications import NOW
from tests.track_driving import drive
from tests.trip_driving import DEPART, Trip, document, points_of, spot

ARRIVED = DEPART + timedelta(minutes=5)


@pytest.fixture
def trip(small_county, tmp_path):
    with an_office(small_county, tmp_path) as office:
        yield Trip(office, small_county, tmp_path / "key")


@pytest.fixture
def points():
    return points_of(drive(spot("A"), spot("C"), start=DEPART))


def kept(trip):
    return positions_of(trip.connection, trip.number)


def test_a_burst_is_kept_once_whatever_comes_again(trip, points):
    first = trip.send(document(points[:6], sent_at=ARRIVED), ARRIVED)
    again = trip.send(document(points[:6], sent_at=ARRIVED), ARRIVED)
    longer = trip.send(document(points[3:], sent_at=ARRIVED), ARRIVED)
    assert (first.taken, again.taken, again.known) == (6, 0, 6)
    assert (longer.taken, longer.known) == (len(points) - 6, 3)
    assert len(kept(trip)) == len(points)


def test_bursts_in_any_order_give_one_track(trip, points):
    for part in (points[6:], points[:3], points[3:6]):
        trip.send(document(reversed(part), sent_at=ARRIVED), ARRIVED)
    assert [one.at.isoformat()[:22] for one in kept(trip)] == [one["at"][:22] for one in points]


def test_a_clock_that_is_wrong_is_set_right_by_the_office(trip, points):
    wrong = [{**one, "at": (DEPART - timedelta(hours=3)).isoformat()} for one in points[:1]]
    done = trip.send(document(wrong, sent_at=DEPART - timedelta(hours=3)), DEPART)
    assert done.clock_off_s == 3 * 3600
    assert kept(trip)[0].at == DEPART


def test_a_little_lateness_of_the_network_changes_no_time(trip, points):
    done = trip.send(document(points, sent_at=ARRIVED - timedelta(seconds=20)), ARRIVED)
    assert (done.clock_off_s, kept(trip)[0].at) == (0, DEPART)


def test_gcj02_is_undone(trip, points):
    shifted = [{**one, **dict(zip(("lon", "lat"), to_gcj02(one["lon"], one["lat"]), strict=True))} for one in points]
    trip.send(document(shifted, sent_at=ARRIVED, datum="gcj02"), ARRIVED)
    assert kept(trip)[0].lon == pytest.approx(points[0]["lon"], abs=2e-6)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lat": 91}, "point-unusable"),
        ({"lon": float("nan")}, "point-unusable"),
        ({"lon": "113"}, "point-unusable"),
        ({"lon": True}, "point-unusable"),
        ({"accuracy_m": -1}, "point-unusable"),
        ({"accuracy_m": 1e9}, "point-unusable"),
        ({"seq": -1}, "point-unusable"),
        ({"seq": "1"}, "point-unusable"),
        ({"at": "2022-07-01T09:00:00"}, "time-without-offset"),
        ({"at": None}, "time-unreadable"),
        ({"at": "2022-07-01T23:00:00+00:00"}, "point-in-future"),
        ({"at": "2022-06-01T00:00:00+00:00"}, "point-outside-pass"),
        ({"lon": 0, "lat": 0}, "point-too-far"),
    ],
)
def test_what_cannot_be_is_named_and_the_rest_is_taken(trip, points, changes, code):
    done = trip.send(document([*points[:3], {**points[3], **changes}, *points[4:]], sent_at=ARRIVED), ARRIVED)
    assert [one.code for one in done.refused] == [code]
    assert done.taken == len(points) - 1


def test_a_point_that_is_no_object_is_named_by_its_place(trip, points):
    done = trip.send(document([points[0], [1, 2]], sent_at=ARRIVED), ARRIVED)
    assert [(one.seq, one.code) for one in done.refused] == [(1, "point-unusable")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"track": "x"}, "burst-track-unusable"),
        ({"track": None}, "burst-track-unusable"),
        ({"points": []}, "burst-without-points"),
        ({"points": {}}, "burst-without-points"),
        ({"points": [{}] * (MOST_POINTS + 1)}, "burst-too-many-points"),
        ({"datum": "wgs-72"}, "burst-datum-unusable"),
        ({"sent_at": None}, "time-unreadable"),
    ],
)
def test_a_burst_that_cannot_be_read_is_refused_whole(points, changes, code):
    with pytest.raises(BadInputError) as refused:
        read_burst({**document(points, sent_at=ARRIVED), **changes}, at=ARRIVED)
    assert refused.value.code == code
    with pytest.raises(BadInputError):
        read_burst([], at=ARRIVED)


def test_a_recording_belongs_to_one_pass(trip, points, small_county):
    trip.send(document(points[:2], sent_at=ARRIVED), ARRIVED)
    other = Trip(trip.office, small_county, trip.key_file, vehicle={"plate": "豫R23456", "link": "contracted"})
    with pytest.raises(BadInputError) as refused:
        other.send(document(points[2:], sent_at=ARRIVED), ARRIVED)
    assert refused.value.code == "burst-track-unusable"


def test_a_truck_through_a_closure_is_told_once_over_many_bursts(trip, points):
    start, end = NOW - timedelta(hours=1), NOW + timedelta(hours=20)
    import_closures(trip.connection, [closed("c1", start=start, end=end, decisions=[says(HQ, at=start)])], start)
    for first in range(0, len(points), 3):
        trip.send(document(points[first : first + 3], sent_at=ARRIVED), ARRIVED)
    assert [(one.sign, one.who) for one in list_signs(trip.connection)] == [("through", "pass")]
    (closure,) = list_closures(trip.connection)
    assert [one.source for one in closure.observations] == ["track"]


def test_phones_through_a_reported_mound_make_it_doubtful(trip, points, small_county):
    at = DEPART - timedelta(minutes=5)
    file_report(trip.connection, RoadReport(at, "driver", "d", 113.02, 33.03, "earth_mound"), small_county, at=at)
    trip.send(document(points, sent_at=ARRIVED), ARRIVED)
    (case,) = list_closures(trip.connection)
    assert [one.source for one in case.observations] == ["driver", "track"]
