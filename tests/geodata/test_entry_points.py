"""Entry points: where main roads cross the edge of an extract, and nowhere else."""

from __future__ import annotations

import pytest

from geodata.osm.entry_points import find_entry_points
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.places import PlaceKind
from tests.conftest import shared
from tests.osm_world import World, node_id


def entries(folder, world: World, country: str = "CN"):
    return find_entry_points(world.build(folder, country)[0], country=country)


def ids(letters: str) -> set[str]:
    return {f"entry-{node_id(letter)}" for letter in letters}


def test_a_main_road_that_ends_at_the_edge_is_an_entry_point(tmp_path):
    found = entries(tmp_path, World().way(1, "klmno", ref="G345").way(2, "chmrw", highway="tertiary"))
    assert {place.id for place in found} == ids("ko")
    assert {place.kind for place in found} == {PlaceKind.ENTRY_POINT}


def test_names_say_road_and_side(tmp_path):
    found = entries(tmp_path, World().way(1, "klmno", ref="G345"))
    assert [place.name for place in found] == ["G345 入县口·西", "G345 入县口·东"]


def test_names_outside_china_are_english(tmp_path):
    found = entries(tmp_path, World().way(1, "klmno", ref="B 85"), country="DE")
    assert found[0].name == "B 85 entry point, west"


def test_each_carriageway_gives_a_point_of_its_own(tmp_path):
    world = World().way(1, "klm", ref="S83", highway="motorway").way(2, "rqp", ref="S83", highway="motorway")
    found = entries(tmp_path, world.way(3, "mr"))
    assert {place.id: place.name[-4:] for place in found} == {"entry-11": " (入)", "entry-16": " (出)"}


def test_two_points_of_one_name_are_numbered(tmp_path):
    found = entries(tmp_path, World().way(1, "abg", ref="X001").way(2, "fg", ref="X001").way(3, "gmo"))
    assert len({place.name for place in found}) == len(found)


def test_a_road_cut_by_missing_nodes_is_an_entry_point_even_among_other_roads(tmp_path):
    world = World().way(1, "mz", ref="G345").way(1, "lmz", ref="G345").way(2, "hmr", highway="residential")
    world.way(3, "abcdejotyxwvupkfa", highway="residential").way(4, "lkuv", highway="residential")
    assert ids("m") <= {place.id for place in entries(tmp_path, world)}


def test_village_roads_give_no_entry_point(tmp_path):
    assert entries(tmp_path, World().way(1, "klmno", highway="unclassified")) == ()


def test_a_main_road_that_ends_in_town_is_none(tmp_path):
    ring = World().way(1, "abcdejotyxwvupkfa", highway="residential").way(2, "fghij", highway="residential")
    ring.way(3, "pqrst", highway="residential").way(4, "gm", ref="X001")
    assert entries(tmp_path, ring) == ()


def test_a_road_that_ends_at_a_bollard_is_none(tmp_path):
    found = entries(
        tmp_path, World().way(1, "klm", ref="G345").way(2, "mno", highway="track").node("m", barrier="block")
    )
    assert {place.id for place in found} == ids("k")


def test_a_road_that_nobody_may_use_is_none(tmp_path):
    assert entries(tmp_path, World().way(1, "klm", ref="G345", access="no")) == ()


@pytest.mark.parametrize(
    ("name", "count", "some"),
    [
        ("yongcheng_411481_henan_2017.osm.pbf", 22, "G30 入县口·北 (入)"),
        ("lixin_341623_2017.osm.pbf", 24, "S202 入县口·北"),
        ("liechtenstein_2022.osm.pbf", 8, "L60 entry point, north"),
        ("north-bayreuth_2014.osm.gz", 13, "A 9 entry point, east (in)"),
    ],
)
def test_real_counties_have_their_entry_points(name, count, some):
    country = "CN" if "17.osm" in name else "DE"
    extract = read_osm_file(shared(f"osm/{name}"), ImportTally())
    built = build_osm_network(extract, country=country, tally=ImportTally())
    found = find_entry_points(built, country=country)
    assert len(found) == count
    assert some in {place.name for place in found}
