"""The lists of headquarters' desk: what waits for a decision, stands without one or is approved, a page at a time.

Into which lists a closure comes is kept until the next of its own times: with ten thousand a page takes a moment only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final

from geodata.closures.approval import Approval, approval_of
from geodata.closures.asking import is_only_asked
from geodata.closures.closure import Closure
from geodata.closures.filings_register import DECIDED, ORDERED, Filing, list_filings, requested_ids
from geodata.closures.rematch_register import REMATCHED
from geodata.closures.rules import is_in_force
from geodata.closures.states import approval_state_of
from geodata.closures.unmatched import matched_part
from web.closures.dossier import Row, row_of
from web.closures.paged import PageAsked, Paged
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

GROUPS: Final = ("requests", "standing", "paper", "in_force", "to_come")
#: Lists of what a body is still to decide: only its own.
_OWN: Final = frozenset({"requests", "standing"})
#: Acts that follow the one that a list shows the consequence of.
_LATER: Final = frozenset({DECIDED, ORDERED, REMATCHED})
#: Where an application keeps into which lists each closure comes.
_SORTED: Final = "baotong-headquarters-sorted"


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Into which lists a closure comes, from an instant until the next of its own times.

    Attributes
    ----------
    groups
        Of `GROUPS`, with what each is ordered by.
    bodies
        Ids of those who decide it.
    """

    closure: Closure
    is_requested: bool
    groups: Mapping[str, datetime | None]
    bodies: tuple[str, ...]
    since: datetime
    until: datetime | None

    def holds(self, closure: Closure, at: datetime, *, is_requested: bool) -> bool:
        """Tell whether it is still so."""
        is_same = self.closure is closure and self.is_requested == is_requested
        return is_same and self.since <= at and (self.until is None or at < self.until)


def desk_lists(
    connection: sa.Connection, asked: Mapping[str, str], *, body: str, at: datetime
) -> tuple[Paged[Row], ...]:
    """Return the list that an address asks for, else the heads of all, as a body sees them."""
    requested = requested_ids(connection)
    known: dict[str, _Sorted] = site().kept.setdefault(_SORTED, {})
    found: dict[str, list[tuple[datetime | None, Closure]]] = {group: [] for group in GROUPS}
    for closure in site().closures(connection):
        is_requested = closure.id in requested
        one = known.get(closure.id)
        if one is None or not one.holds(closure, at, is_requested=is_requested):
            one = known[closure.id] = _sorted(closure, at, is_requested=is_requested)
        for group, by in one.groups.items():
            if group not in _OWN or body in one.bodies:
                found[group].append((by, closure))
    for some in found.values():
        some.sort(key=lambda pair: pair[0] or at)
    page = PageAsked.of("headquarters.desk", asked, GROUPS)
    lists = [page.cut(group, [one for _, one in some]) for group, some in found.items() if page.shows(group)]
    seen = _filings(connection, {closure.id for one in lists for closure in one.rows})
    return tuple(
        one.with_rows([row_of(row, at, filing=seen.get(row.id), requested=row.id in requested) for row in one.rows])
        for one in lists
    )


def _filings(connection: sa.Connection, ids: set[str]) -> dict[str, Filing]:
    """Return the filing of each closure whose consequence its list shows."""
    filings = list_filings(connection, ids=ids)
    return {one.closure_id: one for one in filings if one.act not in _LATER and one.seen}


def _sorted(registered: Closure, at: datetime, *, is_requested: bool) -> _Sorted:
    county = site().county
    closure = matched_part(registered, county.network)
    if closure.window is None:
        return _Sorted(registered, is_requested, {}, (), at, None)
    approval = approval_of(closure, county.settings.policy_for(closure.cause), county.network)
    bodies = tuple(dict.fromkeys(body for one in approval.requirements for body in one.authorities))
    stands = is_in_force(closure, at) and not (
        is_requested and is_only_asked(closure, county.settings, county.network, at=at)
    )
    groups = dict(_groups(approval, at, stands=stands))
    until = min((one for one in _times(approval) if one > at), default=None)
    return _Sorted(registered, is_requested, groups, bodies, at, until)


def _groups(approval: Approval, at: datetime, *, stands: bool) -> Iterator[tuple[str, datetime | None]]:
    """Give the lists that a closure comes into, with what each is ordered by; by id where with None."""
    window, state = approval.closure.window, approval_state_of(approval, at)
    has_time_left = window is not None and (window.end is None or window.end > at)
    if state == "requested" and has_time_left:
        yield "standing" if stands else "requests", window.start if window is not None else None
    if state in {"approved", "partly_approved"}:
        if stands:
            yield "in_force", None
        elif has_time_left:
            yield "to_come", None
    due = approval.paper_due(at)
    if due is not None:
        yield "paper", due


def _times(approval: Approval) -> Iterator[datetime]:
    """Give every instant at which something about a closure may change by itself."""
    closure = approval.closure
    grants = [grant for one in approval.requirements for grant in one.grants]
    ends = chain.from_iterable((one.start, one.end, one.ended_at) for one in grants)
    window = () if closure.window is None else (closure.window.start, closure.window.end)
    yield from (one for one in (*window, *ends) if one is not None)
    yield from (one.decided_at for one in closure.decisions)
    yield from (one.at for one in closure.observations)
