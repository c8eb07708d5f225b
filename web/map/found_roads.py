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
    """Return a road in words: X901, county road, from Y921 to C9012, near 王庄村."""
    network = drawn.county.network
    facts = {"name": called(network, road), "kind": str(ROAD_CLASSES[network.class_of(road).value])}
    start, end = drawn.search.crossing(road)
    near = drawn.village_near(road)
    parts = [_("%(name)s (%(kind)s)", **facts)]
    if start and end and start != end:
        parts.append(_("from %(start)s to %(end)s", start=start, end=end))
    elif start or end:
        parts.append(_("at %(crossing)s", crossing=start or end))
    if near:
        parts.append(_("near %(village)s", village=near))
    parts.append(_("%(metres)s m", metres=round(float(network.length_m[road]))))
    return str(_(", ")).join(str(part) for part in parts)


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
