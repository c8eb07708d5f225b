"""Which roads a vehicle may use in which direction, and how long it takes over each."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.hazardous_goods import bits_of_load
from geodata.network import ACCESS_BIT, Network
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.vehicles import Vehicle

#: Durations are told up to here, milliseconds; longer ones are as long as this.
_LONGEST_TOLD_MS: Final = float(1 << 40)


def _within_limits(network: Network, vehicle: Vehicle) -> NDArray[np.bool_]:
    """Return the (m,) mask of roads whose every limit the vehicle keeps.

    A limit is inclusive: an 18 t truck may use an 18 t bridge. Limits are stored as float32, so the vehicle's value
    is rounded the same way before it is compared: 2.55 m fits a limit of 2.55 m. A value that is not known (zero)
    is excluded by no limit.
    """
    pairs = (
        (vehicle.gross_weight_kg, network.max_weight_kg),
        (vehicle.height_m, network.max_height_m),
        (vehicle.width_m, network.max_width_m),
        (vehicle.length_m, network.max_length_m),
        (vehicle.axle_load_kg, network.max_axle_load_kg),
    )
    within = np.ones(network.road_count, dtype=np.bool_)
    for value, limit in pairs:
        if not 0 <= value < inf:
            raise BadInputError("vehicle-value-not-a-number", "vehicle", value=str(value))
        if value > 0:
            within &= np.float32(value) <= limit
    return within


def usable_arcs(network: Network, vehicle: Vehicle) -> NDArray[np.bool_]:
    """Return the (m, 2) mask of roads the vehicle may use forward and backward, by access, limits and its goods.

    Raises
    ------
    BadInputError
        `vehicle-access-unknown` where `access` is neither "car" nor "truck", `vehicle-goods-unknown`, or
        `vehicle-value-not-a-number` for a weight or size that is none.
    """
    if vehicle.access not in ACCESS_BIT:
        raise BadInputError("vehicle-access-unknown", "vehicle: access", value=vehicle.access)
    load = bits_of_load(vehicle.hazardous_goods, where="vehicle: hazardous_goods")
    allowed = ((network.access & ACCESS_BIT[vehicle.access]) != 0) & ((network.refused_goods & load) == 0)
    return np.asarray(allowed & _within_limits(network, vehicle)[:, None], dtype=np.bool_)


def arc_duration_ms(network: Network, vehicle: Vehicle, speeds_kmh: Mapping[RoadClass, float]) -> NDArray[np.int64]:
    """Return the (m, 2) milliseconds the vehicle takes over each whole road forward and backward; at least 1.

    The speed is the signed limit where one is mapped, else the county's speed for the class, and never more than
    the vehicle's top speed.

    Raises
    ------
    BadInputError
        `vehicle-speed-not-positive`, or `speed-out-of-range` for a class without a speed above 0.
    """
    if not vehicle.max_kmh > 0:
        raise BadInputError("vehicle-speed-not-positive", "vehicle: max_kmh", value=vehicle.max_kmh)
    for one in ROAD_CLASSES:
        if not speeds_kmh.get(one, 0.0) > 0:
            raise BadInputError("speed-out-of-range", f"speeds_kmh.{one.value}", value=str(speeds_kmh.get(one)))
    of_class = np.array([float(speeds_kmh[one]) for one in ROAD_CLASSES])[network.road_class]
    signed = network.tagged_kmh.astype(np.float64)
    kmh = np.minimum(np.where(signed > 0, signed, of_class[:, None]), vehicle.max_kmh)
    with np.errstate(over="ignore"):
        duration_ms = np.rint(3600.0 * network.length_m[:, None] / kmh)
    return np.clip(duration_ms, 1.0, _LONGEST_TOLD_MS).astype(np.int64)
