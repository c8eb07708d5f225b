"""The transport officer's page of one trip: its line on the road, whether it kept to its route, receipts, stops."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template

from passes.loop.certificate import certificate_of, why_none
from passes.loop.check import LoopCheck, check_loop
from passes.tracks.trip_mark_register import ENDED, RECEIVED
from web.pass_pages import route_features
from web.shell.access import allow
from web.site import reading, site
from web.trips.blueprint import pages, track_roads

#: A line of more points is thinned for the map.
_MOST_POINTS: Final = 2_000


@pages.get("/transport/passes/<number>/trip")
@allow("T")
def one_trip(number: str) -> str:
    """Show how the trip of a pass went."""
    roads = track_roads()
    with reading() as connection:
        check = check_loop(connection, number, roads.county, roads.engine, at=site().now())
        certificate = certificate_of(connection, check.record.number)
    return render_template(
        "trips/one_trip.html",
        record=check.record,
        check=check,
        received=check.marks.get(RECEIVED),
        ended=check.marks.get(ENDED),
        certificate=certificate,
        reason=why_none(check),
        features=_features(check),
        policy=site().county.settings.policy.tracks,
    )


def _features(check: LoopCheck) -> dict[str, Any]:
    """Return route, driven line, departures and stops as the map draws them."""
    features = list(route_features(check.record.route)["features"])
    step = max(1, len(check.fixes) // _MOST_POINTS)
    line = [[one.lon, one.lat] for one in check.fixes[::step]]
    if len(line) > 1:
        features.append(_feature("LineString", line, kind="track", name=""))
    for departure in check.loop.departures if check.loop else ():
        features.append(_feature("Point", [departure.lon, departure.lat], kind="finding", name=""))
    for stood in check.stood:
        features.append(_feature("Point", [stood.lon, stood.lat], kind="station", name=""))
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: str, coordinates: Any, **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }
