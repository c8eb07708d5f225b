"""What of a county is drawn beside its roads: townships, declared areas, places, closures and blockages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import shapely

from geodata.areas import TOWNSHIP, Area
from geodata.closures.map_parts import MapPart, MapState
from geodata.closures.travel_lines import line_of_span
from geodata.network import Network
from geodata.places import Place, PlaceKind
from geodata.snapping import LocalPlane
from geodata.tiles.layer_writer import Value
from geodata.tiles.shape_sheet import Drawn, ShapeSheet

#: From which zoom a kind of place is drawn; posts that a regime names itself as checkpoints are.
PLACES_FROM: Final[Mapping[str, int]] = MappingProxyType(
    {
        PlaceKind.TOWNSHIP_SEAT: 7,
        PlaceKind.HUB: 8,
        PlaceKind.ENTRY_POINT: 8,
        PlaceKind.CHECKPOINT: 9,
        PlaceKind.TRANSFER_STATION: 9,
        PlaceKind.HANDOVER_POINT: 9,
        PlaceKind.SORTING_YARD: 9,
        PlaceKind.HOSPITAL: 10,
        PlaceKind.SAMPLING_STATION: 10,
        PlaceKind.FIRE_STATION: 11,
        PlaceKind.REST_AREA: 11,
        PlaceKind.ENTERPRISE: 12,
        PlaceKind.RECEIVING_POINT: 12,
        PlaceKind.VILLAGE: 12,
    }
)
_OTHER_POSTS_FROM: Final = 9
#: The more urgent state lies on top and speaks for its closure where both are near.
_ORDER: Final = (MapState.REQUESTED, MapState.PLANNED, MapState.APPROVED, MapState.BLOCKED, MapState.UNAPPROVED)


def township_sheets(areas: Iterable[Area]) -> tuple[ShapeSheet, ShapeSheet]:
    """Return the townships and the points of their names."""
    return _area_sheets("townships", [one for one in areas if one.kind == TOWNSHIP])


def declared_sheets(areas: Iterable[Area]) -> tuple[ShapeSheet, ShapeSheet]:
    """Return the areas that a regime declared and the points of their names."""
    return _area_sheets("areas", [one for one in areas if one.kind != TOWNSHIP])


def _area_sheets(name: str, areas: list[Area]) -> tuple[ShapeSheet, ShapeSheet]:
    told = [{"id": one.id, "name": one.name, "kind": one.kind} for one in areas]
    shapes = [Drawn(one.polygon, known) for one, known in zip(areas, told, strict=True)]
    points = [Drawn(one.polygon.representative_point(), known) for one, known in zip(areas, told, strict=True)]
    return ShapeSheet(name, shapes), ShapeSheet(f"{name}_names", points)


def place_sheet(places: Iterable[Place]) -> ShapeSheet:
    """Return the places, the most important kinds on top."""
    rows = sorted(places, key=lambda one: (-place_from(one.kind), one.id))
    return ShapeSheet("places", [_drawn_place(one) for one in rows])


def _drawn_place(place: Place) -> Drawn:
    known = {"id": place.id, "name": place.name, "kind": place.kind}
    return Drawn(shapely.Point(place.lon, place.lat), known, place_from(place.kind))


def place_from(kind: str) -> int:
    """Return the zoom from which a kind of place is drawn."""
    return PLACES_FROM.get(kind, _OTHER_POSTS_FROM)


def closure_sheets(parts: Iterable[MapPart], network: Network) -> tuple[ShapeSheet, ShapeSheet]:
    """Return the closed and blocked parts of roads, and one mark for each, to be seen from afar."""
    plane = LocalPlane(network)
    rows = sorted(parts, key=lambda part: _ORDER.index(part.state))
    shapes, marks = [], []
    for part in rows:
        lines = [line_of_span(span, network, plane) for span in part.spans]
        known: dict[str, Value] = {"id": part.closure.id, "state": part.state.value, "name": _called(part, network)}
        shapes.append(Drawn(shapely.MultiLineString([line for line in lines if len(line) > 1]), known))
        marks.append(Drawn(middle_of(lines), known))
    return ShapeSheet("closures", shapes), ShapeSheet("closure_marks", marks)


def _called(part: MapPart, network: Network) -> str:
    """Return the number or name of a part's first road, its id where it has neither."""
    road = network.road_index[part.spans[0].road_id]
    return str(network.ref[road]) or str(network.name[road]) or str(network.road_id[road])


def middle_of(lines: list[tuple[tuple[float, float], ...]]) -> shapely.Point:
    """Return the middle of the longest of some lines."""
    longest = max((shapely.LineString(line) for line in lines), key=lambda line: float(line.length))
    middle: shapely.Point = longest.interpolate(0.5, normalized=True)
    return middle
