"""Write a county folder beside its place and rename it when it is complete, so that there is never half a county."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.areas import Area, area_feature
from geodata.county import AREAS_FILE, NETWORK_FILE, PLACES_FILE, REPORT_FILE, ROADS_FILE
from geodata.county_settings import SETTINGS_FILE
from geodata.errors import BadInputError, SurroundingsError
from geodata.geojson import write_features, write_whole
from geodata.network import Network, save_network
from geodata.places import Places, place_feature
from geodata.roads_file import write_roads_file


@dataclass(frozen=True, slots=True)
class CountyParts:
    """Everything a new county folder holds; the database is made by the first command that needs it."""

    settings_text: str
    network: Network
    places: Places
    areas: tuple[Area, ...]
    report: Mapping[str, Any]


def refuse_existing(folder: Path) -> None:
    """Refuse a folder that is there already, or that has no folder to stand in.

    Raises
    ------
    BadInputError
        `county-folder-exists` or `parent-folder-missing`.
    """
    if folder.exists() or folder.is_symlink():
        raise BadInputError("county-folder-exists", str(folder))
    if not folder.absolute().parent.is_dir():
        raise BadInputError("parent-folder-missing", str(folder.absolute().parent))


def settle(path: Path) -> None:
    """Bring a file, or a folder with its files, to the disk; Windows cannot do that through a handle for reading."""
    if os.name == "nt":
        return
    for one in (*(path.iterdir() if path.is_dir() else ()), path):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Hand out a folder beside the one wanted; when the block ends well it is renamed, else it is removed.

    Raises
    ------
    BadInputError
        `county-folder-exists` or `parent-folder-missing`.
    SurroundingsError
        `disk-write-failed`; nothing is left behind.
    """
    refuse_existing(folder)
    place = folder.absolute()
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        beside.mkdir()
        yield beside
        settle(beside)
        refuse_existing(folder)
        beside.rename(place)
    except OSError as error:
        if isinstance(error, SurroundingsError):
            raise SurroundingsError(error.code, str(folder), **error.facts) from error
        raise SurroundingsError("disk-write-failed", str(folder), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_county_parts(folder: Path, parts: CountyParts) -> None:
    """Write the files of a county into a folder, each whole or not at all."""
    write_whole(folder / SETTINGS_FILE, parts.settings_text.encode())
    save_network(parts.network, folder / NETWORK_FILE)
    write_roads_file(parts.network, folder / ROADS_FILE)
    write_features(folder / PLACES_FILE, [place_feature(place) for place in parts.places.by_id.values()])
    write_features(folder / AREAS_FILE, [area_feature(area) for area in parts.areas])
    write_whole(folder / REPORT_FILE, json.dumps(parts.report, ensure_ascii=False, indent=1).encode())


def write_county_folder(folder: Path, parts: CountyParts) -> None:
    """Write a county folder, whole or not at all; faults as for `whole_folder`."""
    with whole_folder(folder) as beside:
        write_county_parts(beside, parts)
