"""The roads as the register leaves them open, kept ready in this process.

One engine with the version of the closures it was made from. A question that finds a newer version in the register has
the difference applied first; what comes in force by time alone needs nothing, as the engine knows every window.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geodata.closures.register import closure_set_version
from geodata.closures.states import closings_of
from web.kept_hierarchy import ready_hierarchy, ready_turns
from web.known_closures import KnownClosures

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.closures.closing import Closing
    from geodata.county import County
    from routing.engine import Engine


@dataclass(frozen=True, slots=True)
class _Known:
    """An engine and what it was made from."""

    version: int
    engine: Engine
    closings: tuple[Closing, ...]


class LiveNetwork:
    """The engine of one county, at the version of closures that a transaction sees; safe to share between threads."""

    def __init__(self, county: County, *, before: LiveNetwork | None = None) -> None:
        """Begin with nothing, or with what is known of the same roads under other areas."""
        self._county = county
        known: _Known | None = None if before is None else before._known
        self._known: _Known | None = None if known is None else replace(known, version=-1)
        self.closures: KnownClosures = KnownClosures() if before is None else before.closures
        self._area_closings: tuple[Closing, ...] | None = None
        self._change = threading.Lock()

    def engine(self, connection: sa.Connection, *, keeps: bool) -> Engine:
        """Return the engine with every closing that a transaction sees.

        Parameters
        ----------
        connection
            The caller's transaction.
        keeps
            Keep what was made for the next question: only for a transaction that changes nothing, since a change that
            is rolled back would leave its version number to another one.
        """
        version = closure_set_version(connection)
        known = self._known
        if known is not None and known.version == version:
            return known.engine
        if not keeps:
            return self._made(connection, version, keeps=False).engine
        with self._change:
            known = self._known
            if known is None or known.version < version:
                known = self._known = self._made(connection, version, keeps=True)
        return known.engine if known.version == version else self._made(connection, version, keeps=False).engine

    def _of_areas(self) -> tuple[Closing, ...]:
        """Return what the county's areas close to the public; newer areas come with another live network."""
        if self._area_closings is None:
            from routing.area_closings import area_closings

            county = self._county
            self._area_closings = area_closings(county.areas, county.settings, county.road_index)
        return self._area_closings

    def _made(self, connection: sa.Connection, version: int, *, keeps: bool) -> _Known:
        county, known = self._county, self._known
        of_register = closings_of(self.closures.list(connection, keeps=keeps), county.settings, county.network)
        closings = (*of_register, *self._of_areas())
        if known is None:
            from routing.engine import Engine

            ready_hierarchy(county)
            if county.settings.turns == "kept":
                ready_turns(county)
            engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh, closings=closings)
            return _Known(version, engine, closings)
        changed = _closures(set(known.closings) ^ set(closings))
        lifted = changed & _closures(known.closings)
        added = [one for one in closings if one.closure_id in changed]
        return _Known(version, known.engine.snapshot(closings=added, lifted=sorted(lifted)), closings)


def _closures(closings: Iterable[Closing]) -> frozenset[str]:
    return frozenset(one.closure_id for one in closings)
