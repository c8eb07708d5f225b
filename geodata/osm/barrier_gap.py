"""Leave a gap at blocking barriers: a barrier has a thickness, and its two sides are two positions.

Both sides of a barrier come from one OSM node. Left at one position, a place named by that position could mean
either side, and no route leads from the one to the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_lengths import segment_lengths_m

#: How far each road ends before the barrier; on a very short segment a quarter of it.
GAP_M: Final = 0.5
_LARGEST_SHARE: Final = 0.25


def leave_gaps(network: Network, end_is_barrier: NDArray[np.bool_]) -> Network:
    """Return the network whose roads end before the barriers that block them.

    Parameters
    ----------
    end_is_barrier : (m, 2) bool
        Where a blocking barrier stands at the start and at the end of a road.
    """
    shape, junctions = network.shape_lonlat.copy(), network.junction_lonlat.copy()
    length_m = network.length_m.copy()
    for road, side in np.argwhere(end_is_barrier):
        first, last = network.shape_start[road], network.shape_start[road + 1] - 1
        end, inner = (first, first + 1) if side == 0 else (last, last - 1)
        segment_m = float(segment_lengths_m(shape[[end]], shape[[inner]])[0])
        share = min(GAP_M / segment_m, _LARGEST_SHARE) if segment_m else 0.0
        shape[end] += share * (shape[inner] - shape[end])
        junctions[network.ends[road, side]] = shape[end]
        length_m[road] -= share * segment_m
    return replace(network, shape_lonlat=shape, junction_lonlat=junctions, length_m=length_m)
