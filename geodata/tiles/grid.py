"""The grid of square map tiles on Web Mercator, and how positions and lines get onto one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError

#: Units along a tile's edge.
EXTENT: Final = 4096
#: Units drawn beyond the edge, so that wide lines and marks are whole where tiles meet.
BUFFER: Final = 96
#: The finest tiles; a map that looks closer enlarges them. A unit is then 0.5 m.
FINEST: Final = 14
#: Web Mercator ends here, north and south.
_FARTHEST_LAT: Final = 85.051129

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: zoom, column from the west, row from the north.

    Raises
    ------
    BadInputError
        `tile-unknown`: no such tile, or finer than the finest.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= FINEST and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z):
            raise BadInputError("tile-unknown", f"{self.z}/{self.x}/{self.y}", finest=FINEST)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, north, east, south with the buffer, in shares of the world."""
        size, rim = 1.0 / (1 << self.z), BUFFER / EXTENT
        west, north = (self.x - rim) * size, (self.y - rim) * size
        return west, north, west + (1 + 2 * rim) * size, north + (1 + 2 * rim) * size

    def units(self, world: Points) -> Points:
        """Return (n, 2) tile units, y downward, of (n, 2) shares of the world."""
        scale = float(EXTENT << self.z)
        return world * scale - np.array([self.x, self.y], dtype=np.float64) * EXTENT


def world_of(lonlat: Points) -> Points:
    """Return (n, 2) shares of the world's square, y downward, of (n, 2) WGS-84 degrees."""
    lat = np.radians(np.clip(lonlat[:, 1], -_FARTHEST_LAT, _FARTHEST_LAT))
    north = np.log(np.tan(np.pi / 4 + lat / 2)) / np.pi
    return np.column_stack([lonlat[:, 0] / 360.0 + 0.5, 0.5 - north / 2])


def tile_at(lon: float, lat: float, z: int) -> Tile:
    """Return the tile of a zoom that holds a position."""
    (x, y) = (world_of(np.array([[lon, lat]]))[0] * (1 << z)).astype(np.int64).tolist()
    return Tile(z, x, y)
