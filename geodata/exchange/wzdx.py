"""Write approved closures as a WZDx 4.2 work zone feed, with the approval as an extension member.

WZDx has no word for who approved a closure. Each road event therefore carries one member more in its `properties`,
`trafficRegulationOrder`, whose words are those of DATEX II's TrafficRegulationOrder::

    "trafficRegulationOrder": {
      "closureId": "411322-20220701-001",      the closure in the register
      "version": 2,                            the version that was decided about
      "cause": "epidemic",
      "passHolders": "stopped" | "let_through",
      "untilFurtherNotice": true,              then `end_date` is only a year from now, as WZDx wants a date
      "orders": [{
        "issuingAuthority": "...",             name of the body that approved
        "regulationId": "...",                 its document number; absent while a phone decision waits for its paper
        "status": "made" | "implemented",      approved for later, or in force now
        "legalBasis": "...",                   the regime's citation
        "orderDate": "...",                    when it was decided
        "form": "written" | "oral"
      }]
    }
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from geodata.closures.closure import Decision
from geodata.county_settings import CountySettings
from geodata.exchange.published import PublishedPart, road_names
from geodata.network import Network

VERSION: Final = "4.2"
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
EXTENSION: Final = "trafficRegulationOrder"
#: WZDx wants an end; a closure until further notice is told to end so long from now, unverified.
UNTIL_FURTHER_NOTICE: Final = timedelta(days=365)
_BOUNDS: Final = ("northbound", "eastbound", "southbound", "westbound")


def utc_text(instant: datetime) -> str:
    """Return an instant as WZDx wants it: UTC with a Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bound(line: tuple[tuple[float, float], ...]) -> str:
    """Return the quarter of the sky that a line leads to."""
    (lon, lat), (to_lon, to_lat) = line[0], line[-1]
    if (lon, lat) == (to_lon, to_lat):
        return "undefined"
    bearing = np.degrees(np.arctan2((to_lon - lon) * np.cos(np.radians(lat)), to_lat - lat)) % 360.0
    return _BOUNDS[int((bearing + 45.0) // 90.0) % 4]


def wzdx_feed(
    parts: Iterable[PublishedPart], settings: CountySettings, network: Network, *, at: datetime
) -> dict[str, Any]:
    """Return the feed of an instant: one road event for each approved stretch and direction of travel."""
    return {
        "type": "FeatureCollection",
        "feed_info": {
            "publisher": settings.name,
            "version": VERSION,
            "license": LICENCE,
            "update_date": utc_text(at),
            "data_sources": [
                {
                    "data_source_id": settings.area_code,
                    "organization_name": settings.name,
                    "update_date": utc_text(at),
                }
            ],
        },
        "features": [_feature(part, settings, network, at) for part in parts],
    }


def _feature(part: PublishedPart, settings: CountySettings, network: Network, at: datetime) -> dict[str, Any]:
    closure, window = part.closure, part.window
    end = window.end or max(at, window.start) + UNTIL_FURTHER_NOTICE
    core = {
        "event_type": "work-zone",
        "data_source_id": settings.area_code,
        "road_names": list(road_names(part, network)),
        "direction": _bound(part.line),
        **({"description": closure.reason} if closure.reason else {}),
        "update_date": utc_text(at),
    }
    return {
        "id": part.id,
        "type": "Feature",
        "properties": {
            "core_details": core,
            "start_date": utc_text(window.start),
            "end_date": utc_text(end),
            "is_start_date_verified": False,
            "is_end_date_verified": False,
            "is_start_position_verified": False,
            "is_end_position_verified": False,
            "vehicle_impact": "all-lanes-closed",
            "location_method": "other",
            EXTENSION: _regulation(part, settings, at),
        },
        "geometry": {"type": "LineString", "coordinates": [list(spot) for spot in part.line]},
    }


def _regulation(part: PublishedPart, settings: CountySettings, at: datetime) -> dict[str, Any]:
    closure, policy = part.closure, settings.policy_for(part.closure.cause)
    status = "implemented" if part.window.holds(at) else "made"
    return {
        "closureId": closure.id,
        "version": closure.version,
        "cause": closure.cause,
        "passHolders": "let_through" if part.lets_pass_holders_through else "stopped",
        "untilFurtherNotice": part.window.end is None,
        "orders": [_order(one, settings, closure.cause, status, policy.regime.citation) for one in part.orders],
    }


def _order(decision: Decision, settings: CountySettings, cause: str, status: str, basis: str) -> dict[str, Any]:
    body = settings.policy_for(cause).authority(decision.authority)
    return {
        "issuingAuthority": decision.authority if body is None else body.name,
        **({"regulationId": decision.document_no} if decision.document_no else {}),
        "status": status,
        **({"legalBasis": basis} if basis else {}),
        "orderDate": utc_text(decision.decided_at),
        "form": decision.form,
    }
