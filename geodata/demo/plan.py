"""What the demo generator builds from: outline, settlements, rivers, hills and the courses of the great roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.demo.plane import Points, lengths_of
from geodata.road_classes import RoadClass


@dataclass(frozen=True, slots=True)
class Arterial:
    """A numbered road and the fixed points it runs through, by index into `Plan.fixed`."""

    road_class: RoadClass
    ref: str
    name: str
    through: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Toll:
    """A toll station where the expressway meets a numbered road; both name and position are of the plan."""

    name: str
    ref: str
    near: Points


@dataclass(frozen=True, slots=True)
class Expressway:
    """A dual carriageway: the middle line, digitised in one direction of travel, and its toll stations."""

    ref: str
    name: str
    line: Points
    tolls: tuple[Toll, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Input of the road generator, in plane metres.

    Attributes
    ----------
    outline
        The county.
    seats : (s, 2)
        Township seats.
    seat_radius_m : (s,)
        How far the streets of each seat reach.
    villages : (v, 2)
    village_seat : (v,)
        Township of each village, index into `seats`.
    entries : (e, 2)
        Where numbered roads cross the outline.
    hills : (h, 4)
        x, y, radius and height from 0 to 1 of each hill.
    rivers, expressways, arterials
        Lines that shape the network.
    spacing_m
        Mean distance of the countryside's crossings.
    """

    outline: shapely.Polygon
    seats: Points
    seat_radius_m: NDArray[np.float64]
    villages: Points
    village_seat: NDArray[np.int64]
    entries: Points
    hills: Points
    rivers: tuple[Points, ...]
    expressways: tuple[Expressway, ...]
    arterials: tuple[Arterial, ...]
    spacing_m: float

    @property
    def fixed(self) -> Points:
        """Points that the network must reach: seats, entries, villages, in this order."""
        return np.concatenate([self.seats, self.entries, self.villages])

    @property
    def highways(self) -> shapely.MultiLineString:
        """The middle lines of the expressways."""
        return shapely.MultiLineString([one.line for one in self.expressways])

    @property
    def water(self) -> shapely.MultiLineString:
        """The rivers."""
        return shapely.MultiLineString(list(self.rivers))

    def hilliness(self, points: Points) -> NDArray[np.float64]:
        """Return how hilly it is at each point, 0 in the plain to 1."""
        height = np.zeros(len(points))
        for x, y, radius, top in self.hills:
            far = lengths_of(points - np.array([x, y])) / radius
            height = np.maximum(height, top / (1 + far * far * far * far))
        return height
