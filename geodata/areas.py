"""Areas of a county: townships, and the areas that a regime declares for a time (L3).

The state of an area switches the rules (P4): while a declared area is in force, its kind says what traffic in, out,
inside and through it needs (`geodata.policy.AreaKind`); outside its window, and everywhere else, traffic is normal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import shapely
from shapely.geometry import mapping, shape

from geodata.errors import BadInputError, RowErrors
from geodata.windows import Window, format_instant, parse_instant

TOWNSHIP: Final = "township"


@dataclass(frozen=True, slots=True)
class Area:
    """A polygon with a kind, in force in its window (a township always is).

    Attributes
    ----------
    kind
        "township" or an area kind of the regime.
    polygon
        WGS-84 polygon or multipolygon, longitude first.
    """

    id: str
    name: str
    kind: str
    polygon: shapely.Polygon | shapely.MultiPolygon
    window: Window | None = None
    declared_by: str = ""
    document_no: str = ""
    population: float | None = None
    regime: str = ""

    def in_force(self, at: datetime) -> bool:
        """Tell whether the area counts at an instant."""
        return self.window is None or self.window.holds(at)


def _polygon(geometry: Any, where: str) -> shapely.Polygon | shapely.MultiPolygon:
    try:
        polygon = shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        raise BadInputError("area-without-polygon", where) from None
    if not isinstance(polygon, shapely.Polygon | shapely.MultiPolygon) or polygon.is_empty:
        raise BadInputError("area-without-polygon", where)
    if not polygon.is_valid:
        raise BadInputError("area-crosses-itself", where, reason=shapely.is_valid_reason(polygon))
    return polygon


def _window(properties: Mapping[str, Any], where: str) -> Window | None:
    start, end = properties.get("start"), properties.get("end")
    if start is None:
        if end is not None:
            raise BadInputError("area-end-without-start", f"{where}: end")
        return None
    until = None if end is None else parse_instant(str(end), where=f"{where}: end")
    return Window(parse_instant(str(start), where=f"{where}: start"), until)


def read_area(feature: Mapping[str, Any], *, where: str, kinds: frozenset[str]) -> Area:
    """Read one GeoJSON polygon feature.

    Raises
    ------
    BadInputError
        `area-without-id`, `area-kind-unknown`, `area-without-polygon`, `area-crosses-itself` or a faulty time.
    """
    properties = feature.get("properties") or {}
    area_id = str(properties.get("id") or feature.get("id") or "").strip()
    if not area_id:
        raise BadInputError("area-without-id", where)
    kind = str(properties.get("kind") or "").strip()
    if kind not in kinds | {TOWNSHIP}:
        raise BadInputError("area-kind-unknown", where, id=area_id, kind=kind, known=sorted(kinds | {TOWNSHIP}))
    population = properties.get("population")
    return Area(
        id=area_id,
        name=str(properties.get("name") or area_id).strip(),
        kind=kind,
        polygon=_polygon(feature.get("geometry"), where),
        window=_window(properties, where),
        declared_by=str(properties.get("declared_by") or ""),
        document_no=str(properties.get("document_no") or ""),
        population=None if population is None else float(population),
        regime=str(properties.get("regime") or ""),
    )


def read_areas(features: Iterable[Mapping[str, Any]], *, where: str, kinds: frozenset[str]) -> tuple[Area, ...]:
    """Read every feature of an area file, ordered by id: all rows or none.

    Raises
    ------
    RowErrors
        `areas-file-has-errors` with a fault a row.
    """
    areas: dict[str, Area] = {}
    faults: list[BadInputError] = []
    for row, feature in enumerate(features, start=1):
        try:
            area = read_area(feature, where=f"{where}: row {row}", kinds=kinds)
            if area.id in areas:
                raise BadInputError("area-id-twice", f"{where}: row {row}", id=area.id)
            areas[area.id] = area
        except BadInputError as fault:
            fault.facts = {**fault.facts, "row": row}
            faults.append(fault)
    if faults:
        raise RowErrors("areas-file-has-errors", where, tuple(faults))
    return tuple(areas[key] for key in sorted(areas))


def township_at(areas: Iterable[Area], lon: float, lat: float) -> str:
    """Return the name of the township that a position lies in, "" where no township's border is known there."""
    spot = shapely.Point(lon, lat)
    return next((one.name for one in areas if one.kind == TOWNSHIP and one.polygon.covers(spot)), "")


def area_feature(area: Area) -> dict[str, Any]:
    """Return an area as a GeoJSON feature, leaving out what is not known."""
    properties: dict[str, Any] = {"id": area.id, "name": area.name, "kind": area.kind}
    if area.window is not None:
        properties["start"] = format_instant(area.window.start)
        if area.window.end is not None:
            properties["end"] = format_instant(area.window.end)
    for key in ("declared_by", "document_no", "population", "regime"):
        if getattr(area, key) not in ("", None):
            properties[key] = getattr(area, key)
    return {"type": "Feature", "properties": properties, "geometry": mapping(area.polygon)}
