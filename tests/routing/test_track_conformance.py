"""Kept, left, or cannot tell: on simulated tracks by numbers, and case by case (story 11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
import shapely

from routing.tracks.allowed import AllowedStop, AllowedTrip
from routing.tracks.conformance import judge_loop
from routing.tracks.screening import beside, screen_line
from routing.tracks.track import Fix
from tests.simulated_tracks import LONGEST_GAP, SPEED_MPS, START, World, resampled


@pytest.fixture(scope="module")
def world():
    return World()


def shares(world, count, *, every_m, leaves):
    chance = Random(f"{every_m} {leaves}")
    told = Counter(
        world.judge(world.drive(chance, leaves=leaves), chance, every_m=every_m).verdict for _ in range(count)
    )
    return told["left"] / count, told["cannot_tell"] / count


def check_shares(world, count):
    for every_m, least in ((250.0, 0.95), (1_000.0, 0.85)):
        found, _ = shares(world, count, every_m=every_m, leaves=True)
        false, unsure = shares(world, count, every_m=every_m, leaves=False)
        print(f"\n{every_m:.0f} m, {count} each: found {found:.1%}, false alarms {false:.1%}, cannot tell {unsure:.1%}")
        assert found >= least
        assert false <= 0.02


def test_departures_are_found_and_alarms_are_seldom_false(world):
    check_shares(world, 20)


@pytest.mark.long
def test_departures_are_found_and_alarms_are_seldom_false_on_many_tracks(world):
    check_shares(world, 1_000)


LANE = np.array([(0.0, 0.0), (3_000.0, 0.0), (6_000.0, 0.0)])


@pytest.fixture(scope="module")
def straight(world):
    """A route of six kilometres straight on, away from the streets, and how to judge a line against it."""
    shift = np.array(world.index.plane.to_metres(np.array((113.4, 33.0))))
    way = world.allowed(world.way(*world.corners[:2]))
    way = replace(way, line=screen_line(LANE + shift), speed_mps=SPEED_MPS)

    def judge(line, *, every_m=250.0, ended=False, ways=(way,), stops=(), change=lambda fixes: fixes):
        fixes = change(drive(world, np.array(line) + shift, every_m))
        trip = AllowedTrip(tuple(ways), stops, START, max(one.at for one in fixes) if ended else None)
        return judge_loop(fixes, trip, world.matcher, longest_gap=LONGEST_GAP)

    judge.way, judge.shift = way, shift
    return judge


def drive(world, line, every_m):
    spots = world.index.plane.to_degrees(resampled(line, every_m))
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(resampled(line, every_m), axis=0).T))])
    return [
        Fix(START + timedelta(seconds=float(along) / SPEED_MPS), float(lon), float(lat))
        for (lon, lat), along in zip(spots, steps, strict=True)
    ]


def test_a_truck_on_its_route_has_kept_to_it(straight):
    told = straight(LANE, ended=True)
    assert (told.verdict, told.departures, told.gaps) == ("kept", (), ())


def test_a_departure_tells_how_far_it_led_and_when(straight):
    aside = [(0, 0), (2_000, 0), (2_000, 1_000), (3_000, 1_000), (3_000, 0), (6_000, 0)]
    told = straight(aside)
    (departure,) = told.departures
    assert told.verdict == "left"
    assert departure.driven_m == pytest.approx(2_900, abs=300)
    assert departure.farthest_m == pytest.approx(1_000, abs=10)
    assert START + timedelta(minutes=2) < departure.from_at < START + timedelta(minutes=4)


def test_the_parallel_road_80_m_away_is_another_road(straight):
    assert straight(LANE + np.array([0, 80])).verdict == "left"
    assert straight(LANE + np.array([0, 30])).verdict == "kept"


def test_one_position_outside_is_the_phones_error(straight):
    def wrong(fixes):
        return [*fixes[:9], replace(fixes[9], lat=fixes[9].lat + 0.001), *fixes[10:]]

    assert straight(LANE, change=wrong).verdict == "kept"


def test_a_jump_of_five_kilometres_says_nothing(straight):
    def jump(fixes):
        return [*fixes[:9], replace(fixes[9], lat=fixes[9].lat + 0.045), *fixes[10:]]

    assert straight(LANE, change=jump).verdict == "kept"


def without(minutes):
    """Leave out the positions between two minutes of the trip."""
    low, high = (START + timedelta(minutes=one) for one in minutes)
    return lambda fixes: [one for one in fixes if not low < one.at < high]


def test_out_of_a_tunnel_when_it_should_be_a_truck_has_kept_to_its_route(straight, world):
    line = LANE * 6
    way = replace(straight.way, line=screen_line(line + straight.shift))
    told = straight(line, ways=(way,), change=without((5, 35)), ended=True)
    assert (told.verdict, told.gaps) == ("kept", ())


def test_a_silence_longer_than_the_way_takes_leaves_it_open(straight):
    def silent(fixes):
        late = [
            replace(one, at=one.at + timedelta(minutes=22)) for one in fixes if one.at > START + timedelta(minutes=3)
        ]
        return [one for one in fixes if one.at <= START + timedelta(minutes=3)] + late

    told = straight(LANE, change=silent)
    (gap,) = told.gaps
    assert (told.verdict, gap.minutes) == ("cannot_tell", 22)


def test_a_silence_at_a_stop_of_the_trip_is_no_gap(straight):
    def stand(fixes):
        return [
            one if one.at < START + timedelta(minutes=3) else replace(one, at=one.at + timedelta(minutes=30))
            for one in fixes
        ]

    place = straight.shift + np.array([2_500, 0])
    stop = AllowedStop(float(place[0]), float(place[1]), timedelta(minutes=45))
    assert straight(LANE, change=stand, stops=(stop,)).verdict == "kept"
    assert straight(LANE, change=stand, stops=(replace(stop, stay=timedelta(minutes=10)),)).verdict == "cannot_tell"


def test_without_positions_at_either_end_nobody_can_tell(straight):
    assert straight(LANE, change=without((-1, 3)), ended=True).verdict == "cannot_tell"
    assert (
        straight(LANE, change=lambda fixes: [one for one in fixes if one.at < START + timedelta(minutes=4)]).gaps == ()
    )


def test_no_position_at_all_leaves_it_open(world, straight):
    trip = AllowedTrip((straight.way,), (), START, START + timedelta(hours=1))
    told = judge_loop([], trip, world.matcher, longest_gap=LONGEST_GAP)
    assert (told.verdict, told.gaps[0].minutes, told.used) == ("cannot_tell", 60, 0)


def test_a_trip_that_was_re_routed_may_be_on_either_route_in_its_time(straight):
    line = np.array([(0.0, 0.0), (3_000.0, 0.0), (3_000.0, 3_000.0)])
    change = START + timedelta(seconds=2_500 / SPEED_MPS)
    other = replace(straight.way, line=screen_line(line + straight.shift), since=change)
    old = replace(straight.way, until=change)
    assert straight(line, ways=(old, other)).verdict == "kept"
    assert straight(line).verdict == "left"
    assert straight(LANE, ways=(old, other)).verdict == "left"


def test_vague_positions_say_nothing(straight):
    def vague(fixes):
        far = [replace(one, lat=one.lat + 0.002, accuracy_m=800.0) for one in fixes[8:11]]
        return [*fixes[:8], *far, *fixes[11:]]

    assert straight(LANE, change=vague).verdict == "kept"


def test_order_and_repetition_change_nothing(straight):
    aside = [(0, 0), (2_000, 0), (2_000, 1_000), (3_000, 1_000), (3_000, 0), (6_000, 0)]
    mixed = straight(aside, change=lambda fixes: [*fixes[10:], *fixes[:15]])
    assert mixed == straight(aside)


def test_the_screen_measures_as_plain_geometry_does(world):
    chance = np.random.default_rng(5)
    line = np.cumsum(chance.normal(0, 80, (200, 2)), axis=0)
    spots = chance.uniform(-1_500, 1_500, (500, 2))
    expected = shapely.distance(shapely.LineString(line), shapely.points(spots))
    gaps, along = beside(screen_line(line), spots)
    np.testing.assert_allclose(gaps, expected, atol=1e-6)
    back = shapely.line_interpolate_point(shapely.LineString(line), along)
    np.testing.assert_allclose(shapely.distance(back, shapely.points(spots)), expected, atol=1e-6)


def test_there_and_back_over_one_road_is_followed_along(world):
    line = screen_line(np.array([(0.0, 0.0), (2_000.0, 0.0), (0.0, 0.0)]))
    spots = np.array([(x, 5.0) for x in [*range(0, 2_000, 100), *range(1_950, 0, -100)]])
    _, along = beside(line, spots, enough_m=20.0)
    assert (np.diff(along) > 0).all()
