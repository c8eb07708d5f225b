"""Validate WZDx 4.2 feeds without a network: the schemas beside the checkout, GeoJSON's own parts written here."""

from __future__ import annotations

import json
from functools import cache

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.conftest import shared

BASE = "https://raw.githubusercontent.com/usdot-jpo-ode/wzdx/main/schemas/4.2/"
_POSITION = {"type": "array", "minItems": 2, "items": {"type": "number"}}
#: What RFC 7946 says of the two shapes that the schemas refer to at geojson.org.
GEOJSON = {
    f"https://geojson.org/schema/{kind}.json": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"const": kind},
            "coordinates": {"type": "array", "minItems": least, "items": _POSITION},
        },
    }
    for kind, least in (("LineString", 2), ("MultiPoint", 0))
}


@cache
def _validator() -> jsonschema.Draft7Validator:
    folder = shared("wzdx/schemas/4.2")
    known = {BASE + path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    resources = [(uri, Resource(document, DRAFT7)) for uri, document in {**known, **GEOJSON}.items()]
    # A registry retrieves nothing that is not in it: whatever else was referred to would be an error.
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    schema = known[BASE + "WorkZoneFeed.json"]
    return jsonschema.Draft7Validator(schema, registry=Registry().with_resources(resources), format_checker=checker)


def faults_of(feed) -> list[str]:
    """Return what the schema finds wrong with a feed."""
    return [f"{list(error.absolute_path)}: {error.message}" for error in _validator().iter_errors(feed)]
