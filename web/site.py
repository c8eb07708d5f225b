"""What every page stands on: the county, the clock, the one transaction of a request, the live roads, the language."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import current_app, g, request

from geodata.errors import SurroundingsError
from web.kept_hierarchy import ready_hierarchy
from web.key_file import key_file_of
from web.live_network import LiveNetwork
from web.session import Session, now

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closure import Closure
    from geodata.county import County
    from passes.office import Office
    from routing.engine import Engine

EXTENSION: Final = "baotong"
LANG_COOKIE: Final = "baotong-lang"
LANGS: Final = ("zh", "en")


@dataclass(frozen=True, eq=False)
class Site:
    """The surroundings of one application: one county, one database, one key file.

    Attributes
    ----------
    store
        Keeps its connections open between requests.
    secure
        The pages are served over HTTPS: cookies are sent over nothing else.
    """

    county: County
    store: sa.Engine
    key_file: Path
    network: LiveNetwork = field(repr=False)
    encryption_key: bytes = field(repr=False)
    secure: bool = False

    def now(self) -> datetime:
        """Read the clock."""
        return now()

    @property
    def lang(self) -> str:
        """The language of this request: as asked for, else as chosen before, else the county's."""
        asked = request.args.get("lang") or request.cookies.get(LANG_COOKIE) or self.county.settings.lang
        return asked if asked in LANGS else self.county.settings.lang

    def secret(self, purpose: str) -> bytes:
        """Return a key for one purpose, the same in every process of this county and known to nobody else."""
        return hmac.digest(self.encryption_key, f"baotong web {purpose}".encode(), hashlib.sha256)

    def session(self) -> Session:
        """Return what sentences and answers below the pages are made with, in this request's language."""
        session = Session(self.county.folder, str(self.store.url), self.lang, as_json=False)
        session.__dict__["county"] = self.county  # the one that is open already, with its network
        return session

    def engine(self, connection: sa.Connection) -> Engine:
        """Return the roads as the register leaves them open in this transaction."""
        return self.network.engine(connection, keeps=not g.get("writes", True))

    def closures(self, connection: sa.Connection) -> tuple[Closure, ...]:
        """Return the newest version of every closure and blockage in this transaction, ordered by id."""
        return self.network.closures.list(connection, keeps=not g.get("writes", True))

    def office(self, connection: sa.Connection) -> Office:
        """Return the issuing office within this transaction."""
        from passes.office import Office
        from routing.trips.trip import trip_map_of

        county = self.county
        return Office(connection, county.settings, trip_map_of(county), self.engine(connection))


def open_site(session: Session, *, secure: bool = False) -> Site:
    """Open a county for its pages: the database ready, the map loaded, kernels kept."""
    from geodata.store import open_store, transaction
    from passes.database import ready_database
    from passes.key_register import open_encryption_key
    from routing.trips.trip import trip_map_of
    from web.live_engine import tell_where_kernels_are_kept

    tell_where_kernels_are_kept(session)
    session.store  # noqa: B018 - an update of the map that was cut short is completed before the map is read
    county = session.county
    trip_map_of(county)
    ready_hierarchy(county, session)
    store = open_store(session.database_url, keeps_connections=True)
    ready_database(store, at=now())
    key_file = key_file_of(session)
    with transaction(store, writes=False) as connection:
        encryption_key = open_encryption_key(connection, key_file)
    return Site(county, store, key_file, LiveNetwork(county), encryption_key, secure)


def site() -> Site:
    """Return the surroundings of the running application."""
    found: Site = current_app.extensions[EXTENSION]
    return found


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """Open this request's transaction, one moment's state; nothing can be changed in it."""
    with _transaction(writes=False) as connection:
        yield connection


@contextmanager
def writing() -> Iterator[sa.Connection]:
    """Open this request's transaction as the only writer; it commits when the block ends well."""
    with _transaction(writes=True) as connection:
        yield connection


def _check_edition(connection: sa.Connection) -> None:
    """Refuse to answer from a map that the register has left: this process read it before it was updated."""
    from geodata.map_edition_register import edition_name, register_edition

    named = register_edition(connection)
    if named and named != edition_name(site().county.network.digest):
        raise SurroundingsError("map-was-updated", "serve", edition=named)


@contextmanager
def _transaction(*, writes: bool) -> Iterator[sa.Connection]:
    from geodata.store import transaction

    with transaction(site().store, writes=writes) as connection:
        _check_edition(connection)
        g.writes = writes
        try:
            yield connection
        finally:
            g.pop("writes", None)
