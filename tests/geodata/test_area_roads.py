"""Roads inside an area: by the share of their length, holes and bridges respected; crossings of its edge; bad drawings."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry import mapping

from geodata.area_roads import find_area_roads
from geodata.drawn_area import area_text, read_drawn_area
from geodata.errors import BadInputError
from geodata.network import BRIDGE
from geodata.snapping import RoadIndex
from tests.networks import Road, make_network

WEST, EAST = 113.0, 113.01
AT = {"a": (WEST, 33.0), "b": (EAST, 33.0), "c": (EAST + 0.01, 33.0), "d": (WEST, 33.01), "e": (EAST, 33.01)}
#: a───r1───b───r2───c
#: │
#: r3
#: │
#: d───r4───e
ROADS = (
    Road("r1", "a", "b", 934.0),
    Road("r2", "b", "c", 934.0),
    Road("r3", "a", "d", 1112.0),
    Road("r4", "d", "e", 934.0),
)


def index_of(*roads):
    return RoadIndex(make_network(roads or ROADS, AT))


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


def ids(index, roads):
    return [str(index.network.road_id[road]) for road in roads]


def test_a_road_counts_as_inside_with_more_than_half_of_its_length():
    index = index_of()
    for east, inside in ((113.0049, ["r3"]), (113.0051, ["r1", "r3", "r4"])):
        found = find_area_roads(box(112.99, 32.99, east, 33.02), index)
        assert ids(index, found.inside) == inside


def test_the_share_can_be_changed():
    index = index_of()
    found = find_area_roads(box(112.99, 32.99, 113.002, 33.02), index, inside_share=0.1)
    assert ids(index, found.inside) == ["r1", "r3", "r4"]
    with pytest.raises(BadInputError, match="inside-share-out-of-range"):
        find_area_roads(box(112.99, 32.99, 113.002, 33.02), index, inside_share=1.0)


def test_crossings_tell_where_and_which_way():
    index = index_of()
    found = find_area_roads(box(112.99, 32.99, 113.005, 33.005), index).crossings
    assert [(ids(index, [one.road])[0], one.goes_in) for one in found] == [("r1", False), ("r3", False)]
    assert found[0].offset_m == pytest.approx(467, abs=1)
    assert (found[0].lon, found[0].lat) == (pytest.approx(113.005), pytest.approx(33.0))


def test_a_road_that_dips_in_and_out_crosses_twice():
    index = index_of()
    found = find_area_roads(box(113.002, 32.99, 113.004, 33.005), index).crossings
    assert [(one.goes_in, round(one.offset_m)) for one in found] == [(True, 187), (False, 374)]


def test_a_road_along_the_edge_is_judged_by_its_length_not_by_its_points():
    index = index_of(Road("r1", "a", "b", 934.0, bend=((113.005, 33.001),)))
    above = find_area_roads(box(112.99, 33.0, 113.02, 33.02), index)
    assert ids(index, above.inside) == ["r1"]
    below = find_area_roads(box(112.99, 32.98, 113.02, 33.0), index)
    assert ids(index, below.inside) == []
    assert below.crossings == ()


def test_what_lies_in_a_hole_is_outside():
    index = index_of()
    ring = box(112.99, 32.99, 113.03, 33.02).difference(box(112.995, 33.005, 113.02, 33.015))
    assert ids(index, find_area_roads(ring, index).inside) == ["r1", "r2", "r3"]


def test_parts_of_a_multipolygon_count_together():
    index = index_of()
    both = shapely.MultiPolygon([box(112.999, 32.999, 113.004, 33.001), box(113.006, 32.999, 113.0101, 33.001)])
    assert ids(index, find_area_roads(both, index).inside) == ["r1"]
    assert len([one for one in find_area_roads(both, index).crossings if one.road == 0]) == 2


def test_a_bridge_over_the_area_is_kept_and_no_crossing():
    over = (Road("bridge", "d", "e", 934.0, structure=BRIDGE), ROADS[0])
    index = index_of(*over)
    area = box(112.995, 33.005, 113.015, 33.015)
    found = find_area_roads(area, index)
    assert (ids(index, found.inside), ids(index, found.kept), found.crossings) == ([], ["bridge"], ())
    assert ids(index, find_area_roads(area, index, structures="inside").inside) == ["bridge"]


def test_a_bridge_joined_to_a_road_inside_counts():
    index = index_of(ROADS[2], Road("bridge", "d", "e", 934.0, structure=BRIDGE))
    area = box(112.99, 32.99, 113.02, 33.02)
    assert ids(index, find_area_roads(area, index).inside) == ["r3", "bridge"]
    assert ids(index, find_area_roads(area, index, structures="kept").inside) == ["r3"]


def test_a_road_on_another_layer_passes_over_too():
    index = index_of(ROADS[3])
    lifted = RoadIndex(replace(index.network, layer=np.array([1], dtype=np.int8)))
    assert ids(lifted, find_area_roads(box(112.995, 33.005, 113.015, 33.015), lifted).kept) == ["r4"]


def polygon_text(*ring):
    return json.dumps({"type": "Polygon", "coordinates": [list(map(list, ring))]})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "area-missing"),
        ("{", "json-unreadable"),
        ("[1, 2]", "area-without-polygon"),
        ('{"type": "Point", "coordinates": [113, 33]}', "area-without-polygon"),
        ('{"type": "Polygon", "coordinates": [[[113, 33]]]}', "area-without-polygon"),
        ('{"type": "FeatureCollection", "features": []}', "area-without-polygon"),
        (polygon_text((113, 33), (113.02, 33.02), (113.02, 33), (113, 33.02), (113, 33)), "area-crosses-itself"),
        (polygon_text((113, 33), (113.01, 33), (113.02, 33), (113, 33)), "area-zero-size"),
        (polygon_text((113, 33), (113, 33), (113, 33), (113, 33)), "area-zero-size"),
        (polygon_text((33, 113), (33, 113.1), (33.1, 113.1), (33, 113)), "position-latitude-first"),
        (polygon_text((1e9, 33), (113, 33.1), (113.1, 33.1), (1e9, 33)), "area-position-unusable"),
        ('{"type": "Polygon", "coordinates": [[["a", 33], [1, 2], [3, 4], [1, 2]]]}', "area-without-polygon"),
        (polygon_text((110, 30), (110.1, 30), (110.1, 30.1), (110, 30)), "area-outside-county"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 33], [1, 2], [3, 4], [1, 2]]]}', "json-unreadable"),
    ],
)
def test_a_drawing_that_is_no_area_is_refused_with_its_own_code(text, code):
    with pytest.raises(BadInputError) as refused:
        read_drawn_area(text, index_of(), where="area")
    assert (refused.value.code, refused.value.where) == (code, "area")


def test_a_feature_a_collection_and_a_geometry_say_the_same():
    index, area = index_of(), box(113.0, 33.0, 113.01, 33.01)
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(area)}
    for document in (mapping(area), feature, {"type": "FeatureCollection", "features": [feature, feature]}):
        assert read_drawn_area(json.dumps(document), index, where="area").equals(area)


def test_an_area_is_written_and_read_again_the_same():
    index, area = index_of(), box(113.0, 33.0, 113.01, 33.01).difference(box(113.004, 33.004, 113.006, 33.006))
    assert read_drawn_area(area_text(area), index, where="area").equals(area)
