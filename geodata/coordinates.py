"""Turn positions of other coordinate systems into WGS-84 and back, longitude first, to exchange them with others (L7).

CGCS2000 differs from WGS-84 by centimetres and is taken as it is. GCJ-02 (AMap, Tencent) and BD-09 (Baidu) are shifted
by hundreds of metres; they are undone by prcoords' iterated inverses and one step more, which meet the forward shift
within 0.1 mm, where the plain inverses miss it by up to 2.9 m.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from geodata.errors import BadInputError

#: Coordinate systems that files may be in, as the option --crs names them.
COORDINATE_SYSTEMS: Final = ("wgs84", "cgcs2000", "gcj02", "bd09")
_SAME_AS_WGS84: Final = frozenset({"wgs84", "cgcs2000"})
#: Decimals of a degree that are kept: a tenth of a millimetre.
_DECIMALS: Final = 9


def to_wgs84(lon: float, lat: float, *, crs: str, where: str = "position") -> tuple[float, float]:
    """Return the WGS-84 position of a position in one of `COORDINATE_SYSTEMS`.

    Raises
    ------
    BadInputError
        `crs-unknown`; `position-outside-china`: the shifted systems are defined there only, so that the position or
        the system must be wrong.
    """
    if crs not in COORDINATE_SYSTEMS:
        raise BadInputError("crs-unknown", where, crs=crs, choices=list(COORDINATE_SYSTEMS))
    if crs in _SAME_AS_WGS84:
        return lon, lat
    import prcoords

    if not prcoords.sanity_in_china_p(prcoords.Coords(lat, lon)):
        raise BadInputError("position-outside-china", where, lon=lon, lat=lat, crs=crs)
    shifted = prcoords.Coords(lat, lon)
    gcj = shifted if crs == "gcj02" else prcoords.bd_gcj_bored(shifted)
    near = prcoords.gcj_wgs_bored(gcj)
    found = near - (prcoords.wgs_gcj(near, False) - gcj)
    return round(found.lon, _DECIMALS), round(found.lat, _DECIMALS)


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 position of a WGS-84 position, as AMap and Tencent want it; the same outside China."""
    import prcoords

    here = prcoords.Coords(lat, lon)
    if not prcoords.sanity_in_china_p(here):
        return lon, lat
    shifted = prcoords.wgs_gcj(here, False)
    return round(shifted.lon, _DECIMALS), round(shifted.lat, _DECIMALS)


def _moved(coordinates: Any, crs: str, where: str) -> Any:
    """Return GeoJSON coordinates of any depth in WGS-84; what is no position stays for the reader to refuse."""
    if not isinstance(coordinates, list):
        return coordinates
    is_position = len(coordinates) >= 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in coordinates[:2]
    )
    if not is_position:
        return [_moved(one, crs, where) for one in coordinates]
    return [*to_wgs84(float(coordinates[0]), float(coordinates[1]), crs=crs, where=where), *coordinates[2:]]


def features_to_wgs84(features: Iterable[Mapping[str, Any]], *, crs: str, where: str) -> list[dict[str, Any]]:
    """Return GeoJSON features with every position in WGS-84; faults name the row.

    Raises
    ------
    BadInputError
        `crs-unknown` or `position-outside-china`.
    """
    moved = []
    for row, feature in enumerate(features, start=1):
        geometry = feature.get("geometry")
        if isinstance(geometry, dict) and crs != "wgs84":
            place = f"{where}: row {row}"
            geometry = {**geometry, "coordinates": _moved(geometry.get("coordinates"), crs, place)}
        moved.append({**feature, "geometry": geometry})
    return moved
