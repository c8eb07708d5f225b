"""Bring a newer map into use: written beside, the register put onto it, then swapped; nothing is lost or half done.

The register decides. Until its transaction commits, the county is on the old map, and what was written beside is in
nobody's way. From then on it is on the new one: where the files could not be swapped any more, the next command does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.closures.map_matching import MapMatcher
from geodata.closures.rematch_register import RegisterFit, rematch_closures
from geodata.county import NETWORK_FILE, PLACES_FILE, REPORT_FILE, ROADS_FILE, County
from geodata.county_building import SourceFiles, read_roads, source_facts
from geodata.editions import (
    bring_into_use,
    edition_folder,
    forget_edition,
    keep_edition_in_use,
    list_editions,
    new_edition,
)
from geodata.errors import BadInputError
from geodata.geojson import read_features, write_features, write_whole
from geodata.import_report import read_stored_report, report_import
from geodata.map_edition_register import edition_name, register_edition, set_register_edition
from geodata.network import Network, load_network, save_network
from geodata.osm.import_tally import ImportTally
from geodata.place_updates import PlacesFit, update_places
from geodata.places import Places, place_feature, read_places
from geodata.roads_file import write_roads_file
from passes.consequence.rematch_channels import ChannelsFit, rematch_channels
from passes.editions.rematch_register import PassesFit, rematch_passes
from web.session import Session, now

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Who brings a newer map, as the filings name it.
ACCOUNT = "county update"


@dataclass(frozen=True, slots=True)
class NewMap:
    """A map to bring into use: its roads, the places found with them, and the report of its import."""

    network: Network
    places: Places
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordsFit:
    """What became of the records that stand on roads."""

    closures: RegisterFit
    passes: PassesFit
    channels: ChannelsFit


@dataclass(frozen=True, slots=True)
class MapUpdate:
    """What an update did, or would do."""

    before: str
    after: str
    records: RecordsFit
    places: PlacesFit
    report: Mapping[str, Any]


class _KeptNetworks(Mapping[str, Network]):
    """The networks of the editions that a county keeps, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = cache(lambda name: load_network(edition_folder(folder, name) / NETWORK_FILE))

    def __getitem__(self, name: str) -> Network:
        if name not in list_editions(self._folder):
            raise KeyError(name)
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(list_editions(self._folder))

    def __len__(self) -> int:
        return len(list_editions(self._folder))


def read_new_map(county: County, source: SourceFiles) -> NewMap:
    """Read a newer map from a road file.

    Raises
    ------
    BadInputError, RowErrors
        What is wrong with the file.
    """
    read = read_roads(source, country=county.settings.country)
    report = _report(read.network, read.places, read.tally, source_facts(source.road_file))
    return NewMap(read.network, read.places, report)


def _report(network: Network, places: Places, tally: ImportTally, facts: Mapping[str, str]) -> dict[str, Any]:
    return report_import(network, places.by_id.values(), tally, source=facts)


def read_kept_map(county: County, name: str) -> NewMap:
    """Read an edition that the county keeps, to go back to it.

    Raises
    ------
    BadInputError
        `edition-unknown`, with those that there are.
    """
    kept = edition_folder(county.folder, name)
    network = load_network(kept / NETWORK_FILE)
    found = read_features(kept / PLACES_FILE) if (kept / PLACES_FILE).exists() else []
    return NewMap(network, read_places(found, where=f"{name}/{PLACES_FILE}"), read_stored_report(kept))


def _check_same(connection: sa.Connection, county: County) -> None:
    """Refuse where another update came first."""
    named = register_edition(connection)
    if named and named != edition_name(county.network.digest):
        raise BadInputError("county-updated-meanwhile", str(county.folder), edition=named)


def _rematch(connection: sa.Connection, county: County, new: NewMap) -> RecordsFit:
    _check_same(connection, county)
    matcher = MapMatcher(county.network, new.network, _KeptNetworks(county.folder))
    at = now()
    done = RecordsFit(
        closures=rematch_closures(connection, matcher, account=ACCOUNT, at=at),
        passes=rematch_passes(connection, matcher, at=at),
        channels=rematch_channels(connection, matcher, account=ACCOUNT, at=at),
    )
    set_register_edition(connection, new.network.digest)
    return done


class _NotKeptError(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


def _tried(session: Session, new: NewMap) -> RecordsFit:
    """Put the register onto the newer map and take everything back."""
    fits: list[RecordsFit] = []
    try:
        with session.transaction(writes=True) as connection:
            fits.append(_rematch(connection, session.county, new))
            raise _NotKeptError
    except _NotKeptError:
        return fits[0]


def write_edition(county: County, new: NewMap, places: Places) -> bool:
    """Write a newer map into a folder of its own among the county's editions; return whether it is new there."""
    name = edition_name(new.network.digest)
    with new_edition(county.folder, name) as beside:
        if beside is not None:
            save_network(new.network, beside / NETWORK_FILE)
            write_roads_file(new.network, beside / ROADS_FILE)
            write_features(beside / PLACES_FILE, [place_feature(one) for one in places.by_id.values()])
            report = {**new.report, "previous": edition_name(county.network.digest)}
            write_whole(beside / REPORT_FILE, json.dumps(report, ensure_ascii=False, indent=1).encode())
        return beside is not None


def put_register_onto(session: Session, new: NewMap) -> RecordsFit:
    """Put the register onto a map whose edition is written: the one transaction that decides."""
    with session.transaction(writes=True) as connection:
        return _rematch(connection, session.county, new)


def update_map(session: Session, new: NewMap, *, dry_run: bool) -> MapUpdate:
    """Bring a newer map into use, or only tell what that would do.

    Raises
    ------
    BadInputError
        `map-is-the-same`, `county-updated-meanwhile`.
    SurroundingsError
        The disk or the database failed; the county is as it was, or the next command completes what was decided.
    """
    county = session.county
    before, after = (edition_name(one.digest) for one in (county.network, new.network))
    if before == after:
        raise BadInputError("map-is-the-same", str(county.folder), edition=before)
    session.store  # noqa: B018 - a database that cannot be used is told before anything is written
    places = update_places(county.places, new.places, county.network, new.network)
    if dry_run:
        return MapUpdate(before, after, _tried(session, new), places, new.report)
    keep_edition_in_use(county)
    is_new = write_edition(county, new, places.places)
    try:
        records = put_register_onto(session, new)
    except BaseException:
        if is_new:
            forget_edition(county.folder, after)
        raise
    bring_into_use(county.folder, after)
    return MapUpdate(before, after, records, places, new.report)
