"""Write routes as GeoJSON, GPX or KML, for maps and navigation devices."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from xml.etree import ElementTree as ET

#: What a GPX file is called between programs.
GPX: Final = "application/gpx+xml"
_GPX: Final = "http://www.topografix.com/GPX/1/1"
_KML: Final = "http://www.opengis.net/kml/2.2"
#: Characters that no XML document may hold.
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: A route as `routing.route_summary` gives it.
RouteJson = Mapping[str, Any]


def _name(routes: Sequence[RouteJson], number: int, title: str) -> str:
    return title if len(routes) == 1 else f"{title} ({number})"


def to_geojson(routes: Sequence[RouteJson], *, title: str, attribution: str) -> str:
    """Return a FeatureCollection with a line a route (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": _name(routes, number, title),
                **{key: value for key, value in route.items() if key != "geometry"},
                "attribution": attribution,
            },
            "geometry": {"type": "LineString", "coordinates": route["geometry"]},
        }
        for number, route in enumerate(routes, start=1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)


def xml_text(root: ET.Element) -> str:
    """Return a document as text, indented."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def add_text(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with its text and return it; characters that no XML document may hold are left out."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = _NOT_XML.sub("", text) or None
    return child


def gpx_root(title: str, attribution: str) -> ET.Element:
    """Return an empty GPX 1.1 document."""
    root = ET.Element("gpx", {"version": "1.1", "creator": "Baotong", "xmlns": _GPX})
    metadata = add_text(root, "metadata")
    add_text(metadata, "name", title)
    add_text(metadata, "desc", attribution)
    return root


def to_gpx(routes: Sequence[RouteJson], *, title: str, attribution: str) -> str:
    """Return a GPX 1.1 document with a track a route."""
    root = gpx_root(title, attribution)
    for number, route in enumerate(routes, start=1):
        track = add_text(root, "trk")
        add_text(track, "name", _name(routes, number, title))
        segment = add_text(track, "trkseg")
        for lon, lat in route["geometry"]:
            add_text(segment, "trkpt", lat=f"{lat:.7f}", lon=f"{lon:.7f}")
    return xml_text(root)


def to_kml(routes: Sequence[RouteJson], *, title: str, attribution: str) -> str:
    """Return a KML 2.2 document with a line a route."""
    root = ET.Element("kml", {"xmlns": _KML})
    document = add_text(root, "Document")
    add_text(document, "name", title)
    add_text(document, "description", attribution)
    for number, route in enumerate(routes, start=1):
        placemark = add_text(document, "Placemark")
        add_text(placemark, "name", _name(routes, number, title))
        line = add_text(placemark, "LineString")
        add_text(line, "tessellate", "1")
        add_text(line, "coordinates", " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in route["geometry"]))
    return xml_text(root)


#: Writer of each document that `--format` may name.
DOCUMENTS: Final[Mapping[str, Callable[..., str]]] = MappingProxyType(
    {"geojson": to_geojson, "gpx": to_gpx, "kml": to_kml}
)
