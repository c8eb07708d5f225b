"""Shaping of lines, fields of chance and the plane of the demo generator."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.demo.chance import Chance
from geodata.demo.lines import corners_cut, evenly_spaced, roughened, shifted, smooth_line
from geodata.demo.plane import apart, crosses, lattice, lengths_of, near, to_lonlat, to_plane

CORNER = np.array([[0.0, 0.0], [1_000.0, 0.0], [1_000.0, 1_000.0]])


@given(st.floats(112.6, 113.5), st.floats(33.0, 33.7))
def test_the_plane_gives_back_the_degrees(lon: float, lat: float) -> None:
    again = to_lonlat(to_plane(np.array([lon, lat])))
    assert np.abs(again - [lon, lat]).max() < 2e-7


def test_cutting_corners_keeps_both_ends() -> None:
    points, start = corners_cut(np.concatenate([CORNER, CORNER + 5_000.0]), np.array([0, 3, 6]))
    assert start.tolist() == [0, 4, 8]
    np.testing.assert_array_equal(points[[0, 3, 4, 7]], [[0, 0], [1_000, 1_000], [5_000, 5_000], [6_000, 6_000]])


def test_even_spacing_keeps_ends_and_distances_on_every_line() -> None:
    points, start = evenly_spaced(np.concatenate([CORNER, CORNER[:2] * 3]), np.array([0, 3, 5]), spacing_m=100.0)
    assert start.tolist() == [0, 21, 52]
    first, second = points[:21], points[21:]
    np.testing.assert_allclose(lengths_of(np.diff(first, axis=0)), 100.0, atol=0.02)
    np.testing.assert_allclose(lengths_of(np.diff(second, axis=0)), 100.0, atol=0.02)


def test_a_smooth_line_turns_gently() -> None:
    line = smooth_line(CORNER, rounds=4, spacing_m=50.0)
    along = np.diff(line, axis=0)
    turn = np.abs(np.diff(np.unwrap(np.arctan2(along[:, 1], along[:, 0]))))
    assert np.degrees(turn.max()) < 25


def test_a_line_is_shifted_to_its_right() -> None:
    np.testing.assert_allclose(shifted(CORNER[:2], right_m=14.0), [[0, -14], [1_000, -14]])


def test_roughening_keeps_the_given_points() -> None:
    line = roughened(CORNER, chance=Chance(1), stage="x", share=0.1, rounds=2)
    np.testing.assert_array_equal(line[::4], CORNER)


def test_stages_draw_apart_and_repeat() -> None:
    chance = Chance(5)
    assert chance.uniform("a", 3).tolist() == Chance(5).uniform("a", 3).tolist()
    assert chance.uniform("a", 3).tolist() != chance.uniform("b", 3).tolist()


def test_a_field_is_smooth_and_bounded() -> None:
    points = np.stack([np.arange(0.0, 20_000.0, 10.0), np.full(2_000, 7.0)], axis=1)
    field = Chance(2).field("hills", points, wavelength_m=2_000.0)
    assert np.abs(field).max() <= 1.0
    assert np.abs(np.diff(field)).max() < 0.02
    assert field.std() > 0.2


def test_a_field_does_not_depend_on_what_else_is_asked() -> None:
    points = np.array([[100.0, 200.0], [-9_000.0, 4_000.0]])
    chance = Chance(2)
    whole = chance.field("hills", points, wavelength_m=700.0)
    assert chance.field("hills", points[1:], wavelength_m=700.0)[0] == whole[1]


def test_points_kept_apart_keep_the_distance_and_leave_no_gap() -> None:
    points = np.round(np.random.default_rng(4).random((500, 2)) * 1_000, 2)
    kept = points[apart(points, least_m=60.0)]
    distance = lengths_of(kept[:, None] - kept[None])
    assert distance[np.triu_indices(len(kept), 1)].min() > 60.0
    assert near(points, kept, within_m=60.0).all()


def test_a_lattice_fills_its_region() -> None:
    points = lattice(shapely.box(0, 0, 1_000, 1_000), spacing_m=100.0)
    assert len(points) == pytest.approx(115, abs=12)


def test_strokes_cross_an_obstacle_or_not() -> None:
    strokes = np.array([[[0.0, -1.0], [0.0, 1.0]], [[5.0, 1.0], [5.0, 2.0]]])
    wall = shapely.MultiLineString([[(-9, 0), (9, 0)]])
    assert crosses(strokes, wall).tolist() == [True, False]
    assert crosses(strokes, shapely.MultiLineString()).tolist() == [False, False]
