"""What closing a polygon closes: the parts of roads really inside it; bridges, edges, holes and large polygons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.area_roads import ALONG_EDGE_M, find_area_parts
from geodata.errors import BadInputError
from geodata.network import BRIDGE, TUNNEL
from geodata.snapping import RoadIndex
from tests.geodata.test_area_roads import ROADS, box, ids, index_of
from tests.networks import Road

#: A degree of longitude here, in metres along r1: 934 m for 0.01.
METRE = 0.01 / 934.0


def parts(index: RoadIndex, area, **further) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for one in find_area_parts(area, index, **further):
        found.setdefault(ids(index, [one.road])[0], []).append((round(one.from_m), round(one.to_m)))
    return found


def test_a_road_across_the_edge_is_closed_in_part_however_short_that_is():
    assert parts(index_of(), box(112.99, 32.99, 113.002, 33.005)) == {"r1": [(0, 187)], "r3": [(0, 556)]}


def test_a_road_that_dips_in_and_out_is_closed_between():
    assert parts(index_of(), box(113.002, 32.99, 113.004, 33.005)) == {"r1": [(187, 374)]}


def test_a_hole_is_open():
    ring = box(112.99, 32.999, 113.03, 33.001).difference(box(113.002, 32.9995, 113.004, 33.0005))
    assert parts(index_of(ROADS[0]), ring) == {"r1": [(0, 187), (374, 934)]}


@pytest.mark.parametrize(("south", "inside"), [(33.00005, {}), (32.99995, {"r1": [(0, 934)]})])
def test_a_road_along_the_edge_counts_whole_or_not_at_all(south, inside):
    assert parts(index_of(ROADS[0]), box(112.99, south, 113.03, 33.02)) == inside


@pytest.mark.parametrize(("share", "inside"), [(0.5, {"r1": [(0, 934)]}), (0.7, {})])
def test_an_edge_that_wavers_along_a_road_is_judged_by_length_and_the_share_may_be_changed(share, inside):
    # Just below the road on two thirds of it, just above on the rest.
    middle = 113.0 + 620 * METRE
    area = shapely.union(box(112.99, 32.9999, middle, 33.02), box(middle, 33.0001, 113.03, 33.02))
    assert parts(index_of(ROADS[0]), area, inside_share=share) == inside


def test_a_road_that_leaves_the_edge_for_the_inside_is_closed_there_alone():
    bent = Road("r1", "a", "b", 934.0, bend=((113.006, 33.0), (113.008, 33.004)))
    found = parts(index_of(bent), box(112.99, 33.00005, 113.02, 33.02), inside_share=0.9)
    assert len(found["r1"]) == 1
    assert found["r1"][0][0] > 340


@pytest.mark.parametrize("structure", [BRIDGE, TUNNEL])
def test_a_bridge_or_tunnel_is_not_closed_by_what_lies_below_or_above(structure):
    index = index_of(Road("over", "d", "e", 934.0, structure=structure), ROADS[0])
    area = box(113.002, 32.99, 113.008, 33.02)
    assert parts(index, area) == {"r1": [(187, 747)]}
    assert parts(index, area, structures="inside") == {"over": [(187, 747)], "r1": [(187, 747)]}


def test_a_road_on_another_layer_passes_over_and_a_bridge_joined_inside_does_not():
    index = index_of(ROADS[3])
    lifted = RoadIndex(replace(index.network, layer=np.array([1], dtype=np.int8)))
    assert parts(lifted, box(113.002, 33.005, 113.008, 33.02)) == {}
    joined = index_of(ROADS[2], Road("bridge", "d", "e", 934.0, structure=BRIDGE))
    assert set(parts(joined, box(112.99, 32.99, 113.02, 33.02))) == {"r3", "bridge"}


def test_a_share_that_is_none_is_refused():
    with pytest.raises(BadInputError, match="inside-share-out-of-range"):
        find_area_parts(box(112.99, 32.99, 113.02, 33.02), index_of(), inside_share=1.0)


def test_a_polygon_of_a_hundred_thousand_corners_closes_the_same_as_its_plain_form():
    index = index_of()
    plain = shapely.Point(113.005, 33.0).buffer(0.006, quad_segs=64)
    fine = shapely.segmentize(plain, shapely.length(plain) / 100_000)
    assert shapely.get_num_coordinates(fine) >= 100_000
    assert parts(index, fine) == parts(index, plain) != {}


@given(st.lists(st.tuples(st.floats(-0.005, 0.025), st.floats(-0.005, 0.015)), min_size=3, max_size=9))
@settings(deadline=None, max_examples=100)
def test_every_place_clearly_inside_is_closed_and_none_clearly_outside(corners):
    area = shapely.MultiPoint([(113.0 + x, 33.0 + y) for x, y in corners]).convex_hull.buffer(1e-4)
    index = index_of()
    closed = {(one.road, one.from_m, one.to_m) for one in find_area_parts(area, index)}
    flat = shapely.transform(area, index.plane.to_metres)
    for road in range(index.network.road_count):
        length_m = float(index.network.length_m[road])
        for at in np.linspace(0, length_m, 25):
            spot = shapely.line_interpolate_point(index.lines[road], at / length_m, normalized=True)
            is_closed = any(one == road and start <= at <= end for one, start, end in closed)
            if shapely.distance(shapely.boundary(flat), spot) > ALONG_EDGE_M + 1:
                assert is_closed is bool(shapely.contains(flat, spot))
