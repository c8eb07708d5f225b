"""Which passes a closure hits, and which of them are past it already: the first step of re-issuing (L5, L11).

Closures count from their approval on, not only when they begin: who sets off before is told in time. A closure whose
window does not meet a pass's own time on the road hits nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geodata.closures.closing import Closing
from geodata.closures.closure import Closure
from geodata.closures.states import closings_of
from geodata.collector import collector_resting
from geodata.county_settings import CountySettings
from geodata.network import Network
from geodata.windows import Window
from passes.consequence.hit_passes import HitPass, find_hits
from passes.editions.pass_register import GRANTED, SUSPENDED, PassRecord, read_passes
from passes.editions.pass_register import PREPARED as NOT_IN_FORCE
from passes.reissue.reissue_register import (
    ACTIVE,
    DROPPED,
    FOUND,
    HELD,
    LIFTED,
    NO_ROUTE,
    OPEN,
    PAST,
    PREPARED,
    REFUSED,
    Asked,
    HitClosure,
    HitRow,
    Reissue,
    add_reissues,
    change_reissues,
    closures_hitting,
    find_reissues,
    list_hit_closures,
    list_reissues,
    put_hit_closure,
    put_hits,
    reissues_for,
)
from passes.reissue.switch import drop_reissues
from passes.tracks.whereabouts import Sight, where_on
from passes.tracks.whereabouts_register import sights_of

if TYPE_CHECKING:
    import sqlalchemy as sa

TIME: Final = "time"
#: States of rows that another closure, or a changed one, has planned anew.
_TAKEN_UP: Final = (*OPEN, PAST, DROPPED)


@dataclass(frozen=True, slots=True)
class Approved:
    """What one approved closure closes from now on."""

    closure_id: str
    closings: tuple[Closing, ...]

    @property
    def window(self) -> Window:
        """From its first start to its last end."""
        windows = [one.window for one in self.closings if one.window is not None]
        ends = [one.end for one in windows if one.end is not None]
        start = min(one.start for one in windows)
        return Window(start, max(ends) if len(ends) == len(windows) else None)

    @property
    def extent(self) -> str:
        """Digest of what it closes and when."""
        written = sorted(
            (one.road, one.direction.value, one.from_m, one.to_m, repr(one.window), one.lets_pass_holders_through)
            for one in self.closings
        )
        return hashlib.sha256(repr(written).encode()).hexdigest()


def approved_from(
    closures: Iterable[Closure], settings: CountySettings, network: Network, *, at: datetime
) -> tuple[Approved, ...]:
    """Return what every approved closure closes from a moment on; those that closed before only are left out."""
    found = []
    for closure in closures:
        if closure.window is None or not closure.decisions:
            continue
        parts = closings_of([replace(closure, observations=())], settings, network)
        ahead = tuple(one for one in parts if one.window is not None and _is_ahead(one.window, at))
        if ahead:
            found.append(Approved(closure.id, ahead))
    return tuple(found)


def _is_ahead(window: Window, at: datetime) -> bool:
    return window.end is None or window.end > at


@collector_resting()
def look_for_hits(
    connection: sa.Connection, approved: Sequence[Approved], *, network: Network, at: datetime, again: bool = False
) -> int:
    """Write down what is hit by closures that are new or changed, and hold what was prepared for one that is lifted.

    Asking again changes nothing. Returns how many closures were looked at.

    Parameters
    ----------
    again
        Look at every closure, also one that is neither new nor changed.
    """
    known = {one.closure_id: one for one in list_hit_closures(connection)}
    standing = {one.closure_id for one in approved}
    for closure in known.values():
        if closure.state == ACTIVE and closure.closure_id not in standing:
            _lift(connection, closure, at=at)
    looked = [one for one in approved if again or _is_news(one, known.get(one.closure_id))]
    for one in looked:
        _look(connection, one, known.get(one.closure_id), network=network, at=at)
    return len(looked)


def _is_news(approved: Approved, known: HitClosure | None) -> bool:
    return known is None or known.state != ACTIVE or known.extent != approved.extent


def _lift(connection: sa.Connection, closure: HitClosure, *, at: datetime) -> None:
    put_hit_closure(connection, replace(closure, state=LIFTED, lifted_at=at))
    _hold(connection, list_reissues(connection, *OPEN, asked=Asked(closure_id=closure.closure_id)), at=at)


def _hold(connection: sa.Connection, rows: Iterable[Reissue], *, at: datetime) -> None:
    """Hold the editions that were prepared for closures which hit them no more: an officer decides about them.

    Where another closure still hits a pass that had no way, one is looked for again.
    """
    known = list(rows)
    active = closures_hitting(connection, [one.jti for one in known], ACTIVE)
    changed = []
    for one in known:
        if not active[one.jti]:
            state = HELD if one.state in {PREPARED, HELD} else DROPPED
        elif one.state in {NO_ROUTE, REFUSED}:
            state = FOUND
        else:
            continue
        changed.append(replace(one, state=state, changed_at=at))
    change_reissues(connection, changed)


def _look(
    connection: sa.Connection, approved: Approved, before: HitClosure | None, *, network: Network, at: datetime
) -> None:
    window = approved.window
    is_news = _is_news(approved, before)
    met = find_hits(
        connection,
        approved.closings,
        network=network,
        window=Window(max(window.start, at), window.end),
        states=(GRANTED, SUSPENDED, NOT_IN_FORCE),
    )
    hits = [one for one in met if one.state != NOT_IN_FORCE]
    put_hit_closure(
        connection, HitClosure(approved.closure_id, approved.extent, ACTIVE, window.start, window.end, found_at=at)
    )
    known = find_reissues(connection, [hit.jti for hit in hits])
    found = _found_rows(connection, hits, starts_at=window.start, at=at)
    add_reissues(connection, [one for one in found if one.jti not in known])
    taken_up = [
        (known[one.jti], one) for one in found if is_news and one.jti in known and known[one.jti].state in _TAKEN_UP
    ]
    change_reissues(connection, [_again(before, now) for before, now in taken_up])
    rows = [HitRow(approved.closure_id, hit.jti, hit.first_at, hit.last_at) for hit in hits]
    prepared = {one.jti: one for one in met if one.state == NOT_IN_FORCE}
    rows += _prepared_hits(connection, approved.closure_id, prepared, known, at=at)
    hit_before = list_reissues(connection, *OPEN, asked=Asked(closure_id=approved.closure_id))
    put_hits(connection, approved.closure_id, rows)
    hit_now = {one.jti for one in rows}
    _hold(connection, [one for one in hit_before if one.jti not in hit_now], at=at)


def _prepared_hits(
    connection: sa.Connection,
    closure_id: str,
    hits: Mapping[str, HitPass],
    known: Mapping[str, Reissue],
    *,
    at: datetime,
) -> list[HitRow]:
    """Take back the prepared editions whose new way meets this closure too; they are planned again.

    One that is held for an officer is given up: nobody may let it come in force any more.
    """
    rows = [one for one in reissues_for(connection, list(hits)) if one.jti not in known]
    taken_back = [one for one in rows if one.state == PREPARED]
    change_reissues(connection, [replace(one, state=FOUND, changed_at=at) for one in taken_back])
    drop_reissues(connection, [one for one in rows if one.state == HELD], at=at)
    met = ((one.jti, hits[one.next_jti]) for one in taken_back)
    return [HitRow(closure_id, jti, hit.first_at, hit.last_at) for jti, hit in met]


def _found_rows(
    connection: sa.Connection, hits: Sequence[HitPass], *, starts_at: datetime, at: datetime
) -> list[Reissue]:
    """Return a row for each pass that is hit; routes are read only of those whose truck was seen."""
    sights = sights_of(connection, [hit.number for hit in hits], until=at)
    records = {one.jti: one for one in read_passes(connection, [hit.jti for hit in hits if hit.number in sights])}
    rows = []
    for hit in hits:
        seen = sights.get(hit.number, ())
        is_past = bool(seen) and _is_past(hit, records[hit.jti], seen)
        rows.append(_found(hit, seen, is_past=is_past, starts_at=starts_at, at=at))
    return rows


def _found(hit: HitPass, sights: Sequence[Sight], *, is_past: bool, starts_at: datetime, at: datetime) -> Reissue:
    known_from = sights[-1].source if sights else TIME if at >= hit.depart_at else ""
    return Reissue(
        jti=hit.jti,
        number=hit.number,
        version=1,
        state=PAST if is_past else FOUND,
        is_started=bool(known_from),
        known_from=known_from,
        known_at=sights[-1].at if sights else None,
        closes_at=max(starts_at, at),
        next_edition=0,
        next_jti="",
        findings=(),
        added_min=None,
        made_at=at,
        changed_at=at,
    )


def _is_past(hit: HitPass, record: PassRecord, sights: Sequence[Sight]) -> bool:
    """Tell whether a truck is surely beyond the last closed road of its trip."""
    where = where_on(record.route, sights)
    ahead_m = sum(float(one["length_m"]) for one in record.route["roads"][: hit.last_leg + 1])
    return where is not None and where.low_m >= ahead_m


def _again(known: Reissue, found: Reissue) -> Reissue:
    """Return a row that another closure hits as well: its next edition must keep to both."""
    return replace(
        found,
        version=known.version,
        closes_at=found.closes_at if known.state in {PAST, DROPPED} else min(known.closes_at, found.closes_at),
        next_edition=known.next_edition,
        next_jti=known.next_jti,
        made_at=known.made_at,
        told_at=known.told_at,
    )


def counts_of(counted: Mapping[tuple[str, bool], int]) -> dict[str, int]:
    """Return how many passes of a closure are in each part of its split."""
    parts = {"rolling": 0, "not_started": 0, "past": 0, "no_route": 0, "other": 0}
    for (state, is_started), count in counted.items():
        parts[part_of(state, is_started=is_started)] += count
    return parts


def part_of(state: str, *, is_started: bool) -> str:
    """Return which part of the split a row belongs to."""
    if state == PAST:
        return "past"
    if state in {"no_route", "refused"}:
        return "no_route"
    if state in {DROPPED, "overtaken"}:
        return "other"
    return "rolling" if is_started else "not_started"
