"""Define the fixed receiving point of an enclosed firm, to which goods could not be brought without one (L18, L19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from geodata.errors import BadInputError
from geodata.feature_files import add_place
from geodata.places import Place, PlaceKind
from passes.whitelist.register import find_firm
from web.driver.forms import position_of
from web.shell.access import allow, who
from web.shell.form import PageForm
from web.shell.form_errors import put_error
from web.site import reading, site
from web.trips.blueprint import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME: Final = 100


class PointForm(PageForm):
    """Where the goods of a firm are handed over."""

    name = StringField(_l("Name of the place"), [InputRequired(_l("Give it a name.")), Length(max=_LONGEST_NAME)])
    position = StringField(
        _l("Where"),
        [InputRequired(_l("Tap the place on the map, or write longitude and latitude."))],
        description=_l("Inside the firm's gate, where a truck can stand."),
        render_kw={"autocomplete": "off"},
    )
    hours = StringField(_l("Opening hours"), [Optional(), Length(max=100)], render_kw={"autocomplete": "off"})


def _firm_of(enterprise: str) -> Place:
    """Return the firm, which a firm's own people may only ask of their own."""
    firm = site().county.places.by_id.get(enterprise)
    if firm is None or firm.kind != PlaceKind.ENTERPRISE:
        abort(404)
    if who().role == "E":
        with reading() as connection:
            own = find_firm(connection, who().unit)
        if not {firm.id, firm.name} & ({who().unit} if own is None else {who().unit, own.id, own.name}):
            abort(404)
    return firm


def _ids(firm: Place) -> Iterator[str]:
    yield f"{firm.id}-dock"
    number = 2
    while True:
        yield f"{firm.id}-dock-{number}"
        number += 1


def _define(form: PointForm, firm: Place) -> Place:
    """Keep the receiving point with the county's places.

    Raises
    ------
    BadInputError
        `position-not-a-number`, or `position-far-from-road`.
    """
    county = site().county
    lon, lat = position_of(form.position.data or "")
    county.road_index.snap(lon, lat, usable=np.ones(county.network.road_count, dtype=np.bool_), where="position")
    known = county.places.by_id
    place = Place(
        id=next(one for one in _ids(firm) if one not in known),
        name=" ".join((form.name.data or "").split()),
        kind=PlaceKind.RECEIVING_POINT,
        lon=lon,
        lat=lat,
    )
    place = replace(place, township=firm.township, owner=firm.id, hours=(form.hours.data or "").strip())
    add_place(county, place)
    return place


@pages.route("/receiving-points/of/<enterprise>", methods=["GET", "POST"])
@allow("T", "E")
def define_point(enterprise: str) -> Response:
    """Ask where goods for a firm are handed over, and keep it; applications find it from then on."""
    firm, form = _firm_of(enterprise), PointForm()
    if form.is_sent_right():
        try:
            place = _define(form, firm)
        except BadInputError as error:
            put_error(form, error)
        else:
            flash(_("%(name)s is the firm's receiving point now.", name=place.name), "good")
            return redirect(url_for("trips.receiving_points"), 303)
    if request.method == "GET":
        form.name.data = _("%(firm)s receiving point", firm=firm.name)
        form.position.data = f"{firm.lon},{firm.lat}"
    points = site().county.places.receiving_points_of(firm)
    spot = {"type": "Point", "coordinates": [firm.lon, firm.lat]}
    feature = {"type": "Feature", "properties": {"kind": "place", "name": firm.name}, "geometry": spot}
    page = render_template(
        "trips/define_point.html",
        firm=firm,
        form=form,
        points=points,
        features={"type": "FeatureCollection", "features": [feature]},
    )
    return make_response(page, form.status)
