"""Say which column of a road file holds what: by a mapping file, else by the titles that such files usually have.

A mapping is TOML::

    [columns]                 # ours = the file's title
    ref = "路线编号"
    class = "行政等级"
    oneway = "单向"
    [values.class]            # the file's word = ours
    "高速公路" = "expressway"
    [values.oneway]
    "上行" = "forward"
    [file]
    layer = "road_centerline"
    encoding = "GB18030"
    [noding]
    snap_m = 0.5              # ends so near to another road are joined to it
    crossings = "separate"    # or "joined": roads that cross on one level meet there

With a mapping only the columns that it names are read.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError

#: What a column may hold, with the titles that mean it where no mapping is given.
TITLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("road_id", "osm_id", "道路编号", "路段编号"),
        "name": ("name", "路线名称", "道路名称", "路名", "名称"),
        "ref": ("ref", "路线编号", "路线编码", "道路编码", "路线代码"),
        "class": ("class", "fclass", "highway", "行政等级", "道路等级", "公路等级", "路线等级"),
        "oneway": ("oneway", "单向", "通行方向"),
        "car": ("car",),
        "truck": ("truck",),
        "speed_kmh": ("speed_kmh", "maxspeed", "限速"),
        "kmh_forward": ("kmh_forward",),
        "kmh_backward": ("kmh_backward",),
        "max_weight_t": ("max_weight_t", "maxweight", "限重"),
        "max_weight_kg": ("max_weight_kg",),
        "max_axle_load_t": ("max_axle_load_t", "maxaxleload", "限轴重"),
        "max_axle_load_kg": ("max_axle_load_kg",),
        "max_height_m": ("max_height_m", "maxheight", "限高"),
        "max_width_m": ("max_width_m", "maxwidth", "限宽"),
        "max_length_m": ("max_length_m", "maxlength", "限长"),
        "layer": ("layer", "层"),
        "bridge": ("bridge", "桥梁", "是否桥梁"),
        "tunnel": ("tunnel", "隧道", "是否隧道"),
        "refused_goods": ("refused_goods", "hazmat", "禁运危险品"),
        "refused_goods_forward": ("refused_goods_forward",),
        "refused_goods_backward": ("refused_goods_backward",),
        "surface": ("surface", "路面类型"),
    }
)
SEPARATE: Final = "separate"
JOINED: Final = "joined"
DEFAULT_SNAP_M: Final = 0.5
#: Joining over more than a lane's width would join roads that do not meet.
MOST_SNAP_M: Final = 5.0
_SECTIONS: Final = ("columns", "values", "file", "noding")
_WITH_VALUES: Final = ("class", "oneway", "car", "truck", "bridge", "tunnel")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column holds what.

    Attributes
    ----------
    columns
        Titles by key; None: by the usual titles.
    values
        The file's words and ours, by key.
    layer, encoding
        Of the file, "" where it has one layer and says its encoding.
    snap_m
        Ends so near to another road are joined to it.
    crossings
        "separate" or "joined".
    where
        The mapping file, for errors.
    """

    columns: Mapping[str, str] | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    layer: str = ""
    encoding: str = ""
    snap_m: float = DEFAULT_SNAP_M
    crossings: str = SEPARATE
    where: str = "--columns"


def _refuse_unknown(said: Iterable[str], known: Iterable[str], where: str) -> None:
    known = list(known)
    for key in said:
        if key not in known:
            raise BadInputError("columns-key-unknown", where, key=key, choices=known)


def _table(document: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise BadInputError("columns-key-not-a-table", where, key=key)
    return table


def _texts(table: Mapping[str, Any], where: str) -> dict[str, str]:
    for key, value in table.items():
        if not isinstance(value, str):
            raise BadInputError("columns-value-not-text", f"{where}: {key}", value=str(value))
    return dict(table)


def read_column_map(path: Path) -> ColumnMap:
    """Read a mapping file.

    Raises
    ------
    BadInputError
        `file-missing`, `columns-file-unreadable`, `columns-key-unknown`, `columns-key-not-a-table`,
        `columns-value-not-text`, `columns-snap-unusable`, `columns-crossings-unknown`.
    """
    where = path.name
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadInputError("file-missing", str(path)) from None
    except (OSError, ValueError) as error:
        raise BadInputError("columns-file-unreadable", str(path), reason=str(error)) from None
    _refuse_unknown(document, _SECTIONS, where)
    columns = _texts(_table(document, "columns", where), f"{where}: columns")
    _refuse_unknown(columns, TITLES, f"{where}: columns")
    values = _table(document, "values", where)
    _refuse_unknown(values, _WITH_VALUES, f"{where}: values")
    file, noding = (_table(document, key, where) for key in ("file", "noding"))
    _refuse_unknown(file, ("layer", "encoding"), f"{where}: file")
    _refuse_unknown(noding, ("snap_m", "crossings"), f"{where}: noding")
    said = _texts(file, f"{where}: file")
    return ColumnMap(
        columns=columns or None,
        values={key: _texts(_table(values, key, where), f"{where}: values.{key}") for key in values},
        layer=said.get("layer", ""),
        encoding=said.get("encoding", ""),
        snap_m=_snap_m(noding.get("snap_m", DEFAULT_SNAP_M), f"{where}: noding: snap_m"),
        crossings=_crossings(noding.get("crossings", SEPARATE), f"{where}: noding: crossings"),
        where=where,
    )


def _snap_m(value: object, where: str) -> float:
    if type(value) not in (int, float) or not 0.0 <= float(str(value)) <= MOST_SNAP_M:
        raise BadInputError("columns-snap-unusable", where, value=str(value), most=MOST_SNAP_M)
    return float(str(value))


def _crossings(value: object, where: str) -> str:
    if value not in (SEPARATE, JOINED):
        raise BadInputError("columns-crossings-unknown", where, value=str(value), choices=[SEPARATE, JOINED])
    return str(value)


def plain(text: str) -> str:
    """Return a title or word as it is compared: half-width, lower case, without blanks round it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def find_columns(mapping: ColumnMap, titles: Iterable[str], *, where: str) -> dict[str, str]:
    """Return the file's title for each key that the file has.

    Raises
    ------
    BadInputError
        `column-not-in-layer` where the mapping names a column that the layer does not have.
    """
    titles = list(titles)
    if mapping.columns is None:
        known = {plain(title): title for title in reversed(titles)}
        found = {
            key: next((known[plain(one)] for one in usual if plain(one) in known), "") for key, usual in TITLES.items()
        }
        return {key: title for key, title in found.items() if title}
    for key, title in mapping.columns.items():
        if title not in titles:
            facts = {"key": key, "column": title, "columns": titles}
            raise BadInputError("column-not-in-layer", f"{mapping.where}: {where}", **facts)
    return dict(mapping.columns)
