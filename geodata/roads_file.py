"""Write roads for people and other programs: a GeoPackage for GIS, and the arcs of the router as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.components import part_of_junctions, part_of_roads
from geodata.errors import SurroundingsError
from geodata.geojson import write_whole
from geodata.hazardous_goods import names_of_bits
from geodata.network import ACCESS_BIT, BRIDGE, TUNNEL, Network
from geodata.road_classes import ROAD_CLASSES

ROADS_LAYER: Final = "roads"
JUNCTIONS_LAYER: Final = "junctions"
_DIRECTIONS: Final = np.array(["neither", "forward", "backward", "both"], dtype=np.object_)
_LIMITS: Final = ("max_weight_kg", "max_height_m", "max_width_m", "max_length_m", "max_axle_load_kg")
ARC_COLUMNS: Final = (
    "road_id",
    "direction",
    "from_node",
    "to_node",
    "from_lon",
    "from_lat",
    "to_lon",
    "to_lat",
    "length_m",
    "duration_s",
    "class",
    "limits",
)


def _open_to(network: Network, vehicle: str) -> NDArray[np.object_]:
    bits = (network.access & ACCESS_BIT[vehicle]) != 0
    return np.asarray(_DIRECTIONS[bits[:, 0] + 2 * bits[:, 1].astype(np.int64)], dtype=np.object_)


def _refused_goods(network: Network, direction: int) -> NDArray[np.object_]:
    """Return the hazardous goods that roads refuse in a direction, such as "B;C"."""
    texts = np.array([";".join(names_of_bits(bits)) for bits in range(256)], dtype=np.object_)
    return np.asarray(texts[network.refused_goods[:, direction]], dtype=np.object_)


def _road_columns(network: Network) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the roads layer; a limit that is not mapped is empty (NaN)."""
    limits = {name: getattr(network, name).astype(np.float64) for name in _LIMITS}
    return {
        **{name: getattr(network, name).astype(np.object_) for name in ("road_id", "name", "ref", "surface")},
        "class": np.array([one.value for one in ROAD_CLASSES], dtype=np.object_)[network.road_class],
        "osm_way_id": network.osm_way_id,
        "length_m": network.length_m,
        "kmh_forward": network.tagged_kmh[:, 0].astype(np.float64),
        "kmh_backward": network.tagged_kmh[:, 1].astype(np.float64),
        "refused_goods_forward": _refused_goods(network, 0),
        "refused_goods_backward": _refused_goods(network, 1),
        "car": _open_to(network, "car"),
        "truck": _open_to(network, "truck"),
        **{name: np.where(np.isinf(values), np.nan, values) for name, values in limits.items()},
        "bridge": ((network.structure & BRIDGE) != 0).astype(np.int32),
        "tunnel": ((network.structure & TUNNEL) != 0).astype(np.int32),
        "layer": network.layer.astype(np.int32),
        "part": part_of_roads(network, part_of_junctions(network)).astype(np.int32),
    }


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    shape: str
    geometry: NDArray[np.object_]
    columns: dict[str, NDArray[np.generic]]


def _layers(network: Network) -> tuple[_Layer, _Layer]:
    owner = np.repeat(np.arange(network.road_count), np.diff(network.shape_start))
    lines = np.asarray(shapely.linestrings(network.shape_lonlat, indices=owner), dtype=np.object_)
    points = np.asarray(shapely.points(network.junction_lonlat), dtype=np.object_)
    return (
        _Layer(ROADS_LAYER, "LineString", lines, _road_columns(network)),
        _Layer(JUNCTIONS_LAYER, "Point", points, {"junction_id": network.junction_id}),
    )


def write_roads_file(network: Network, path: Path) -> None:
    """Write the roads and junctions as a GeoPackage; `part` 0 is the largest part that is connected for cars.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`.
    """
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
    from pyogrio.raw import write

    try:
        for number, layer in enumerate(_layers(network)):
            write(
                path,
                geometry=np.asarray(shapely.to_wkb(layer.geometry), dtype=np.object_),
                field_data=list(layer.columns.values()),
                fields=list(layer.columns),
                layer=layer.name,
                driver="GPKG",
                geometry_type=layer.shape,
                crs="EPSG:4326",
                append=number > 0,
            )
    except (DataSourceError, DataLayerError, FeatureError) as error:
        raise SurroundingsError("disk-write-failed", path.name, reason=str(error)) from None


def _limits_text(network: Network, road: int, direction: int) -> str:
    """Return the limits of a road, such as "max_height_m=3.5;max_weight_kg=18000;refused_goods=B,C"."""
    values = ((name, float(getattr(network, name)[road])) for name in _LIMITS)
    limits = [f"{name}={round(value, 3):g}" for name, value in values if np.isfinite(value)]
    goods = names_of_bits(int(network.refused_goods[road, direction]))
    return ";".join([*limits, *([f"refused_goods={','.join(goods)}"] if goods else [])])


def _arc_rows(
    network: Network, usable: NDArray[np.bool_], duration_ms: NDArray[np.int64]
) -> Iterator[tuple[object, ...]]:
    lonlat = network.junction_lonlat
    for road, direction in np.argwhere(usable):
        start, end = network.ends[road] if direction == 0 else network.ends[road][::-1]
        yield (
            network.road_id[road],
            "backward" if direction else "forward",
            network.junction_id[start],
            network.junction_id[end],
            *(f"{value:.7f}" for value in (*lonlat[start], *lonlat[end])),
            f"{network.length_m[road]:.2f}",
            f"{duration_ms[road, direction] / 1000:.3f}",
            network.class_of(road).value,
            _limits_text(network, road, direction),
        )


def write_arcs(network: Network, path: Path, *, usable: NDArray[np.bool_], duration_ms: NDArray[np.int64]) -> int:
    """Write every arc of a vehicle as a CSV row and return how many there are: the network as the router uses it.

    Parameters
    ----------
    usable
        (m, 2) mask of roads that the vehicle may use forward and backward.
    duration_ms
        (m, 2) milliseconds it takes over each whole road.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`; an older file is untouched.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(ARC_COLUMNS)
    writer.writerows(_arc_rows(network, usable, duration_ms))
    write_whole(path, text.getvalue().encode())
    return int(usable.sum())
