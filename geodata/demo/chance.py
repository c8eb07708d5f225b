"""Chance for the demo county: seeded streams and a smooth field, both the same on every machine and numpy."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.plane import Points

_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58276D1CE4E5B9), np.uint64(0x94D069BB133111EB))


class Chance:
    """One seed, and a stream of its own for every stage, so that a change in one stage leaves the others alone.

    Only uniform numbers are drawn: numpy promises their bits, not those of its other distributions.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def _stream(self, stage: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *stage.encode()])))

    def uniform(self, stage: str, *shape: int) -> NDArray[np.float64]:
        """Return uniform numbers in [0, 1) of a stage."""
        return self._stream(stage).random(shape)

    def shifts(self, stage: str, count: int, *, most_m: float) -> Points:
        """Return (count, 2) shifts, each coordinate uniform in ±most_m."""
        return (self.uniform(stage, count, 2) * 2 - 1) * most_m

    def field(self, stage: str, points: Points, *, wavelength_m: float) -> NDArray[np.float64]:
        """Return a smooth random field in [-1, 1] at the points: value noise on a square lattice."""
        salt = np.uint64(int(self.uniform(stage, 1)[0] * 2.0**53))
        cell = np.floor(points / wavelength_m)
        part = points / wavelength_m - cell
        ease = part * part * (3 - 2 * part)
        corner = cell.astype(np.int64)
        value = [[_hashed(corner[:, 0] + dx, corner[:, 1] + dy, salt) for dx in (0, 1)] for dy in (0, 1)]
        low = value[0][0] + (value[0][1] - value[0][0]) * ease[:, 0]
        high = value[1][0] + (value[1][1] - value[1][0]) * ease[:, 0]
        return (low + (high - low) * ease[:, 1]) * 2 - 1


def _hashed(column: NDArray[np.int64], row: NDArray[np.int64], salt: np.uint64) -> NDArray[np.float64]:
    """Return a uniform number in [0, 1) for each lattice corner (splitmix64 of its coordinates)."""
    mixed = column.astype(np.uint64) * _MIX[0] + row.astype(np.uint64) * _MIX[1] + salt
    for shift, factor in ((30, _MIX[1]), (27, _MIX[2])):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
