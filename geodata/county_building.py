"""Build a new county out of an OSM or GIS file: settings from a profile, the network, places, the report."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli_w

from geodata.areas import Area
from geodata.county_folder import CountyParts, refuse_existing, write_county_folder
from geodata.county_settings import DEFAULT_SPEEDS_KMH, SETTINGS_FILE, CountySettings, read_settings
from geodata.errors import BadInputError
from geodata.feature_files import merge_places, read_area_file, read_place_file
from geodata.gis_roads.columns import ColumnMap, read_column_map
from geodata.gis_roads.network import build_gis_network
from geodata.import_report import report_import
from geodata.network import Network
from geodata.osm.entry_points import find_entry_points
from geodata.osm.file import ATTRIBUTION, read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.osm.places import find_osm_places
from geodata.osm.road_refs import CHINA
from geodata.places import Place, Places
from geodata.policy_reading import PROFILES, profile_text

DEFAULT_AREA_CODE = "000000"


@dataclass(frozen=True, slots=True)
class NewCounty:
    """What county.toml of a new county says before its regime.

    Attributes
    ----------
    country
        Two letters; Chinese road numbers are read for "CN" only.
    profile
        Shipped regime whose text is appended, one of `PROFILES`.
    """

    name: str
    area_code: str = DEFAULT_AREA_CODE
    timezone: str = "Asia/Shanghai"
    public_url: str = "http://127.0.0.1:8000"
    country: str = CHINA
    profile: str = PROFILES[0]
    attribution: str = ATTRIBUTION


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """What a county is built from.

    Attributes
    ----------
    osm, roads
        An OpenStreetMap file or a GIS file of roads: one of them.
    places, areas
        GeoJSON.
    crs
        Coordinate system of the GIS file, the places and the areas.
    columns
        Which column of the GIS file holds what.
    """

    osm: Path | None
    places: Path | None = None
    areas: Path | None = None
    crs: str = "wgs84"
    roads: Path | None = None
    columns: Path | None = None

    @property
    def road_file(self) -> Path:
        """The file that the roads come from.

        Raises
        ------
        BadInputError
            `road-source-not-one` where both or none are given.
        """
        if (self.osm is None) == (self.roads is None):
            raise BadInputError("road-source-not-one", "--osm, --roads")
        if self.columns is not None and self.roads is None:
            raise BadInputError("columns-without-roads", "--columns")
        return self.osm or self.roads or Path()


def settings_text(new: NewCounty) -> str:
    """Return a county.toml that holds everything in one file, speeds and regime included.

    Raises
    ------
    BadInputError
        `profile-unknown`, `country-not-two-letters`.
    """
    if not re.fullmatch(r"[A-Z]{2}", new.country):
        raise BadInputError("country-not-two-letters", "country", value=new.country)
    own = {
        "name": new.name,
        "area_code": new.area_code,
        "timezone": new.timezone,
        "public_url": new.public_url,
        "attribution": new.attribution,
        "roads": {"country": new.country},
        "speeds_kmh": {road_class.value: kmh for road_class, kmh in DEFAULT_SPEEDS_KMH.items()},
    }
    return f"{tomli_w.dumps(own)}\n{profile_text(new.profile)}"


def source_facts(path: Path) -> dict[str, str]:
    """Return what a report tells of the file that the roads came from."""
    return {"file": path.name, "sha256": file_sha256(path)}


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class ReadRoads:
    """Roads of a source file, the places that it holds, and what was repaired and dropped."""

    network: Network
    places: Places
    tally: ImportTally


def read_roads(source: SourceFiles, *, country: str) -> ReadRoads:
    """Read the roads of a source, with their entry points, and of an OSM file the other places too.

    Raises
    ------
    BadInputError, RowErrors
        What is wrong with the file.
    """
    path = source.road_file
    found: tuple[Place, ...] = ()
    if source.osm is not None:
        tally = ImportTally()
        extract = read_osm_file(path, tally)
        try:
            built = build_osm_network(extract, country=country, tally=tally)
        except BadInputError as fault:
            raise BadInputError(fault.code, str(path), **fault.facts) from None
        found = find_osm_places(extract, built.network, country=country, tally=tally)
    else:
        mapping = ColumnMap() if source.columns is None else read_column_map(source.columns)
        built, tally = build_gis_network(path, mapping, crs=source.crs, country=country)
    entries = find_entry_points(built, country=country)
    places = Places(MappingProxyType({place.id: place for place in (*found, *entries)}))
    return ReadRoads(built.network, places, tally)


def _given_places(source: SourceFiles) -> Places:
    if source.places is None:
        return Places(MappingProxyType({}))
    return read_place_file(source.places, crs=source.crs)


def _given_areas(source: SourceFiles, settings: CountySettings) -> tuple[Area, ...]:
    if source.areas is None:
        return ()
    kinds = frozenset(kind for policy in settings.policies.values() for kind in policy.area_kinds)
    return read_area_file(source.areas, crs=source.crs, kinds=kinds)


def build_county(folder: Path, source: SourceFiles, new: NewCounty) -> Mapping[str, Any]:
    """Build a county folder and return the report of its import; the folder must not exist.

    Settings, places and areas are read before the roads, so that a slip in them is told at once.

    Raises
    ------
    BadInputError
        `county-folder-exists`, or what is wrong with the settings, the road file, the places or the areas.
    SurroundingsError
        `disk-write-failed`. In either case nothing is left behind.
    """
    refuse_existing(folder)
    if source.osm is None and new.attribution == ATTRIBUTION:
        new = replace(new, attribution=source.road_file.name)
    text = settings_text(new)
    settings = read_settings(tomllib.loads(text), where=SETTINGS_FILE)
    given, areas = _given_places(source), _given_areas(source, settings)
    read = read_roads(source, country=settings.country)
    places, _ = merge_places(read.places, given)
    report = report_import(read.network, places.by_id.values(), read.tally, source=source_facts(source.road_file))
    write_county_folder(folder, CountyParts(text, read.network, places, areas, report))
    return report
