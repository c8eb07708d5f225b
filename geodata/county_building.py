"""Build a new county out of an OSM file: settings from a profile, the network, places and entry points, the report."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli_w

from geodata.areas import Area
from geodata.county_folder import CountyParts, refuse_existing, write_county_folder
from geodata.county_settings import DEFAULT_SPEEDS_KMH, SETTINGS_FILE, CountySettings, read_settings
from geodata.errors import BadInputError
from geodata.feature_files import merge_places, read_area_file, read_place_file
from geodata.import_report import report_import
from geodata.network import Network
from geodata.osm.entry_points import find_entry_points
from geodata.osm.file import ATTRIBUTION, read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.osm.places import find_osm_places
from geodata.osm.road_refs import CHINA
from geodata.places import Places
from geodata.policy import PROFILES, profile_text

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
    """What a county is built from; places and areas are GeoJSON in the coordinate system `crs`."""

    osm: Path
    places: Path | None = None
    areas: Path | None = None
    crs: str = "wgs84"


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


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_roads(path: Path, settings: CountySettings, tally: ImportTally) -> tuple[Network, Places]:
    """Return the network of an OSM file, and its places with the entry points."""
    extract = read_osm_file(path, tally)
    try:
        built = build_osm_network(extract, country=settings.country, tally=tally)
    except BadInputError as fault:
        raise BadInputError(fault.code, str(path), **fault.facts) from None
    found = find_osm_places(extract, built.network, country=settings.country, tally=tally)
    entries = find_entry_points(built, country=settings.country)
    return built.network, Places(MappingProxyType({place.id: place for place in (*found, *entries)}))


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
        `county-folder-exists`, or what is wrong with the settings, the OSM file, the places or the areas.
    SurroundingsError
        `disk-write-failed`. In either case nothing is left behind.
    """
    refuse_existing(folder)
    text = settings_text(new)
    settings = read_settings(tomllib.loads(text), where=SETTINGS_FILE)
    given, areas = _given_places(source), _given_areas(source, settings)
    tally = ImportTally()
    network, found = _read_roads(source.osm, settings, tally)
    places, _ = merge_places(found, given)
    report = report_import(
        network,
        places.by_id.values(),
        tally,
        source={"file": source.osm.name, "sha256": file_sha256(source.osm)},
    )
    write_county_folder(folder, CountyParts(text, network, places, areas, report))
    return report
