"""Put the register of closures onto a newer map: a new version of each closure whose roads changed, never an edit.

The version says the same about the same places; its decisions are restated on the newer map and stay bound to it, and a
filing in the log tells from which map to which it was brought and how far the farthest point moved (L11, K14).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.closures.closure import Closure, Decision, Direction, Drawing, RoadSpan
from geodata.closures.filings_register import Filing, add_filing
from geodata.closures.map_matching import ExtentMatch, MapMatcher, Misfit, is_unchanged
from geodata.closures.records import StoredClosure, StoredDecision
from geodata.closures.register import RecordBatch, read_rows, stored_closures
from geodata.closures.road_spans import same_extent
from geodata.closures.travel_lines import line_of_span
from geodata.errors import SurroundingsError
from geodata.map_edition_register import edition_name

REMATCHED: Final = "rematched"


@dataclass(frozen=True, slots=True)
class ClosureFit:
    """A closure or blockage whose roads changed.

    Attributes
    ----------
    version
        The new one.
    distance_m
        Greatest distance between an old line of it (set-up or approved) and the new one.
    misfits
        Parts that the newer map does not have.
    """

    closure_id: str
    version: int
    distance_m: float
    misfits: tuple[Misfit, ...]
    closure: Closure


@dataclass(frozen=True, slots=True)
class RegisterFit:
    """What became of the register: how many closures the newer map has as they are, and those that changed."""

    unchanged: int
    changed: tuple[ClosureFit, ...]


def rematch_closures(connection: sa.Connection, matcher: MapMatcher, *, account: str, at: datetime) -> RegisterFit:
    """Add a version on the newer map for every closure and blockage whose roads are others there.

    Parameters
    ----------
    connection
        A writer's transaction; nothing is committed here.
    matcher
        From the present map to the newer one.
    account
        Who brings the newer map, for the filings.
    at
        When it is recorded.

    Raises
    ------
    SurroundingsError
        `closure-record-damaged`: a register that somebody damaged is mended first.
    """
    damaged: list[str] = []
    stored = stored_closures(read_rows(connection), damaged)
    if damaged:
        raise SurroundingsError("closure-record-damaged", damaged[0], id=damaged[0])
    changed = []
    batch = RecordBatch(at)
    for one in stored.values():
        fit = _fit(one, matcher)
        if fit is not None:
            changed.append(fit)
            batch.add_version(fit.closure, fit.version)
            for number, decision in enumerate(fit.closure.decisions):
                batch.add_decision(fit.closure, number, decision, fit.version)
    batch.write(connection)
    for fit in changed:
        add_filing(connection, _filing(fit, matcher, account, at))
    return RegisterFit(len(stored) - len(changed), tuple(changed))


def _filing(fit: ClosureFit, matcher: MapMatcher, account: str, at: datetime) -> Filing:
    seen = {
        "from_map": matcher.old.digest,
        "to_map": matcher.new.digest,
        "distance_m": fit.distance_m,
        "misfits": [misfit_row(one) for one in fit.misfits],
    }
    about = edition_name(matcher.new.digest)
    return Filing(fit.closure_id, fit.version, REMATCHED, account, "", at, about=about, seen=seen)


def misfit_row(misfit: Misfit) -> dict[str, Any]:
    """Return a misfit as a JSON-ready row."""
    span = misfit.span
    return {
        "road_id": span.road_id,
        "direction": span.direction.value,
        "from_m": span.from_m,
        "to_m": span.to_m,
        "code": misfit.code,
        "distance_m": misfit.distance_m,
        "line": [list(spot) for spot in misfit.line],
        "between": [list(side) for side in misfit.between],
    }


def _fit(stored: StoredClosure, matcher: MapMatcher) -> ClosureFit | None:
    """Return a closure on the newer map; None where everything of it is there as it is."""
    closure = stored.closure
    set_up = matcher.match(closure.extent)
    matches = [matcher.match(one.bound.extent or ()) for one in stored.decisions]
    asked, asked_same = _asked(closure.requested, matcher)
    same = is_unchanged(closure.extent, set_up) and asked_same
    bound = [one.bound.extent or () for one in stored.decisions]
    if same and all(is_unchanged(old, new) for old, new in zip(bound, matches, strict=True)):
        return None
    version = closure.version + 1
    decisions = tuple(
        _restated(one, new, matcher, as_set_up=one.about_version == closure.version)
        for one, new in zip(stored.decisions, matches, strict=True)
    )
    drawn = _drawn(closure.drawn, set_up, matcher)
    renewed = replace(closure, version=version, extent=set_up.extent, drawn=drawn, decisions=decisions, requested=asked)
    everything = (set_up, *matches)
    misfits = dict.fromkeys(misfit for one in everything for misfit in one.misfits)
    return ClosureFit(closure.id, version, max(one.distance_m for one in everything), tuple(misfits), renewed)


def _restated(one: StoredDecision, match: ExtentMatch, matcher: MapMatcher, *, as_set_up: bool) -> Decision:
    """Return a decision on the newer map: what it said as "as set up" about this version it goes on saying so."""
    if as_set_up and one.stated.extent is None:
        return one.stated
    return replace(one.bound, extent=match.extent, drawn=_drawn(one.bound.drawn, match, matcher))


def _drawn(drawn: Drawing | None, match: ExtentMatch, matcher: MapMatcher) -> Drawing | None:
    """Keep how people drew it where that means the same on the newer map; of what does not fit, where it lay."""
    has_lines = drawn is not None and bool(drawn.lines) and not drawn.road_ids
    if match.misfits:
        return drawn if has_lines else _lines_of(match, matcher)
    if drawn is None or not has_lines:
        return None
    extent = match.extent
    directions = {span.direction for span in extent}
    if len(directions) != 1:
        return None
    meant = matcher.match_drawn(drawn.lines, next(iter(directions)))
    return drawn if same_extent(meant, extent) else None


def _lines_of(match: ExtentMatch, matcher: MapMatcher) -> Drawing:
    fitting = [span for span in match.extent if span.road_id in matcher.new.road_index]
    lines = [line_of_span(span, matcher.new, matcher.index.plane) for span in fitting]
    return Drawing((*lines, *(one.line for one in match.misfits if one.line)))


def _asked(requested: Mapping[str, Any] | None, matcher: MapMatcher) -> tuple[dict[str, Any] | None, bool]:
    """Return what was first asked, its road parts on the newer map, and whether they are as they were."""
    if requested is None:
        return None, True
    parts = requested.get("parts")
    if not isinstance(parts, list):
        return dict(requested), True
    try:
        extent = tuple(RoadSpan(str(road), Direction(way), float(a), float(b)) for road, way, a, b in parts)
    except (TypeError, ValueError):
        return dict(requested), True
    match = matcher.match(extent)
    told = [[one.road_id, one.direction.value, one.from_m, one.to_m] for one in match.extent]
    return {**json.loads(json.dumps(dict(requested))), "parts": told}, is_unchanged(extent, match)
