from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from geodata.closures.closure import Closure, Direction, Observation, RoadSpan
from geodata.closures.near import HALF_BARRIER_M, REACH_TIME, barrier_span, case_of_sighting
from geodata.snapping import METRES_PER_DEGREE, RoadIndex, RoadPoint
from geodata.windows import Window
from tests.closure_cases import NOON, WEST, class_network, latitude

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
EVERY_ROAD = np.ones(NETWORK.road_count, dtype=np.bool_)


def point_on(road_id: str, along_m: float) -> RoadPoint:
    step = METRES_PER_DEGREE * np.cos(np.radians(33.07))
    return INDEX.snap(WEST + along_m / step, latitude(road_id), usable=EVERY_ROAD)


def mound(along_m: float, *, blockage: str = "b1", road_id: str = "v", age: timedelta = timedelta(hours=1), **changes):
    seen = Observation(NOON - age, "blocked", "driver", "earth_mound")
    closure = Closure(blockage, 1, (barrier_span(point_on(road_id, along_m), NETWORK),), None, observations=(seen,))
    return replace(closure, **changes)


def case(*closures: Closure, along_m: float = 1000.0, road_id: str = "v") -> str | None:
    found = case_of_sighting(closures, INDEX, point_on(road_id, along_m), at=NOON)
    return found and found.id


def test_a_barrier_takes_a_few_metres_of_the_road_in_both_directions():
    span = barrier_span(point_on("v", 1000.0), NETWORK)
    assert (span.road_id, span.direction) == ("v", Direction.BOTH)
    assert span.to_m - span.from_m == pytest.approx(2 * HALF_BARRIER_M, abs=0.1)


@pytest.mark.parametrize("along_m", [0.0, 3.0, 2800.0])
def test_a_barrier_at_the_end_of_a_road_stays_on_it(along_m):
    span = barrier_span(point_on("v", along_m), NETWORK)
    whole_m = float(NETWORK.length_m[NETWORK.road_index["v"]])
    assert 0.0 <= span.from_m < span.to_m <= whole_m


def test_a_sighting_near_a_blockage_is_of_it():
    assert case(mound(1050.0)) == "b1"


def test_a_sighting_farther_than_a_hundred_metres_is_another_case():
    assert case(mound(1000.0 + 100.0 + HALF_BARRIER_M + 5.0)) is None


def test_a_sighting_a_day_later_is_another_case():
    assert case(mound(1000.0, age=REACH_TIME)) == "b1"
    assert case(mound(1000.0, age=REACH_TIME + timedelta(seconds=1))) is None


def test_a_blockage_seen_open_since_is_another_case():
    opened = Observation(NOON - timedelta(minutes=5), "open", "inspection")
    known = mound(1000.0)
    assert case(replace(known, observations=(*known.observations, opened))) is None


def test_the_nearest_blockage_is_meant():
    assert case(mound(920.0, blockage="far"), mound(1030.0, blockage="near")) == "near"


def closure_in(window: Window) -> Closure:
    return Closure("z1", 1, (RoadSpan("v", Direction.BOTH, 950.0, 1400.0),), window)


def test_a_registered_closure_in_force_comes_before_a_blockage():
    registered = closure_in(Window(NOON - timedelta(hours=1), None))
    assert case(mound(1000.0), registered) == "z1"


def test_a_registered_closure_that_is_over_is_not_meant():
    assert case(closure_in(Window(NOON - timedelta(days=2), NOON - timedelta(hours=1)))) is None


def test_a_blockage_on_a_road_that_is_gone_is_not_meant():
    assert case(mound(1000.0, extent=(RoadSpan("gone", Direction.BOTH, 0.0, 9.0),))) is None
