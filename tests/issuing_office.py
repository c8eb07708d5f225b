"""An issuing office on the small county, for tests: a fresh database, a whitelist of one firm, and a key file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

import passes.applications.sealed_applications
import passes.editions.pass_register
import passes.tables
from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county import County
from geodata.policy import Policy
from geodata.store import open_store, transaction
from geodata.windows import Window
from passes.applications.application import Application, read_application
from passes.applications.office import Office, all_conditions
from passes.whitelist.firms import WhitelistRow, group_rows
from passes.whitelist.register import import_whitelist
from routing.engine import Engine
from routing.trips.trip import TripMap, trip_map_of
from tests.pass_applications import NOW, application_document

WHITELIST = (
    {"name": "宏达面粉", "id": "firm", "plate": "豫R12345", "link": "own"},
    {"name": "宏达面粉", "id": "firm", "plate": "豫R23456", "link": "contracted"},
    {"name": "顺通物流", "id": "carrier", "plate": "豫R34567", "link": "own"},
)
TABLES = (passes.editions.pass_register.PASSES, passes.applications.sealed_applications.APPLICATIONS)


@cache
def _empty_database() -> bytes:
    """Make a database with every table, once for all tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "empty.sqlite")
        engine = open_store(f"sqlite:///{file}")
        passes.tables.METADATA.create_all(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return file.read_bytes()


def fresh_store(folder: Path) -> sa.Engine:
    """Return an SQLite database with every table, in a file of nobody else."""
    file = folder / "office.sqlite"
    file.write_bytes(_empty_database())
    return open_store(f"sqlite:///{file}")


def put_on_whitelist(connection: sa.Connection, *rows: dict[str, str], at: datetime = NOW) -> None:
    """Import rows as a whitelist file would bring them."""
    entries = group_rows([WhitelistRow(number, row) for number, row in enumerate(rows, start=2)], where="list")
    import_whitelist(connection, entries, at=at, where="list")


def office_of(connection: sa.Connection, county: County, *, closings: Iterable[Closing] = ()) -> Office:
    """Return the office of a county within a transaction, with these closings."""
    engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
    return Office(connection, county.settings, trip_map_of(county), engine)


@contextmanager
def an_office(county: County, folder: Path, *, closings: Iterable[Closing] = ()) -> Iterator[Office]:
    """Open the office of a county in a fresh database, its firms on the whitelist."""
    store = fresh_store(folder)
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        yield office_of(connection, county, closings=closings)
    store.dispose()


def with_policy(office: Office, policy: Policy) -> Office:
    """Return the office under another policy."""
    settings = replace(office.settings, policy=policy, policies={policy.regime.id: policy})
    trip_map = office.trip_map
    further = TripMap(trip_map.network, trip_map.road_index, trip_map.places, trip_map.areas, settings)
    return Office(office.connection, settings, further, office.engine)


def applied(office: Office, **changes: Any) -> Application:
    """Return an application of the office's county."""
    return read_application(application_document(**changes), where="", conditions=all_conditions(office.settings))


def closing(
    county: County, road_id: str, start: datetime | None = None, end: datetime | None = None, **further: Any
) -> Closing:
    """Return a closing of a whole road of the county, both ways; always, or in a window."""
    road = county.network.road_index[road_id]
    window = None if start is None else Window(start, end)
    length_m = float(county.network.length_m[road])
    closure_id = further.pop("closure_id", f"closure-{road_id}")
    return Closing(closure_id, road, Direction.BOTH, 0.0, length_m, window, **further)
