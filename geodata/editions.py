"""Keep every edition of a county's map, and bring one into use so that a county is never half one, half another.

An edition is a folder `editions/<name>` with the network, the roads for people, the places and the report; its name is
the beginning of the network's digest. The files in use stand in the county folder itself and are copies. The register
says which edition its records are on: where the two differ, because somebody pulled the plug between them, the files
follow the register.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from geodata.county import NETWORK_FILE, PLACES_FILE, REPORT_FILE, ROADS_FILE, County
from geodata.county_folder import settle
from geodata.errors import BadInputError, SurroundingsError
from geodata.geojson import read_features, write_features
from geodata.import_report import read_stored_report
from geodata.map_edition_register import edition_name

FOLDER: Final = "editions"
#: Files of an edition, in the order in which they are brought into use: the report comes last and says that all are.
#: Places are only ever added to those in use: what the county drew in the meantime stays.
FILES: Final = (NETWORK_FILE, ROADS_FILE, PLACES_FILE, REPORT_FILE)


def list_editions(folder: Path) -> tuple[str, ...]:
    """Return the names of the editions that a county keeps."""
    kept = folder / FOLDER
    found = sorted(path.name for path in kept.iterdir() if path.is_dir()) if kept.is_dir() else []
    return tuple(name for name in found if not name.startswith("."))


def edition_folder(folder: Path, name: str) -> Path:
    """Return the folder of a kept edition.

    Raises
    ------
    BadInputError
        `edition-unknown`, with those that there are.
    """
    if name not in list_editions(folder):
        raise BadInputError("edition-unknown", "--edition", name=name, choices=list(list_editions(folder)))
    return folder / FOLDER / name


def edition_in_use(folder: Path) -> str:
    """Return the name of the edition whose files are in use, as the report says; "" where it says nothing."""
    return edition_name(str(read_stored_report(folder).get("network_digest") or ""))


@contextmanager
def _told(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, SurroundingsError):
            raise
        raise SurroundingsError("disk-write-failed", str(where), reason=error.strerror or str(error)) from error


@contextmanager
def new_edition(folder: Path, name: str) -> Iterator[Path | None]:
    """Hand out a folder to write an edition into; it is kept when the block ends well. None: it is kept already.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`; nothing is left behind.
    """
    place = folder / FOLDER / name
    if place.is_dir():
        yield None
        return
    beside = place.with_name(f".{name}.{os.getpid()}.part")
    with _told(place):
        try:
            beside.mkdir(parents=True)
            yield beside
            settle(beside)
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def keep_edition_in_use(county: County) -> str:
    """Keep a copy of the files in use, and return the edition's name."""
    name = edition_name(county.network.digest)
    with new_edition(county.folder, name) as beside:
        if beside is not None:
            for file in FILES:
                if (county.folder / file).exists():
                    shutil.copyfile(county.folder / file, beside / file)
    return name


def forget_edition(folder: Path, name: str) -> None:
    """Remove an edition that was written and never came into use."""
    shutil.rmtree(folder / FOLDER / name, ignore_errors=True)


def bring_into_use(folder: Path, name: str) -> None:
    """Put the files of a kept edition in the place of those in use, one after the other, each whole; may be repeated.

    Raises
    ------
    BadInputError
        `edition-unknown`.
    SurroundingsError
        `disk-write-failed`; doing it again completes it.
    """
    kept = edition_folder(folder, name)
    with _told(folder):
        for file in FILES:
            if not (kept / file).exists():
                continue
            if file == PLACES_FILE:
                _add_places(kept / file, folder / file)
                continue
            beside = folder / f".{file}.{os.getpid()}.part"
            shutil.copyfile(kept / file, beside)
            settle(beside)
            beside.replace(folder / file)


def _add_places(kept: Path, in_use: Path) -> None:
    """Add the places of an edition that are not among those in use."""
    present = read_features(in_use) if in_use.exists() else []
    known = {one.get("properties", {}).get("id") for one in present}
    added = [one for one in read_features(kept) if one.get("properties", {}).get("id") not in known]
    if added:
        write_features(in_use, [*present, *added])


def follow_register(folder: Path, named: str) -> bool:
    """Bring the edition into use that the register's records are on; return whether that changed anything.

    Parameters
    ----------
    named
        The edition's name as the register says it; "" where it never changed.

    Raises
    ------
    SurroundingsError
        `county-of-another-edition`: the register is on a map that the folder does not keep.
    """
    if not named or edition_in_use(folder) == named:
        return False
    if named not in list_editions(folder):
        facts: dict[str, Any] = {"edition": named, "in_use": edition_in_use(folder) or "-"}
        raise SurroundingsError("county-of-another-edition", str(folder), **facts)
    bring_into_use(folder, named)
    return True
