"""What every trip on one map shares: areas and checkpoints made ready, and what was found out about routes on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import Area
from routing.route import Route
from routing.trips.area_ground import AreaGround, area_outline
from routing.trips.area_stretches import Stretch, stretches_of, way_of
from routing.trips.checkpoints import CheckpointGround, Passing
from routing.trips.line import line_of_route
from routing.trips.sections import Part, parts_of, sections_of
from routing.trips.trip import Section, TripMap
from routing.trips.vehicle_ground import MOST_VEHICLES, VehicleGround

#: Routes about which is remembered what was found out, at most; then it is begun anew.
MOST_KEPT: Final = 4_096


@dataclass(frozen=True, slots=True)
class RouteFindings:
    """What is true of a route whenever it is driven.

    Attributes
    ----------
    length_m, clock_s
        Its length in the plane and its time.
    stretches
        Where it is inside which area.
    passings
        Which checkpoints it passes.
    parts
        Its sections, where it is a way of its own.
    """

    length_m: float
    clock_s: float
    stretches: tuple[Stretch, ...]
    passings: tuple[Passing, ...]
    parts: tuple[Part, ...]


class Ground:
    """One a map; safe to share between threads."""

    def __init__(self, trip_map: TripMap) -> None:
        self.trip_map = trip_map
        self.network = trip_map.network
        # A route that is held here is never another one at the same address.
        self._findings: dict[int, tuple[Route, RouteFindings]] = {}
        self._vehicles: dict[bytes, VehicleGround] = {}
        self._masks: dict[int, tuple[NDArray[np.bool_], VehicleGround]] = {}
        self._sections: dict[tuple[tuple[int, ...], ...], tuple[tuple[Route, ...], tuple[Section, ...]]] = {}

    @cached_property
    def outlines(self) -> tuple[tuple[Area, shapely.Geometry], ...]:
        """Every area of the map, townships too, with its outline in plane metres."""
        return tuple((area, area_outline(area, self.trip_map)) for area in self.trip_map.areas)

    @cached_property
    def areas(self) -> AreaGround:
        """Its areas, made ready."""
        return AreaGround(self.trip_map)

    @cached_property
    def checkpoints(self) -> CheckpointGround:
        """Its checkpoints, made ready."""
        return CheckpointGround(self.trip_map)

    def findings(self, route: Route) -> RouteFindings:
        """Return what is true of a route whenever it is driven; found out once for the very same object."""
        known = self._findings.get(id(route))
        if known is None:
            known = route, self._find(route)
            if len(self._findings) >= MOST_KEPT:
                self._findings.clear()
            self._findings[id(route)] = known
        return known[1]

    def sections(self, out: tuple[Route, ...], back: tuple[Route, ...]) -> tuple[Section, ...]:
        """Return the sections of a trip over these routes, out and back; found out once for the very same objects."""
        key = tuple(map(id, out)), tuple(map(id, back))
        known = self._sections.get(key)
        if known is None:
            known = (*out, *back), sections_of(self._parts(out), self._parts(back))
            if len(self._sections) >= MOST_KEPT:
                self._sections.clear()
            self._sections[key] = known
        return known[1]

    def _parts(self, routes: tuple[Route, ...]) -> tuple[Part, ...]:
        return self.findings(routes[0]).parts if len(routes) == 1 else parts_of(routes, self.network)

    def for_vehicle(self, usable: NDArray[np.bool_]) -> VehicleGround:
        """Return the map as vehicles find it that may use these roads, an (m,) mask that nobody changes."""
        held = self._masks.get(id(usable))
        if held is None:
            if len(self._masks) >= MOST_VEHICLES:
                self._masks.clear()
            held = self._masks[id(usable)] = usable, self._of_roads(usable)
        return held[1]

    def _of_roads(self, usable: NDArray[np.bool_]) -> VehicleGround:
        """Return the same for a mask that may be another object than before."""
        key = np.packbits(usable).tobytes()
        known = self._vehicles.get(key)
        if known is None:
            if len(self._vehicles) >= MOST_VEHICLES:
                self._vehicles.clear()
            known = self._vehicles.setdefault(key, VehicleGround(self.trip_map, usable))
        return known

    def _find(self, route: Route) -> RouteFindings:
        line = line_of_route(route, self.network)
        return RouteFindings(
            length_m=float(line.position_m[-1]),
            clock_s=float(line.clock_s[-1]),
            stretches=stretches_of(way_of(route, line), self.areas),
            passings=self.checkpoints.passings(route.arcs >> 1, line),
            parts=parts_of([route], self.network),
        )


def ground_of(trip_map: TripMap) -> Ground:
    """Return what the trips on a map share; everybody who asks for this map gets the same."""
    return trip_map.once(Ground)
