"""The closures in force as GeoJSON for whoever draws maps or plans routes: approved extents alone (L9, L11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from geodata.closures.lines import extent_lines
from geodata.windows import format_instant
from web.closures.dossier import one_direction
from web.orders.shown_order import ShownOrder, body_name
from web.site import site


def closures_geojson(orders: Iterable[ShownOrder], *, at: datetime, addresses: dict[str, str]) -> dict[str, Any]:
    """Return approved parts as features, a MultiLineString each.

    Parameters
    ----------
    addresses
        Of each closure's public page, by id.
    """
    settings = site().county.settings
    return {
        "type": "FeatureCollection",
        "features": [_feature(one, addresses[one.closure_id]) for one in orders],
        "county": settings.name,
        "area_code": settings.area_code,
        "as_of": format_instant(at),
        "schematic": settings.schematic,
        "attribution": settings.attribution,
    }


def _feature(order: ShownOrder, address: str) -> dict[str, Any]:
    closure, window = order.part.closure, order.part.window
    lines = extent_lines(order.part.extent, site().county.network)
    detour = order.detour
    properties = {
        "id": closure.id,
        "version": closure.version,
        "roads": list(order.roads("zh")),
        "road_ids": list(dict.fromkeys(one.road_id for one in order.part.extent)),
        "direction": one_direction(order.part.extent),
        "length_m": round(order.part.length_m),
        "start": format_instant(window.start),
        "end": None if window.end is None else format_instant(window.end),
        "barrier": closure.barrier,
        "cause": closure.cause,
        "pass_holders": closure.pass_holders,
        "approved_by": [
            {
                "authority": body_name(one, closure.cause),
                "document_no": one.document_no or None,
                "decided_at": format_instant(one.decided_at),
                "form": one.form,
            }
            for one in order.part.decisions
        ],
        "detour": None
        if detour is None
        else {"distance_m": round(detour.distance_m), "minutes": detour.minutes, "roads": list(detour.roads_zh)},
        "page": address,
    }
    geometry = {"type": "MultiLineString", "coordinates": [line["coordinates"] for line in lines]}
    return {"type": "Feature", "id": closure.id, "properties": properties, "geometry": geometry}
