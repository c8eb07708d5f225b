"""The site of a running process, which follows its county: a newer map, areas and places come without a restart.

What is newer is read beside what is in use, and put in its place in one step. A request has one site from its beginning
to its end: those under way finish on the one they began with.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Final

from geodata.county import folder_state
from geodata.editions import follow_register
from geodata.errors import BadInputError, BaotongError
from geodata.map_edition_register import register_edition
from geodata.store import transaction
from web.kept_hierarchy import ready_hierarchy
from web.live_network import LiveNetwork
from web.site import Site, check_edition

LOG: Final = logging.getLogger("baotong.web")


class LiveSite:
    """The site as the county's folder and register have it; safe to share between threads."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._seen = site.state
        self._change = threading.Lock()

    def current(self) -> Site:
        """Return the site; where files of the county were written anew, one caller reads them first.

        The others go on with what there is, and so do all where the new files cannot be read.
        """
        if folder_state(self._site.county.folder) != self._seen and self._change.acquire(blocking=False):
            try:
                self._read_again()
            except BaotongError as error:
                LOG.warning("county not read again", extra={"code": error.code})
            finally:
                self._change.release()
        return self._site

    def follow(self) -> Site:
        """Return the site on the map that the register is on now; whoever asks meanwhile waits.

        Raises
        ------
        SurroundingsError
            `county-of-another-edition`, `map-was-updated`, or the disk or the database failed.
        """
        with self._change:
            with transaction(self._site.store, writes=False) as connection:
                named = register_edition(connection)
            if not self._site.is_on(named):
                self._read_again()
                check_edition(self._site, named)
        return self._site

    def _read_again(self) -> None:
        state = folder_state(self._site.county.folder)
        try:
            self._site = _reopened(self._site)
        except BadInputError:
            self._seen = state  # a file that cannot be read is looked at again when it is written anew
            raise
        self._seen = self._site.state


def _reopened(site: Site) -> Site:
    """Return the site with its county read again; an update of the map that is under way is completed first."""
    with transaction(site.store, writes=False) as connection:
        named = register_edition(connection)
    folder = site.county.folder
    follow_register(folder, named)
    state = folder_state(folder)
    county = site.county.read_again()
    if county.holds_same(site.county):
        return replace(site, state=state)
    ready_hierarchy(county)
    network = LiveNetwork(county, before=site.network if county.network is site.county.network else None)
    return replace(site, county=county, network=network, state=state, kept={})
