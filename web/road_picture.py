"""Draw a county's main roads and one route as a small SVG, whole or as much of it as the route needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.network import Network
from geodata.road_classes import ROAD_CLASSES, RoadClass

WIDTH: Final = 720
#: Half of the least that is drawn of a county, about a kilometre.
_LEAST_HALF_DEGREES: Final = 0.01
#: Colour and width of each class, the last drawn first.
_STROKES: Final = {
    RoadClass.EXPRESSWAY: ("#3f7396", 2.6),
    RoadClass.NATIONAL: ("#7d8e99", 2.2),
    RoadClass.PROVINCIAL: ("#8f9ea8", 1.8),
    RoadClass.COUNTY: ("#a5b2ba", 1.2),
    RoadClass.TOWNSHIP: ("#c3ccd2", 0.7),
}


class _Sheet:
    """Where positions lie on the picture: equirectangular, north up."""

    def __init__(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        self.low = low
        self.high = high
        self.squeeze = float(np.cos(np.radians((self.low[1] + self.high[1]) / 2)))
        self.scale = WIDTH / max(float(self.high[0] - self.low[0]) * self.squeeze, 1e-9)
        self.height = int(np.ceil((self.high[1] - self.low[1]) * self.scale)) + 1

    def holds(self, network: Network) -> NDArray[np.bool_]:
        """Tell which roads lie on the picture, at least in part."""
        starts = network.shape_start[:-1]
        low = np.minimum.reduceat(network.shape_lonlat, starts, axis=0)
        high = np.maximum.reduceat(network.shape_lonlat, starts, axis=0)
        return np.asarray(np.all((low <= self.high) & (high >= self.low), axis=1), dtype=np.bool_)

    def pixels(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, 2) picture positions of (n, 2) degrees."""
        right = (lonlat[:, 0] - self.low[0]) * self.squeeze * self.scale
        return np.column_stack([right, (self.high[1] - lonlat[:, 1]) * self.scale])


def _path(pixels: NDArray[np.float64], owner: NDArray[np.int64]) -> str:
    """Return the SVG path of lines (`owner`: line of each point, ascending), dropping bends that no eye sees."""
    lines = np.asarray(shapely.linestrings(pixels, indices=owner), dtype=np.object_)
    points, line = shapely.get_coordinates(shapely.simplify(lines, 0.6), return_index=True)
    starts = np.diff(line, prepend=-1) > 0
    return "".join(
        f"{'M' if first else 'L'}{x:.1f} {y:.1f}"
        for first, (x, y) in zip(starts.tolist(), points.tolist(), strict=True)
    )


def _class_path(network: Network, sheet: _Sheet, road_class: RoadClass) -> str:
    counts = np.diff(network.shape_start)
    wanted = (network.road_class == ROAD_CLASSES.index(road_class)) & sheet.holds(network)
    lonlat = network.shape_lonlat[np.repeat(wanted, counts)]
    owner = np.repeat(np.arange(int(wanted.sum())), counts[wanted])
    return _path(sheet.pixels(lonlat), owner) if len(lonlat) else ""


def _window(route: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of what lies around a route: no flatter than two to one, with a margin."""
    low, high = route.min(axis=0), route.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    half = np.maximum(np.maximum(half, half[::-1] / 2) * 1.15, _LEAST_HALF_DEGREES)
    return middle - half, middle + half


def draw_route(
    network: Network,
    route: Sequence[Sequence[float]],
    *,
    marks: Sequence[tuple[float, float, str]] = (),
    close: bool = False,
) -> str:
    """Return the SVG of the main roads with the route on top.

    Parameters
    ----------
    network
        The county's roads.
    route
        WGS-84 positions of the route, longitude first; none draws the roads alone.
    marks
        Longitude, latitude and class of points on top: "goal", "here" or "stop", coloured by the style sheet.
    close
        Draw only what lies around the route and the marks, not the whole county.
    """
    whole = network.shape_lonlat.min(axis=0), network.shape_lonlat.max(axis=0)
    shown = [(float(lon), float(lat)) for lon, lat, *_ in (*route, *marks)]
    sheet = _Sheet(*(_window(np.array(shown)) if close and shown else whole))
    bold = 2.0 if close else 1.0
    strokes = [
        (_class_path(network, sheet, one), colour, bold * width) for one, (colour, width) in reversed(_STROKES.items())
    ]
    if len(route) > 1:
        line = _path(sheet.pixels(np.array(route, dtype=np.float64)), np.zeros(len(route), dtype=np.int64))
        strokes += [(line, "#ffffff", 7.0 * bold), (line, "#1a7f37", 4.5 * bold)]
    drawn = "".join(
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'
        for path, colour, width in strokes
        if path
    )
    for (_, _, kind), (x, y) in zip(marks, sheet.pixels(np.array(shown[len(route) :]).reshape(-1, 2)), strict=True):
        drawn += f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="13" fill="#ffffff" stroke="#16212b"/>'
    box = f"0 0 {WIDTH} {sheet.height}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" aria-hidden="true">{drawn}</svg>'
