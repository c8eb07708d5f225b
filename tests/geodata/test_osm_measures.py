"""Figures of OSM tags: units, spellings, and what is no figure."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.osm.measures import NO_LIMIT, NO_SPEED, read_extent_m, read_speed_kmh, read_weight_kg

SPEEDS = {
    "50": 50.0,
    "60 km/h": 60.0,
    "80kmh": 80.0,
    "30 mph": 30 * 1.609344,
    "５０": 50.0,
    "50;70": 50.0,
    "120;none": 120.0,
    "walk": 7.0,
    "CN:urban": 50.0,
    "DE:zone:30": 30.0,
    "AT:zone30": 30.0,
    "FR:50": 50.0,
    "CN:rural": NO_SPEED,
    "DE:motorway": NO_SPEED,
    "none": NO_SPEED,
    "signals": NO_SPEED,
}
WEIGHTS = {
    "3.5": 3500.0,
    "3.5 t": 3500.0,
    "3t5": 3500.0,
    "2,5": 2500.0,
    "18吨": 18000.0,
    "7500 kg": 7500.0,
    "３．５ｔ": 3500.0,
    "16000 lbs": 16000 * 0.45359237,
    "5 st": 5 * 907.18474,
    "18;7.5": 7500.0,
    "none": NO_LIMIT,
    "default": NO_LIMIT,
    "unsigned": NO_LIMIT,
}
EXTENTS = {
    "4": 4.0,
    "4.2 m": 4.2,
    "2,5": 2.5,
    "420 cm": 4.2,
    "4.5米": 4.5,
    "12'6\"": 12.5 * 0.3048,
    "12′6″": 12.5 * 0.3048,
    "12'": 12 * 0.3048,
    "12 ft 6 in": 12.5 * 0.3048,
    "100 in": 100 / 12 * 0.3048,
    "default": NO_LIMIT,
    "none": NO_LIMIT,
}


@pytest.mark.parametrize(("text", "kmh"), SPEEDS.items())
def test_speed_limits_are_read_in_every_spelling(text, kmh):
    assert read_speed_kmh(text) == pytest.approx(kmh)


@pytest.mark.parametrize("text", ["fast", "0", "-50", "500", "50 furlongs", "XX:", "CN:sometimes", "1e2", "50;x"])
def test_a_speed_that_is_no_speed_is_not_read(text):
    assert read_speed_kmh(text) is None


@pytest.mark.parametrize(("text", "weight_kg"), WEIGHTS.items())
def test_weight_limits_are_read_in_every_spelling(text, weight_kg):
    assert read_weight_kg(text) == pytest.approx(weight_kg)


@pytest.mark.parametrize("text", ["heavy", "3500", "0", "-3", "3.5.5", "", "t"])
def test_a_weight_that_no_road_can_have_is_not_read(text):
    assert read_weight_kg(text) is None


@pytest.mark.parametrize(("text", "extent_m"), EXTENTS.items())
def test_size_limits_are_read_in_every_spelling(text, extent_m):
    assert read_extent_m(text) == pytest.approx(extent_m)


@pytest.mark.parametrize("text", ["low", "0.1", "4000", "12'6\"3", "m"])
def test_a_size_that_no_road_can_have_is_not_read(text):
    assert read_extent_m(text) is None


@given(st.floats(0.1, 200).map(lambda tonnes: round(tonnes, 3)))
def test_a_weight_in_tonnes_and_the_same_in_kg_agree(tonnes):
    assert read_weight_kg(f"{tonnes} t") == pytest.approx(read_weight_kg(f"{tonnes * 1000:.3f}kg"))


@given(st.text())
def test_no_text_at_all_breaks_a_reader(text):
    for read in (read_speed_kmh, read_weight_kg, read_extent_m):
        value = read(text)
        assert value is None or (value >= 0 and not math.isnan(value))


@given(st.integers(1, 200))
def test_a_plain_number_is_that_speed(kmh):
    assert read_speed_kmh(str(kmh)) == kmh
