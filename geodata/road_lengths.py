"""Measure lines on the WGS-84 ellipsoid.

Each segment is measured by the radii of curvature at its middle latitude. Against Vincenty's geodesic the error stays
below 1 part in a million for segments up to 10 km between 60 degrees north and south; OSM segments are far shorter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_SEMI_MAJOR_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_ECCENTRICITY_2: Final = _FLATTENING * (2 - _FLATTENING)


def segment_lengths_m(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lengths of straight segments between (k, 2) WGS-84 positions, longitude first, in degrees."""
    middle = np.radians((start[:, 1] + end[:, 1]) / 2)
    shrink = 1 - _ECCENTRICITY_2 * np.sin(middle) ** 2
    north = np.radians(end[:, 1] - start[:, 1]) * _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / shrink**1.5
    east = np.radians(end[:, 0] - start[:, 0]) * _SEMI_MAJOR_M / np.sqrt(shrink) * np.cos(middle)
    length: NDArray[np.float64] = np.hypot(north, east)
    return length


def distances_m(lon: float, lat: float, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distances of (k, 2) positions from one position, for places not farther than a county apart."""
    here = np.broadcast_to(np.array([lon, lat], dtype=np.float64), positions.shape)
    return segment_lengths_m(here, positions)
