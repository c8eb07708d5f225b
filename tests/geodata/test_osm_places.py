"""Places of an OSM file, those without a name included."""

from __future__ import annotations

from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.osm.places import find_osm_places
from tests.osm_world import World, codes


def places(folder, world: World, country: str = "CN"):
    tally = ImportTally()
    extract = read_osm_file(world.write(folder / "w.osm"), tally)
    network = build_osm_network(extract, country=country, tally=tally).network
    return find_osm_places(extract, network, country=country, tally=tally), codes(tally.dropped)


def test_settlements_become_villages_and_township_seats(tmp_path):
    world = World().way(1, "abcde").node("a", place="town", name="古庄店").node("b", place="hamlet", name="后庄")
    found, _ = places(tmp_path, world)
    assert [(place.id, place.kind, place.name) for place in found] == [
        ("osm-n1", "township_seat", "古庄店"),
        ("osm-n2", "village", "后庄"),
    ]


def test_a_toll_booth_without_a_name_gets_one(tmp_path):
    found, _ = places(tmp_path, World().way(1, "abc").node("b", barrier="toll_booth"))
    assert [(place.kind, place.name) for place in found] == [("toll_station", "收费站 1")]


def test_the_lanes_of_a_toll_station_are_one_place_with_the_name_of_any(tmp_path):
    world = World().way(1, "abc").node("b", at=(113.0101, 33.0), barrier="toll_booth")
    world.node("c", at=(113.0102, 33.0001), barrier="toll_booth", name="小史店收费站")
    assert [place.name for place in places(tmp_path, world)[0]] == ["小史店收费站"]


def test_a_hospital_drawn_as_an_outline_stands_in_its_middle(tmp_path):
    world = World().way(1, "abc").way(2, "bchgb", {"highway": "", "amenity": "hospital"}, name="县医院")
    (found,), _ = places(tmp_path, world)
    assert (found.id, found.kind, found.name) == ("osm-w2", "hospital", "县医院")
    assert (round(found.lon, 4), round(found.lat, 4)) == (113.015, 32.995)


def test_unnamed_places_are_numbered_in_the_countrys_language(tmp_path):
    world = World().way(1, "abc").node("a", amenity="fire_station").node("b", amenity="fire_station")
    assert [place.name for place in places(tmp_path, world, "DE")[0]] == ["fire station 1", "fire station 2"]


def test_places_far_from_every_road_are_dropped_and_counted(tmp_path):
    found, dropped = places(tmp_path, World().way(1, "ab").node("y", place="village", name="远庄"))
    assert found == ()
    assert dropped == {"place-far-from-road": 1}


def test_population_and_phone_are_kept(tmp_path):
    world = World().way(1, "ab").node("a", place="town", name="a", population="12 345", phone="000-1")
    (found,), _ = places(tmp_path, world)
    assert (found.population, found.phone) == (12345.0, "000-1")


def test_a_population_that_is_no_number_is_left_out(tmp_path):
    (found,), _ = places(tmp_path, World().way(1, "ab").node("a", place="town", population="about 100"))
    assert found.population is None
