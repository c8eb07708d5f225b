"""What those on duty see of the road: stops that drivers need, and photos of reports and refusals."""

from __future__ import annotations

from typing import Final

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from passes.checkpoint.scan_register import is_photo_of_scan
from passes.reports.photo_register import find_photo
from passes.reports.road_report_register import is_photo_of
from passes.tracks.stop_register import NeededStop, handle_stop, list_needed_stops
from web.closures.dossier import road_label
from web.closures.photo_field import shown_photo
from web.driver.blueprint import pages
from web.map.county_map import county_map
from web.shell.access import allow, who
from web.site import reading, site, writing

#: A phone's position is that of a road within so many metres.
_ON_ROAD_M: Final = 100.0


def _place_of(stop: NeededStop) -> tuple[str, str]:
    """Return road and village of a stop, each "" where none is near or the phone did not tell."""
    if stop.lon is None or stop.lat is None:
        return "", ""
    index = site().county.road_index
    near = index.roads_near(stop.lon, stop.lat, within_m=_ON_ROAD_M)
    return (road_label(near[0]), county_map().village_near(near[0])) if near else ("", "")


@pages.get("/stops")
@allow("T", "S")
def needed_stops() -> str:
    """List the stops that drivers need, those that nobody has looked after first."""
    with reading() as connection:
        stops = list_needed_stops(connection)
    waiting = [one for one in stops if one.handled_at is None]
    done = [one for one in stops if one.handled_at is not None]
    places = {one.id: _place_of(one) for one in waiting}
    return render_template("driver/stops.html", waiting=waiting, places=places, done=done[:50])


@pages.post("/stops/<int:stop_id>")
@allow("T", "S")
def look_after(stop_id: int) -> Response:
    """Write down that somebody has looked after a stop."""
    with writing() as connection:
        handle_stop(connection, stop_id, by=who().name, at=site().now())
    return redirect(url_for("driver.needed_stops"), 303)


@pages.get("/photos/<digest>")
@allow("T", "S", "HQ", "TW", "C")
def photo(digest: str) -> Response:
    """Give a photo to those whom it concerns: a township its own, a checkpoint its own, the county's offices all."""
    person = who()
    with reading() as connection:
        if person.role == "TW":
            may_see = is_photo_of(connection, digest, township=person.unit)
        elif person.role == "C":
            may_see = is_photo_of_scan(connection, digest, checkpoint=person.unit)
        else:
            may_see = True
        found = find_photo(connection, digest) if may_see else None
    return shown_photo(found)
