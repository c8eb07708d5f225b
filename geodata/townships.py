"""Tell where a stretch of road lies, and whether it is a township's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from geodata.areas import TOWNSHIP, Area
from geodata.closures.closure import RoadSpan
from geodata.network import Network
from geodata.polylines import Polyline
from geodata.snapping import LocalPlane


def spots_of(span: RoadSpan, network: Network, shares: Sequence[float] = (0.0, 0.5, 1.0)) -> list[tuple[float, float]]:
    """Return positions along a part of a road at so many shares of it, longitude first.

    Raises
    ------
    KeyError
        The network has no such road.
    """
    return _spots(span, network, LocalPlane(network), shares)


def _spots(span: RoadSpan, network: Network, plane: LocalPlane, shares: Sequence[float]) -> list[tuple[float, float]]:
    road = network.road_index[span.road_id]
    line = Polyline(plane.to_metres(network.line_of(road)))
    scale = line.length_m / max(float(network.length_m[road]), 1e-9)
    along = np.array([(span.from_m + (span.to_m - span.from_m) * share) * scale for share in shares])
    return [(float(lon), float(lat)) for lon, lat in plane.to_degrees(line.positions(along))]


def middles_of(spans: Iterable[RoadSpan], network: Network) -> list[tuple[float, float]]:
    """Return the middle of each of many parts of roads, as `middle_of`.

    Raises
    ------
    KeyError
        The network has no such road.
    """
    plane = LocalPlane(network)
    return [_spots(span, network, plane, (0.5,))[0] for span in spans]


def middle_of(span: RoadSpan, network: Network) -> tuple[float, float]:
    """Return the middle of a part of a road, longitude first.

    Raises
    ------
    KeyError
        The network has no such road.
    """
    return spots_of(span, network, (0.5,))[0]


def roads_outside(
    extent: Iterable[RoadSpan], township: str, network: Network, areas: Iterable[Area]
) -> tuple[str, ...]:
    """Return the ids of roads of which neither an end nor the middle lies in a township; none where it is not known.

    A road along the boundary is both townships'.
    """
    own = next((area for area in areas if area.kind == TOWNSHIP and area.name == township), None)
    if own is None:
        return ()
    outside = [
        span.road_id
        for span in extent
        if not any(own.polygon.covers(shapely.Point(*spot)) for spot in spots_of(span, network))
    ]
    return tuple(dict.fromkeys(outside))
