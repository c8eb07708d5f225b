"""The county's map for everybody: its page, its tiles, the roads by number or name, and whether something changed."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, current_app, jsonify, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from geodata.tiles.grid import Tile
from web.map.channels import ChannelRow, channel_features, channel_rows
from web.map.county_map import county_map
from web.map.found_roads import found_collection, found_rows
from web.map.rows import area_rows, closure_rows, place_rows
from web.map.settings import TEMPLATE_GLOBALS
from web.shell.access import allow, allow_all, person_here, roles_of
from web.shell.failures import wants_json
from web.shell.navigation import ROADS, Entry
from web.site import reading, site

pages = Blueprint("map", __name__)

NAVIGATION: Final = (
    Entry(
        "map.show",
        _l("Map"),
        _l("Every closure and blockage, area and post of the county on one map."),
        order=55,
        group=ROADS,
        is_public=True,
    ),
)
TILE_TYPE: Final = "application/vnd.mapbox-vector-tile"
_KEPT: Final = "max-age=31536000, immutable"
_MOST_ROADS: Final = 60
_MOST_IDS: Final = 500


for _name, _given in TEMPLATE_GLOBALS.items():
    pages.add_app_template_global(_given, _name)


@pages.get("/map")
@allow_all
def show() -> str:
    """Show the county: the map, and beside it a list that says the same; without an account what is public."""
    drawn = county_map()
    at, is_known = site().now(), person_here() is not None
    with reading() as connection:
        moment = drawn.moment(connection, at)
        channels = channel_rows(connection, drawn, at) if is_known else []
    parts = moment.parts if is_known else [part for part in moment.parts if part.is_public]
    county = drawn.county
    rows = closure_rows(parts, county.network)
    return render_template(
        "map/show.html",
        closures=rows,
        areas=area_rows(moment.areas),
        places=place_rows(county.places.by_id.values()),
        area_kinds=county.settings.policy.area_kinds,
        left_out=moment.left_out if is_known else (),
        leads=_may_read("closures.show"),
        channels=channels,
        features=_own_features(channels),
        leads_to_channels=_may_read("planner.green_channels"),
    )


def _may_read(endpoint: str) -> bool:
    """Tell whether the person who asks may open a page."""
    person = person_here()
    return person is not None and person.role in roles_of(current_app, endpoint)


def _own_features(channels: Iterable[ChannelRow]) -> dict[str, Any] | None:
    """Return what this page itself puts on the map: the green channels."""
    href = {"href": url_for("planner.green_channels")} if _may_read("planner.green_channels") else {}
    features = list(channel_features(channels, **href))
    return {"type": "FeatureCollection", "features": features} if features else None


@pages.get("/map/state")
@allow_all
def state() -> Response:
    """Tell the key of what changes, so that an open map knows when to draw anew."""
    with reading() as connection:
        moment = county_map().moment(connection, site().now())
    return jsonify({"key": moment.key})


@pages.get("/map/roads")
@allow_all
def roads() -> Response:
    """Find roads: by number or name (`q`), by id (`id`), or those of one number between two (`between`, ids).

    A list for people, lines for the map's script.
    """
    drawn = county_map()
    asked = request.args.get("q", "").strip()[:60]
    ids = request.args.getlist("id")[:_MOST_IDS]
    network = drawn.county.network
    found = [network.road_index[one] for one in ids if one in network.road_index]
    found += drawn.search.find(asked, most=_MOST_ROADS)
    ends = [network.road_index[one] for one in request.args.getlist("between") if one in network.road_index]
    found += drawn.search.between(*ends) if len(ends) == 2 else ()
    if wants_json():
        return jsonify(found_collection(found, drawn))
    page = render_template("map/roads.html", asked=asked, rows=found_rows(found, drawn), most=_MOST_ROADS)
    return make_response(page)


@pages.get("/tiles/base/<key>/<int:z>/<int:x>/<int:y>")
@allow_all
def base_tile(key: str, z: int, x: int, y: int) -> Response:
    """Return a tile of what stands: roads, townships, places."""
    drawn = county_map()
    return _tile(drawn.draw_base(Tile(z, x, y)), kept=f"public, {_KEPT}" if key == drawn.base_key else "no-cache")


@pages.get("/tiles/public/<key>/<int:z>/<int:x>/<int:y>")
@allow_all
def public_tile(key: str, z: int, x: int, y: int) -> Response:
    """Return a tile of what changes, as far as everybody is told."""
    return _changing_tile(key, Tile(z, x, y), public=True)


@pages.get("/tiles/office/<key>/<int:z>/<int:x>/<int:y>")
@allow()
def office_tile(key: str, z: int, x: int, y: int) -> Response:
    """Return a tile of everything that changes."""
    return _changing_tile(key, Tile(z, x, y), public=False)


def _changing_tile(key: str, tile: Tile, *, public: bool) -> Response:
    drawn = county_map()
    with reading() as connection:
        moment = drawn.moment(connection, site().now())
    # A map that lies open asks for the state it knows; it is given the newest one, to be asked for again.
    kept = f"{'public' if public else 'private'}, {_KEPT}" if key == moment.key else "no-cache"
    return _tile(drawn.draw_moment(moment, tile, public=public), kept=kept)


def _tile(tile: bytes, *, kept: str) -> Response:
    """Return a compressed tile, plain for a client that takes no gzip; 204 where there is nothing to draw."""
    takes_gzip = request.accept_encodings.quality("gzip") > 0
    body = tile if takes_gzip or not tile else gzip.decompress(tile)
    response = Response(body, status=200 if tile else 204, content_type=TILE_TYPE)
    response.headers["Cache-Control"] = kept
    response.headers["Vary"] = "Accept-Encoding, Cookie" if "private" in kept else "Accept-Encoding"
    if tile and takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    return response
