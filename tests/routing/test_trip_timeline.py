from geodata.snapping import RoadPoint
from routing.route import Route
from routing.trips.timeline import Halt, time_stops
from routing.trips.trip import StopKind
from tests.trips import START, minutes, place

SPOT = RoadPoint(0, 5.0, 30.0, 113.0, 33.0)


def test_a_stop_at_a_place_has_the_places_own_position_and_name():
    halt = Halt(StopKind.ORIGIN, "asked for", SPOT, place("yard", "hub", 113.1, 33.1, name="货场"))
    (stop,) = time_stops([halt], [], START)
    assert (stop.name, stop.lon, stop.lat, stop.place_id) == ("货场", 113.1, 33.1, "yard")


def test_a_stop_at_a_bare_position_has_its_label_and_the_point_on_the_road():
    (stop,) = time_stops([Halt(StopKind.ORIGIN, "路口", SPOT)], [], START)
    assert (stop.name, stop.lon, stop.lat, stop.place_id) == ("路口", 113.0, 33.0, "")


def test_driving_counts_in_whole_seconds_rounded_up():
    halts = [Halt(StopKind.ORIGIN, "a", SPOT, dwell_min=10), Halt(StopKind.DESTINATION, "b", SPOT, dwell_min=5)]
    _, stop = time_stops(halts, [Route((), 100.0, 59.001)], START)
    assert (stop.arrive_at, stop.leave_at) == (START + minutes(11), START + minutes(16))
