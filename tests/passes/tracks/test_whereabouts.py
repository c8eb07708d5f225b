"""Where a truck is on its route: never said to be past a road while anybody may doubt it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.windows import format_instant
from passes.tracks.whereabouts import SCAN, STOP, TRACK, Sight, where_on
from tests.pass_applications import NOW

MINUTE = timedelta(minutes=1)
#: Some 18.6 km to the east and back by the same road, 20 minutes each way; the checkpoint lies half way.
WEST, HALF, EAST = (113.0, 33.0), (113.1, 33.0), (113.2, 33.0)
LENGTH_M = 37_300.0
THERE_AND_BACK = {
    "geometry": [list(WEST), list(HALF), list(EAST), list(HALF), list(WEST)],
    "distance_m": LENGTH_M,
    "duration_s": 2400.0,
    "depart_at": format_instant(NOW),
    "stops": [{"place": "", "lon": lon, "lat": lat} for lon, lat in (WEST, EAST, WEST)],
    "checkpoints": [{"place": "half", "along_m": LENGTH_M / 4}, {"place": "half", "along_m": 3 * LENGTH_M / 4}],
}
THERE = {**THERE_AND_BACK, "geometry": [list(WEST), list(HALF), list(EAST)], "distance_m": LENGTH_M / 2}


def seen(lon, minutes, source=TRACK, lat=33.0, within_m=0.0):
    return Sight(source, NOW + minutes * MINUTE, lonlat=(lon, lat), within_m=within_m)


def test_a_position_that_the_one_before_bears_out_is_sure():
    where = where_on(THERE, [seen(113.04, 4), seen(113.05, 5)])
    assert where.here_m == pytest.approx(LENGTH_M / 8, abs=5)
    assert where.low_m == pytest.approx(where.here_m - 150, abs=5)
    assert where.is_sure(NOW + 30 * MINUTE)
    assert (where.is_sure(NOW + 36 * MINUTE), where.is_one_place) == (False, True)


def test_there_and_back_by_one_road_is_told_apart_by_what_was_seen_before():
    out = [seen(113.0, 0), seen(113.05, 5), seen(113.1, 10)]
    assert where_on(THERE_AND_BACK, out).high_m < LENGTH_M / 2
    back = [*out, seen(113.2, 20), seen(113.15, 55), seen(113.1, 60)]
    assert where_on(THERE_AND_BACK, back).low_m > LENGTH_M / 2


def test_a_place_that_is_passed_twice_leaves_a_doubt():
    where = where_on(THERE_AND_BACK, [Sight(SCAN, NOW + 50 * MINUTE, "half")])
    assert (where.low_m, where.high_m) == (LENGTH_M / 4, 3 * LENGTH_M / 4)
    assert not where.is_sure(NOW + 50 * MINUTE)


@pytest.mark.parametrize(
    "sights",
    [
        [seen(113.05, 5)],
        [seen(113.04, 4), seen(113.05, 5, lat=33.02)],
        [seen(113.0, 0), seen(113.01, 1), seen(113.19, 1.5)],
        [seen(113.05, 5, STOP), Sight(SCAN, NOW + 6 * MINUTE, "elsewhere")],
        [],
    ],
)
def test_what_is_uncertain_tells_nothing(sights):
    assert where_on(THERE, sights) is None


def test_a_vague_position_puts_the_truck_no_farther_than_it_may_be():
    exact, vague = (where_on(THERE, [seen(113.1, 10), seen(113.11, 11, within_m=off_m)]) for off_m in (0.0, 450.0))
    assert vague.low_m == pytest.approx(exact.low_m - 450, abs=10)


def test_the_newest_source_wins():
    scan = Sight(SCAN, NOW + 12 * MINUTE, "half")
    track = [seen(113.05, 5), seen(113.09, 9)]
    assert where_on(THERE, [*track, scan]).source == SCAN
    assert where_on(THERE, [*track, scan, seen(113.11, 13)]).source == TRACK
