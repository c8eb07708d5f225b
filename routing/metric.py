"""What each arc costs one vehicle, as a single integer: duration first, length to break ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from routing.arc_graph import arc_tails
from routing.vehicle_limits import arc_duration_ms, usable_arcs

#: A key is `duration_ms << LENGTH_BITS | length_cm`. Keys add up: 10,000 km and 99 days fit without a carry.
LENGTH_BITS: Final = 30
LENGTH_MASK: Final = (1 << LENGTH_BITS) - 1
#: Key of an arc that cannot be used.
SHUT: Final = -1
#: Longer than any route; two of them still add up within 64 bits.
FAR: Final = (1 << 62) - 1


class RoadCosts(NamedTuple):
    """What m roads cost one vehicle; a named tuple, because that is what a kernel takes.

    Attributes
    ----------
    key : (2m,) int64
        By arc; negative where the vehicle may not use it.
    duration_ms : (m, 2) int64
    length_cm : (m,) int64
    tail : (2m,) int32
        Junction where each arc begins.
    """

    key: NDArray[np.int64]
    duration_ms: NDArray[np.int64]
    length_cm: NDArray[np.int64]
    tail: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Metric:
    """Costs of every arc for one vehicle, without closures; m roads.

    Attributes
    ----------
    usable : (m, 2) bool
        Forward and backward, by access and limits.
    duration_ms : (m, 2) int64
        Of the whole road; also where it is not usable.
    length_cm : (m,) int64
    key : (2m,) int64
        By arc; SHUT where not usable.
    tail : (2m,) int32
        Junction where each arc begins.
    """

    usable: NDArray[np.bool_]
    duration_ms: NDArray[np.int64]
    length_cm: NDArray[np.int64]
    key: NDArray[np.int64]
    tail: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    @cached_property
    def road_costs(self) -> RoadCosts:
        """What roads cost, closed or not, as a search takes it."""
        return RoadCosts(self.key, self.duration_ms, self.length_cm, self.tail)

    @cached_property
    def usable_roads(self) -> NDArray[np.bool_]:
        """Roads usable in some direction, (m,)."""
        return np.asarray(self.usable.any(axis=1))

    @cached_property
    def length_m(self) -> NDArray[np.float64]:
        """Length of each road, (m,)."""
        return self.length_cm / 100

    @cached_property
    def arc_duration_s(self) -> NDArray[np.float64]:
        """Duration of each whole arc, (2m,)."""
        return self.duration_ms.ravel() / 1000

    def part_key(self, arc: int, *, length_cm: int) -> int:
        """Return the key of a part of an arc: its share of the duration, rounded, and its length."""
        road, direction = divmod(arc, 2)
        whole_cm = int(self.length_cm[road])
        if whole_cm == 0 or length_cm == 0:
            return 0
        duration_ms = (int(self.duration_ms[road, direction]) * length_cm * 2 + whole_cm) // (2 * whole_cm)
        return duration_ms << LENGTH_BITS | length_cm


def build_metric(network: Network, vehicle: Vehicle, *, speeds_kmh: Mapping[RoadClass, float]) -> Metric:
    """Return the costs of every arc for a vehicle.

    Raises
    ------
    BadInputError
        `vehicle-access-unknown` or `vehicle-speed-not-positive`.
    """
    usable = usable_arcs(network, vehicle)
    duration_ms = arc_duration_ms(network, vehicle, speeds_kmh)
    length_cm = np.rint(network.length_m * 100).astype(np.int64)
    key = np.where(usable, duration_ms << LENGTH_BITS | length_cm[:, None], SHUT).ravel()
    return Metric(usable, duration_ms, length_cm, key, arc_tails(network))
