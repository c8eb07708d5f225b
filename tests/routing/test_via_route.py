"""Plain routes over via points, from and to places of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.windows import Window
from routing.engine import Engine
from routing.route import NoRoute
from routing.trips.ends import resolve_end
from routing.trips.trip import trip_map_of
from routing.via_route import ViaAsk, alternatives_over, route_over
from tests.networks import roads_of
from tests.routing.oracle import CAR

NOW = datetime(2022, 7, 1, tzinfo=UTC)


def route(county, *stops: str, closings=()):
    trip_map, network = trip_map_of(county), county.network
    engine = Engine(network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
    usable = engine.usable_roads(CAR)
    ends = tuple(resolve_end(stop, trip_map, usable=usable, where=stop) for stop in stops)
    return route_over(engine, trip_map, ViaAsk(ends, CAR, NOW))


def names(county, *stops: str, closings=()) -> list[str]:
    return roads_of(county.network, route(county, *stops, closings=closings).legs)


def test_a_via_point_on_the_way_changes_nothing(small_county):
    assert names(small_county, "clinic", "check", "east") == names(small_county, "clinic", "east") == ["n2", "n1"]


def test_a_stage_that_cannot_be_driven_says_why(small_county):
    closed = Closing("mound", small_county.network.road_index["v1"], Direction.BOTH, 10.0, 10.0)
    found = route(small_county, "clinic", "village", "park", closings=[closed])
    assert found == NoRoute("no-route", ("mound",), proven=True)


def test_a_later_stage_leaves_when_the_one_before_arrives(small_county):
    over = Window(NOW - timedelta(hours=1), NOW + timedelta(seconds=60))
    closed = Closing("brief", small_county.network.road_index["c1"], Direction.BOTH, 0.0, 100.0, over)
    assert names(small_county, "clinic", "dock", closings=[closed]) == ["n2", "c2", "-c3"]
    assert names(small_county, "village", "clinic", "dock", closings=[closed]) == ["-v1", "c1"]


def test_places_outside_stand_for_an_entry_point(small_county):
    assert names(small_county, "410100 郑州市", "clinic") == ["-n1", "-n2"]


def test_no_choice_of_points_with_a_route_is_told_as_no_route(small_county):
    closed = Closing("edge", small_county.network.road_index["n1"], Direction.BOTH, 0.0, 100.0)
    assert route(small_county, "clinic", "410100 郑州市", closings=[closed]) == NoRoute(
        "no-route", ("edge",), proven=True
    )


def test_alternatives_over_via_points_are_the_one_route(small_county):
    trip_map = trip_map_of(small_county)
    engine = Engine(small_county.network, speeds_kmh=small_county.settings.speeds_kmh)
    usable = engine.usable_roads(CAR)
    ends = tuple(resolve_end(one, trip_map, usable=usable, where=one) for one in ("clinic", "village", "park"))
    assert len(alternatives_over(engine, trip_map, ViaAsk(ends, CAR, NOW), count=3)) == 1
