import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from routing.corridor_distance import distance_to_corridor_m

LINE = ((113.0, 33.0), (113.1, 33.0), (113.1, 33.1))
DEGREE_M = 111_195.08


@pytest.mark.parametrize(
    ("position", "metres"),
    [
        ((113.05, 33.0), 0.0),
        ((113.05, 33.01), 0.01 * DEGREE_M),
        ((113.09, 33.05), 0.01 * DEGREE_M * math.cos(math.radians(33.05))),
        ((112.99, 33.0), 0.01 * DEGREE_M * math.cos(math.radians(33.0))),
        ((113.1, 33.12), 0.02 * DEGREE_M),
    ],
)
def test_the_distance_is_that_to_the_nearest_piece(position, metres):
    assert distance_to_corridor_m(LINE, *position) == pytest.approx(metres, abs=0.01)


def test_a_corridor_of_one_spot_is_a_circle():
    assert distance_to_corridor_m([(113.0, 33.0)], 113.0, 33.001) == pytest.approx(111.195, abs=0.001)
    assert distance_to_corridor_m([(113.0, 33.0)] * 2, 113.0, 33.001) == pytest.approx(111.195, abs=0.001)


@given(st.floats(112, 114), st.floats(32, 34))
def test_every_position_has_a_distance(lon, lat):
    assert distance_to_corridor_m(LINE, lon, lat) <= distance_to_corridor_m(LINE[:1], lon, lat) + 1e-6


@given(st.floats(112.9, 113.2), st.floats(32.9, 33.2))
def test_distances_equal_those_of_shapely_on_the_same_plane(lon, lat):
    scale = DEGREE_M * math.cos(math.radians(lat))
    flat = LineString([((x - lon) * scale, (y - lat) * DEGREE_M) for x, y in LINE])
    assert distance_to_corridor_m(LINE, lon, lat) == pytest.approx(flat.distance(Point(0, 0)), abs=0.01)


def test_measuring_loads_no_heavy_library():
    check = "import sys, routing.corridor_distance; print({'numpy', 'shapely'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
