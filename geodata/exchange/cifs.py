"""Write approved closures as a CIFS feed (Closure and Incident Feed Specification), as navigation services read it.

One ROAD_CLOSED incident for each approved stretch and direction of travel; its polyline runs with the traffic that is
stopped. Who approved it stands in `reference` (document numbers), as CIFS has no other place for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from geodata.county_settings import CountySettings
from geodata.exchange.published import PublishedPart, road_names
from geodata.network import Network

_SUBTYPES: Final = {
    "works": "ROAD_CLOSED_CONSTRUCTION",
    "event": "ROAD_CLOSED_EVENT",
}
_OTHER: Final = "ROAD_CLOSED_HAZARD"


def cifs_feed(
    parts: Iterable[PublishedPart], settings: CountySettings, network: Network, *, at: datetime
) -> dict[str, Any]:
    """Return the feed of an instant; an end is left out where a closure is until further notice."""
    zone = settings.timezone
    return {"incidents": [_incident(part, settings, network, at.astimezone(zone)) for part in parts]}


def _incident(part: PublishedPart, settings: CountySettings, network: Network, at: datetime) -> dict[str, Any]:
    window, zone = part.window, at.tzinfo
    numbers = [one.document_no for one in part.orders if one.document_no]
    said = [one.decided_at for one in part.orders]
    return {
        "id": part.id,
        "type": "ROAD_CLOSED",
        "subtype": _SUBTYPES.get(part.closure.cause, _OTHER),
        "street": " ".join(road_names(part, network)),
        "polyline": " ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in part.line),
        "direction": "ONE_DIRECTION",
        "creationtime": _time(min(said, default=window.start), zone),
        "updatetime": _time(at, zone),
        "starttime": _time(window.start, zone),
        **({} if window.end is None else {"endtime": _time(window.end, zone)}),
        **({"description": part.closure.reason} if part.closure.reason else {}),
        "reference": ";".join((part.closure.id, *numbers)),
    }


def _time(instant: datetime, zone: Any) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")
