"""Measure along a line on the plane: positions by distance, parts, and every place where it passes near a point."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]


class Polyline:
    """A line of plane metres with its running length.

    Parameters
    ----------
    points
        (p, 2) positions, p >= 2.
    """

    def __init__(self, points: Points) -> None:
        self.points = points
        steps = np.hypot(*np.diff(points, axis=0).T)
        self.along: Points = np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length_m(self) -> float:
        """Length of the line."""
        return float(self.along[-1])

    @cached_property
    def shape(self) -> shapely.LineString:
        """The line as a geometry."""
        return shapely.LineString(self.points)

    def positions(self, along: Points) -> Points:
        """Return the (q, 2) positions at so many metres from the start."""
        return np.column_stack([np.interp(along, self.along, self.points[:, axis]) for axis in (0, 1)])

    def part(self, start: float, end: float) -> Polyline:
        """Return the part between two distances from the start, turned round where the end comes first."""
        low, high = sorted((start, end))
        inner = self.points[(self.along > low) & (self.along < high)]
        ends = self.positions(np.array([low, high]))
        points = np.vstack([ends[:1], inner, ends[1:]])
        return Polyline(points if start <= end else points[::-1])

    def samples(self, every_m: float) -> Points:
        """Return evenly spaced positions, both ends among them."""
        count = max(2, int(np.ceil(self.length_m / every_m)) + 1)
        return self.positions(np.linspace(0.0, self.length_m, count))

    def passes_near(self, point: Points, *, within_m: float) -> list[float]:
        """Return the distances from the start at which the line comes nearest to a point, one a pass.

        A line that returns, such as a hairpin or a ring, passes a point more than once.
        """
        start, step = self.points[:-1], np.diff(self.points, axis=0)
        squared = np.maximum((step**2).sum(axis=1), 1e-12)
        share = np.clip(((point - start) * step).sum(axis=1) / squared, 0.0, 1.0)
        gap = np.hypot(*(start + share[:, None] * step - point).T)
        walled = np.concatenate([[np.inf], gap, [np.inf]])
        lowest = (gap <= within_m) & (gap <= walled[:-2]) & (gap <= walled[2:])
        found: list[float] = []
        for index in np.flatnonzero(lowest):
            along = float(self.along[index] + share[index] * np.sqrt(squared[index]))
            if not found or along - found[-1] > 1e-6:
                found.append(along)
        return found


def mean_square_gap(line: Polyline, other: Polyline, *, every_m: float) -> tuple[float, float]:
    """Return the mean of the squared distances of a line's samples from another line, and the largest distance."""
    gaps = shapely.distance(shapely.points(line.samples(every_m)), other.shape)
    return float((gaps**2).mean()), float(gaps.max())
