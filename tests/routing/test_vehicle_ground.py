import pytest

from geodata.errors import BadInputError
from routing.trips.closed_loop import planner_on
from tests.trips import TRUCK, world_of


@pytest.fixture
def on_roads(small_county):
    world = world_of(small_county)
    return planner_on(world.engine, world.trip_map).on_roads_of(TRUCK)


def test_an_end_that_was_read_before_is_the_same_one(on_roads):
    assert on_roads.end("clinic", where="origin") is on_roads.end("clinic", where="destination")
    spot = {"lon": 113.01, "lat": 33.02, "name": "yard"}
    assert on_roads.end(spot, where="origin") is on_roads.end(dict(reversed(spot.items())), where="origin")


def test_what_is_wrong_with_an_end_is_told_each_time_with_its_place(on_roads):
    for where in ("origin", "via[0]"):
        with pytest.raises(BadInputError) as refused:
            on_roads.end("nowhere", where=where)
        assert (refused.value.code, refused.value.where) == ("place-unknown", where)


def test_true_is_no_number_though_it_equals_one(on_roads):
    with pytest.raises(BadInputError):
        on_roads.end({"lon": 113.01, "lat": True}, where="origin")
    with pytest.raises(BadInputError):
        on_roads.end({"lon": [113.01], "lat": 33.0}, where="origin")


def test_stations_are_those_that_the_vehicle_can_drive_up_to(on_roads):
    assert on_roads.stations("sampling_station") is on_roads.stations("sampling_station")
    assert on_roads.stations("no such kind") == ()
