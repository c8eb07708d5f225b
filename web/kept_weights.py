"""Keep the weights of a county's usual vehicles beside the shape of its route search: a restart then computes none.

They are kept for every road open. What is closed at the moment is a small change to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.kept_arrays import keep_arrays, read_kept_arrays

if TYPE_CHECKING:
    from geodata.county_settings import CountySettings
    from geodata.network import Network
    from routing.hierarchy.held_weights import Costs
    from routing.hierarchy.hierarchy import Hierarchy

FOLDER: Final = "weights"
#: Vehicles of county.toml whose weights are kept.
KEPT_FOR: Final = ("car", "truck")
_ARRAYS: Final = frozenset({"weight", "way"})


def ready_weights(hierarchy: Hierarchy, costs: Costs, folders: Sequence[Path]) -> None:
    """Read the weights of a vehicle's costs, or compute and keep them in the first folder that can be written to."""
    key = hierarchy.weights_key(costs)
    for folder in folders:
        arrays = read_kept_arrays(folder, key)
        if arrays is not None and set(arrays) == _ARRAYS:
            hierarchy.pool.take(costs, arrays["weight"], arrays["way"])
            return
    held = hierarchy.pool.hold(costs, np.empty(0, dtype=np.int32))
    kept: dict[str, NDArray[Any]] = {"weight": held.weights.weight, "way": held.weights.way}
    any(keep_arrays(folder, key, kept) for folder in folders)


def ready_usual_weights(network: Network, settings: CountySettings, folders: Sequence[Path]) -> None:
    """Have the weights of the usual vehicles ready; those that cost the same share them."""
    from routing.hierarchy.hierarchy import hierarchy_of
    from routing.metric import build_metric

    hierarchy = hierarchy_of(network)
    known: list[Costs] = []
    for name in KEPT_FOR:
        costs = hierarchy.shared(build_metric(network, settings.vehicles[name], speeds_kmh=settings.speeds_kmh))
        if not any(costs is one for one in known):
            ready_weights(hierarchy, costs, folders)
            known.append(costs)
