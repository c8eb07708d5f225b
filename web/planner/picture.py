"""What a plan puts on the map: its area, its posts by number, its gates, and the places that it cuts off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def _point(row: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def plan_features(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plan as a feature collection for `county_map`."""
    area = {
        "type": "Feature",
        "geometry": json.loads(inputs["area"]),
        "properties": {"kind": "area", "name": inputs["name"]},
    }
    line = result["line"]
    posts = [_point(one, kind="post", name=post_label(one)) for one in line["posts"]]
    gates = [_point(one, kind="place", name=road_label(one)) for one in line["crossings"] if one["gate"]]
    cut_off = [_point(one, kind="place", name=one["name"]) for one in result["consequence"]["places_cut_off"]]
    return {"type": "FeatureCollection", "features": [area, *gates, *cut_off, *posts]}


def road_label(row: Mapping[str, Any]) -> str:
    """Return what a road is called: number and name, else its id."""
    return " ".join(one for one in (row["ref"], row["name"]) if one) or str(row["road"])


def post_label(row: Mapping[str, Any]) -> str:
    """Return a post's number and road."""
    return f"{row['number']} {road_label(row)}"
