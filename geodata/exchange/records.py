"""Turn closures of the closure file into flat records and back, for tables and GIS layers, without losing anything.

A record has one cell a property. Lines are WKT, road ids stand one after another with semicolons, and what is a list in
the closure file (decisions, observations, what was first asked) is JSON in its cell. For people who fill in a table,
one decision may stand in plain cells instead: `authority`, `decision`, `form`, `document_no`, `decided_at`,
`approved_start`, `approved_end`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import shapely

from geodata.errors import BadInputError

#: Cells in order, with the other titles that they are known by.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("编号",),
        "direction": ("方向",),
        "barrier": ("设施", "设施类型"),
        "cause": ("原因", "关闭原因"),
        "start": ("开始时间",),
        "end": ("结束时间",),
        "requested_by": ("申请单位",),
        "reason": ("理由", "关闭理由"),
        "pass_holders": ("持证车辆",),
        "road_ids": ("道路编号",),
        "geometry": ("wkt", "位置", "图形"),
        "inside_share": ("区域内占比",),
        "structures": ("桥隧",),
        "decisions": ("批复",),
        "observations": ("现场情况",),
        "requested": ("原申请",),
        "authority": ("批准单位",),
        "decision": ("批复结果",),
        "form": ("批复形式",),
        "document_no": ("文号",),
        "decided_at": ("批复时间",),
        "approved_start": ("批准开始时间",),
        "approved_end": ("批准结束时间",),
    }
)
#: Cells that are written: the plain ones of one decision are for reading only.
WRITTEN: Final = tuple(COLUMNS)[: tuple(COLUMNS).index("authority")]
_JSON: Final = ("decisions", "observations", "requested")
_ONE_DECISION: Final = tuple(COLUMNS)[len(WRITTEN) :]
_APPROVED: Final = {"approved_start": "start", "approved_end": "end"}
_SHAPES: Final = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")


def column_of(title: str) -> str | None:
    """Return the cell that a title means; None where it means none."""
    plain = title.strip().casefold()
    return next((key for key, others in COLUMNS.items() if plain == key or plain in others), None)


def read_titles(titles: Sequence[str], *, where: str) -> dict[int, str]:
    """Return the cell at each position.

    Raises
    ------
    BadInputError
        `column-unknown`, `column-twice`: a misspelt title must not be lost in silence; `column-missing`.
    """
    found: dict[int, str] = {}
    for position, title in enumerate(titles):
        key = column_of(title)
        if key is None and title.strip():
            raise BadInputError("column-unknown", f"{where}: {title}", row=1, column=title)
        if key is not None and key in found.values():
            raise BadInputError("column-twice", f"{where}: {title}", row=1, column=title)
        if key is not None:
            found[position] = key
    if "id" not in found.values():
        raise BadInputError("column-missing", where, row=1, column="id", key="id")
    return found


def record_of(feature: Mapping[str, Any]) -> dict[str, str]:
    """Return a feature of the closure file as a record; what it does not have is empty."""
    properties, geometry = feature["properties"], feature["geometry"]
    record = {}
    for key in WRITTEN:
        value = properties.get(key)
        if key == "geometry":
            record[key] = "" if geometry is None else _wkt(geometry)
        elif key == "road_ids":
            record[key] = ";".join(value or ())
        elif key in _JSON:
            record[key] = "" if value is None else json.dumps(value, ensure_ascii=False)
        else:
            record[key] = "" if value is None else str(value)
    return record


def _wkt(geometry: Mapping[str, Any]) -> str:
    """Return lines or polygons as WKT with every digit that they have."""
    return f"{geometry['type'].upper()} {_wkt_part(geometry['coordinates'])}"


def _wkt_part(coordinates: Any) -> str:
    if isinstance(coordinates[0], float | int):
        return f"{coordinates[0]!r} {coordinates[1]!r}"
    return f"({', '.join(_wkt_part(one) for one in coordinates)})"


def feature_of(record: Mapping[str, str], *, where: str) -> dict[str, Any]:
    """Return a record as a feature of the closure file; empty cells are absent.

    Raises
    ------
    BadInputError
        `cell-not-json`, `cell-not-wkt`, `decision-told-twice` where one decision stands both ways.
    """
    given: dict[str, Any] = {key: text.strip() for key, text in record.items() if text.strip()}
    geometry = _geometry(given.pop("geometry", ""), f"{where}: geometry")
    for key in _JSON:
        if key in given:
            given[key] = _json(given[key], f"{where}: {key}")
    if "inside_share" in given:
        given["inside_share"] = _json(given["inside_share"], f"{where}: inside_share")
    if "road_ids" in given:
        given["road_ids"] = [one for one in re.split(r"[;；,，\s]+", given["road_ids"]) if one]
    single = {key: given.pop(key) for key in _ONE_DECISION if key in given}
    if single:
        if "decisions" in given:
            raise BadInputError("decision-told-twice", f"{where}: decisions", columns=list(single))
        given["decisions"] = [_one_decision(single)]
    return {"type": "Feature", "properties": given, "geometry": geometry}


def _one_decision(cells: Mapping[str, str]) -> dict[str, str]:
    return {"decision": "approved"} | {_APPROVED.get(key, key): text for key, text in cells.items()}


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInputError("cell-not-json", where, reason=str(error)) from None


def _geometry(text: str, where: str) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        raise BadInputError("cell-not-wkt", where, reason=str(error)[:100]) from None
    return geometry_of(shape, where=where)


def geometry_of(shape: shapely.Geometry | None, *, where: str) -> dict[str, Any] | None:
    """Return a shape as GeoJSON, longitude first, without heights; a multi line of one part is a line.

    Raises
    ------
    BadInputError
        `closure-geometry-not-a-line`.
    """
    if shape is None or shapely.is_empty(shape):
        return None
    parts, kind = shapely.get_parts(shape), type(shape).__name__
    if kind not in _SHAPES:
        raise BadInputError("closure-geometry-not-a-line", where, type=kind, choices=list(_SHAPES))
    if "Polygon" in kind:
        drawn: dict[str, Any] = json.loads(shapely.to_geojson(shapely.force_2d(shape)))
        return drawn
    lines: list[Any] = [shapely.get_coordinates(part).tolist() for part in parts]
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def records_of(features: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return features as records."""
    return [record_of(feature) for feature in features]
