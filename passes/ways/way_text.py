"""The roads and the line of a way as text: what a road says is written once, and put together for every way over it."""

from __future__ import annotations

import json
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.network import Network
from routing.route import RoadLeg, Route
from routing.route_summary import road_rows
from routing.trips.line import legs_traced, rounded_points, whole_roads

#: Roads whose texts are kept at most; then it is begun anew.
_MOST_KEPT: Final = 100_000
_LENGTH: Final = "length_m"
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _ArcText(NamedTuple):
    """A road in one direction: its row up to the length, and the points of its whole line."""

    row: str
    points: list[str]


def _points(lonlat: NDArray[np.float64]) -> list[str]:
    texts = [f"[{lon!r},{lat!r}]" for lon, lat in rounded_points(lonlat)]
    return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]


class WayTexts:
    """Texts of the roads of one network, which is always given; safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[int, _ArcText] = {}

    def _arc(self, arc: int, network: Network) -> _ArcText:
        known = self._known.get(arc)
        if known is None:
            (row,) = road_rows([RoadLeg(arc >> 1, arc & 1, 0.0, 0.0, 0.0, 0.0)], network)
            known_of_it = {key: value for key, value in row.items() if key != _LENGTH}
            line = network.line_of(arc >> 1)
            known = _ArcText(f'{_WRITTEN(known_of_it)[:-1]},"{_LENGTH}":', _points(line[::-1] if arc & 1 else line))
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[arc] = known
        return known

    def text_of(self, route: Route, network: Network) -> str:
        """Return `{"roads": ..., "geometry": ...}` of a route: its roads as the answer to `route` lists them."""
        lonlat, starts = legs_traced(route, network)
        rows, points = list[str](), list[str]()
        columns = route.arcs, route.measures.length_cm / 100, whole_roads(route, network)
        legs = zip(*(column.tolist() for column in columns), strict=True)
        for leg, (arc, length_m, whole) in enumerate(legs):
            text = self._arc(arc, network)
            rows.append(f"{text.row}{length_m!r}}}")
            line = text.points if whole else _points(lonlat[starts[leg] : starts[leg + 1]])
            points += line[1:] if points and points[-1] == line[0] else line
        if len(points) == 1:
            points *= 2
        return f'{{"roads":[{",".join(rows)}],"geometry":[{",".join(points)}]}}'
