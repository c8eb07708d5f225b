"""Routes as GeoJSON, GPX and KML."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from web.route_documents import DOCUMENTS, to_geojson, to_gpx

ROUTE = {"distance_m": 10.0, "duration_s": 1.0, "roads": [], "geometry": [[113.0, 33.0], [113.1, 33.1]]}


@pytest.mark.parametrize("form", ["gpx", "kml"])
@pytest.mark.parametrize("title", ["a < b & c", "甲 → 乙", "bell \x07 and \ufffe"])
def test_any_title_gives_a_document_that_can_be_parsed(form, title):
    assert ET.fromstring(DOCUMENTS[form]([ROUTE], title=title, attribution="© someone").encode())


def test_several_routes_are_several_tracks_with_numbers():
    names = ET.fromstring(to_gpx([ROUTE, ROUTE], title="way", attribution="")).findall("{*}trk/{*}name")
    assert [name.text for name in names] == ["way (1)", "way (2)"]


def test_geojson_keeps_the_sums_and_the_source():
    (feature,) = json.loads(to_geojson([ROUTE], title="way", attribution="© someone"))["features"]
    assert (feature["properties"]["distance_m"], feature["properties"]["attribution"]) == (10.0, "© someone")
