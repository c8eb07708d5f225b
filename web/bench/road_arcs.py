"""Roads as every router of a comparison gets them: arcs between junctions with whole milliseconds, no turn rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from routing.vehicle_limits import arc_duration_ms, usable_arcs


@dataclass(frozen=True, eq=False)
class RoadArcs:
    """Arcs of n junctions and m roads; arc `2 * road` runs forward, `2 * road + 1` backward.

    Attributes
    ----------
    network
        The roads themselves, without turn restrictions: not every router knows them.
    vehicle, speeds_kmh
        What the weights were made for.
    tail, head : (2m,) int32
        Junctions of departure and arrival.
    weight_ms : (2m,) int64
        At least 1.
    usable : (2m,) bool
        Which arcs the vehicle may use; the others must not be used.
    """

    network: Network
    vehicle: Vehicle
    speeds_kmh: Mapping[RoadClass, float]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    weight_ms: NDArray[np.int64]
    usable: NDArray[np.bool_]

    @property
    def junction_count(self) -> int:
        """Number of junctions."""
        return self.network.junction_count

    @property
    def road_count(self) -> int:
        """Number of roads."""
        return self.network.road_count

    @property
    def lonlat(self) -> NDArray[np.float64]:
        """Where the junctions lie, (n, 2)."""
        return self.network.junction_lonlat

    @cached_property
    def usable_arcs(self) -> NDArray[np.int64]:
        """Numbers of the usable arcs, ascending."""
        return np.flatnonzero(self.usable)

    @cached_property
    def usable_roads(self) -> NDArray[np.int64]:
        """Numbers of the roads usable in some direction, ascending."""
        return np.flatnonzero(self.usable.reshape(-1, 2).any(axis=1))


def road_arcs(network: Network, vehicle: Vehicle, *, speeds_kmh: Mapping[RoadClass, float]) -> RoadArcs:
    """Return the arcs of a network for a vehicle, turn restrictions left out."""
    return RoadArcs(
        network=replace(network, turn_restrictions=()),
        vehicle=vehicle,
        speeds_kmh=speeds_kmh,
        tail=np.ascontiguousarray(network.ends, dtype=np.int32).ravel(),
        head=np.ascontiguousarray(network.ends[:, ::-1], dtype=np.int32).ravel(),
        weight_ms=arc_duration_ms(network, vehicle, speeds_kmh).ravel(),
        usable=usable_arcs(network, vehicle).ravel(),
    )
