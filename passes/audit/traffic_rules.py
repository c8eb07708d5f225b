"""The check K8: traffic was seen on a road registered as closed: it is open again, or somebody broke through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from geodata.closures import sightings
from geodata.closures.closure import Closure
from geodata.closures.rules import Case
from geodata.closures.states import LET_THROUGH
from geodata.findings import Finding
from geodata.windows import format_instant
from passes.tracks.track_register import THROUGH, TrackSign


def closed_road_is_empty(case: Case, signs: Iterable[TrackSign]) -> Finding | None:
    """K8 (ours): a track led through a closure in its window since a person last looked there.

    Tracks of pass holders whom the closure lets through, and of exempt vehicles, are no signs. Of a track that came
    with a closure file nobody knows whose it was: it counts where nobody is let through.
    """
    closure, at = case.closure, case.at
    window = closure.window
    if window is None or not window.holds(at):
        return None
    word = sightings.last_word([one for one in closure.observations if one.at > window.start], at)
    if word is not None and word.state == sightings.OPEN:
        return None
    since = window.start if word is None else word.at
    times = sorted({one for one in _passages(closure, signs, at) if one > since and window.holds(one)})
    if not times:
        return None
    return case.finding(
        "K8",
        "",
        seen_at=format_instant(times[-1]),
        first_seen_at=format_instant(times[0]),
        passages=len(times),
        cure="verify-or-reopen",
    )


def _passages(closure: Closure, signs: Iterable[TrackSign], at: datetime) -> list[datetime]:
    """Return when trucks that nobody let through were seen to pass by an instant."""
    own = [one.at for one in signs if one.closure_id == closure.id and one.sign == THROUGH and one.at <= at]
    if closure.pass_holders != LET_THROUGH:
        own += [
            one.at
            for one in closure.observations
            if one.source == "track" and one.state == sightings.OPEN and one.at <= at
        ]
    return own
