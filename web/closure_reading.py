"""Read closures from whatever others write them in: closure file, GIS layer, table, WZDx feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from geodata.errors import BadInputError, RowErrors
from web.messages import error_wording
from web.session import Session

if TYPE_CHECKING:
    from geodata.closures.closure import Closure
    from geodata.county import County

GEOJSON: Final = "geojson"
GPKG: Final = "gpkg"
TABLE: Final = "table"
WZDX: Final = "wzdx"
READ_FORMATS: Final = (GEOJSON, GPKG, TABLE, WZDX)
_ENDINGS: Final = {
    **dict.fromkeys((".gpkg", ".shp"), GPKG),
    **dict.fromkeys((".csv", ".tsv", ".txt", ".xlsx"), TABLE),
}
FAULTS: Final = "closures-file-has-errors"
_NOTHING: Final[Mapping[str, Closure]] = MappingProxyType({})
_SHIFTED: Final = ("gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class ClosureSource:
    """What a file holds.

    Attributes
    ----------
    encoding
        Of a text table: "utf-8", "utf-16" or "gb18030"; "" for other files.
    left_out
        Road events of a feed that are no closures, not in this county or on its record already, JSON-ready.
    """

    closures: tuple[Closure, ...]
    format: str
    encoding: str = ""
    left_out: tuple[dict[str, Any], ...] = ()


def read_closure_source(
    path: Path, county: County, *, said: str | None, crs: str, registered: Mapping[str, Closure] = _NOTHING
) -> ClosureSource:
    """Read a file of closures, all rows or none.

    Parameters
    ----------
    said
        One of `READ_FORMATS`; None: by the file's ending, a feed being told by what it holds.
    crs
        One of `geodata.coordinates.COORDINATE_SYSTEMS`.
    registered
        Closures on record by id: of a feed of the county's own they are not taken again, and a row that the register
        wrote of one whose roads are gone means that one.

    Raises
    ------
    BadInputError
        Why the file cannot be read.
    RowErrors
        `closures-file-has-errors` with every fault of every row.
    """
    from geodata.closures.files import read_closure_features
    from geodata.coordinates import features_to_wgs84
    from geodata.exchange.own_records import rows_as_written

    read = _read_rows(path, county, chosen=_format_of(path, said), crs=crs, registered=registered)
    moved = features_to_wgs84(read.features, crs=read.crs, where=path.name)
    own_rows = rows_as_written(moved, registered, county.network)
    numbered = read.rows or tuple(range(1, len(moved) + 1))
    others = [place for place in range(len(moved)) if place not in own_rows]
    try:
        closures = read_closure_features(
            [moved[place] for place in others],
            county.road_index,
            county.settings,
            where=path.name,
            rows=[numbered[place] for place in others],
        )
    except RowErrors as refused:
        raise _with_hints(refused, moved, read.rows, county, read.crs) from None
    return ClosureSource((*closures, *own_rows.values()), read.format, read.encoding, read.left_out)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a file holds before anything is made of it: its rows in a coordinate system, and what they are numbered."""

    format: str
    crs: str
    features: list[dict[str, Any]]
    rows: tuple[int, ...] | None = None
    encoding: str = ""
    left_out: tuple[dict[str, Any], ...] = ()


def _format_of(path: Path, said: str | None) -> str:
    from geodata.exchange.wzdx_reading import is_wzdx
    from geodata.geojson import read_json

    chosen = said or _ENDINGS.get(path.suffix.lower(), GEOJSON)
    return WZDX if said is None and chosen == GEOJSON and is_wzdx(read_json(path)) else chosen


def _read_rows(path: Path, county: County, *, chosen: str, crs: str, registered: Mapping[str, Closure]) -> _Rows:
    """Read the rows of a file of a known format."""
    if chosen == WZDX:
        from geodata.exchange.wzdx_reading import OwnRecord, left_out_rows, read_wzdx

        feed = read_wzdx(path, county.road_index, own=OwnRecord(county.settings.area_code, registered))
        return _Rows(chosen, crs, list(feed.features), feed.rows, left_out=tuple(left_out_rows(feed.left_out)))
    if chosen == GPKG:
        from geodata.exchange.gis_layer import read_gis_features

        return _Rows(chosen, "wgs84", read_gis_features(path, crs=crs, faults=FAULTS))
    if chosen == TABLE:
        from passes.exchange.closure_tables import read_closure_table

        table = read_closure_table(path)
        return _Rows(chosen, crs, list(table.features), table.rows, table.encoding)
    from geodata.geojson import read_features

    return _Rows(chosen, crs, read_features(path))


def _with_hints(
    refused: RowErrors, features: list[dict[str, Any]], rows: tuple[int, ...] | None, county: County, crs: str
) -> RowErrors:
    """Say of a row far from every road that it would lie on one in another coordinate system."""
    at = dict(zip(rows or range(1, len(features) + 1), features, strict=True))
    found = []
    for fault in refused.rows:
        system = (
            _system_that_fits(at[int(str(fault.facts["row"]))], county) if _is_far(fault) and crs == "wgs84" else ""
        )
        if system:
            facts = {**fault.facts, "crs": system}
            fault = BadInputError("closure-in-other-coordinates", fault.where, **facts)  # noqa: PLW2901 - said better
        found.append(fault)
    return RowErrors(refused.code, refused.where, tuple(found))


def _is_far(fault: BadInputError) -> bool:
    return fault.code in {"closure-far-from-road", "closure-off-the-roads", "closure-across-road"}


def _system_that_fits(feature: Mapping[str, Any], county: County) -> str:
    """Return the shifted system in which a row's line lies along roads, "" where none does."""
    from geodata.closures.closure import Direction
    from geodata.closures.geometry import read_place
    from geodata.coordinates import features_to_wgs84

    for system in _SHIFTED:
        try:
            moved = features_to_wgs84([feature], crs=system, where="")[0]["geometry"]
            if read_place(moved, None, county.road_index, direction=Direction.BOTH, where="") is not None:
                return system
        except BadInputError:
            continue
    return ""


def left_out_line(row: Mapping[str, Any], session: Session) -> str:
    """Return what is said of a road event that was left out."""
    place = session.say(f"第 {row['row']} 行", f"row {row['row']}")
    return f"- {place} {row['id'] or ''}: {error_wording(str(row['code'])).text(session.lang, row)}"
