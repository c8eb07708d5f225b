"""Draw an extent for the map, beside another one of the same roads where asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from geodata.closures.closure import RoadSpan
from geodata.closures.travel_lines import line_of_span
from geodata.network import Network
from geodata.snapping import LocalPlane

#: WGS-84 positions, longitude first.
Line = tuple[tuple[float, float], ...]


def moved_aside(line: Line, plane: LocalPlane, aside_m: float) -> Line:
    """Return a line moved so many metres to its right, so that two extents of one road are seen beside each other."""
    points = plane.to_metres(np.array(line))
    ahead = np.gradient(points, axis=0)
    length = np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
    points = points + aside_m * np.column_stack([ahead[:, 1], -ahead[:, 0]]) / length
    return tuple((round(float(lon), 7), round(float(lat), 7)) for lon, lat in plane.to_degrees(points))


def extent_lines(extent: Iterable[RoadSpan], network: Network, *, aside_m: float = 0.0) -> list[dict[str, Any]]:
    """Return an extent as GeoJSON LineStrings; parts on roads that the network does not have are left out."""
    plane = LocalPlane(network)
    lines = [line_of_span(span, network, plane) for span in extent if span.road_id in network.road_index]
    if aside_m:
        lines = [moved_aside(line, plane, aside_m) for line in lines]
    return [{"type": "LineString", "coordinates": [list(spot) for spot in line]} for line in lines]
