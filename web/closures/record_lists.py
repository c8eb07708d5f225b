"""The lists of the record: what is in force, what was seen, what is to come; each a page at a time.

Only the rows that are shown have their states worked out; into which list a closure belongs is told from less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Final

from flask import url_for

from geodata.closures import sightings
from geodata.closures.asking import is_only_asked, state_as_asked
from geodata.closures.closure import Closure
from geodata.closures.filings_register import requested_ids
from geodata.closures.rules import is_in_force
from geodata.closures.unmatched import matched_part
from web.closures.dossier import Row, row_of
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Rows of a page, and of each list's head where all three are shown.
PAGE_ROWS: Final = 50
GROUPS: Final = ("in_force", "seen", "to_come")
#: Approval states of what will not come any more.
_GONE: Final = frozenset({"refused", "withdrawn", "expired"})


@dataclass(frozen=True, slots=True)
class RecordList:
    """One page of one list.

    Attributes
    ----------
    total
        Of the whole list.
    page, pages
        From 1; one page where there is nothing.
    is_alone
        The page shows this list only.
    """

    group: str
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    is_alone: bool

    def address(self, page: int) -> str:
        """Return the address of a page of this list."""
        return url_for("closures.record", group=self.group, page=page)


def record_lists(connection: sa.Connection, asked: Mapping[str, str], *, at: datetime) -> tuple[RecordList, ...]:
    """Return the list that an address asks for, else the heads of all three."""
    requested = requested_ids(connection)
    found: dict[str, list[Closure]] = {group: [] for group in GROUPS}
    for closure in site().closures(connection):
        group = group_of(closure, at, is_requested=closure.id in requested)
        if group:
            found[group].append(closure)
    wanted = asked.get("group", "")
    if wanted not in GROUPS:
        return tuple(_list(group, found[group], requested, at=at) for group in GROUPS)
    said = asked.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and len(said) < 7 else 1
    return (_list(wanted, found[wanted], requested, at=at, page=page),)


def _list(
    group: str, closures: Sequence[Closure], requested: frozenset[str], *, at: datetime, page: int = 0
) -> RecordList:
    pages = max(1, ceil(len(closures) / PAGE_ROWS))
    number = min(max(page, 1), pages)
    shown = closures[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    rows = tuple(row_of(one, at, requested=one.id in requested) for one in shown)
    return RecordList(group, rows, len(closures), number, pages, page > 0)


def group_of(registered: Closure, at: datetime, *, is_requested: bool) -> str:
    """Return the list that a closure belongs to at an instant, "" where it is history.

    Parameters
    ----------
    is_requested
        It came as a request: until something of it was approved or seen, it stands on paper only.
    """
    settings, network = site().county.settings, site().county.network
    window = registered.window
    if window is None:
        return "seen" if sightings.credible_blockage(registered.observations, at) is not None else ""
    if window.end is not None and window.end <= at:
        return ""
    closure = matched_part(registered, network)
    if is_in_force(closure, at) and not (is_requested and is_only_asked(closure, settings, network, at=at)):
        return "in_force"
    return "" if state_as_asked(closure, settings, network, at=at) in _GONE else "to_come"
