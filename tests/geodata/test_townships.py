"""Where a stretch of road lies, and whether it is a township's."""

import shapely

from geodata.areas import Area
from geodata.townships import middle_of, roads_outside, spots_of
from tests.closure_cases import EAST, LENGTH_M, WEST, class_network, latitude, span

NETWORK = class_network()
SOUTH = Area("s", "南乡", "township", shapely.box(112.9, 32.9, 113.2, latitude("c") + 0.001))
NORTH = Area("n", "北乡", "township", shapely.box(112.9, latitude("c") + 0.001, 113.2, 34.0))
EMERGENCY = Area("e", "应急区", "emergency", shapely.box(112.9, 32.9, 113.2, 34.0))
ALL = (EMERGENCY, SOUTH, NORTH)


def test_the_middle_of_a_part_lies_half_way_along_it():
    lon, lat = middle_of(span("c", 0, LENGTH_M / 2), NETWORK)
    assert abs(lon - (WEST + (EAST - WEST) / 4)) < 1e-5
    assert abs(lat - latitude("c")) < 1e-9
    first, _, last = spots_of(span("c"), NETWORK)
    assert (round(first[0], 5), round(last[0], 5)) == (WEST, EAST)


def test_roads_of_another_township_are_named_and_nothing_where_none_is_known():
    assert roads_outside([span("c"), span("v")], "南乡", NETWORK, ALL) == ("v",)
    assert roads_outside([span("c"), span("v")], "别乡", NETWORK, ALL) == ()
