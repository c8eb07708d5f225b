"""Places, areas and names of the demo county."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata.areas import TOWNSHIP
from geodata.demo.facts import demo_text, read_demo_json, townships
from geodata.places import PlaceKind
from geodata.road_distances import distance_to_roads_m
from geodata.snapping import FARTHEST_M
from routing.engine import Engine
from tests.demo_world import AT, places_of, the_areas, the_index, the_places, the_roads, the_settings

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fangcheng"
NEIGHBOURS = {"南召", "社旗", "叶县", "舞钢", "泌阳", "鲁山", "宛城", "卧龙"}
shared_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared name lists are not here")


def kilometres(place: object, others: list[object]) -> float:
    here = np.array([place.lon, place.lat])
    there = np.array([(one.lon, one.lat) for one in others])
    return float(np.sqrt((((there - here) * np.array([93.0, 111.2])) ** 2).sum(axis=1)).min())


def area_named(name: str) -> shapely.Geometry:
    return next(area.polygon for area in the_areas() if area.name == name)


def test_twenty_seats_and_570_villages() -> None:
    kinds = Counter(place.kind for place in the_places())
    assert kinds[PlaceKind.TOWNSHIP_SEAT] == 20
    assert kinds[PlaceKind.VILLAGE] == 570


@shared_data
def test_names_and_codes_are_those_of_the_public_lists() -> None:
    with (SHARED / "fangcheng_townships.csv").open(encoding="utf-8-sig") as file:
        listed = {row["nbs_2023_code"]: row["name"] for row in csv.DictReader(file)}
    villages = json.loads((SHARED / "fangcheng_villages_570.json").read_text(encoding="utf-8-sig"))
    assert {one.code: one.name for one in townships()} == listed
    ours = {village.code: village.official_name for one in townships() for village in one.villages}
    assert ours == {village["code"]: village["name"] for village in villages}


@shared_data
def test_known_seats_lie_where_geonames_has_them() -> None:
    with (SHARED / "fangcheng_townships.csv").open(encoding="utf-8-sig") as file:
        known = {row["name"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file) if row["lon"]}
    seats = {place.name: (place.lon, place.lat) for place in places_of(PlaceKind.TOWNSHIP_SEAT)}
    assert len(known) == 11
    assert {name: seats[name] for name in known} == {
        name: pytest.approx(spot, abs=1e-6) for name, spot in known.items()
    }


def test_short_names_are_what_people_say() -> None:
    names = {place.name for place in places_of(PlaceKind.VILLAGE)}
    assert {"王庄村", "新华街社区"} <= names
    assert not any(name.endswith("委员会") for name in names)


def test_ids_are_unique() -> None:
    ids = [place.id for place in the_places()]
    assert len(ids) == len(set(ids))


def test_names_are_unique_but_for_villages() -> None:
    names = Counter(place.name for place in the_places() if place.kind != PlaceKind.VILLAGE)
    allowed = {name for name in names if "入县口" in name}
    assert [name for name, count in names.items() if count > 1 and name not in allowed] == []


def test_every_place_is_near_a_road_that_trucks_use() -> None:
    usable = Engine(the_roads().network, speeds_kmh=the_settings().speeds_kmh).usable_roads(
        the_settings().vehicles["truck"]
    )
    for place in the_places():
        assert the_index().snap(place.lon, place.lat, usable=usable).distance_m <= 300


def test_every_place_is_within_reach_of_some_road() -> None:
    positions = np.array([(place.lon, place.lat) for place in the_places()])
    assert distance_to_roads_m(the_roads().network, positions).max() < FARTHEST_M


def test_every_neighbour_has_an_entry_point() -> None:
    names = [place.name for place in places_of(PlaceKind.ENTRY_POINT)]
    assert {one for one in NEIGHBOURS if any(one in name for name in names)} == NEIGHBOURS


def test_expressways_have_an_entry_point_for_each_carriageway() -> None:
    names = [place.name for place in places_of(PlaceKind.ENTRY_POINT)]
    assert sum(name.endswith("(入)") for name in names) == sum(name.endswith("(出)") for name in names) == 4


def test_an_inbound_entry_point_lies_on_a_road_that_leads_in() -> None:
    network = the_roads().network
    everything = np.ones(network.road_count, dtype=bool)
    for place in places_of(PlaceKind.ENTRY_POINT):
        if place.name.endswith(("(入)", "(出)")):
            point = the_index().snap(place.lon, place.lat, usable=everything)
            starts = np.bincount(network.ends.reshape(-1))[network.ends[point.road]]
            assert starts.tolist()[0 if place.name.endswith("(入)") else 1] == 1


def test_about_thirty_enclosed_enterprises_have_one_receiving_point_each() -> None:
    firms = places_of(PlaceKind.ENTERPRISE)
    owners = Counter(place.owner for place in places_of(PlaceKind.RECEIVING_POINT))
    assert len(firms) == 30
    assert all(firm.enclosed for firm in firms)
    assert owners == Counter(firm.id for firm in firms)


def test_receiving_points_lie_at_their_enterprise_and_say_when_and_how_much() -> None:
    firms = {firm.id: firm for firm in places_of(PlaceKind.ENTERPRISE)}
    for point in places_of(PlaceKind.RECEIVING_POINT):
        assert kilometres(point, [firms[point.owner]]) < 0.2
        assert point.hours
        assert point.capacity_t_per_day > 0


def test_three_parks_hold_the_three_kinds_of_station() -> None:
    kinds = (PlaceKind.TRANSFER_STATION, PlaceKind.HANDOVER_POINT, PlaceKind.SORTING_YARD)
    assert Counter(place.owner for place in places_of(*kinds)).most_common() == [
        (row["name"], 3) for row in read_demo_json("places.json")["parks"]
    ]


def test_the_railway_station_lies_in_the_emergency_area_and_another_hub_outside() -> None:
    area = area_named("城东应急管理地区")
    inside = {hub.name for hub in places_of(PlaceKind.HUB) if area.contains(shapely.Point(hub.lon, hub.lat))}
    assert inside == {"方城站"}
    assert len(places_of(PlaceKind.HUB)) == 2


@pytest.mark.parametrize(
    "kind", [PlaceKind.HOSPITAL, PlaceKind.FIRE_STATION, PlaceKind.REST_AREA, PlaceKind.CHECKPOINT]
)
def test_public_services_are_there(kind: PlaceKind) -> None:
    assert len(places_of(kind)) >= 2


def test_sampling_stations_are_well_spread() -> None:
    stations = places_of(PlaceKind.SAMPLING_STATION)
    assert max(kilometres(place, stations) for place in the_places()) < 15


def test_all_phones_are_of_nobody() -> None:
    assert {place.phone[:4] for place in the_places() if place.phone} == {"000-"}


def test_townships_share_out_the_county() -> None:
    polygons = [area.polygon for area in the_areas() if area.kind == TOWNSHIP]
    assert len(polygons) == 20
    assert all(polygon.is_valid for polygon in polygons)
    whole = shapely.union_all(polygons)
    assert sum(polygon.area for polygon in polygons) == pytest.approx(whole.area, rel=1e-6)
    assert shapely.get_parts(whole.buffer(1e-6)).size == 1


def test_villages_and_seats_lie_in_their_township() -> None:
    for place in places_of(PlaceKind.VILLAGE, PlaceKind.TOWNSHIP_SEAT):
        assert area_named(place.township).buffer(1e-6).contains(shapely.Point(place.lon, place.lat)), place.name


def test_an_emergency_area_and_a_risk_area_are_in_force() -> None:
    kinds = [area.kind for area in the_areas() if area.kind != TOWNSHIP and area.in_force(AT)]
    assert kinds == ["emergency", "risk"]


def test_the_emergency_area_is_two_townships() -> None:
    area = area_named("城东应急管理地区")
    assert area.area == pytest.approx(area_named("凤瑞街道").area + area_named("赭阳街道").area, rel=1e-6)


def test_people_of_a_township_are_those_of_its_places() -> None:
    people = {area.name: area.population for area in the_areas() if area.kind == TOWNSHIP}
    assert sum(people.values()) == sum(place.population or 0 for place in the_places())


def test_the_outline_has_about_the_size_of_the_county() -> None:
    assert the_roads().plan.outline.area / 1e6 == pytest.approx(2_540, rel=0.03)


def test_the_note_of_sources_names_every_data_file() -> None:
    text = demo_text("SOURCES.md")
    for name in ("facts.json", "course.json", "places.json", "enterprises.json", "closures.json"):
        assert name in text
        assert read_demo_json(name)


def test_no_data_file_names_unconfirmed_roads() -> None:
    for name in ("facts.json", "course.json", "places.json", "enterprises.json", "closures.json", "SOURCES.md"):
        assert not any(ref in demo_text(name) for ref in ("G234", "S103", "S239"))
