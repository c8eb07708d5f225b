"""Distances along a line, its parts, and each place where it passes a point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.polylines import Polyline, mean_square_gap

HAIRPIN = Polyline(np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 20.0], [0.0, 20.0]]))


def test_positions_and_length_follow_the_bends():
    assert HAIRPIN.length_m == 220.0
    assert HAIRPIN.positions(np.array([50.0, 110.0, 220.0])).tolist() == [[50, 0], [100, 10], [0, 20]]


def test_a_part_keeps_the_bends_and_may_run_backwards():
    assert HAIRPIN.part(90, 130).points.tolist() == [[90, 0], [100, 0], [100, 20], [90, 20]]
    assert HAIRPIN.part(130, 90).points.tolist() == [[90, 20], [100, 20], [100, 0], [90, 0]]


def test_a_hairpin_passes_a_point_between_its_arms_twice():
    assert HAIRPIN.passes_near(np.array([30.0, 10.0]), within_m=15) == pytest.approx([30.0, 190.0])
    assert HAIRPIN.passes_near(np.array([30.0, 2.0]), within_m=15) == pytest.approx([30.0])


def test_a_ring_passes_its_own_start_at_both_ends():
    ring = Polyline(np.array([[0.0, 0.0], [50.0, 0.0], [50.0, 50.0], [0.0, 0.0]]))
    assert ring.passes_near(np.array([0.0, 0.0]), within_m=1) == pytest.approx([0.0, ring.length_m])


def test_samples_hold_both_ends():
    assert HAIRPIN.samples(50)[[0, -1]].tolist() == [[0, 0], [0, 20]]
    assert len(HAIRPIN.samples(50)) == 6


def test_gap_of_parallel_lines_is_their_distance():
    one = Polyline(np.array([[0.0, 0.0], [100.0, 0.0]]))
    other = Polyline(np.array([[0.0, 7.0], [100.0, 7.0]]))
    assert mean_square_gap(one, other, every_m=10) == pytest.approx((49.0, 7.0))


@given(st.floats(0, 220), st.floats(0, 220))
def test_a_part_is_as_long_as_the_distance_between_its_ends(start, end):
    assert HAIRPIN.part(start, end).length_m == pytest.approx(abs(end - start), abs=1e-6)


@given(st.floats(0, 220))
def test_a_point_on_the_line_is_passed_where_it_is(along):
    (point,) = HAIRPIN.positions(np.array([along]))
    assert any(abs(found - along) < 1e-6 for found in HAIRPIN.passes_near(point, within_m=0.001))
