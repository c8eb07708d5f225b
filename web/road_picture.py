"""Draw a county's main roads with a route, or a closed stretch and the way round it, as a small SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from markupsafe import escape
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
#: Drawn close by only, thin.
_SMALL: Final = (RoadClass.TRACK, RoadClass.STREET, RoadClass.VILLAGE)


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
    drawn = _roads(network, sheet, bold)
    if len(route) > 1:
        drawn += _line(sheet, route, "#1a7f37", bold)
    for (_, _, kind), (x, y) in zip(marks, sheet.pixels(np.array(shown[len(route) :]).reshape(-1, 2)), strict=True):
        drawn += f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="13" fill="#ffffff" stroke="#16212b"/>'
    return _svg(sheet, drawn)


def draw_closure(
    network: Network,
    closed: Sequence[Sequence[Sequence[float]]],
    detour: Sequence[Sequence[float]] = (),
    *,
    names: Sequence[tuple[float, float, str]] = (),
) -> str:
    """Return the SVG of every road around a closed stretch, with the stretch in red and the way round it in green.

    Parameters
    ----------
    network
        The county's roads.
    closed
        Lines of the stretch, WGS-84, longitude first.
    detour
        Line of the way round; none where there is none.
    names
        Longitude, latitude and name of places; those on the picture are written there.
    """
    shown = np.array([spot[:2] for line in (*closed, detour) for spot in line], dtype=np.float64)
    sheet = _Sheet(*_window(shown))
    small = "".join(_stroke(_class_path(network, sheet, one), "#c3ccd2", 1.6) for one in _SMALL)
    drawn = small + _roads(network, sheet, 2.0) + _names(sheet, names)
    if len(detour) > 1:
        drawn += _line(sheet, detour, "#1a7f37", 1.6, ' stroke-dasharray="22 10"')
    return _svg(sheet, drawn + "".join(_line(sheet, line, "#b3261e", 2.4) for line in closed))


def _names(sheet: _Sheet, names: Sequence[tuple[float, float, str]]) -> str:
    """Return the names of the places that lie on the picture, each with its dot; none that would run over another."""
    drawn, taken = "", list[tuple[float, float]]()
    spots = sheet.pixels(np.array([one[:2] for one in names], dtype=np.float64).reshape(-1, 2)).tolist()
    for (_, _, name), (x, y) in zip(names, spots, strict=True):
        inside = 10 < x < WIDTH - 26 * len(name) and 30 < y < sheet.height - 10
        if inside and all(abs(x - other_x) > 110 or abs(y - other_y) > 30 for other_x, other_y in taken):
            taken.append((x, y))
            text = f'<text x="{x + 9:.0f}" y="{y + 8:.0f}" font-size="24" fill="#33414c">{escape(name)}</text>'
            drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#33414c"/>{text}'
    return drawn


def _stroke(path: str, colour: str, width: float, more: str = "") -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{more}/>'


def _roads(network: Network, sheet: _Sheet, bold: float) -> str:
    """Return the main roads, the greatest on top."""
    paths = [(_class_path(network, sheet, one), *stroke) for one, stroke in reversed(_STROKES.items())]
    return "".join(_stroke(path, colour, bold * width) for path, colour, width in paths if path)


def _line(sheet: _Sheet, line: Sequence[Sequence[float]], colour: str, bold: float, more: str = "") -> str:
    """Return a line on a white ground, so that it stands out from the roads."""
    points = np.array([spot[:2] for spot in line], dtype=np.float64)
    path = _path(sheet.pixels(points), np.zeros(len(points), dtype=np.int64))
    return _stroke(path, "#ffffff", 7.0 * bold) + _stroke(path, colour, 4.5 * bold, more)


def _svg(sheet: _Sheet, drawn: str) -> str:
    box = f"0 0 {WIDTH} {sheet.height}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" aria-hidden="true">{drawn}</svg>'
