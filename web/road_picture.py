"""Draw a county's main roads and one route as a small SVG."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_classes import ROAD_CLASSES, RoadClass

WIDTH = 720
_STROKES = {
    RoadClass.EXPRESSWAY: ("#5b7f95", 2.2),
    RoadClass.NATIONAL: ("#8a9aa5", 1.8),
    RoadClass.PROVINCIAL: ("#9aa8b1", 1.4),
    RoadClass.COUNTY: ("#b4bfc6", 1.0),
    RoadClass.TOWNSHIP: ("#cbd3d8", 0.6),
}


def _pixels(lonlat: NDArray[np.float64], network: Network) -> NDArray[np.float64]:
    """Return picture positions: equirectangular, north up."""
    low, high = network.shape_lonlat.min(axis=0), network.shape_lonlat.max(axis=0)
    squeeze = np.cos(np.radians((low[1] + high[1]) / 2))
    scale = WIDTH / max((high[0] - low[0]) * squeeze, 1e-9)
    return np.column_stack([(lonlat[:, 0] - low[0]) * squeeze * scale, (high[1] - lonlat[:, 1]) * scale])


def _path(pixels: NDArray[np.float64]) -> str:
    """Return one line's SVG path, dropping bends that no eye sees."""
    line = shapely.simplify(shapely.linestrings(pixels), 0.6) if len(pixels) > 2 else shapely.linestrings(pixels)
    points = shapely.get_coordinates(line)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def draw_route(network: Network, route: Sequence[Sequence[float]]) -> str:
    """Return the SVG of the main roads with the route on top.

    Parameters
    ----------
    network
        The county's roads.
    route
        WGS-84 positions of the route, longitude first; none draws the roads alone.
    """
    height = int(np.ceil(_pixels(network.shape_lonlat, network)[:, 1].max())) + 1
    parts = []
    for road_class, (colour, width) in reversed(_STROKES.items()):
        roads = np.flatnonzero(network.road_class == ROAD_CLASSES.index(road_class))
        drawn = "".join(_path(_pixels(network.line_of(int(road)), network)) for road in roads)
        if drawn:
            parts.append(f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
    if len(route) > 1:
        line = _path(_pixels(np.array(route, dtype=np.float64), network))
        for colour, width in (("#ffffff", 6), ("#1a7f37", 3.5)):
            parts.append(f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">{"".join(parts)}</svg>'
