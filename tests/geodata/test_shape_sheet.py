"""Shapes in tiles: cut to the tile, from a zoom on, with what a tap asks for."""

import shapely
from mapbox_vector_tile import decode

from geodata.tiles.grid import BUFFER, EXTENT, Tile, tile_at
from geodata.tiles.shape_sheet import Drawn, ShapeSheet

SQUARE = shapely.box(112.9, 33.1, 113.1, 33.3)


def features(sheet, tile):
    data = sheet.draw(tile)
    return decode(data, default_options={"y_coord_down": True})[sheet.name]["features"] if data else []


def test_a_polygon_is_cut_to_the_tile_with_its_rim():
    [found] = features(ShapeSheet("areas", [Drawn(SQUARE, {"id": "a"})]), tile_at(113.0, 33.2, 14))
    xs = {x for x, _ in found["geometry"]["coordinates"][0]}
    assert (min(xs), max(xs)) == (-BUFFER, EXTENT + BUFFER)
    assert found["properties"] == {"id": "a"}


def test_a_polygon_across_tiles_is_in_both():
    sheet = ShapeSheet("areas", [Drawn(SQUARE, {"id": "a"})])
    west, east = tile_at(112.95, 33.2, 11), tile_at(113.05, 33.2, 11)
    assert west != east
    assert len(features(sheet, west)) == len(features(sheet, east)) == 1


def test_a_hole_stays_open():
    ring = SQUARE.difference(shapely.box(112.98, 33.18, 113.02, 33.22))
    [found] = features(ShapeSheet("areas", [Drawn(ring, {"id": "a"})]), tile_at(113.0, 33.2, 8))
    assert len(found["geometry"]["coordinates"]) == 2


def test_what_is_small_is_drawn_near_only():
    sheet = ShapeSheet("places", [Drawn(shapely.Point(113, 33.2), {"id": "v"}, drawn_from=12)])
    assert features(sheet, tile_at(113, 33.2, 11)) == []
    assert len(features(sheet, tile_at(113, 33.2, 12))) == 1


def test_the_later_shape_comes_later():
    rows = [Drawn(shapely.Point(113, 33.2), {"id": one}) for one in "abc"]
    found = features(ShapeSheet("marks", rows), tile_at(113, 33.2, 10))
    assert [one["properties"]["id"] for one in found] == ["a", "b", "c"]


def test_a_sheet_with_nothing_on_it_draws_nothing():
    assert ShapeSheet("areas", []).draw(Tile(0, 0, 0)) == b""


def test_a_cut_that_leaves_lines_and_polygons_is_drawn_as_far_as_it_can():
    tile = Tile(10, 833, 412)
    comb = shapely.Polygon([(112.5, 33.0), (112.9, 33.4), (112.9, 33.0), (113.3, 33.4), (113.3, 33.0)])
    assert all(
        one["geometry"]["type"] != "GeometryCollection"
        for one in features(ShapeSheet("areas", [Drawn(comb, {})]), tile)
    )
