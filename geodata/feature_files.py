"""Import places, areas and township plans into a county folder: merged, all rows or none, the file replaced at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from geodata.areas import TOWNSHIP, Area, area_feature, read_areas
from geodata.coordinates import features_to_wgs84
from geodata.county import AREAS_FILE, PLACES_FILE, County
from geodata.errors import BadInputError, RowErrors
from geodata.geojson import read_features, read_json, write_features, write_whole
from geodata.places import Place, Places, place_feature, read_places
from geodata.township_plans import TOWNSHIP_PLANS_FILE, TownshipPlan, read_township_plans, write_township_plans

T = TypeVar("T", Place, Area, TownshipPlan)


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import changed."""

    created: int
    changed: int
    unchanged: int


def _merged(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[list[T], ImportCounts]:
    """Return old and new by id, the new one winning, ordered by id."""
    created = sum(key not in old for key in new)
    unchanged = sum(_is_same(old.get(key), one) for key, one in new.items())
    merged = {**old, **new}
    return [merged[key] for key in sorted(merged)], ImportCounts(created, len(new) - created - unchanged, unchanged)


def _is_same(one: Place | Area | TownshipPlan | None, other: Place | Area | TownshipPlan) -> bool:
    return one == other


def _write(path: Path, rows: Iterable[T], to_feature: Callable[[T], dict[str, Any]], counts: ImportCounts) -> None:
    if counts.created or counts.changed:
        write_features(path, [to_feature(one) for one in rows])


def read_place_file(path: Path, *, crs: str) -> Places:
    """Read a GeoJSON file of places in one of `COORDINATE_SYSTEMS`.

    Raises
    ------
    RowErrors
        `places-file-has-errors`, a fault a row.
    BadInputError
        The file cannot be read, or a position does not fit the coordinate system.
    """
    return read_places(features_to_wgs84(read_features(path), crs=crs, where=path.name), where=path.name)


def read_area_file(path: Path, *, crs: str, kinds: frozenset[str]) -> tuple[Area, ...]:
    """Read a GeoJSON file of areas in one of `COORDINATE_SYSTEMS`; faults as for places."""
    return read_areas(features_to_wgs84(read_features(path), crs=crs, where=path.name), where=path.name, kinds=kinds)


def merge_places(old: Places, new: Places) -> tuple[Places, ImportCounts]:
    """Return the places of both, a new one replacing the old one of its id."""
    rows, counts = _merged(old.by_id, new.by_id)
    return Places(MappingProxyType({place.id: place for place in rows})), counts


def import_places(county: County, path: Path, *, crs: str) -> ImportCounts:
    """Merge a file of places into the county's; places of the county that the file does not name stay."""
    places, counts = merge_places(county.places, read_place_file(path, crs=crs))
    _write(county.folder / PLACES_FILE, places.by_id.values(), place_feature, counts)
    return counts


def add_place(county: County, place: Place) -> ImportCounts:
    """Put one place among the county's."""
    places, counts = merge_places(county.places, Places(MappingProxyType({place.id: place})))
    _write(county.folder / PLACES_FILE, places.by_id.values(), place_feature, counts)
    return counts


def _declared_by_other(area: Area, county: County, where: str) -> BadInputError | None:
    """Refuse an area that its regime lets another body put in force (`in_force_by`)."""
    for policy in county.settings.policies.values():
        kind = policy.area_kinds.get(area.kind)
        if kind is None or not kind.in_force_by or (area.regime and area.regime != policy.regime.id):
            continue
        authority = policy.authorities[kind.in_force_by]
        if area.declared_by in {authority.id, authority.name}:
            return None
        facts = {"id": area.id, "declared_by": area.declared_by or "-", "authority": authority.name}
        return BadInputError("area-declared-by-other", f"{where}: {area.id}", **facts)
    return None


def import_areas(county: County, path: Path, *, crs: str) -> ImportCounts:
    """Merge a file of areas into the county's; areas of the county that the file does not name stay (L3).

    Raises
    ------
    RowErrors
        `areas-file-has-errors` with every fault, also an area that another body declared than its regime names.
    """
    new = read_area_file(path, crs=crs, kinds=county.area_kinds)
    strange = [fault for area in new if (fault := _declared_by_other(area, county, path.name)) is not None]
    if strange:
        raise RowErrors("areas-file-has-errors", path.name, tuple(strange))
    rows, counts = _merged({area.id: area for area in county.areas}, {area.id: area for area in new})
    _write(county.folder / AREAS_FILE, rows, area_feature, counts)
    return counts


def import_township_plans(county: County, path: Path) -> ImportCounts:
    """Merge a file of township plans into the county's list; townships that the file does not name stay (L16, L17).

    Raises
    ------
    RowErrors
        `township-plans-file-has-errors` with every fault, also a township that the county's areas do not have.
    """
    new = read_township_plans(read_json(path), where=path.name)
    known = sorted({area.name for area in county.areas if area.kind == TOWNSHIP})
    strange = [
        BadInputError("township-of-plan-unknown", f"{path.name}: {one.township}", township=one.township, choices=known)
        for one in new
        if known and one.township not in known
    ]
    if strange:
        raise RowErrors("township-plans-file-has-errors", path.name, tuple(strange))
    rows, counts = _merged({one.township: one for one in county.township_plans}, {one.township: one for one in new})
    if counts.created or counts.changed:
        text = json.dumps(write_township_plans(rows), ensure_ascii=False, indent=1)
        write_whole(county.folder / TOWNSHIP_PLANS_FILE, text.encode())
    return counts
