"""Write and read closures as a GIS layer: one row a closure, its cells as columns, its lines as geometry."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geodata.errors import BadInputError, RowErrors, SurroundingsError
from geodata.exchange.records import WRITTEN, feature_of, geometry_of, read_titles, record_of
from geodata.gis_file import cell_text, read_gis_layer

LAYER: Final = "closures"


def _shape(geometry: Mapping[str, Any] | None) -> bytes | None:
    if geometry is None:
        return None
    if geometry["type"] == "LineString":
        return bytes(shapely.to_wkb(shapely.MultiLineString([geometry["coordinates"]])))
    return bytes(shapely.to_wkb(shapely.from_geojson(json.dumps(geometry))))


def _kind(features: Iterable[Mapping[str, Any]]) -> str:
    """Return what GIS programs are told of the layer: lines, unless an area is among them."""
    drawn = (one["geometry"]["type"] for one in features if one["geometry"] is not None)
    return "MultiLineString" if all("Line" in kind for kind in drawn) else "Unknown"


def write_gis_layer(path: Path, features: Iterable[Mapping[str, Any]]) -> None:
    """Write features of the closure file as a GeoPackage, whole or not at all.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`; an older file is untouched.
    """
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
    from pyogrio.raw import write

    features = list(features)
    records = [record_of(one) for one in features]
    names = [name for name in WRITTEN if name != "geometry"]
    beside = path.with_name(f".{path.name}.{os.getpid()}.part.gpkg")
    try:
        write(
            beside,
            geometry=np.array([_shape(one["geometry"]) for one in features], dtype=np.object_),
            field_data=[np.array([record[name] or None for record in records], dtype=np.object_) for name in names],
            fields=names,
            layer=LAYER,
            driver="GPKG",
            geometry_type=_kind(features),
            crs="EPSG:4326",
        )
        beside.replace(path)
    except (DataSourceError, DataLayerError, FeatureError, OSError) as error:
        raise SurroundingsError("disk-write-failed", path.name, reason=str(error)) from None
    finally:
        beside.unlink(missing_ok=True)


def read_gis_features(path: Path, *, crs: str, faults: str) -> list[dict[str, Any]]:
    """Read the rows of a GIS layer as features of the closure file.

    Parameters
    ----------
    crs
        One of `geodata.coordinates.COORDINATE_SYSTEMS`.
    faults
        Code of the error that gathers the rows' faults.

    Raises
    ------
    BadInputError
        What `read_gis_layer` refuses, `column-unknown`, `column-twice`, `column-missing`.
    RowErrors
        The given code, with every cell that cannot be read.
    """
    layer = read_gis_layer(path, crs=crs)
    titles = list(layer.columns)
    columns = read_titles(titles, where=f"{layer.file}: layer {layer.layer}")
    features, wrong = [], []
    for row, shape in enumerate(layer.geometry, start=1):
        where = f"{path.name}: row {row}"
        try:
            cells = {key: cell_text(layer.columns[titles[at]][row - 1]) for at, key in columns.items()}
            feature = feature_of(cells, where=where)
            drawn = geometry_of(shape, where=f"{where}: geometry")
            features.append({**feature, "geometry": drawn or feature["geometry"]})
        except BadInputError as fault:
            fault.facts = {**fault.facts, "row": row, "id": None}
            wrong.append(fault)
    if wrong:
        raise RowErrors(faults, path.name, tuple(wrong))
    return features
