"""Areas that let no public traffic through are closed for it and open for pass holders, both at once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from geodata.areas import Area
from geodata.county_settings import CountySettings, read_settings
from geodata.policy_reading import profile_text
from geodata.snapping import RoadIndex
from geodata.windows import Window
from routing.area_closings import area_closings
from routing.engine import Ask, Engine
from routing.route import NoRoute, Route
from tests.conftest import small_network
from tests.networks import on_road, roads_of
from tests.routing.oracle import CAR, SPEEDS

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
NETWORK = small_network()
INDEX = RoadIndex(NETWORK)
#: Covers C, the upper left corner of the small county, and half of c1 and c3.
CORNER = shapely.box(113.01, 33.03, 113.035, 33.05)


def settings(profile: str = "animal-disease", **changes: str) -> CountySettings:
    document = tomllib.loads(profile_text(profile))
    for kind in document["area_kind"].values():
        kind.update(changes)
    return read_settings({"area_code": "411322", **document}, where="county.toml")


def drive(area: Area, rules: CountySettings, ends: tuple[tuple[str, float], ...], **further) -> list[str] | NoRoute:
    engine = Engine(NETWORK, speeds_kmh=SPEEDS, closings=area_closings([area], rules, INDEX))
    points = [on_road(NETWORK, road, share * NETWORK.length_m[NETWORK.road_index[road]]) for road, share in ends]
    route = engine.route(Ask(*points, CAR, NOW, **further))
    return roads_of(NETWORK, route.legs) if isinstance(route, Route) else route


ZONE = Area("z1", "疫区", "infected_zone", CORNER, Window(NOW - timedelta(hours=1)))
NO_BUFFER = settings(buffer_km=0)
PREMISES = replace(ZONE, id="p1", kind="infected_premises")
INTO, THROUGH, WITHIN = (("c1", 0.1), ("c3", 0.1)), (("c1", 0.1), ("c2", 0.9)), (("c1", 0.9), ("c3", 0.1))


def test_the_public_stops_at_the_edge_and_a_pass_holder_goes_in():
    assert drive(ZONE, NO_BUFFER, INTO) == NoRoute("no-route", ("area:z1",), proven=True)
    assert drive(ZONE, NO_BUFFER, INTO, holder="pass") == ["c1", "c3"]


def test_the_public_goes_round_and_a_pass_holder_through():
    assert drive(ZONE, NO_BUFFER, THROUGH) == ["-c1", "n2", "c2"]
    assert drive(ZONE, NO_BUFFER, (("c1", 0.1), ("c3", 0.9)), holder="pass") == ["c1", "c3"]


def test_who_is_inside_moves_there_freely_unless_a_pass_is_asked_for_inside():
    assert drive(ZONE, NO_BUFFER, WITHIN) == ["c1", "c3"]
    assert isinstance(drive(PREMISES, NO_BUFFER, WITHIN), NoRoute)
    assert drive(PREMISES, NO_BUFFER, WITHIN, holder="pass") == ["c1", "c3"]


@pytest.mark.parametrize("window", [Window(NOW - timedelta(hours=2), NOW), Window(NOW + timedelta(hours=5))])
def test_an_area_counts_in_its_window_only(window):
    assert drive(replace(ZONE, window=window), NO_BUFFER, INTO) == ["c1", "c3"]


def test_the_buffer_of_its_kind_belongs_to_an_area():
    small = replace(ZONE, polygon=shapely.box(113.0199, 33.0399, 113.0201, 33.0401))
    assert len(area_closings([small], settings(buffer_km=0), INDEX)) == 2
    assert len(area_closings([small], settings(buffer_km=1), INDEX)) == 2
    wide = area_closings([small], settings(buffer_km=2.5), INDEX)
    assert {str(NETWORK.road_id[one.road]) for one in wide} >= {"n2", "v1"}


@pytest.mark.parametrize("changes", [{"transit": "free"}, {"passes_required_for": "none"}])
def test_an_area_that_holds_nobody_at_its_edge_closes_nothing(changes):
    assert area_closings([ZONE], settings(buffer_km=0, **changes), INDEX) == ()


def test_the_first_profile_lets_the_public_drive_through():
    emergency = replace(ZONE, kind="emergency")
    assert area_closings([emergency], settings("fangcheng-2022"), INDEX) == ()


def test_a_township_closes_nothing():
    assert area_closings([replace(ZONE, kind="township")], NO_BUFFER, INDEX) == ()
