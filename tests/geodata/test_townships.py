"""Which township a road lies in."""

import shapely

from geodata.areas import Area
from geodata.townships import middle_of, roads_outside, spots_of, township_at, townships_of
from tests.closure_cases import EAST, LENGTH_M, WEST, class_network, latitude, span

NETWORK = class_network()
SOUTH = Area("s", "南乡", "township", shapely.box(112.9, 32.9, 113.2, latitude("c") + 0.001))
NORTH = Area("n", "北乡", "township", shapely.box(112.9, latitude("c") + 0.001, 113.2, 34.0))
EMERGENCY = Area("e", "应急区", "emergency", shapely.box(112.9, 32.9, 113.2, 34.0))
BOTH = (SOUTH, NORTH)


def test_only_townships_are_townships():
    assert townships_of([SOUTH, EMERGENCY, NORTH]) == BOTH


def test_a_position_lies_in_the_township_that_holds_it():
    assert township_at(BOTH, 113.0, latitude("c")) == "南乡"
    assert township_at(BOTH, 113.0, latitude("v")) == "北乡"
    assert township_at(BOTH, 120.0, 33.0) == township_at((), 113.0, 33.0) == ""


def test_the_middle_of_a_part_lies_half_way_along_it():
    lon, lat = middle_of(span("c", 0, LENGTH_M / 2), NETWORK)
    assert abs(lon - (WEST + (EAST - WEST) / 4)) < 1e-5
    assert abs(lat - latitude("c")) < 1e-9
    first, _, last = spots_of(span("c"), NETWORK)
    assert (round(first[0], 5), round(last[0], 5)) == (WEST, EAST)


def test_roads_of_another_township_are_named_and_nothing_where_none_is_known():
    assert roads_outside([span("c"), span("v")], "南乡", NETWORK, BOTH) == ("v",)
    assert roads_outside([span("c"), span("v")], "别乡", NETWORK, BOTH) == ()
