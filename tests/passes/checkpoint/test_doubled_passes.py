"""A pass shown where its truck cannot be yet is found, and no honest truck is suspected (X1)."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from geodata.snapping import RoadIndex
from passes.checkpoint.doubled_passes import CLOCK_ERROR, find_doubled, least_times
from passes.checkpoint.scan_register import Scan
from routing.engine import Engine
from tests.demo_world import AT, places_of, the_index, the_roads, the_settings

#: The large run once, by `-m long`.
TRIPS = [2_000, pytest.param(50_000, marks=pytest.mark.long)]


@pytest.fixture(scope="module")
def posts():
    return places_of("checkpoint")


@pytest.fixture(scope="module")
def least_time(posts):
    settings = the_settings()
    engine = Engine(the_roads().network, speeds_kmh=settings.speeds_kmh)
    return least_times(posts, engine, the_index(), vehicle=settings.vehicles["car"], at=AT)


def sight(number, checkpoint, after_s, key="k"):
    at = AT + timedelta(seconds=after_s)
    return Scan(
        f"{key}{number}-{after_s}", at, checkpoint, "c", "豫R12345", f"{number:012d}-1", "green", (), "let_pass"
    )


def honest_trip(chance, number, posts, least_time):
    """Drive past some checkpoints, at times 15 % faster than the map thinks, with clocks that are wrong."""
    way = chance.sample(posts, 4)
    at_s, half_error_s = chance.uniform(0, 86_400), CLOCK_ERROR.total_seconds() / 2
    times = [at_s]
    for one, next_one in pairwise(way):
        at_s += least_time(one.id, next_one.id) * chance.uniform(0.85, 2.5)
        times.append(at_s)
    return [
        sight(number, post.id, at + chance.uniform(-half_error_s, half_error_s))
        for post, at in zip(way, times, strict=True)
    ]


@pytest.mark.parametrize("trips", TRIPS)
def test_no_honest_truck_is_suspected(posts, least_time, trips):
    chance = random.Random(7)
    scans = [scan for number in range(trips) for scan in honest_trip(chance, number, posts, least_time)]
    chance.shuffle(scans)
    suspected = len(find_doubled(scans, least_time))
    print(f"\n{suspected} of {trips} honest trips are suspected")
    assert suspected <= trips / 1_000


@pytest.mark.parametrize("trips", TRIPS)
def test_every_copy_that_is_too_early_is_found(posts, least_time, trips):
    chance = random.Random(8)
    scans, copies = [], 0
    for number in range(trips):
        trip = honest_trip(chance, number, posts, least_time)
        here, elsewhere = trip[0], chance.choice([one for one in posts if one.id != trip[0].checkpoint])
        both = min(least_time(here.checkpoint, elsewhere.id), least_time(elsewhere.id, here.checkpoint))
        latest = 0.7 * both - 2 * CLOCK_ERROR.total_seconds()
        if latest <= 0:
            continue
        copies += 1
        after_s = (here.at - AT).total_seconds() + chance.uniform(0, latest)
        scans += [here, sight(number, elsewhere.id, after_s, key="copy")]
    found = find_doubled(scans, least_time)
    print(f"\n{copies} copies")
    assert copies > trips / 2
    assert {one.first.number for one in found} == {scan.number for scan in scans}


def test_at_once_in_two_places_is_found_whichever_came_first(posts, least_time):
    near, far = posts[0], max(posts, key=lambda one: least_time(posts[0].id, one.id))
    for order in ((near, far), (far, near)):
        (found,) = find_doubled([sight(1, order[0].id, 0), sight(1, order[1].id, 1)], least_time)
        assert (found.first.checkpoint, found.between_s) == (order[0].id, 1)


def test_twice_at_one_checkpoint_is_one_truck_that_was_looked_at_twice(posts, least_time):
    assert find_doubled([sight(1, posts[0].id, 0), sight(1, posts[0].id, 5)], least_time) == ()


def test_a_truck_without_a_pass_is_not_compared(posts, least_time):
    scans = [Scan("a", AT, posts[0].id, "c", "豫R12345", "", "none", (), "guided")]
    assert (
        find_doubled([*scans, Scan("b", AT, posts[1].id, "c", "豫R12345", "", "none", (), "guided")], least_time) == ()
    )


def test_an_unknown_checkpoint_proves_nothing(least_time, posts):
    assert find_doubled([sight(1, posts[0].id, 0), sight(1, "elsewhere", 1)], least_time) == ()


def test_closures_do_not_make_a_truck_suspect(small_county):
    from geodata.closures.closing import Closing
    from geodata.closures.closure import Direction

    network = small_county.network
    settings = small_county.settings
    free = Engine(network, speeds_kmh=settings.speeds_kmh)
    road = network.road_index["n1"]
    shut = free.snapshot(closings=[Closing("C-1", road, Direction.BOTH, 0.0, float(network.length_m[road]))])
    posts = [small_county.places.by_id[name] for name in ("check", "east")]
    car = settings.vehicles["car"]
    index = RoadIndex(network)
    open_times, shut_times = (least_times(posts, one, index, vehicle=car, at=AT) for one in (free, shut))
    assert open_times("check", "east") == shut_times("check", "east") > 0
