"""Receiving points and their codes: printed once, hung up inside the firm, read by every driver who delivers there."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from geodata.places import Place, PlaceKind
from passes.loop.place_code_register import code_of, make_code
from passes.tokens.qr_image import draw_qr
from passes.tracks.trip_mark_register import receipts_at
from passes.whitelist.register import find_firm
from web.shell.access import allow, who
from web.site import reading, site, writing
from web.trips.blueprint import pages


def _owners() -> set[str]:
    """Return what the firm of the person who asks is called."""
    with reading() as connection:
        firm = find_firm(connection, who().unit)
    return {who().unit} | (set() if firm is None else {firm.id, firm.name})


def _points() -> list[Place]:
    """Return the receiving points that a person may print codes of: a firm its own, the transport department all."""
    places = site().county.places
    points = places.of_kind(PlaceKind.RECEIVING_POINT)
    if who().role != "E":
        return list(points)
    own = _owners()
    return [one for one in points if one.owner in own or _owner_name(one) in own]


def _owner_name(point: Place) -> str:
    owner = site().county.places.by_id.get(point.owner)
    return point.owner if owner is None else owner.name


def _own(place_id: str) -> Place:
    found = next((one for one in _points() if one.id == place_id), None)
    if found is None:
        abort(404)
    return found


def _address(code: str) -> str:
    return f"{site().county.settings.public_url.rstrip('/').upper()}/R/{code}"


@pages.get("/receiving-points")
@allow("T", "E")
def receiving_points() -> str:
    """List the receiving points, and which have a code."""
    points = _points()
    with reading() as connection:
        rows = [(one, _owner_name(one), bool(code_of(connection, one.id))) for one in points]
    return render_template("trips/receiving_points.html", rows=rows)


@pages.get("/receiving-points/<place_id>")
@allow("T", "E")
def receiving_point(place_id: str) -> str:
    """Show a receiving point's code for printing, and what was received there."""
    place = _own(place_id)
    with reading() as connection:
        code = code_of(connection, place.id)
        receipts = receipts_at(connection, place.id)
    drawn = Markup(draw_qr(_address(code))) if code else ""  # noqa: S704 - drawn by our own encoder
    return render_template(
        "trips/receiving_point.html",
        place=place,
        owner=_owner_name(place),
        code=" ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        drawn=drawn,
        receipts=receipts,
    )


@pages.post("/receiving-points/<place_id>")
@allow("T", "E")
def new_code(place_id: str) -> Response:
    """Give a receiving point a new code; the one before ends."""
    place = _own(place_id)
    with writing() as connection:
        make_code(connection, place.id, by=who().name, at=site().now())
    flash(_("The code is new. Print it and take the old one down."))
    return redirect(url_for("trips.receiving_point", place_id=place.id), 303)
