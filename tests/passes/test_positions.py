import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from geodata.errors import BadInputError
from passes.positions import distance_to_line_m, read_position

LINE = ((113.0, 33.0), (113.1, 33.0), (113.1, 33.1))


def test_a_position_is_read():
    assert read_position("113.01, 33.25", where="--position") == (113.01, 33.25)


@pytest.mark.parametrize("text", ["", "113", "113,33,1", "a,b", "33,113", "nan,33", "inf,33", "113;33"])
def test_no_position_is_refused(text):
    with pytest.raises(BadInputError, match="position-not-a-number at --position"):
        read_position(text, where="--position")


def test_on_the_line_the_distance_is_nothing():
    assert distance_to_line_m((113.05, 33.0), LINE) < 0.001


def test_beside_the_line_it_is_the_perpendicular():
    assert distance_to_line_m((113.05, 33.01), LINE) == pytest.approx(1111.95, rel=1e-3)


def test_beyond_the_end_it_is_the_distance_to_the_end():
    assert distance_to_line_m((113.1, 33.2), LINE) == pytest.approx(11119.5, rel=1e-3)


def test_a_line_of_one_point_is_that_point():
    assert distance_to_line_m((113.0, 33.01), LINE[:1]) == pytest.approx(1111.95, rel=1e-3)


@given(st.floats(112.9, 113.2), st.floats(32.9, 33.2))
def test_distances_equal_those_of_shapely_on_the_same_plane(lon, lat):
    from math import cos, radians

    scale = 111_195 * cos(radians(lat))
    flat = LineString([((x - lon) * scale, (y - lat) * 111_195) for x, y in LINE])
    assert distance_to_line_m((lon, lat), LINE) == pytest.approx(flat.distance(Point(0, 0)), abs=0.01)
