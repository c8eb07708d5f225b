"""Where a truck stood, and whether it was meant to stand there (story 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from routing.tracks.standing import away_from, standings
from routing.tracks.track import Fix
from tests.pass_applications import NOW
from tests.track_driving import drive, spot

LONG = timedelta(minutes=10)


@pytest.fixture
def stood(small_county):
    """From A to the middle of n2, a quarter of an hour there with a drifting phone, and on to B."""
    middle = spot("A", "B", 0.5)
    first = drive(spot("A"), middle, start=NOW)
    arrived = first[-1].at
    there = [
        Fix(arrived + timedelta(minutes=n), middle[0] + 0.0001 * (n % 3), middle[1] - 0.0001 * (n % 2))
        for n in range(1, 16)
    ]
    rest = drive(middle, spot("B"), start=there[-1].at)
    return standings([*first, *there, *rest], small_county.road_index.plane, longer_than=LONG)


def test_a_standing_tells_where_and_how_long(stood):
    (one,) = stood
    assert 15 <= one.minutes <= 17
    assert (one.lon, one.lat) == pytest.approx(spot("A", "B", 0.5), abs=0.0005)


def test_a_moving_truck_never_stands(small_county):
    fixes = drive(spot("A"), spot("B"), spot("D"), start=NOW)
    assert standings(fixes, small_county.road_index.plane, longer_than=LONG) == ()
    assert standings((), small_county.road_index.plane, longer_than=LONG) == ()


def test_only_places_away_from_the_allowed_ones_are_told(stood, small_county):
    plane = small_county.road_index.plane
    assert away_from(stood, [spot("A", "B", 0.501)], plane, within_m=150.0) == ()
    assert away_from(stood, [spot("A"), spot("B")], plane, within_m=150.0) == stood
    assert away_from(stood, [], plane, within_m=150.0) == stood
