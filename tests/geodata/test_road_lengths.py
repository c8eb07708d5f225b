"""Lengths on the ellipsoid, against Vincenty's inverse formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.road_lengths import distances_m, segment_lengths_m

A, F = 6_378_137.0, 1 / 298.257223563
B = A * (1 - F)


def vincenty_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Survey Review 23 (1975), formula for nearby points."""
    difference = math.radians(lon2 - lon1)
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(lat))) for lat in (lat1, lat2))
    lam = difference
    for _ in range(100):
        sin_sigma = math.hypot(
            math.cos(u2) * math.sin(lam),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam),
        )
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_sigma
        cos2_alpha = 1 - sin_alpha**2
        middle = cos_sigma - 2 * math.sin(u1) * math.sin(u2) / cos2_alpha if cos2_alpha else 0.0
        c = F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))
        before, lam = (
            lam,
            difference
            + (1 - c) * F * sin_alpha * (sigma + c * sin_sigma * (middle + c * cos_sigma * (2 * middle**2 - 1))),
        )
        if abs(lam - before) < 1e-14:
            break
    k = cos2_alpha * (A * A - B * B) / (B * B)
    big_a = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    big_b = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    shift = big_b * sin_sigma * (middle + big_b / 4 * cos_sigma * (2 * middle**2 - 1))
    return B * big_a * (sigma - shift)


@given(st.floats(-60, 60), st.floats(-0.07, 0.07), st.floats(-0.07, 0.07))
def test_a_segment_of_ten_kilometres_is_true_to_a_millionth(lat, east, north):
    found = segment_lengths_m(np.array([[113.0, lat]]), np.array([[113.0 + east, lat + north]]))[0]
    true = vincenty_m(113.0, lat, 113.0 + east, lat + north)
    assert found == pytest.approx(true, rel=1e-6, abs=1e-5)


def test_a_degree_of_the_meridian_at_the_equator():
    assert segment_lengths_m(np.array([[0.0, -0.5]]), np.array([[0.0, 0.5]]))[0] == pytest.approx(110574.3, abs=0.5)


def test_distances_from_one_place_to_many():
    found = distances_m(113.0, 33.0, np.array([[113.0, 33.0], [113.01, 33.0]]))
    assert found.tolist() == [0.0, pytest.approx(vincenty_m(113.0, 33.0, 113.01, 33.0), rel=1e-6)]
