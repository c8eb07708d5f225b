"""Hand a pass's route to AMap: plain links that leave this site only when they are tapped.

AMap plans its own way between the points it is given. Its app takes many of them, so that it keeps to the route; its
web page takes one at most (its URI API, "at most one via point"), so that link only leads to the next stop.
Positions are GCJ-02, as AMap wants them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote, urlencode

import numpy as np

from geodata.coordinates import to_gcj02
from geodata.road_lengths import distances_m

#: Points between the stops of one way that hold the app to the route.
MOST_VIAS: Final = 14
#: A way is bound to the route about every so many metres.
_EVERY_M: Final = 3_000.0
_WEB: Final = "https://uri.amap.com/navigation"
_SOURCE: Final = "baotong"
#: Where the app of each kind of phone is reached.
_APPS: Final[Mapping[str, str]] = {"ios": "iosamap://path", "android": "amapuri://route/plan/"}
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class HandOff:
    """One way, out or back, as AMap takes it.

    Attributes
    ----------
    way
        "out" or "back".
    goal
        Name of the place it ends at.
    vias
        WGS-84 positions between its ends, in order.
    app, web
        Links.
    """

    way: str
    goal: str
    vias: tuple[Position, ...]
    app: str
    web: str


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A named position to go through, WGS-84."""

    position: Position
    name: str


def app_through(start: Waypoint, points: Sequence[Waypoint], platform: str) -> str:
    """Return the link that opens AMap's app on the way from a start through positions, the last one its goal.

    Parameters
    ----------
    points
        At least one, and at most `MOST_VIAS` before the last.
    platform
        As `platform_of` tells it.
    """
    goal = points[-1]
    vias = [(one.position, one.name) for one in points[:-1]]
    return _app(start.position, goal.position, (start.name, goal.name), vias, platform)


def platform_of(user_agent: str) -> str:
    """Tell whose app a phone would open: "ios" or "android" (and whatever else opens its links)."""
    return "ios" if any(name in user_agent for name in ("iPhone", "iPad", "iPod")) else "android"


def hand_offs(route: Mapping[str, Any], *, platform: str) -> tuple[HandOff, ...]:
    """Return the ways of a route: out to the destination, and back where the pass is for both.

    Of a trip that was planned anew under way they begin where its truck was then.

    Parameters
    ----------
    route
        As `passes.ways.pass_route` keeps it.
    platform
        As `platform_of` tells it.
    """
    line = [(float(lon), float(lat)) for lon, lat in route["geometry"]]
    stops = list(route["stops"])
    goal = next((number for number, stop in enumerate(stops) if stop["kind"] == "destination"), len(stops) - 1)
    out_m = sum(float(one["distance_m"]) for one in route["sections"] if one["way"] == "out")
    whole_m = max(float(route["distance_m"]), 1.0)
    driven_m = float(route.get("driven_m", 0.0))
    begin = max((number for number, stop in enumerate(stops) if stop["kind"] == "seen"), default=0)
    ways = []
    if begin < goal:
        out = _part(line, driven_m / whole_m, out_m / whole_m)
        ways.append(_way("out", stops[begin : goal + 1], out, platform))
    if goal + 1 < len(stops):
        back = _part(line, max(driven_m, out_m) / whole_m, 1.0)
        ways.append(_way("back", stops[max(begin, goal) :], back, platform))
    return tuple(ways)


def _way(way: str, stops: Sequence[Mapping[str, Any]], line: Sequence[Position], platform: str) -> HandOff:
    vias = _vias(stops, line)
    start, end = line[0], line[-1]
    names = stops[0]["name"], stops[-1]["name"]
    app, page = _app(start, end, names, vias, platform), _page(start, end, names, vias)
    return HandOff(way, names[1], tuple(position for position, _ in vias), app, page)


def _vias(stops: Sequence[Mapping[str, Any]], line: Sequence[Position]) -> list[tuple[Position, str]]:
    """Return the stops between the ends and points of the line, in order along it; a stop goes by its name."""
    along = _along(line)
    count = min(MOST_VIAS - min(len(stops) - 2, MOST_VIAS), int(along[-1] / _EVERY_M))
    shares = [(number + 1) / (count + 1) for number in range(count)]
    points = np.array(line)
    found = [
        (share * along[-1], (float(lon), float(lat)), "")
        for share in shares
        for lon, lat in [[np.interp(share * along[-1], along, points[:, axis]) for axis in (0, 1)]]
    ]
    for stop in stops[1:-1]:
        spot = (float(stop["lon"]), float(stop["lat"]))
        found.append((float(along[int(distances_m(*spot, points).argmin())]), spot, str(stop["name"])))
    return [(spot, name) for _, spot, name in sorted(found)[:MOST_VIAS]]


def _along(line: Sequence[Position]) -> Any:
    steps = [float(distances_m(*one, np.array([other]))[0]) for one, other in pairwise(line)]
    return np.concatenate([[0.0], np.cumsum(steps)])


def _part(line: Sequence[Position], start: float, end: float) -> list[Position]:
    """Return the part of a line between two shares of its length."""
    along = _along(line)
    low, high = start * along[-1], end * along[-1]
    points = np.array(line)
    ends = [tuple(float(np.interp(at, along, points[:, axis])) for axis in (0, 1)) for at in (low, high)]
    inner = [one for one, at in zip(line, along, strict=True) if low < at < high]
    return [(ends[0][0], ends[0][1]), *inner, (ends[1][0], ends[1][1])]


def _shifted(position: Position) -> tuple[str, str]:
    lon, lat = to_gcj02(*position)
    return f"{lon:.6f}", f"{lat:.6f}"


def _app(
    start: Position, end: Position, names: tuple[str, str], vias: list[tuple[Position, str]], platform: str
) -> str:
    (slon, slat), (dlon, dlat) = _shifted(start), _shifted(end)
    points = [_shifted(position) for position, _ in vias]
    asked = {"sourceApplication": _SOURCE, "slon": slon, "slat": slat, "sname": names[0]}
    asked |= {"dlon": dlon, "dlat": dlat, "dname": names[1], "dev": "0", "t": "0"}
    if points:
        asked |= {
            "vian": str(len(points)),
            "vialons": "|".join(lon for lon, _ in points),
            "vialats": "|".join(lat for _, lat in points),
            "vianames": "|".join(name or str(number) for number, (_, name) in enumerate(vias, start=1)),
        }
    return f"{_APPS[platform]}?{urlencode(asked, quote_via=quote)}"


def _page(start: Position, end: Position, names: tuple[str, str], vias: list[tuple[Position, str]]) -> str:
    def point(position: Position, name: str) -> str:
        return ",".join([*_shifted(position), name.replace(",", " ")])

    asked = {"from": point(start, names[0]), "to": point(end, names[1])}
    if vias:
        position, name = next((one for one in vias if one[1]), vias[len(vias) // 2])
        asked["via"] = point(position, name or "1")
    asked |= {"mode": "car", "src": _SOURCE, "coordinate": "gaode", "callnative": "1"}
    return f"{_WEB}?{urlencode(asked, quote_via=quote, safe=',')}"
