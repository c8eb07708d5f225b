"""Roads that were searched for, as rows of a list and as lines for the map's script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web.map.county_map import CountyMap
from web.map.rows import called
from web.map.words import ROAD_CLASSES


@dataclass(frozen=True, slots=True)
class FoundRoad:
    """One road of the list.

    Attributes
    ----------
    label
        What people call it, its class, and between which roads it runs.
    """

    index: int
    id: str
    label: str
    length_m: float


def found_rows(roads: Iterable[int], drawn: CountyMap) -> list[FoundRoad]:
    """Return roads as rows."""
    network = drawn.county.network
    return [
        FoundRoad(road, str(network.road_id[road]), label_of(road, drawn), float(network.length_m[road]))
        for road in dict.fromkeys(roads)
    ]


def label_of(road: int, drawn: CountyMap) -> str:
    """Return a road in words: X901, county road, from Y921 to C9012."""
    network = drawn.county.network
    name, road_class = called(network, road), str(ROAD_CLASSES[network.class_of(road).value])
    start, end = drawn.search.crossing(road)
    facts = {"name": name, "kind": road_class}
    if start and end and start != end:
        return str(_("%(name)s (%(kind)s) from %(start)s to %(end)s", **facts, start=start, end=end))
    if start or end:
        return str(_("%(name)s (%(kind)s) at %(crossing)s", **facts, crossing=start or end))
    return str(_("%(name)s (%(kind)s)", **facts))


def found_collection(roads: Iterable[int], drawn: CountyMap) -> dict[str, Any]:
    """Return roads as GeoJSON."""
    network = drawn.county.network
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": row.id, "label": row.label, "length_m": round(row.length_m, 1)},
                "geometry": {"type": "LineString", "coordinates": network.line_of(row.index).round(6).tolist()},
            }
            for row in found_rows(roads, drawn)
        ],
    }
