"""Which closures are published: the approved parts in force and to come, kept while the register stays as it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.closures.approved_part import ApprovedPart, approved_parts_over_time
from geodata.closures.register import closure_set_version, newest_closures, read_rows
from passes.ordering import is_altered
from web.orders.shown_order import ShownOrder, shown_order
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

EXTENSION: Final = "baotong-published"
_Key = tuple[str, datetime, bool]


@dataclass(frozen=True, slots=True)
class _Known:
    """Every approved part at one version of the register, and what was worked out about some of them."""

    version: int
    parts: tuple[ApprovedPart, ...]
    shown: dict[_Key, ShownOrder] = field(default_factory=dict)


class Published:
    """The approved parts of one county; safe to share between threads."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._change = threading.Lock()

    def orders(self, connection: sa.Connection, at: datetime) -> list[ShownOrder]:
        """Return what is in force at an instant, then what is to come, each by its start.

        What somebody altered in the database is not published (K14).
        """
        known = self._read(connection, at)
        lasting = [one for one in known.parts if one.window.end is None or one.window.end > at]
        lasting.sort(key=lambda one: (not one.window.holds(at), one.window.start, one.closure.id))
        return [self._shown(known, one, connection, at) for one in lasting]

    def _shown(self, known: _Known, part: ApprovedPart, connection: sa.Connection, at: datetime) -> ShownOrder:
        key = (part.closure.id, part.window.start, part.window.holds(at))
        found = known.shown.get(key)
        if found is None:
            found = known.shown[key] = shown_order(part, site().engine(connection), at)
        return found

    def _read(self, connection: sa.Connection, at: datetime) -> _Known:
        """Return the parts at the version that a transaction sees."""
        version = closure_set_version(connection)
        known = self._known
        if known is None or known.version != version:
            with self._change:
                known = self._known = _Known(version, _parts(connection, at))
        return known


def _parts(connection: sa.Connection, at: datetime) -> tuple[ApprovedPart, ...]:
    county, damaged = site().county, list[str]()
    policy_for, network = county.settings.policy_for, county.network
    found: list[ApprovedPart] = []
    for closure in newest_closures(read_rows(connection), damaged):
        parts = approved_parts_over_time(closure, policy_for, network, at=at) if closure.decisions else ()
        if parts and not is_altered(connection, closure.id):
            found.extend(parts)
    return tuple(found)


def published() -> Published:
    """Return what the running application publishes."""
    found: Published = site().kept.setdefault(EXTENSION, Published())
    return found
