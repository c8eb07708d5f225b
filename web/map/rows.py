"""The list beside the map: closures and blockages, declared areas and posts, each in words and with where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from geodata.areas import Area
from geodata.closures.map_parts import MapPart
from geodata.closures.travel_lines import line_of_span
from geodata.network import Network
from geodata.places import Place, PlaceKind
from geodata.snapping import LocalPlane

#: The posts that a person looks for on the county's map.
LISTED_KINDS = (
    PlaceKind.CHECKPOINT,
    PlaceKind.HUB,
    PlaceKind.ENTRY_POINT,
    PlaceKind.TRANSFER_STATION,
    PlaceKind.HANDOVER_POINT,
    PlaceKind.SORTING_YARD,
    PlaceKind.SAMPLING_STATION,
    PlaceKind.HOSPITAL,
)


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One closure or blockage of the list, in one state.

    Attributes
    ----------
    roads
        Numbers or names of its roads, each once; ids where they have none.
    focus
        West, south, east, north, as the map's script reads it.
    """

    id: str
    state: str
    roads: tuple[str, ...]
    road_class: str
    length_m: float
    barrier: str
    requested_by: str
    reason: str
    start: datetime | None
    end: datetime | None
    seen_at: datetime | None
    focus: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One declared area of the list."""

    id: str
    name: str
    kind: str
    declared_by: str
    document_no: str
    start: datetime | None
    end: datetime | None
    focus: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One post of the list."""

    id: str
    name: str
    kind: str
    township: str
    phone: str
    focus: str


def closure_rows(parts: Iterable[MapPart], network: Network) -> list[ClosureRow]:
    """Return the rows of closures and blockages, the most urgent first."""
    plane = LocalPlane(network)
    urgent = ("unapproved", "blocked", "approved", "planned", "requested")
    rows = [_closure_row(part, network, plane) for part in parts]
    return sorted(rows, key=lambda row: (urgent.index(row.state), row.id))


def _closure_row(part: MapPart, network: Network, plane: LocalPlane) -> ClosureRow:
    indices = [network.road_index[span.road_id] for span in part.spans]
    highest = min(indices, key=lambda road: int(network.road_class[road]))
    lines = [shapely.LineString(line_of_span(span, network, plane)) for span in part.spans]
    window = part.window
    return ClosureRow(
        id=part.closure.id,
        state=part.state.value,
        roads=tuple(dict.fromkeys(called(network, road) for road in indices)),
        road_class=network.class_of(highest).value,
        length_m=part.length_m,
        barrier=part.barrier,
        requested_by=part.closure.requested_by,
        reason=part.closure.reason,
        start=None if window is None else window.start,
        end=None if window is None else window.end,
        seen_at=part.seen_at,
        focus=_box(shapely.GeometryCollection(lines)),
    )


def called(network: Network, road: int) -> str:
    """Return what people call a road: its number and name, its id where it has neither."""
    texts = (str(network.ref[road]), str(network.name[road]))
    return " ".join(text for text in texts if text) or str(network.road_id[road])


def area_rows(areas: Iterable[Area]) -> list[AreaRow]:
    """Return the rows of declared areas, by name."""
    rows = [
        AreaRow(
            id=area.id,
            name=area.name,
            kind=area.kind,
            declared_by=area.declared_by,
            document_no=area.document_no,
            start=area.window.start if area.window else None,
            end=area.window.end if area.window else None,
            focus=_box(area.polygon),
        )
        for area in areas
    ]
    return sorted(rows, key=lambda row: row.name)


def place_rows(places: Iterable[Place]) -> list[PlaceRow]:
    """Return the rows of posts, kind by kind."""
    listed = [one for one in places if one.kind in LISTED_KINDS]
    listed.sort(key=lambda one: (LISTED_KINDS.index(PlaceKind(one.kind)), one.name))
    return [
        PlaceRow(one.id, one.name, one.kind, one.township, one.phone, f"{one.lon:.6f},{one.lat:.6f}") for one in listed
    ]


def _box(shape: Any) -> str:
    return ",".join(f"{value:.6f}" for value in shape.bounds)
