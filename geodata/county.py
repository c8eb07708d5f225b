"""Open a county folder: settings and policy, road network, places and areas, each read when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from geodata.county_settings import CountySettings, load_settings
from geodata.errors import BadInputError
from geodata.once import Once

if TYPE_CHECKING:
    from geodata.areas import Area
    from geodata.network import Network
    from geodata.places import Places
    from geodata.snapping import RoadIndex
    from geodata.township_plans import TownshipPlan

NETWORK_FILE: Final = "network.npz"
ROADS_FILE: Final = "roads.gpkg"
PLACES_FILE: Final = "places.geojson"
AREAS_FILE: Final = "areas.geojson"
REPORT_FILE: Final = "import-report.json"
DATABASE_FILE: Final = "baotong.sqlite"
#: Files that commands write anew while the county is in use, each beside its place and then renamed.
_RENEWED: Final = (NETWORK_FILE, PLACES_FILE, AREAS_FILE, REPORT_FILE, "township-plans.json")
FolderState: TypeAlias = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True)
class County(Once):
    """A county folder. Parts load on first use: verifying a pass reads no road."""

    folder: Path
    settings: CountySettings

    @cached_property
    def network(self) -> Network:
        """The road network."""
        from geodata.network import load_network

        return load_network(self.folder / NETWORK_FILE)

    @cached_property
    def road_index(self) -> RoadIndex:
        """Search tree over the network's roads."""
        from geodata.snapping import RoadIndex

        return RoadIndex(self.network)

    @cached_property
    def places(self) -> Places:
        """Every place."""
        from geodata.geojson import read_features
        from geodata.places import read_places

        path = self.folder / PLACES_FILE
        return read_places(read_features(path) if path.exists() else [], where=PLACES_FILE)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every area, in force or not."""
        from geodata.areas import read_areas
        from geodata.geojson import read_features

        path = self.folder / AREAS_FILE
        return read_areas(read_features(path) if path.exists() else [], where=AREAS_FILE, kinds=self.area_kinds)

    @cached_property
    def township_plans(self) -> tuple[TownshipPlan, ...]:
        """What the townships have ready (L16, L17); none is known where the county keeps no list."""
        from geodata.geojson import read_json
        from geodata.township_plans import TOWNSHIP_PLANS_FILE, read_township_plans

        path = self.folder / TOWNSHIP_PLANS_FILE
        return read_township_plans(read_json(path) if path.exists() else [], where=TOWNSHIP_PLANS_FILE)

    @property
    def area_kinds(self) -> frozenset[str]:
        """Kinds of areas that any regime of the county knows."""
        return frozenset(kind for policy in self.settings.policies.values() for kind in policy.area_kinds)

    @property
    def database_url(self) -> str:
        """The database that county.toml names, else the embedded one of the folder."""
        return self.settings.database_url or f"sqlite:///{(self.folder / DATABASE_FILE).resolve()}"

    def read_again(self) -> County:
        """Return the county as its folder has it now, everything of it read; roads that stay are the same object.

        The settings stay as they are: who decides what does not change under those who are at work.
        """
        newer = County(self.folder, self.settings)
        if newer.network.digest == self.network.digest:
            newer.__dict__.update(network=self.network, road_index=self.road_index)
        newer.places, newer.areas, newer.township_plans  # noqa: B018 - a fault in a file is told now
        return newer

    def holds_same(self, other: County) -> bool:
        """Tell whether roads, places, areas and plans are those of another reading of the county."""
        mine, its = ((one.places.by_id, one.areas, one.township_plans) for one in (self, other))
        return self.network is other.network and mine == its


def folder_state(folder: Path) -> FolderState:
    """Return what changes whenever a file of a county in use is written anew."""
    return tuple(_file_state(folder / name) for name in _RENEWED)


def _file_state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def open_county(folder: Path) -> County:
    """Open a county folder.

    Raises
    ------
    BadInputError
        `county-folder-missing`, or what is wrong with county.toml.
    """
    if not folder.is_dir():
        raise BadInputError("county-folder-missing", str(folder))
    return County(folder, load_settings(folder))
