"""What each arc costs one vehicle, as a single integer: duration first, length to break ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.network import Network
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from routing.arc_graph import arc_tails
from routing.vehicle_limits import arc_duration_ms, usable_arcs

#: A key is `duration_ms << LENGTH_BITS | length_cm`. Keys add up: 10,737 km and 49 days fit; beyond, one is told so.
LENGTH_BITS: Final = 30
LENGTH_MASK: Final = (1 << LENGTH_BITS) - 1
#: Key of an arc that cannot be used.
SHUT: Final = -1
#: Longer than any route; two of them still add up within 64 bits.
FAR: Final = (1 << 62) - 1
#: One road takes at most 6 days and is at most 1,342 km long: shares of it are reckoned within 64 bits.
LONGEST_ROAD_MS: Final = 1 << 29
LONGEST_ROAD_CM: Final = 1 << 27


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
    def is_within_far(self) -> bool:
        """Whether no way over different roads can cost FAR; in a county that is so, in a large province it may not."""
        slower = np.max(self.duration_ms, axis=1, where=self.usable, initial=0)
        return int(slower.sum()) + int(self.length_cm.sum() >> LENGTH_BITS) < FAR >> LENGTH_BITS

    @cached_property
    def surely_fits_ms(self) -> int:
        """Up to this duration a route is certainly short enough for the bits of its length."""
        if int(self.length_cm.sum()) <= LENGTH_MASK:
            return FAR
        fastest = np.max(self.length_cm[:, None] / self.duration_ms, where=self.usable, initial=0.0)
        return FAR if fastest <= 0 else int(LENGTH_MASK / fastest)

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


def refuse_too_long(length_cm: int) -> None:
    """Refuse a route whose length does not fit its bits.

    Raises
    ------
    BadInputError
        `route-too-long`.
    """
    if length_cm > LENGTH_MASK:
        raise BadInputError("route-too-long", "route")


def _refuse_overflow(network: Network, usable: NDArray[np.bool_], duration_ms: NDArray[np.int64]) -> None:
    """Refuse roads that would take, or be, so long that costs no longer add up."""
    slow = usable & (duration_ms > LONGEST_ROAD_MS)
    long = usable.any(axis=1) & (network.length_m * 100 > LONGEST_ROAD_CM)
    if slow.any() or long.any():
        road = int(np.flatnonzero(slow.any(axis=1) | long)[0])
        name, km = str(network.road_id[road]), round(float(network.length_m[road]) / 1000, 1)
        raise BadInputError("road-takes-too-long", name, road=name, km=km, days=LONGEST_ROAD_MS // 86_400_000)


def build_metric(network: Network, vehicle: Vehicle, *, speeds_kmh: Mapping[RoadClass, float]) -> Metric:
    """Return the costs of every arc for a vehicle.

    Raises
    ------
    BadInputError
        `vehicle-access-unknown`, `vehicle-speed-not-positive`, or `road-takes-too-long` where a road is so long, or
        the vehicle so slow, that costs would no longer add up.
    """
    usable = usable_arcs(network, vehicle)
    duration_ms = arc_duration_ms(network, vehicle, speeds_kmh)
    _refuse_overflow(network, usable, duration_ms)
    np.minimum(duration_ms, LONGEST_ROAD_MS, out=duration_ms)  # of roads that it may not use
    length_cm = np.rint(np.minimum(network.length_m * 100, LONGEST_ROAD_CM)).astype(np.int64)
    key = np.where(usable, duration_ms << LENGTH_BITS | length_cm[:, None], SHUT).ravel()
    return Metric(usable, duration_ms, length_cm, key, arc_tails(network))
