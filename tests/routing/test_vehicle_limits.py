"""Which roads a vehicle may use, and how long it takes."""

from __future__ import annotations

import pytest

from geodata.errors import BadInputError
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from routing.vehicle_limits import arc_duration_ms, usable_arcs
from tests.networks import Road, make_network

SPEEDS = {**dict.fromkeys(RoadClass, 50.0), RoadClass.VILLAGE: 30.0}
TRUCK = Vehicle(access="truck", max_kmh=80.0, gross_weight_kg=18_000.0, height_m=4.0, width_m=2.55)


def usable(road: Road, vehicle: Vehicle) -> list[bool]:
    return usable_arcs(make_network([road]), vehicle)[0].tolist()


def duration_ms(road: Road, vehicle: Vehicle) -> list[int]:
    return arc_duration_ms(make_network([road]), vehicle, SPEEDS)[0].tolist()


def test_access_counts_by_kind_of_vehicle_and_direction():
    road = Road("a", "A", "B", access=(1, 2))
    assert usable(road, Vehicle(access="car")) == [True, False]
    assert usable(road, Vehicle(access="truck")) == [False, True]


@pytest.mark.parametrize("limit", [{"max_weight_kg": 18_000.0}, {"max_height_m": 4.0}, {"max_width_m": 2.55}])
def test_a_limit_is_inclusive(limit):
    assert usable(Road("bridge", "A", "B", **limit), TRUCK) == [True, True]


@pytest.mark.parametrize("limit", [{"max_weight_kg": 17_999.0}, {"max_height_m": 3.99}, {"max_width_m": 2.54}])
def test_a_vehicle_beyond_a_limit_may_not_use_the_road(limit):
    assert usable(Road("bridge", "A", "B", **limit), TRUCK) == [False, False]


def test_a_size_that_is_not_known_is_excluded_by_no_limit():
    assert usable(Road("bridge", "A", "B", max_weight_kg=1.0), Vehicle(access="car")) == [True, True]


def test_an_unknown_kind_of_vehicle_is_refused():
    with pytest.raises(BadInputError, match="vehicle-access-unknown"):
        usable(Road("a", "A", "B"), Vehicle(access="ship"))


def test_the_signed_limit_counts_before_the_class_and_direction_by_direction():
    road = Road("a", "A", "B", 1000.0, road_class=RoadClass.VILLAGE, kmh=(60.0, 0.0))
    assert duration_ms(road, TRUCK) == [60_000, 120_000]


def test_no_vehicle_is_faster_than_its_top_speed():
    road = Road("a", "A", "B", 1000.0, kmh=(100.0, 100.0))
    assert duration_ms(road, Vehicle(max_kmh=40.0)) == [90_000, 90_000]


def test_every_road_takes_a_millisecond_at_least():
    assert duration_ms(Road("a", "A", "B", 0.001), TRUCK) == [1, 1]


def test_a_vehicle_that_cannot_move_is_refused():
    with pytest.raises(BadInputError, match="vehicle-speed-not-positive"):
        duration_ms(Road("a", "A", "B"), Vehicle(max_kmh=0.0))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
@pytest.mark.parametrize("name", ["gross_weight_kg", "height_m", "width_m", "length_m", "axle_load_kg"])
def test_a_size_that_is_no_number_is_refused_and_no_leave_to_use_every_bridge(name, value):
    with pytest.raises(BadInputError, match="vehicle-value-not-a-number"):
        usable(Road("bridge", "A", "B", max_weight_kg=1.0), Vehicle(**{name: value}))


@pytest.mark.parametrize("speeds", [{}, {**SPEEDS, RoadClass.TRACK: 0.0}, {**SPEEDS, RoadClass.STREET: float("nan")}])
def test_a_class_without_a_speed_is_refused(speeds):
    with pytest.raises(BadInputError, match="speed-out-of-range"):
        arc_duration_ms(make_network([Road("a", "A", "B")]), TRUCK, speeds)
