"""What one map in a page is told: where its tiles are, what may be picked, and its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from geodata.areas import TOWNSHIP
from geodata.places import PlaceKind
from web.closures.words import BARRIERS
from web.map.county_map import CountyMap, county_map
from web.map.words import BADGES, KINDS, LOCALE, ROAD_CLASSES, STATES, said, script_words
from web.shell.access import person_here
from web.site import reading, site
from web.static_files import built_address

PICKS: Final = (None, "roads", "area", "point", "line")


def map_settings(pick: str | None, field: str, *, remembers: bool = False) -> str:
    """Return the settings of one map as JSON for its `data-county-map`.

    Parameters
    ----------
    pick
        What a person may choose on it: None, "roads", "area", "point" or "line".
    field
        Name of the form field that the choice is written into.
    remembers
        The address of the page tells where the map looks.
    """
    if pick not in PICKS:
        raise ValueError(f"a map picks one of {PICKS}, not {pick!r}")
    drawn = county_map()
    with reading() as connection:
        moment = drawn.moment(connection, site().now())
    tiles = "map.office_tile" if person_here() is not None else "map.public_tile"
    settings: dict[str, Any] = {
        "bounds": drawn.bounds,
        "view": _view(drawn),
        "base": _pattern(url_for("map.base_tile", key=drawn.base_key, z=0, x=0, y=0)),
        "moment": _pattern(url_for(tiles, key="KEY", z=0, x=0, y=0)).replace("KEY", "{key}"),
        "key": moment.key,
        "state": url_for("map.state"),
        "roads": url_for("map.roads"),
        "worker": built_address("map-worker.js"),
        "pick": pick,
        "field": field,
        "remembers": remembers,
        "namesTownships": not drawn.county.places.of_kind(PlaceKind.TOWNSHIP_SEAT),
        "badges": said(BADGES),
        "locale": said(LOCALE),
        "words": {**script_words(), "label": _("Map of %(county)s", county=drawn.county.settings.name)},
    }
    return json.dumps(settings, ensure_ascii=False)


def _view(drawn: CountyMap) -> tuple[float, ...] | None:
    """Return where a map without own features looks at first: a township officer's own township, else the county."""
    person = person_here()
    towns = [one for one in drawn.county.areas if one.kind == TOWNSHIP and person and person.unit in {one.id, one.name}]
    return towns[0].polygon.bounds if towns else None


def _pattern(address: str) -> str:
    """Turn the address of tile 0/0/0 into the pattern of all."""
    return address.removesuffix("/0/0/0") + "/{z}/{x}/{y}"


def map_attribution() -> str:
    """Return the line that goes with the roads: their source and licence."""
    county = county_map().county
    return county.network.attribution or county.settings.attribution


def is_schematic() -> bool:
    """Tell whether the roads are invented."""
    return site().county.settings.schematic


#: What the macros of `map/map.html` call: they are imported, and see no variable of the page.
TEMPLATE_GLOBALS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "map_settings": map_settings,
        "map_library": lambda: built_address("map-library.js"),
        "map_attribution": map_attribution,
        "county_is_schematic": is_schematic,
        "map_road_classes": lambda: ROAD_CLASSES,
        "map_states": lambda: STATES,
        "map_kinds": lambda: KINDS,
        "map_badges": lambda: BADGES,
        "map_barriers": lambda: BARRIERS,
    }
)
