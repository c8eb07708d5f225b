"""GCJ-02, BD-09 and CGCS2000 into WGS-84."""

from __future__ import annotations

import numpy as np
import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.coordinates import features_to_wgs84, to_gcj02, to_wgs84
from geodata.errors import BadInputError
from geodata.road_lengths import distances_m

LON, LAT = 113.0128, 33.2544


def apart_m(one, other) -> float:
    return float(distances_m(*one, np.array([other]))[0])


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000"])
def test_wgs84_and_cgcs2000_stay_as_they_are(crs):
    assert to_wgs84(LON, LAT, crs=crs) == (LON, LAT)


@given(st.floats(100, 122), st.floats(22, 42))
def test_gcj02_is_undone_within_a_millimetre(lon, lat):
    shifted = prcoords.wgs_gcj((lat, lon))
    assert apart_m(to_wgs84(shifted.lon, shifted.lat, crs="gcj02"), (lon, lat)) < 0.001


@given(st.floats(100, 122), st.floats(22, 42))
def test_bd09_is_undone_within_a_centimetre(lon, lat):
    shifted = prcoords.wgs_bd((lat, lon))
    assert apart_m(to_wgs84(shifted.lon, shifted.lat, crs="bd09"), (lon, lat)) < 0.01


def test_the_shift_here_is_about_six_hundred_metres():
    assert 400 < apart_m(to_wgs84(LON, LAT, crs="gcj02"), (LON, LAT)) < 800


def test_a_position_outside_china_cannot_be_shifted():
    with pytest.raises(BadInputError, match="position-outside-china"):
        to_wgs84(9.5, 47.1, crs="gcj02")


def test_an_unknown_system_is_refused():
    with pytest.raises(BadInputError, match="crs-unknown"):
        to_wgs84(LON, LAT, crs="utm")


def test_every_corner_of_a_polygon_is_moved_and_heights_stay():
    ring = [[LON, LAT, 80], [LON + 0.01, LAT], [LON, LAT + 0.01], [LON, LAT, 80]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (moved,) = features_to_wgs84([feature], crs="gcj02", where="f")
    found = moved["geometry"]["coordinates"][0]
    assert [tuple(one[:2]) for one in found] == [to_wgs84(one[0], one[1], crs="gcj02") for one in ring]
    assert found[0][2] == 80


def test_a_fault_names_its_row():
    rows = [{"geometry": None}, {"geometry": {"type": "Point", "coordinates": [9.5, 47.1]}}]
    with pytest.raises(BadInputError) as caught:
        features_to_wgs84(rows, crs="gcj02", where="places.geojson")
    assert caught.value.where == "places.geojson: row 2"


@pytest.mark.parametrize("coordinates", [None, "x", [], [[]], [None, 1], [True, False], {"a": 1}])
def test_what_is_no_position_is_left_for_the_reader_to_refuse(coordinates):
    feature = {"geometry": {"type": "Point", "coordinates": coordinates}}
    assert features_to_wgs84([feature], crs="gcj02", where="f")[0]["geometry"]["coordinates"] == coordinates


@given(st.floats(100, 122), st.floats(22, 42))
def test_a_position_handed_to_amap_comes_back_as_it_was(lon, lat):
    assert apart_m(to_wgs84(*to_gcj02(lon, lat), crs="gcj02"), (lon, lat)) < 0.001


def test_outside_china_nothing_is_shifted():
    assert to_gcj02(9.5, 47.1) == (9.5, 47.1)
