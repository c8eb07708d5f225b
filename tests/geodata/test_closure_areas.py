"""A closure drawn as a polygon closes the road parts really inside it, reads back the same, and is refused if wrong."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import mapping

from geodata.closures.files import closure_feature, read_closure_features
from geodata.closures.records import _drawn, _drawn_text
from geodata.errors import RowErrors
from geodata.network import BRIDGE
from geodata.snapping import RoadIndex
from tests.closure_cases import LENGTH_M, WEST, class_network, feature, latitude, settings, span
from tests.networks import Road, make_network

NETWORK = class_network()
INDEX = RoadIndex(NETWORK)
RULES = settings()
#: A degree of longitude for so much of a road of 0.03 degrees.
WIDE = 0.03 / LENGTH_M


def read(*features, index=INDEX):
    return read_closure_features(features, index, RULES, where="f.geojson")


def box(road: str, from_m: float, to_m: float, *, north: float = 0.005) -> dict:
    return mapping(
        shapely.box(WEST + from_m * WIDE, latitude(road) - 0.005, WEST + to_m * WIDE, latitude(road) + north)
    )


def fault(geometry, **properties) -> str:
    with pytest.raises(RowErrors) as caught:
        read(feature(geometry, **properties))
    return caught.value.rows[0].code


def test_a_polygon_closes_the_parts_inside_it():
    (one,) = read(feature(box("c", -500, 700), direction="forward"))
    assert [(part.road_id, part.direction, round(part.from_m), round(part.to_m)) for part in one.extent] == [
        ("c", "forward", 0, 700)
    ]


def test_whole_roads_inside_keep_their_exact_length():
    (one,) = read(feature(box("c", -500, LENGTH_M + 500)))
    assert one.extent[0] == span("c")


def test_polygons_of_one_closure_and_of_many_count_without_a_cap():
    many = [box(road, start, start + 100) for road in "npctvsk" for start in range(100, 2700, 200)]
    together = mapping(shapely.union_all([shapely.geometry.shape(one) for one in many]))
    (joint,) = read(feature(together))
    apart = read(*(feature(one, id=f"z{number}") for number, one in enumerate(many)))
    assert sorted(joint.extent) == sorted(part for one in apart for part in one.extent)
    assert len(apart) == len(joint.extent) == 91


def test_what_is_written_reads_back_the_same():
    (one,) = read(feature(box("c", 100, 700), inside_share=0.25, structures="inside"))
    written = json.loads(json.dumps(closure_feature(one, NETWORK)))
    assert written["geometry"]["type"] == "Polygon"
    assert written["properties"]["structures"] == "inside"
    assert read(written) == (one,)
    assert _drawn(_drawn_text(one.drawn)) == one.drawn


def test_an_approval_may_be_drawn_as_a_polygon_too():
    hq = {"authority": "epidemic_hq", "decision": "approved", "decided_at": "2022-06-22T07:00:00+08:00"}
    (one,) = read(feature(box("c", 100, 700), decisions=[{**hq, "geometry": box("c", 100, 400)}]))
    assert [round(part.to_m) for part in one.decisions[0].extent] == [400]


def test_a_bridge_over_the_area_is_closed_only_where_that_is_said():
    at = {"a": (113.0, 33.0), "b": (113.02, 33.0), "s": (113.01, 32.99), "n": (113.01, 33.01)}
    roads = [Road("under", "a", "b", 1868.0), Road("over", "s", "n", 2224.0, structure=BRIDGE)]
    index = RoadIndex(make_network(roads, at))
    water = mapping(shapely.box(112.99, 32.995, 113.03, 33.005))
    assert {part.road_id for part in read(feature(water), index=index)[0].extent} == {"under"}
    told = read(feature(water, structures="inside"), index=index)[0].extent
    assert {part.road_id for part in told} == {"under", "over"}


BOW = {"type": "Polygon", "coordinates": [[[113, 33], [113.02, 33.02], [113.02, 33], [113, 33.02], [113, 33]]]}
RING = shapely.box(112.98, 32.98, 113.09, 33.16).difference(shapely.box(112.99, 32.99, 113.08, 33.15))


@pytest.mark.parametrize(
    ("geometry", "properties", "code"),
    [
        (BOW, {}, "area-crosses-itself"),
        (mapping(shapely.box(115, 35, 115.1, 35.1)), {}, "area-outside-county"),
        (mapping(shapely.box(33, 85, 33.1, 113)), {}, "position-latitude-first"),
        ({"type": "Polygon", "coordinates": [[[113, 33], [113.02, 33], [113, 33]]]}, {}, "area-zero-size"),
        ({"type": "Polygon", "coordinates": [[[113, 33]] * 4]}, {}, "area-zero-size"),
        (
            {"type": "Polygon", "coordinates": [[[113, 33], [113.02, 33], [113.01, float("nan")], [113, 33]]]},
            {},
            "area-position-unusable",
        ),
        ({"type": "Polygon", "coordinates": "round"}, {}, "area-without-polygon"),
        (mapping(shapely.box(113.001, 33.005, 113.002, 33.006)), {}, "area-without-roads"),
        (mapping(RING), {}, "area-without-roads"),
        (box("c", 0, 500), {"inside_share": 1}, "inside-share-out-of-range"),
        (box("c", 0, 500), {"inside_share": "half"}, "inside-share-out-of-range"),
        (box("c", 0, 500), {"structures": "above"}, "structures-unknown"),
    ],
)
def test_a_wrong_polygon_is_refused_with_its_row(geometry, properties, code):
    assert fault(geometry, **properties) == code
