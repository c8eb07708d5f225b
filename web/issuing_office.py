"""Open the issuing office of a command: the county's map and its roads as the register leaves them open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geodata.geojson import read_json
from web.live_engine import engine_of, tell_where_kernels_are_kept
from web.session import Session

if TYPE_CHECKING:
    import sqlalchemy as sa

    from passes.applications.application import Application
    from passes.applications.office import Office


def load_map(session: Session) -> None:
    """Load the county's map before a transaction is opened, so that no writer waits for it."""
    tell_where_kernels_are_kept(session)
    from routing.trips.trip import trip_map_of

    trip_map_of(session.county)


def open_office(session: Session, connection: sa.Connection) -> Office:
    """Return the office within a transaction, with every closing of the register; `load_map` comes first."""
    from passes.applications.office import Office
    from routing.trips.trip import trip_map_of

    county = session.county
    return Office(connection, county.settings, trip_map_of(county), engine_of(connection, county, session=session))


def read_application_file(session: Session, path: Path) -> Application:
    """Read an application of the session's county.

    Raises
    ------
    BadInputError
        What is wrong with the file or the application, with its path.
    """
    from passes.applications.application import read_application
    from passes.applications.office import all_conditions

    return read_application(read_json(path), where=path.name, conditions=all_conditions(session.county.settings))
