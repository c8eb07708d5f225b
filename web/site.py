"""What every page stands on: the county, the clock, the one transaction of a request, the live roads, the language."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, g, request

from geodata.errors import SurroundingsError
from web.kept_hierarchy import ready_hierarchy
from web.key_file import key_file_of
from web.live_network import LiveNetwork
from web.session import Session, now

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closure import Closure
    from geodata.county import County, FolderState
    from passes.applications.office import Office
    from routing.engine import Engine
    from web.live_site import LiveSite

EXTENSION: Final = "baotong"
#: Code of what a transaction raises where the register has moved to a newer map.
NEWER_MAP: Final = "map-was-updated"
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
    state
        Of the county's files when they were read, see `web.live_site`.
    kept
        What pages keep of this county in this process, by their own names.
    is_board_kept
        A thread of this process keeps the board of tickets, see `web.jobs.clock`.
    """

    county: County
    store: sa.Engine
    key_file: Path
    network: LiveNetwork = field(repr=False)
    encryption_key: bytes = field(repr=False)
    secure: bool = False
    state: FolderState = field(default=(), repr=False)
    kept: dict[str, Any] = field(default_factory=dict, repr=False)
    is_board_kept: bool = False

    def is_on(self, named: str) -> bool:
        """Tell whether the roads are the edition of the map that the register names; "" where it names none."""
        from geodata.map_edition_register import edition_name

        return not named or named == edition_name(self.county.network.digest)

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[sa.Connection]:
        """Open a transaction on the map that the register is on.

        Raises
        ------
        SurroundingsError
            `map-was-updated`: the register has moved to a newer map since this site was opened.
        """
        from geodata.map_edition_register import register_edition
        from geodata.store import transaction

        with transaction(self.store, writes=writes) as connection:
            check_edition(self, register_edition(connection))
            yield connection

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
        from passes.applications.office import Office
        from routing.trips.trip import trip_map_of

        county = self.county
        return Office(connection, county.settings, trip_map_of(county), self.engine(connection))


def open_site(session: Session, *, secure: bool = False) -> Site:
    """Open a county for its pages: the database ready, the map loaded, kernels kept."""
    from geodata.county import folder_state
    from geodata.store import open_store, transaction
    from passes.database import ready_database
    from passes.keyring.key_register import open_encryption_key
    from routing.trips.trip import trip_map_of
    from web.live_engine import tell_where_kernels_are_kept

    tell_where_kernels_are_kept(session)
    session.store  # noqa: B018 - an update of the map that was cut short is completed before the map is read
    county = session.county
    state = folder_state(county.folder)
    trip_map_of(county)
    ready_hierarchy(county, session)
    store = open_store(session.database_url, keeps_connections=True)
    ready_database(store, at=now())
    key_file = key_file_of(session)
    with transaction(store, writes=False) as connection:
        encryption_key = open_encryption_key(connection, key_file)
    return Site(county, store, key_file, LiveNetwork(county), encryption_key, secure, state)


def site() -> Site:
    """Return the surroundings of the running application."""
    if "site" not in g:
        live: LiveSite = current_app.extensions[EXTENSION]
        g.site = live.current()
    found: Site = g.site
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


def check_edition(site: Site, named: str) -> None:
    """Refuse to answer from a map that the register has left: the site was opened before it was updated."""
    if not site.is_on(named):
        raise SurroundingsError(NEWER_MAP, "serve", edition=named)


@contextmanager
def _transaction(*, writes: bool) -> Iterator[sa.Connection]:
    with site().transaction(writes=writes) as connection:
        g.writes = writes
        try:
            yield connection
        finally:
            g.pop("writes", None)
