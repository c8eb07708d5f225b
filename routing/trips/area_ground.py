"""The areas of a map made ready for trips: their outlines in the plane, and which roads meet them."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import TOWNSHIP, Area
from routing.trips.area_rules import rule_of_area
from routing.trips.trip import TripMap

#: Spots asked about that are remembered at most.
_MOST_SPOTS: Final = 4_096


def area_outline(area: Area, trip_map: TripMap) -> shapely.Geometry:
    """Return an area in plane metres, grown by the buffer of its kind."""
    outline = shapely.transform(area.polygon, trip_map.road_index.plane.to_metres)
    rule = rule_of_area(area.kind, area.regime, trip_map.settings) if trip_map.settings else None
    return outline.buffer(rule.buffer_km * 1000) if rule and rule.buffer_km else outline


class AreaGround:
    """Every area of a regime; townships are none. Numbers below are those of `areas`.

    Attributes
    ----------
    areas, outlines
        Outlines are prepared: asking whether they hold a position is quick.
    """

    def __init__(self, trip_map: TripMap) -> None:
        self.areas = tuple(area for area in trip_map.areas if area.kind != TOWNSHIP)
        self.outlines = np.array([area_outline(area, trip_map) for area in self.areas], dtype=np.object_)
        shapely.prepare(self.outlines)
        self.edges = [shapely.boundary(outline) for outline in self.outlines]
        touched = [trip_map.road_index.roads_meeting(outline) for outline in self.outlines]
        roads = np.unique(np.concatenate(touched)) if touched else np.empty(0, dtype=np.intp)
        # Most roads meet no area: only those that do have a row of their own.
        self._row = np.full(trip_map.network.road_count, -1, dtype=np.int32)
        self._row[roads] = np.arange(len(roads), dtype=np.int32)
        self._touches = np.zeros((len(self.areas), len(roads)), dtype=np.bool_)
        self._crosses = np.zeros((len(self.areas), len(roads)), dtype=np.bool_)
        for number, some in enumerate(touched):
            self._touches[number, self._row[some]] = True
            crossing = trip_map.road_index.roads_meeting(self.edges[number])
            self._crosses[number, self._row[crossing]] = True
        self._to_metres = trip_map.road_index.plane.to_metres
        self._holding: dict[tuple[float, float], tuple[int, ...]] = {}

    def touched_by(self, roads: NDArray[np.int32]) -> tuple[int, ...]:
        """Return the areas that any of these roads touches: a part of such a road may still run beside the area."""
        rows = self._row[roads]
        rows = rows[rows >= 0]
        return tuple(np.flatnonzero(self._touches[:, rows].any(axis=1)).tolist()) if len(rows) else ()

    def crossed_by(self, roads: NDArray[np.int32], number: int) -> NDArray[np.bool_]:
        """Return which of these roads meet the edge of an area."""
        rows = self._row[roads]
        return np.asarray(self._crosses[number, rows] & (rows >= 0))

    def holding(self, lon: float, lat: float) -> tuple[int, ...]:
        """Return the areas in which a position lies."""
        known = self._holding.get((lon, lat))
        if known is None:
            spot = self._to_metres(np.array([lon, lat]))
            known = tuple(np.flatnonzero(shapely.contains_xy(self.outlines, *spot)).tolist())
            if len(self._holding) >= _MOST_SPOTS:
                self._holding.clear()
            self._holding[lon, lat] = known
        return known
