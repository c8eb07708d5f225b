"""What is drawn beside the roads, on the demo county."""

from mapbox_vector_tile import decode

from geodata.closures.files import read_closure_features
from geodata.closures.map_parts import MapCase, map_parts
from geodata.demo.closures import PLANTED, demo_closures
from geodata.places import Place, PlaceKind
from geodata.tiles.county_sheets import closure_sheets, declared_sheets, place_from, place_sheet, township_sheets
from geodata.tiles.grid import tile_at
from tests.demo_world import AT, the_areas, the_index, the_places, the_roads, the_settings

WIDE = tile_at(113.0, 33.3, 7)


def properties(sheet, tile):
    data = sheet.draw(tile)
    return [one["properties"] for one in decode(data)[sheet.name]["features"]] if data else []


def parts():
    network = the_roads().network
    closures = read_closure_features(demo_closures(network, at=AT), the_index(), the_settings(), where="demo")
    return map_parts(closures, MapCase(the_settings().policy_for, network, AT))


def test_townships_and_declared_areas_are_layers_of_their_own():
    townships, names = township_sheets(the_areas())
    assert len(properties(townships, WIDE)) == len(properties(names, WIDE)) == 20
    declared, _ = declared_sheets(the_areas())
    assert {one["kind"] for one in properties(declared, WIDE)} == {"emergency", "risk"}


def test_places_come_with_their_importance():
    sheet = place_sheet(the_places())
    assert {one["kind"] for one in properties(sheet, WIDE)} == {"township_seat"}
    town = {one["kind"] for one in properties(sheet, tile_at(113.03, 33.24, 12))}
    assert {"village", "hub", "checkpoint", "township_seat"} <= town


def test_every_kind_of_place_has_a_zoom_and_a_post_of_a_regime_too():
    assert all(place_from(kind) <= 12 for kind in PlaceKind)
    post = Place("p", "消毒点", "disinfection_post", 113.0, 33.2)
    assert properties(place_sheet([post]), tile_at(113.0, 33.2, 9)) == [
        {"id": "p", "name": "消毒点", "kind": "disinfection_post"}
    ]


def test_every_planted_closure_is_on_the_map_with_a_mark_to_be_seen_from_afar():
    lines, marks = closure_sheets(parts(), the_roads().network)
    shown = {one["id"] for one in properties(marks, WIDE)}
    assert {one for ids in PLANTED.values() for one in ids} <= shown
    assert {one["id"] for one in properties(lines, WIDE)} <= shown


def test_the_most_urgent_state_lies_on_top():
    _, marks = closure_sheets(parts(), the_roads().network)
    states = [one["state"] for one in properties(marks, WIDE)]
    assert states[-1] == "unapproved"
    assert states.index("unapproved") > states.index("blocked") > states.index("approved")
