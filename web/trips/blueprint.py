"""The blueprint of trips, to which its files add their views, and the roads that trips are held against."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app

from passes.tracks.phone_tracks import TrackRoads
from routing.engine import Engine
from web.site import site

pages: Final = Blueprint("trips", __name__)
_EXTENSION: Final = "baotong-track-roads"


def track_roads() -> TrackRoads:
    """Return the county's roads without any closing: what was driven, not what may be."""
    known: TrackRoads | None = current_app.extensions.get(_EXTENSION)
    if known is None:
        county = site().county
        known = TrackRoads(county, Engine(county.network, speeds_kmh=county.settings.speeds_kmh))
        current_app.extensions[_EXTENSION] = known
    return known
