"""Build the demo county's folder: roads, places, areas; beside them closures, whitelist and example applications."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from geodata.county_folder import CountyParts, whole_folder, write_county_parts
from geodata.county_settings import DEFAULT_SPEEDS_KMH, SETTINGS_FILE, CountySettings, read_settings
from geodata.demo.applications import EXAMPLE_DESTINATION, EXAMPLE_ORIGIN, demo_applications
from geodata.demo.areas import declared_polygons, demo_areas, township_polygons
from geodata.demo.chance import Chance
from geodata.demo.closures import demo_closures
from geodata.demo.enterprises import whitelist_document
from geodata.demo.facts import demo_text, read_demo_json
from geodata.demo.places import demo_places, township_populations
from geodata.demo.planted import PLANTED_EVERYWHERE, demo_township_plans
from geodata.demo.roads import SEED, DemoRoads, demo_roads
from geodata.geojson import write_features, write_whole
from geodata.import_report import report_network
from geodata.network import Network
from geodata.places import Places
from geodata.policy_reading import PROFILES, profile_text
from geodata.township_plans import TOWNSHIP_PLANS_FILE

CLOSURES_FILE: Final = "closures.geojson"
WHITELIST_FILE: Final = "whitelist.json"
APPLICATIONS_FOLDER: Final = "applications"
SOURCES_FILE: Final = "SOURCES.md"
_EMERGENCY_AREA: Final = "area-emergency-1"
#: The duty desk's number; invented, as every number of the demo.
_DESK: Final = "000-00000100"


@dataclass(frozen=True, slots=True)
class DemoCounty:
    """A demo county folder as built.

    Attributes
    ----------
    applications
        Example applications: "clean", "sampling-stop", "refused".
    planted
        Ids of what is planted by the check that finds it: closures, blockages, refusals, a hub, a township.
    example_origin, example_destination
        Ends of the trip that is shown first, as a trip's ends are written.
    """

    folder: Path
    at: datetime
    junctions: int
    roads: int
    places: int
    network_digest: str
    closures: Path
    whitelist: Path
    applications: Mapping[str, Path]
    planted: Mapping[str, tuple[str, ...]]
    example_origin: Mapping[str, str]
    example_destination: str


def demo_settings_text(public_url: str = "http://127.0.0.1:8000") -> str:
    """Return county.toml of the demo county: Fangcheng's regime, speeds by class, and the mark that it is schematic."""
    import tomli_w

    facts = read_demo_json("facts.json")
    own = {
        "name": facts["county"]["name"],
        "area_code": facts["county"]["area_code"],
        "timezone": "Asia/Shanghai",
        "public_url": public_url,
        "schematic": True,
        "attribution": facts["attribution"],
        "roads": {"country": "CN"},
        "speeds_kmh": {road_class.value: kmh for road_class, kmh in DEFAULT_SPEEDS_KMH.items()},
    }
    regime = profile_text(PROFILES[0]).replace("[authority.transport]\n", f'[authority.transport]\nphone = "{_DESK}"\n')
    # The demo shows the morning queue: an officer confirms each pass.
    regime = regime.replace("auto_issue = true", "auto_issue = false")
    return f"{tomli_w.dumps(own)}\n{regime}"


def _parts(roads: DemoRoads, settings_text: str, at: datetime) -> CountyParts:
    polygons = township_polygons(roads)
    found = demo_places(roads, declared_polygons(polygons)[_EMERGENCY_AREA], Chance(SEED))
    places = Places(MappingProxyType({place.id: place for place in found}))
    report = {
        **report_network(roads.network, found),
        "repaired": [],
        "dropped": [],
        "source": {"generator": "demo", "seed": SEED},
        "network_digest": roads.network.digest,
    }
    areas = demo_areas(polygons, township_populations(found), at=at)
    return CountyParts(settings_text, roads.network, places, areas, report)


def _write_json(path: Path, document: Any) -> None:
    write_whole(path, json.dumps(document, ensure_ascii=False, indent=1).encode())


def _write_extras(folder: Path, network: Network, settings: CountySettings, at: datetime) -> None:
    """Write what a county is fed with after it is made: closures, whitelist, township plans, applications."""
    _write_json(folder / TOWNSHIP_PLANS_FILE, demo_township_plans())
    write_features(folder / CLOSURES_FILE, demo_closures(network, at=at))
    _write_json(folder / WHITELIST_FILE, whitelist_document(Chance(SEED)))
    (folder / APPLICATIONS_FOLDER).mkdir()
    for name, document in demo_applications(settings.policy, Chance(SEED), at=at).items():
        _write_json(folder / APPLICATIONS_FOLDER / f"{name}.json", document)
    write_whole(folder / SOURCES_FILE, demo_text(SOURCES_FILE).encode())


def build_demo_county(folder: Path, *, at: datetime, public_url: str = "http://127.0.0.1:8000") -> DemoCounty:
    """Build the whole demo county beside its place and rename it; the folder must not exist.

    Parameters
    ----------
    folder
        County folder to make.
    at
        The build moment, aware: windows of closures, areas and applications are told from it. The roads and places do
        not depend on it.
    public_url
        Address that codes on passes lead to.

    Raises
    ------
    BadInputError
        `county-folder-exists` or `parent-folder-missing`.
    SurroundingsError
        `disk-write-failed`; nothing is left behind.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    text = demo_settings_text(public_url)
    settings = read_settings(tomllib.loads(text), where=SETTINGS_FILE)
    with whole_folder(folder) as beside:
        roads = demo_roads()
        parts = _parts(roads, text, at)
        write_county_parts(beside, parts)
        _write_extras(beside, roads.network, settings, at)
    names = demo_applications(settings.policy, Chance(SEED), at=at)
    return DemoCounty(
        folder=folder,
        at=at,
        junctions=roads.network.junction_count,
        roads=roads.network.road_count,
        places=len(parts.places.by_id),
        network_digest=roads.network.digest,
        closures=folder / CLOSURES_FILE,
        whitelist=folder / WHITELIST_FILE,
        applications=MappingProxyType({name: folder / APPLICATIONS_FOLDER / f"{name}.json" for name in names}),
        planted=PLANTED_EVERYWHERE,
        example_origin=MappingProxyType(EXAMPLE_ORIGIN),
        example_destination=EXAMPLE_DESTINATION,
    )
