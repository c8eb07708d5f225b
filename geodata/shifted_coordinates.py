"""Undo the shifts of GCJ-02 and BD-09 for whole arrays of positions, as road files with many vertices need it.

The forward shifts are the published formulas; their inverses are iterated until they meet the shifted position within
a hundredth of a millimetre. One position at a time goes through `geodata.coordinates`, and tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
#: Ellipsoid of the shift: half axis in metres, and squared eccentricity.
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323
_BAIDU_OFFSET: Final = np.array([0.0065, 0.006])
_BAIDU_TURN: Final = np.pi * 3000.0 / 180.0
#: Box outside of which the shifts are not defined: least and most longitude and latitude.
CHINA: Final = (72.004, 0.8293, 137.8347, 55.8271)
_PRECISION_DEGREES: Final = 1e-10
_MOST_STEPS: Final = 30


def outside_china(lonlat: Array) -> NDArray[np.bool_]:
    """Return the mask of (n, 2) positions for which the shifts are not defined."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    inside = (lon >= CHINA[0]) & (lon <= CHINA[2]) & (lat >= CHINA[1]) & (lat <= CHINA[3])
    return np.asarray(~inside, dtype=np.bool_)


def _waves(angle: Array, *parts: tuple[float, float]) -> Array:
    total = np.zeros_like(angle)
    for weight, rate in parts:
        total += weight * np.sin(angle * rate * np.pi)
    return total * 2.0 / 3.0


def shift_to_gcj02(lonlat: Array) -> Array:
    """Return the GCJ-02 positions of (n, 2) WGS-84 positions."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root, common = np.sqrt(np.abs(x)), _waves(x, (20.0, 6.0), (20.0, 2.0))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    lat = np.radians(lonlat[:, 1])
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(lat) ** 2
    north_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / magic**1.5
    east_m = _AXIS_M / np.sqrt(magic) * np.cos(lat)
    return np.asarray(lonlat + np.degrees(np.column_stack((east / east_m, north / north_m))), dtype=np.float64)


def shift_to_bd09(lonlat: Array) -> Array:
    """Return the BD-09 positions of (n, 2) WGS-84 positions."""
    lon, lat = shift_to_gcj02(lonlat).T
    far = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_TURN)
    return np.asarray(np.column_stack((far * np.cos(angle), far * np.sin(angle))) + _BAIDU_OFFSET, dtype=np.float64)


_SHIFTS: Final[dict[str, Callable[[Array], Array]]] = {"gcj02": shift_to_gcj02, "bd09": shift_to_bd09}


def unshifted(lonlat: Array, *, crs: str) -> Array:
    """Return the WGS-84 positions of (n, 2) positions in GCJ-02 or BD-09, which must lie in China."""
    shift = _SHIFTS[crs]
    found = lonlat.copy()
    for _ in range(_MOST_STEPS):
        step = shift(found) - lonlat
        found -= step
        if not step.size or np.abs(step).max() < _PRECISION_DEGREES:
            break
    return found
