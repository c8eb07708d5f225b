"""Read an area that a person drew or uploaded: GeoJSON text in, one polygon out, or what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from geodata.errors import BadInputError
from geodata.snapping import RoadIndex

#: Longer texts are no drawing of one area: millions of corners. What is sent to a page is bounded far below.
LONGEST_TEXT: Final = 200_000_000
#: A smaller area is a slip of the hand, in square metres.
SMALLEST_M2: Final = 1.0
#: An area this far beyond the outermost road still touches the county.
_COUNTY_MARGIN_M: Final = 1_000.0
DrawnPolygon = shapely.Polygon | shapely.MultiPolygon


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _document(text: str, where: str) -> Any:
    if not text.strip():
        raise BadInputError("area-missing", where)
    if len(text) > LONGEST_TEXT:
        raise BadInputError("area-too-long", where, most=LONGEST_TEXT)
    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInputError("json-unreadable", where, reason=str(error)) from None


def _geometries(document: Any, where: str) -> list[Any]:
    """Return the geometries of a geometry, a feature or a collection of features."""
    if not isinstance(document, Mapping):
        raise BadInputError("area-without-polygon", where)
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or not features:
            raise BadInputError("area-without-polygon", where)
        return [one for feature in features for one in _geometries(feature, where)]
    return [document.get("geometry") if document.get("type") == "Feature" else document]


def _polygon(geometry: Any, where: str) -> DrawnPolygon:
    try:
        with np.errstate(invalid="ignore"):  # what is no number is refused below
            polygon = shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        raise BadInputError("area-without-polygon", where) from None
    if not isinstance(polygon, shapely.Polygon | shapely.MultiPolygon) or polygon.is_empty:
        raise BadInputError("area-without-polygon", where)
    _refuse_positions(polygon, where)
    if not polygon.is_valid:
        # A line there and back crosses itself too, but what is wrong with it is that it encloses nothing.
        if polygon.area == 0 and shapely.convex_hull(polygon).area == 0:
            raise BadInputError("area-zero-size", where)
        raise BadInputError("area-crosses-itself", where, reason=shapely.is_valid_reason(polygon))
    return polygon


def _refuse_positions(polygon: DrawnPolygon, where: str) -> None:
    lonlat = shapely.get_coordinates(polygon)
    if not np.isfinite(lonlat).all() or (np.abs(lonlat) > 180).any():
        raise BadInputError("area-position-unusable", where)
    if (np.abs(lonlat[:, 1]) > 90).any():
        raise BadInputError("position-latitude-first", where, lon=float(lonlat[0, 0]), lat=float(lonlat[0, 1]))


def read_drawn_area(text: str, index: RoadIndex, *, where: str) -> DrawnPolygon:
    """Read a polygon, a multipolygon, a feature or a collection of features (taken together as one area).

    Holes stay holes: what lies in one is outside.

    Parameters
    ----------
    text
        GeoJSON, WGS-84, longitude first.
    index
        The county's roads: an area with no part of the county in it is refused.

    Raises
    ------
    BadInputError
        `area-missing`, `area-too-long`, `json-unreadable`, `area-without-polygon`, `area-position-unusable`,
        `position-latitude-first`, `area-crosses-itself` with the place, `area-zero-size`, `area-outside-county`.
    """
    return read_area_geometries(_geometries(_document(text, where), where), index, where=where)


def read_area_geometries(geometries: Sequence[Any], index: RoadIndex, *, where: str) -> DrawnPolygon:
    """Read GeoJSON polygons, taken together as one area.

    Raises
    ------
    BadInputError
        `area-without-polygon`, `area-position-unusable`, `position-latitude-first`, `area-crosses-itself` with the
        place, `area-zero-size`, `area-outside-county`.
    """
    polygons = [_polygon(one, where) for one in geometries]
    area = polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)
    if not isinstance(area, shapely.Polygon | shapely.MultiPolygon):
        raise BadInputError("area-without-polygon", where)
    flat = shapely.transform(area, index.plane.to_metres)
    if flat.area < SMALLEST_M2:
        raise BadInputError("area-zero-size", where)
    county = shapely.convex_hull(shapely.linestrings(index.plane.to_metres(index.network.shape_lonlat)))
    if shapely.distance(county, flat) > _COUNTY_MARGIN_M:
        far_km = float(shapely.distance(county, flat)) / 1000
        raise BadInputError("area-outside-county", where, far_km=round(far_km, 1))
    return area


def area_text(area: DrawnPolygon) -> str:
    """Return an area as GeoJSON text, to a centimetre."""
    return json.dumps(mapping(shapely.set_precision(area, 1e-7, mode="pointwise")), separators=(",", ":"))
