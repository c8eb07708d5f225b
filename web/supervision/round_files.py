"""Take a round along: as GPX for a navigation device, and as links that open AMap with the stops in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from flask import Response, request

from web.closures.words import check_name
from web.driver.hand_off import MOST_VIAS, Waypoint, app_through, platform_of
from web.jobs.clock import keep_board
from web.route_documents import GPX, add_text, gpx_root, xml_text
from web.shell.access import allow
from web.site import reading, site
from web.supervision.blueprint import pages
from web.supervision.round_asked import round_asked
from web.supervision.rounds import Round, Stop, way_along

#: Stops of one hand-over: the last is where it ends.
STOPS_OF_ONE: Final = MOST_VIAS


@dataclass(frozen=True, slots=True)
class HandOver:
    """A stretch of the round as AMap takes it.

    Attributes
    ----------
    first, last
        Numbers of its stops.
    app
        Link.
    """

    first: int
    last: int
    app: str


def hand_overs(found: Round) -> tuple[HandOver, ...]:
    """Return links for the whole round, so many stops each; the next one begins where the last ended."""
    if found.start is None:
        return ()
    platform = platform_of(request.user_agent.string)
    begin = Waypoint((found.start.lon, found.start.lat), found.start.name)
    parts = []
    for number in range(0, len(found.stops), STOPS_OF_ONE):
        stops = found.stops[number : number + STOPS_OF_ONE]
        points = [_waypoint(one) for one in stops]
        parts.append(HandOver(stops[0].number, stops[-1].number, app_through(begin, points, platform)))
        begin = points[-1]
    return tuple(parts)


def _waypoint(stop: Stop) -> Waypoint:
    lon, lat = stop.first.lonlat or (0.0, 0.0)
    return Waypoint((lon, lat), f"{stop.number} {_checks(stop)}")


def _checks(stop: Stop) -> str:
    return " ".join(check_name(one.check) for one in stop.problems)


@pages.get("/round.gpx")
@allow("S")
def round_gpx() -> Response:
    """Give the round to a navigation device: its stops in order, and the roads between them."""
    keep_board(site())
    found: Round = round_asked()["round"]
    with reading() as connection:
        routes = way_along(connection, found)
    root = gpx_root(site().county.settings.name, site().county.settings.attribution)
    _add_points(root, found.stops)
    for route in routes:
        segment = add_text(add_text(root, "trk"), "trkseg")
        for lon, lat in route["geometry"]:
            add_text(segment, "trkpt", lat=f"{lat:.7f}", lon=f"{lon:.7f}")
    answer = Response(xml_text(root), mimetype=GPX)
    answer.headers["Content-Disposition"] = 'attachment; filename="round.gpx"'
    return answer


def _add_points(root: ET.Element, stops: Sequence[Stop]) -> None:
    """Add the stops twice: as places, and as a route through them."""
    spots = [(_waypoint(stop), stop) for stop in stops]
    for point, stop in spots:
        _add_point(root, "wpt", point, stop)
    course = add_text(root, "rte")
    for point, stop in spots:
        _add_point(course, "rtept", point, stop)


def _add_point(parent: ET.Element, tag: str, point: Waypoint, stop: Stop) -> None:
    lon, lat = point.position
    spot = add_text(parent, tag, lat=f"{lat:.7f}", lon=f"{lon:.7f}")
    add_text(spot, "name", point.name)
    add_text(spot, "desc", " ".join(one for one in (stop.first.row.township, stop.first.subject) if one))
