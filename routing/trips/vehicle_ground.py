"""What one kind of vehicle finds on a map: ends read, entry points and stations snapped to roads that it may use.

Applications name the same places over and over, so what a text or a mapping stands for is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.places import Place
from geodata.snapping import RoadPoint
from routing.trips.end_options import EndOption, options_of
from routing.trips.ends import resolve_end
from routing.trips.trip import TripEnd, TripMap

#: Kinds of vehicles, and ends of each, that are remembered at most; then it is begun anew.
MOST_VEHICLES: Final = 64
MOST_ENDS: Final = 8_192
_Words: TypeAlias = str | frozenset[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Station:
    """A place that renews a condition, and where a truck stops there."""

    place: Place
    point: RoadPoint


def _words(end: str | Mapping[str, object]) -> _Words | None:
    """Return what an end says as a key; None where it cannot be one: what is not plain text or a number is refused."""
    if isinstance(end, str):
        return end
    try:
        if any(isinstance(value, bool) for value in end.values()):
            return None  # as a key it would pass for a number
        words = frozenset(end.items())
        hash(words)
    except (AttributeError, TypeError):
        return None
    return words


class VehicleGround:
    """A map for vehicles that may use the same roads; safe to share between threads.

    Parameters
    ----------
    usable
        (m,) mask of the roads that they may use.
    """

    def __init__(self, trip_map: TripMap, usable: NDArray[np.bool_]) -> None:
        self.trip_map = trip_map
        self.usable = usable
        self._ends: dict[_Words, TripEnd] = {}
        self._options: dict[tuple[int, bool, str], tuple[TripEnd, tuple[EndOption, ...]]] = {}
        self._stations: dict[str, tuple[Station, ...]] = {}

    def end(self, end: str | Mapping[str, object], *, where: str) -> TripEnd:
        """Find what an origin, via stop or destination stands for, as `resolve_end` does.

        Raises
        ------
        BadInputError
            As `resolve_end`.
        """
        words = _words(end)
        known = None if words is None else self._ends.get(words)
        if known is None:
            known = resolve_end(end, self.trip_map, usable=self.usable, where=where)
            if words is not None:
                if len(self._ends) >= MOST_ENDS:
                    self._ends.clear()
                known = self._ends.setdefault(words, known)
        return known

    def options(self, end: TripEnd, *, comes_back: bool, given: str, where: str) -> tuple[EndOption, ...]:
        """List the ways to stop at an end, as `options_of` does.

        Raises
        ------
        BadInputError
            As `options_of`.
        """
        # An end that is held here is never another one at the same address.
        key = id(end), comes_back, given
        known = self._options.get(key)
        if known is None:
            found = options_of(end, self.trip_map, usable=self.usable, comes_back=comes_back, given=given, where=where)
            if len(self._options) >= MOST_ENDS:
                self._options.clear()
            known = self._options[key] = end, found
        return known[1]

    def stations(self, kind: str) -> tuple[Station, ...]:
        """Return the stations of a kind that the vehicle can drive up to, by id."""
        known = self._stations.get(kind)
        if known is None:
            known = self._stations[kind] = tuple(self._stations_of(kind))
        return known

    def _stations_of(self, kind: str) -> list[Station]:
        stations = []
        for place in self.trip_map.places.of_kind(kind):
            try:
                point = self.trip_map.road_index.snap(place.lon, place.lat, usable=self.usable, where=place.id)
            except BadInputError:
                continue  # no road there for this vehicle
            stations.append(Station(place, point))
        return stations
