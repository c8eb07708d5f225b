"""Which closures are published: the approved parts in force and to come, kept while the register stays as it is."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.closures.approved_part import ApprovedPart, approved_parts_over_time
from geodata.closures.register import closure_set_version, newest_closures, read_rows
from passes.orders.ordering import altered_ids
from web.closures.paged import PageAsked, Paged
from web.orders.shown_order import ShownOrder, shown_order
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

EXTENSION: Final = "baotong-published"
#: What is closed now, and what is to come.
GROUPS: Final = ("now", "later")
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

    def parts_in_force(self, connection: sa.Connection, at: datetime) -> tuple[int, list[ApprovedPart]]:
        """Return the register's version and what is in force at an instant, by its start; no way round is sought yet.

        What somebody altered in the database is not published (K14).
        """
        known = self._read(connection, at)
        return known.version, _lasting(known, at)["now"]

    def shown(self, parts: Iterable[ApprovedPart], connection: sa.Connection, at: datetime) -> list[ShownOrder]:
        """Return parts with the ways round them, each worked out once for a version of the register."""
        known = self._read(connection, at)
        return [self._shown(known, one, connection, at) for one in parts]

    def lists(self, connection: sa.Connection, asked: PageAsked, at: datetime) -> tuple[Paged[ShownOrder], ...]:
        """Return the asked page of what is in force at an instant and of what is to come, each by its start."""
        known = self._read(connection, at)
        lists = [asked.cut(group, parts) for group, parts in _lasting(known, at).items() if asked.shows(group)]
        return tuple(one.with_rows([self._shown(known, part, connection, at) for part in one.rows]) for one in lists)

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


def _lasting(known: _Known, at: datetime) -> dict[str, list[ApprovedPart]]:
    """Return the parts whose time is not over, by their list."""
    found: dict[str, list[ApprovedPart]] = {group: [] for group in GROUPS}
    for one in sorted(known.parts, key=lambda one: (one.window.start, one.closure.id)):
        if one.window.end is None or one.window.end > at:
            found["now" if one.window.holds(at) else "later"].append(one)
    return found


def _parts(connection: sa.Connection, at: datetime) -> tuple[ApprovedPart, ...]:
    county, damaged = site().county, list[str]()
    policy_for, network = county.settings.policy_for, county.network
    found: list[ApprovedPart] = []
    rows = read_rows(connection)
    altered = altered_ids(connection, rows)
    for closure in newest_closures(rows, damaged):
        if closure.decisions and closure.id not in altered:
            found.extend(approved_parts_over_time(closure, policy_for, network, at=at))
    return tuple(found)


def published() -> Published:
    """Return what the running application publishes."""
    found: Published = site().kept.setdefault(EXTENSION, Published())
    return found
