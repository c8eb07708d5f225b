"""The lists of the record: what is in force, what was seen, what is to come; each a page at a time.

Only the rows that are shown have their states worked out; into which list a closure belongs is told from less.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.closures import sightings
from geodata.closures.asking import is_only_asked, state_as_asked
from geodata.closures.closure import Closure
from geodata.closures.filings_register import requested_ids
from geodata.closures.rules import is_in_force
from geodata.closures.unmatched import matched_part
from web.closures.dossier import Row, row_of
from web.closures.paged import PageAsked, Paged
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

GROUPS: Final = ("in_force", "seen", "to_come")
#: Approval states of what will not come any more.
_GONE: Final = frozenset({"refused", "withdrawn", "expired"})


def record_lists(connection: sa.Connection, asked: Mapping[str, str], *, at: datetime) -> tuple[Paged[Row], ...]:
    """Return the list that an address asks for, else the heads of all three."""
    requested = requested_ids(connection)
    found: dict[str, list[Closure]] = {group: [] for group in GROUPS}
    for closure in site().closures(connection):
        group = group_of(closure, at, is_requested=closure.id in requested)
        if group:
            found[group].append(closure)
    page = PageAsked.of("closures.record", asked, GROUPS)
    lists = (page.cut(group, some) for group, some in found.items() if page.shows(group))
    return tuple(
        one.with_rows([row_of(closure, at, requested=closure.id in requested) for closure in one.rows]) for one in lists
    )


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
