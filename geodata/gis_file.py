"""Read one layer of a GIS file (GeoPackage, Shapefile, GeoJSON and whatever else GDAL reads) in WGS-84.

What the file says of its coordinate system counts, CGCS2000 and its Gauss-Krüger zones included. Nobody writes into a
file that it is in GCJ-02 or BD-09: these must be said. Heights are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.coordinates import COORDINATE_SYSTEMS
from geodata.errors import BadInputError, RowErrors
from geodata.shifted_coordinates import outside_china, unshifted

SHAPEFILE: Final = ".shp"
#: Files beside which no table of attributes is read but whose text may be in any encoding.
_CHINESE: Final = "GB18030"
_SHIFTED: Final = ("gcj02", "bd09")
#: Rows named one by one when they share a fault.
_MOST_ROWS: Final = 100
Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class GisLayer:
    """One layer, row by row.

    Attributes
    ----------
    file, layer
        What errors call them.
    columns
        Values of each column by its title.
    geometry : (n,) object
        WGS-84, longitude first, without heights; None where a row has none.
    notes
        What had to be guessed: "text-read-as-gb18030", "crs-not-told".
    """

    file: str
    layer: str
    columns: Mapping[str, Objects]
    geometry: Objects
    notes: tuple[str, ...] = ()

    def place(self, row: int, column: str = "") -> str:
        """Return where a row stands; rows count from 1."""
        whole = f"{self.file}: layer {self.layer}: row {row}"
        return f"{whole}: {column}" if column else whole


def _layer_of(path: Path, wanted: str) -> str:
    """Return the layer to read: the one that is wanted, else the only one with geometry."""
    import pyogrio

    found = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    names = [name for name, _ in found]
    if wanted:
        if wanted not in names:
            raise BadInputError("gis-layer-unknown", str(path), layer=wanted, choices=names)
        return wanted
    drawn = [name for name, kind in found if kind is not None]
    lines = [name for name, kind in found if kind is not None and "Line" in str(kind)]
    for some in (drawn, lines):
        if len(some) == 1:
            return some[0]
    if not drawn:
        raise BadInputError("gis-layer-without-geometry", str(path), choices=names)
    raise BadInputError("gis-layer-not-named", str(path), choices=lines or drawn)


def _encoding_of(path: Path, said: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the encoding of a shapefile's texts where nothing beside it says one: UTF-8, else that of China."""
    if said or path.suffix.lower() != SHAPEFILE:
        return said or None, ()
    table = next((one for one in (path.with_suffix(".dbf"), path.with_suffix(".DBF")) if one.exists()), None)
    if table is None or any(path.with_suffix(end).exists() for end in (".cpg", ".CPG", ".cst")):
        return None, ()
    try:
        # The head of a .dbf is binary up to its titles; a letter cut in half at the end of the look is no fault.
        table.read_bytes()[32:].replace(b"\x00", b" ").decode("utf-8")
    except UnicodeDecodeError:
        return _CHINESE, ("text-read-as-gb18030",)
    return "UTF-8", ()


def _read(path: Path, layer: str, encoding: str | None) -> tuple[dict[str, Any], Any, list[Any]]:
    from pyogrio.raw import read

    meta, _, geometry, values = read(path, layer=layer, encoding=encoding)
    return meta, geometry, values


def _in_degrees(geometry: Objects, crs: str | None, place: GisLayer) -> Objects:
    """Return geometry in degrees, by what the file says of its coordinate system."""
    if crs is None:
        return geometry
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        system = CRS.from_user_input(crs)
        if system.is_geographic:
            return geometry
        turn = Transformer.from_crs(system, system.geodetic_crs or CRS("EPSG:4326"), always_xy=True)
        moved = shapely.transform(
            geometry, lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1])), include_z=False
        )
    except (CRSError, ProjError) as error:
        where = f"{place.file}: layer {place.layer}"
        raise BadInputError("gis-crs-unreadable", where, crs=crs[:80], reason=str(error)[:200]) from None
    return np.asarray(moved, dtype=np.object_)


