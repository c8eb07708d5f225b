"""Trips: what a phone sends, the driver's trip, certificates, receiving points, and the officer's view of a trip."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from web.shell.navigation import LISTS, ON_THE_ROAD, Entry
from web.trips import arriving, certificates, defining, kept_marks, receiving_points, recording, trip_page
from web.trips.blueprint import pages

__all__ = [
    "NAVIGATION",
    "arriving",
    "certificates",
    "defining",
    "kept_marks",
    "pages",
    "receiving_points",
    "recording",
    "trip_page",
]

NAVIGATION: Final = (
    Entry(
        "trips.receiving_points",
        _l("Receiving points"),
        _l("Print the code that drivers scan when they deliver"),
        order=45,
        group=LISTS,
    ),
    Entry(
        "trips.check",
        _l("Check a certificate"),
        _l("See whether a truck kept to its route, by the code that its driver shows"),
        order=72,
        group=ON_THE_ROAD,
        is_public=True,
    ),
)
