"""Write small GIS files of roads and closures for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from pyogrio.raw import write

#: A crossroads: two roads that share their middle vertex, a third that ends on the first, all in degrees.
CROSSROADS = (
    [(113.00, 33.0), (113.01, 33.0), (113.02, 33.0)],
    [(113.01, 32.99), (113.01, 33.0), (113.01, 33.01)],
    [(113.005, 33.0), (113.005, 33.01)],
)


def line(points) -> shapely.Geometry:
    """Return a line of positions."""
    return shapely.LineString(points)


def write_layer(path: Path, geometry, columns, **further) -> Path:
    """Write one layer; columns are lists by title."""
    options = {"driver": {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}[path.suffix]}
    kind = further.pop("geometry_type", "LineString")
    write(
        path,
        geometry=np.array([None if one is None else shapely.to_wkb(one) for one in geometry], dtype=object),
        field_data=[np.array(values, dtype=object) for values in columns.values()],
        fields=list(columns),
        geometry_type=kind,
        crs=further.pop("crs", "EPSG:4490"),
        **options,
        **further,
    )
    return path
