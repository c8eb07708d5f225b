"""Roads in tiles: which class at which zoom, which of them can be picked, and where their names stand."""

import numpy as np
import pytest
from mapbox_vector_tile import decode

from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.tiles.grid import FINEST, Tile, tile_at, world_of
from geodata.tiles.road_tiles import DRAWN_FROM, NAMED_FROM, PICKABLE_FROM, RoadSheet
from tests.demo_world import the_roads
from tests.networks import Road, make_network, one_way


def layers(sheet, tile):
    return {name: layer["features"] for name, layer in decode(sheet.draw(tile)).items()}


@pytest.fixture(scope="module")
def demo():
    return RoadSheet(the_roads().network)


def tiles_of(sheet, z):
    """Every tile of a zoom that a road passes."""
    return [Tile(z, *spot) for spot in np.unique((sheet.world * (1 << z)).astype(int), axis=0).tolist()]


@pytest.mark.parametrize("z", [7, 9, 10, 11])
def test_far_out_a_class_is_one_feature_and_small_roads_are_left_out(demo, z):
    found = [one["properties"] for tile in tiles_of(demo, z) for one in layers(demo, tile).get("roads", [])]
    shown = {road_class for road_class, since in DRAWN_FROM.items() if since <= z}
    assert {one["class"] for one in found} == {road_class.value for road_class in shown}
    assert all(set(one) == {"class"} for one in found)


def test_near_enough_every_road_is_drawn_by_itself_somewhere(demo):
    ids = {one["properties"]["id"] for tile in tiles_of(demo, 12) for one in layers(demo, tile)["roads"]}
    assert ids == set(demo.network.road_id.tolist())


def test_a_road_that_can_be_picked_carries_its_id_number_and_class(demo):
    road = int(np.flatnonzero(demo.network.ref == "G345")[0])
    lon, lat = demo.network.line_of(road)[0]
    found = layers(demo, tile_at(lon, lat, PICKABLE_FROM))["roads"]
    mine = next(one for one in found if one["id"] == road)["properties"]
    assert mine == {"id": demo.network.road_id[road], "class": "national", "ref": "G345"}


def test_drawn_lines_lie_where_the_roads_are(demo):
    road = int(np.flatnonzero(demo.network.road_class == ROAD_CLASSES.index(RoadClass.VILLAGE))[500])
    line = demo.network.line_of(road)
    tile = tile_at(*line[0], FINEST)
    found = next(
        one
        for one in decode(demo.draw(tile), default_options={"y_coord_down": True})["roads"]["features"]
        if one["id"] == road
    )
    start = tile.units(world_of(line[:1]))[0]
    geometry = found["geometry"]
    first = geometry["coordinates"][0] if geometry["type"] == "LineString" else geometry["coordinates"][0][0]
    assert first == pytest.approx(start, abs=1)


def test_names_stand_on_joined_lines_not_on_pieces(demo):
    found = [one for tile in tiles_of(demo, 10) for one in layers(demo, tile).get("road_names", [])]
    mine = [one for one in found if one["properties"].get("ref") == "G345"]
    assert 0 < len(mine) < (demo.network.ref == "G345").sum() / 10
    assert {one["properties"]["class"] for one in found} <= {c.value for c, since in NAMED_FROM.items() if since <= 10}


def test_direction_of_traffic_is_told_where_it_is_one():
    network = make_network([one_way("f", "A", "B"), Road("b", "B", "C", access=(0, 3)), Road("t", "A", "C")])
    sheet = RoadSheet(network)
    found = layers(sheet, tile_at(*network.junction_lonlat[0], 12))["roads"]
    assert {one["properties"]["id"]: one["properties"].get("way") for one in found} == {"f": 1, "b": -1, "t": None}


def test_name_and_number_are_both_told():
    network = make_network([Road("a", "A", "B", ref="S1", name="人民路")])
    found = layers(RoadSheet(network), tile_at(*network.junction_lonlat[0], 14))["road_names"]
    assert found[0]["properties"] == {"class": "county", "ref": "S1", "name": "人民路"}


def test_a_tile_far_from_every_road_is_empty(demo):
    assert demo.draw(tile_at(2.35, 48.85, 12)) == b""


def test_the_same_tile_is_drawn_the_same_way(demo):
    tile = tile_at(113.0, 33.25, 11)
    assert demo.draw(tile) == RoadSheet(the_roads().network).draw(tile)
