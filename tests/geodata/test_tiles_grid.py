"""Where positions lie on the grid of tiles."""

import numpy as np
import pytest

from geodata.errors import BadInputError
from geodata.tiles.grid import EXTENT, Tile, tile_at, world_of


def test_the_world_is_a_square_with_greenwich_and_the_equator_in_the_middle():
    found = world_of(np.array([[0.0, 0.0], [-180.0, 85.051129], [180.0, -85.051129]]))
    assert found == pytest.approx(np.array([[0.5, 0.5], [0.0, 0.0], [1.0, 1.0]]), abs=1e-8)


def test_tile_of_a_position_is_the_one_that_every_web_map_asks_for():
    assert tile_at(112.999, 33.262, 10) == Tile(10, 833, 411)


def test_positions_are_told_in_units_of_their_tile():
    corner = np.array([[833 / 1024, 412 / 1024], [834 / 1024, 413 / 1024]])
    assert Tile(10, 833, 412).units(corner).tolist() == [[0.0, 0.0], [EXTENT, EXTENT]]


def test_bounds_reach_beyond_the_edge():
    west, north, east, south = Tile(1, 1, 0).bounds
    assert west < 0.5 < 1.0 < east
    assert north < 0.0 < 0.5 < south


@pytest.mark.parametrize("tile", [(15, 0, 0), (2, 4, 0), (2, 0, 4), (-1, 0, 0), (2, -1, 0)])
def test_no_such_tile_is_refused(tile):
    with pytest.raises(BadInputError, match="tile-unknown"):
        Tile(*tile)
