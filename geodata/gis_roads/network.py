"""Build the network of a GIS road file: rows become ways, ways road pieces, with a report of all that was mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import BadInputError, RowErrors
from geodata.gis_file import GisLayer, read_gis_layer
from geodata.gis_roads.columns import ColumnMap, find_columns
from geodata.gis_roads.noding import LineFacts, node_lines
from geodata.gis_roads.rows import RoadRow, RowReader
from geodata.network import Network
from geodata.osm.file import OsmExtract, OsmWay
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import BuiltNetwork, build_network_of_ways
from geodata.osm.road_refs import CHINA

_LINE: int = 1
_MULTI_LINE: int = 5
_FARTHEST_DEGREES: float = 5.0


class _RowTally(ImportTally):
    """Names ways by their rows: what the shared steps call "way/3" is the third line, which came from some row."""

    def __init__(self, row: Sequence[int]) -> None:
        super().__init__()
        self.row = row

    def _named(self, example: str) -> str:
        way, _, rest = example.removeprefix("way/").partition(" ")
        if example.startswith("way/") and way.isdigit():
            return f"row {self.row[int(way) - 1]} {rest}".strip()
        return example

    def repair(self, code: str, example: str = "", *, count: int = 1) -> None:
        super().repair(code, self._named(example), count=count)

    def drop(self, code: str, example: str = "", *, count: int = 1) -> None:
        super().drop(code, self._named(example), count=count)


def _why_no_line(geometry: shapely.Geometry | None) -> str:
    """Return why a row is no road, as a code of the report, or "" for one that is."""
    if geometry is None or shapely.is_empty(geometry):
        return "road-without-geometry"
    if shapely.get_type_id(geometry) not in (_LINE, _MULTI_LINE):
        return "not-a-line"
    return ""


def _lines(layer: GisLayer, tally: ImportTally) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the single lines of a layer, and the row (from 1) of each; what is no line is left out and counted."""
    rows = []
    for number, geometry in enumerate(layer.geometry, start=1):
        why = _why_no_line(geometry)
        if why:
            tally.drop(why, f"row {number}")
        else:
            rows.append(number)
    kept = np.array(rows, dtype=np.int64)
    if not len(kept):
        facts = {"layer": layer.layer, "rows": len(layer.geometry)}
        raise BadInputError("road-layer-without-lines", f"{layer.file}: layer {layer.layer}", **facts)
    parts, index = shapely.get_parts(layer.geometry[kept - 1], return_index=True)
    whole = ~shapely.is_empty(parts)
    row: NDArray[np.int64] = kept[index[whole]]
    for one, count in zip(*np.unique(row, return_counts=True), strict=True):
        if count > 1:
            tally.repair("multi-line-split", f"row {one}")
    return np.asarray(parts[whole], dtype=np.object_), row


def _refuse_scattered(lines: NDArray[np.object_], row: NDArray[np.int64], layer: GisLayer) -> None:
    """Refuse rows that lie in another part of the world than most: coordinates of two kinds in one file."""
    middle = shapely.get_coordinates(shapely.centroid(lines))
    away = np.abs(middle - np.median(middle, axis=0)).max(axis=1) > _FARTHEST_DEGREES
    if away.any():
        faults = tuple(
            BadInputError("road-far-from-the-others", layer.place(int(one)), row=int(one), lon=float(x), lat=float(y))
            for one, (x, y) in zip(row[away][:100], middle[away][:100], strict=True)
        )
        raise RowErrors("gis-file-has-errors", f"{layer.file}: layer {layer.layer}", faults)


def _road_ids(way: NDArray[np.int64], ids: Sequence[str]) -> NDArray[np.str_]:
    """Return an id for each piece, the same for the same file: the file's own, numbered where it has several pieces."""
    whole = [ids[int(one) - 1] for one in way]
    pieces = Counter(whole)
    count: Counter[str] = Counter()
    names = []
    for name in whole:
        count[name] += 1
        names.append(f"{name}-{count[name]}" if pieces[name] > 1 else name)
    if len(set(names)) < len(names):
        count = Counter()
        names = []
        for name in whole:
            count[name] += 1
            names.append(f"{name}-{count[name]}")
    return np.array(names, dtype=np.str_)


def _read_rows(reader: RowReader, rows: Iterable[int], layer: GisLayer) -> dict[int, RoadRow]:
    found = {row: reader.read(row) for row in sorted({int(one) for one in rows})}
    if reader.faults:
        raise RowErrors("gis-file-has-errors", f"{layer.file}: layer {layer.layer}", tuple(reader.faults))
    return found


def _columns(mapping: ColumnMap, layer: GisLayer) -> dict[str, str]:
    columns = find_columns(mapping, layer.columns, where=f"{layer.file}: layer {layer.layer}")
    if not {"class", "ref"} & columns.keys():
        where = f"{layer.file}: layer {layer.layer}"
        raise BadInputError("roads-without-class", where, columns=list(layer.columns))
    return columns


def build_gis_network(
    path: Path, mapping: ColumnMap, *, crs: str = "wgs84", country: str = CHINA
) -> tuple[BuiltNetwork, ImportTally]:
    """Build the network of a road file, and tell what was repaired and dropped.

    Parameters
    ----------
    mapping
        Which column holds what.
    crs
        One of `geodata.coordinates.COORDINATE_SYSTEMS`, beyond the projection that the file tells of itself.
    country
        Chinese road numbers are read for "CN" only.

    Raises
    ------
    BadInputError
        What `read_gis_layer` and `find_columns` refuse, `roads-without-class`, `road-layer-without-lines`.
    RowErrors
        `gis-file-has-errors`: every fault with layer, row and column.
    """
    layer = read_gis_layer(path, layer=mapping.layer, crs=crs, encoding=mapping.encoding)
    columns = _columns(mapping, layer)
    first = ImportTally()
    lines, row = _lines(layer, first)
    _refuse_scattered(lines, row, layer)
    tally = _RowTally(row.tolist())
    tally.take_over(first)
    for note in layer.notes:
        tally.repair(note, layer.file)
    read = _read_rows(RowReader(layer, columns, mapping, country=country, tally=tally), row, layer)
    readings = [read[int(one)].reading for one in row]
    level = np.array([one.layer * 4 + one.structure for one in readings], dtype=np.int64)
    noded = node_lines(lines, LineFacts(row, level), snap_m=mapping.snap_m, crossings=mapping.crossings, tally=tally)
    ways = np.split(noded.node + 1, np.cumsum(noded.count)[:-1])
    extract = OsmExtract(
        ways=[OsmWay(number, {}, nodes) for number, nodes in enumerate(ways, start=1)],
        node_id=np.arange(1, len(noded.node_lonlat) + 1, dtype=np.int64),
        node_lonlat=noded.node_lonlat,
    )
    built = build_network_of_ways(extract, readings, tally=tally)
    ids = [read[int(one)].id or f"r{one}" for one in row]
    return replace(built, network=_named(built.network, ids)), tally


def _named(network: Network, ids: Sequence[str]) -> Network:
    """Return a network whose roads carry the file's ids."""
    return replace(
        network,
        road_id=_road_ids(network.osm_way_id, ids),
        osm_way_id=np.zeros(network.road_count, dtype=np.int64),
        attribution="",
    )