def _refuse_rows(code: str, bad: NDArray[np.bool_], positions: NDArray[np.float64], layer: GisLayer, crs: str) -> None:
    """Refuse a layer for the rows under a mask, each named once with its first such position."""
    if not bad.any():
        return
    _, owner = shapely.get_coordinates(layer.geometry, return_index=True)
    rows, first = np.unique(owner[bad], return_index=True)
    spots = positions[bad][first]
    faults = tuple(
        BadInputError(code, layer.place(int(row) + 1), row=int(row) + 1, lon=float(x), lat=float(y), crs=crs)
        for row, (x, y) in zip(rows[:_MOST_ROWS], spots[:_MOST_ROWS], strict=True)
    )
    raise RowErrors("gis-file-has-errors", f"{layer.file}: layer {layer.layer}", faults)


def _in_wgs84(layer: GisLayer, crs: str) -> Objects:
    """Return a layer's geometry, which is in degrees, in WGS-84; every position must be one on Earth.

    Raises
    ------
    RowErrors
        `gis-file-has-errors`: `gis-position-not-degrees` or `position-outside-china` by row.
    """
    spots = shapely.get_coordinates(layer.geometry)
    # Written so that what is not a number fails too.
    on_earth = (np.abs(spots[:, 0]) <= 180.0) & (np.abs(spots[:, 1]) <= 90.0)
    _refuse_rows("gis-position-not-degrees", ~on_earth, spots, layer, crs)
    if crs not in _SHIFTED:
        return layer.geometry
    _refuse_rows("position-outside-china", outside_china(spots), spots, layer, crs)
    return np.asarray(shapely.transform(layer.geometry, lambda xy: unshifted(xy, crs=crs)), dtype=np.object_)


def read_gis_layer(path: Path, *, layer: str = "", crs: str = "wgs84", encoding: str = "") -> GisLayer:
    """Read one layer.

    Parameters
    ----------
    layer
        Its name; "" for the only one that is drawn, or the only one of lines.
    crs
        One of `COORDINATE_SYSTEMS`: what the degrees are in, once the file's own projection is undone.
    encoding
        Of the texts, where the file says none or a wrong one.

    Raises
    ------
    BadInputError
        `file-missing`, `crs-unknown`, `gis-file-unreadable`, `gis-layer-unknown`, `gis-layer-not-named`,
        `gis-layer-without-geometry`, `gis-layer-empty`, `gis-crs-unreadable`.
    RowErrors
        `gis-file-has-errors` where positions cannot be what they are said to be.
    """
    if crs not in COORDINATE_SYSTEMS:
        raise BadInputError("crs-unknown", "--crs", crs=crs, choices=list(COORDINATE_SYSTEMS))
    if not path.exists():
        raise BadInputError("file-missing", str(path))
    from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FieldError, GeometryError

    chosen, notes = _encoding_of(path, encoding)
    try:
        name = _layer_of(path, layer)
        meta, geometry, values = _read(path, name, chosen)
        drawn = np.asarray(shapely.force_2d(shapely.from_wkb(geometry)), dtype=np.object_)
    except (DataSourceError, DataLayerError, FieldError, GeometryError, CRSError) as error:
        raise BadInputError("gis-file-unreadable", str(path), reason=str(error)[:300]) from None
    except (shapely.errors.ShapelyError, UnicodeDecodeError, LookupError, TypeError) as error:
        raise BadInputError("gis-file-unreadable", str(path), reason=f"{type(error).__name__}: {error}"[:300]) from None
    titles = [str(one) for one in meta["fields"]]
    if not len(drawn):
        raise BadInputError("gis-layer-empty", str(path), layer=name, columns=titles)
    columns = {title: np.asarray(column, dtype=np.object_) for title, column in zip(titles, values, strict=True)}
    notes = (*notes, *(("crs-not-told",) if meta["crs"] is None else ()))
    found = GisLayer(path.name, name, columns, drawn, notes)
    found = GisLayer(path.name, name, columns, _in_degrees(drawn, meta["crs"], found), notes)
    return GisLayer(path.name, name, columns, _in_wgs84(found, crs), notes)


def cell_text(value: object) -> str:
    """Return what a cell says as a text: nothing for an empty one, numbers as people write them."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return ""
    if isinstance(value, float | np.floating):
        return f"{float(value):.5f}".rstrip("0").rstrip(".")
    return str(value).strip()
