"""Read the closures of a WZDx feed: what in it closes a road, matched to the county's roads, and what is left out why.

Only a work zone with every lane closed is a closure; lanes that are narrowed or shifted close no road. A feed covers
more than one county: what is far from every road here is named as not matched and left out. So is what this county
published itself and still has on record: it would stand there twice. Whatever else does not fit is a fault, and then
nothing is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geodata.closures.line_matching import REACH_M
from geodata.errors import BadInputError
from geodata.exchange.wzdx import EXTENSION
from geodata.geojson import read_json
from geodata.policy import CAUSES
from geodata.snapping import RoadIndex

CLOSED: Final = "all-lanes-closed"
#: Versions of the format whose closures are read.
_VERSIONS: Final = ("4.0", "4.1", "4.2")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A road event that is not taken: its row (from 1), its id, why as a code, and facts."""

    row: int
    id: str
    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WzdxReading:
    """Closures of a feed as features of the closure file, the row of each, and what is left out."""

    features: tuple[dict[str, Any], ...]
    rows: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def is_wzdx(document: object) -> bool:
    """Tell a WZDx feed from any other JSON by the member that only it has."""
    return isinstance(document, dict) and bool({"feed_info", "road_event_feed_info"} & document.keys())


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What a county knows its own road events by: its area code, and the ids of the closures on its record."""

    area_code: str
    closure_ids: Collection[str] = ()

    def closure_of(self, properties: Mapping[str, Any]) -> str:
        """Return the id of the closure that a road event was published from here, "" where it is another's."""
        source = _object(properties.get("core_details")).get("data_source_id")
        said = _object(properties.get(EXTENSION)).get("closureId")
        is_own = source == self.area_code and isinstance(said, str) and said in self.closure_ids
        return str(said) if is_own else ""


def read_wzdx(path: Path, index: RoadIndex, *, own: OwnRecord | None = None) -> WzdxReading:
    """Read a feed; what the county published itself and has on record is left out where its own record is given.

    Raises
    ------
    BadInputError
        `file-missing`, `json-unreadable`, `not-a-wzdx-feed`, `wzdx-version-unknown`.
    """
    document = read_json(path)
    if not is_wzdx(document) or not isinstance(document.get("features"), list):
        raise BadInputError("not-a-wzdx-feed", str(path))
    info = document.get("feed_info") or document.get("road_event_feed_info")
    info = info if isinstance(info, dict) else {}
    if info.get("version") not in _VERSIONS:
        raise BadInputError(
            "wzdx-version-unknown", str(path), version=str(info.get("version")), choices=list(_VERSIONS)
        )
    features, rows, left_out = [], [], []
    for row, event in enumerate(document["features"], start=1):
        if not isinstance(event, dict):
            raise BadInputError("not-a-wzdx-feed", f"{path}: row {row}")
        properties = _object(event.get("properties"))
        geometry = _line(event.get("geometry"))
        why = _why_left_out(properties, geometry, index, own)
        if why is None:
            features.append(_feature(event, properties, geometry, str(info.get("publisher") or "")))
            rows.append(row)
        else:
            left_out.append(LeftOut(row, str(event.get("id") or ""), *why))
    return WzdxReading(tuple(features), tuple(rows), tuple(left_out))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _line(geometry: object) -> dict[str, Any] | None:
    """Return a geometry as a line: the points of a MultiPoint stand in the order of travel."""
    shape = dict(_object(geometry))
    if shape.get("type") == "MultiPoint":
        shape["type"] = "LineString"
    return shape or None


def _why_left_out(
    properties: Mapping[str, Any], geometry: Mapping[str, Any] | None, index: RoadIndex, own: OwnRecord | None
) -> tuple[str, dict[str, object]] | None:
    core = _object(properties.get("core_details"))
    kind, impact = core.get("event_type"), properties.get("vehicle_impact")
    if kind != "work-zone" or impact != CLOSED:
        return "not-a-closure", {"event_type": str(kind), "vehicle_impact": str(impact)}
    known = "" if own is None else own.closure_of(properties)
    if known:
        return "own-closure", {"closure": known}
    distance = _distance_m(geometry, index)
    if distance is not None and distance > REACH_M:
        return "not-matched", {"distance_m": round(distance) if np.isfinite(distance) else None, "most_m": REACH_M}
    return None


def _distance_m(geometry: Mapping[str, Any] | None, index: RoadIndex) -> float | None:
    """Return how far a line is from the nearest road at its nearest; None where it is no line to measure."""
    try:
        spots = np.array([one[:2] for one in (geometry or {})["coordinates"]], dtype=np.float64)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if spots.ndim != 2 or spots.shape[1] != 2 or len(spots) < 2 or not np.isfinite(spots).all():
        return None
    line = shapely.LineString(index.plane.to_metres(spots))
    if not index.network.road_count:
        return float("inf")
    return float(shapely.distance(index.lines, line).min())


def _cause(properties: Mapping[str, Any]) -> str:
    said = _object(properties.get(EXTENSION)).get("cause")
    return said if said in CAUSES else "works"


def _feature(
    event: Mapping[str, Any], properties: Mapping[str, Any], geometry: Mapping[str, Any] | None, publisher: str
) -> dict[str, Any]:
    """Return a road event as a feature of the closure file; its line runs with the traffic that is stopped."""
    core, own = _object(properties.get("core_details")), _object(properties.get(EXTENSION))
    orders = [_object(one) for one in own.get("orders") or [] if isinstance(one, dict)]
    end = None if own.get("untilFurtherNotice") is True else properties.get("end_date")
    given: dict[str, Any] = {
        "id": event.get("id"),
        "direction": "along",
        "cause": _cause(properties),
        "start": properties.get("start_date"),
        "end": end,
        "requested_by": publisher,
        "reason": core.get("description") or core.get("name"),
        "pass_holders": own.get("passHolders"),
        "decisions": [_decision(one) for one in orders] or None,
    }
    return {"type": "Feature", "properties": given, "geometry": geometry}


def _decision(order: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "authority": order.get("issuingAuthority"),
        "decision": "approved",
        "form": order.get("form"),
        "document_no": order.get("regulationId"),
        "decided_at": order.get("orderDate"),
    }


def left_out_rows(left_out: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Return what is left out as JSON-ready rows."""
    return [{"row": one.row, "id": one.id or None, "code": one.code, **one.facts} for one in left_out]
