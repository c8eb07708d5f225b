"""A track is matched to the roads driven; passing through a part is told only where the truck was seen there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.closures.closure import Direction
from routing.engine import Engine
from routing.tracks.matching import Matcher
from routing.tracks.passing import passed_through
from routing.tracks.track import Fix, track_of
from tests.pass_applications import NOW
from tests.track_driving import SPEED_MPS, drive, spot


@pytest.fixture
def matched(small_county):
    """Return a function that matches a drive and returns its stretches."""
    engine = Engine(small_county.network, speeds_kmh=small_county.settings.speeds_kmh)
    matcher = Matcher(small_county.road_index, engine, small_county.settings.vehicles["car"])
    return lambda fixes: matcher.match(track_of(fixes, small_county.road_index.plane))


def roads_of(small_county, stretches):
    return [[str(small_county.network.road_id[run.road]) for run in one.runs] for one in stretches]


def test_roads_are_found_in_the_order_driven(matched, small_county):
    stretches = matched(drive(spot("E"), spot("B"), spot("A"), spot("F"), start=NOW))
    assert roads_of(small_county, stretches) == [["n1", "n2", "v1"]]


def test_positions_out_of_order_twice_and_with_a_jump_are_mended(matched, small_county):
    fixes = drive(spot("B"), spot("A"), spot("C"), start=NOW)
    jump = Fix(fixes[5].at + timedelta(seconds=2), 113.2, 33.2)
    assert roads_of(small_county, matched((*fixes[::-1], *fixes[3:6], jump))) == [["n2", "c1"]]


def test_a_long_gap_cuts_the_track(matched, small_county):
    fixes = drive(spot("E"), spot("B"), spot("A"), start=NOW)
    late = [Fix(one.at + timedelta(hours=1), one.lon, one.lat) for one in fixes[-8:]]
    assert roads_of(small_county, matched((*fixes[:8], *late))) == [["n1"], ["n2"]]


def test_passing_through_a_part_is_told_with_its_time_and_way(matched, small_county):
    (stretch,) = matched(drive(spot("B"), spot("A"), spot("C"), start=NOW))
    n2 = small_county.network.road_index["n2"]
    length = float(small_county.network.length_m[n2])
    at = passed_through(stretch, n2, part=(length / 2 - 10, length / 2 + 10), direction=Direction.BACKWARD)
    assert abs((at - NOW).total_seconds() - length / 2 / SPEED_MPS) < 10
    assert passed_through(stretch, n2, part=(0.0, length), direction=Direction.FORWARD) is None


def test_who_turned_before_the_part_did_not_pass_through(matched, small_county):
    (stretch,) = matched(drive(spot("A"), spot("A", "F", 0.4), spot("A"), spot("C"), start=NOW))
    v1 = small_county.network.road_index["v1"]
    assert passed_through(stretch, v1, part=(1100.0, 1120.0)) is None
    assert passed_through(stretch, v1, part=(400.0, 420.0)) is None


def test_positions_too_far_apart_say_nothing(matched, small_county):
    stretches = matched(drive(spot("B"), spot("A"), spot("F"), start=NOW, every_m=2300.0))
    v1 = small_county.network.road_index["v1"]
    assert [passed_through(one, v1, part=(1100.0, 1120.0)) for one in stretches] in ([], [None])
