"""Milder ways to reach what a closure is meant for: what may be put beside a request before it is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from geodata.closures.closure import Closure
from geodata.closures.states import LET_THROUGH, PASSABLE
from geodata.policy import Policy
from geodata.windows import format_instant
from passes.consequence.hit_passes import HitPass
from passes.consequence.settlements import PlaceCutOff, Settlements

STAFFED_POST: Final = "staffed-post"
LEAVE_ROAD_OPEN: Final = "leave-road-open"
LET_HOLDERS_THROUGH: Final = "let-holders-through"
LATER_START: Final = "later-start"
NAME_AN_END: Final = "name-an-end"
SHORTER_WINDOW: Final = "shorter-window"
#: More roads than these are not tried one by one.
_MOST_ROADS: Final = 24


@dataclass(frozen=True, slots=True)
class Softer:
    """One milder way.

    Attributes
    ----------
    code
        "staffed-post": a post with people instead of a hard barrier (L10). "leave-road-open": without this road in the
        closure nobody, or fewer, are cut off. "let-holders-through": pass holders go through (L5). "later-start": begin
        when the last truck with a pass has gone by. "name-an-end", "shorter-window": end it sooner.
    closure
        Id of the closure concerned, "" where all of them.
    facts
        JSON-ready values that the sentence names.
    """

    code: str
    closure: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def _people(places: Iterable[PlaceCutOff]) -> int:
    return round(sum(one.population or 0 for one in places if one.is_settlement))


def _roads_left_open(settlements: Settlements) -> list[Softer]:
    """Find the road whose leaving out helps most people, then places; nothing where no single road helps."""
    roads = sorted({one.road for one in settlements.states.added})
    cut, _ = settlements.cut_off()
    if not cut or not 2 <= len(roads) <= _MOST_ROADS:
        return []
    best: tuple[int, int] = (0, 0)
    chosen = -1
    for road in roads:
        still, _ = settlements.cut_off(leaving_open=(road,))
        helped = (_people(cut) - _people(still), len(cut) - len(still))
        if helped > best:
            best, chosen = helped, road
    if chosen < 0:
        return []
    network = settlements.states.county.network
    facts = {
        "road": str(network.road_id[chosen]),
        "road_name": str(network.name[chosen] or network.ref[chosen]),
        "people": best[0],
        "places": best[1],
        "left": len(cut) - best[1],
    }
    return [Softer(LEAVE_ROAD_OPEN, facts=facts)]


def _of_closure(closure: Closure, policy: Policy) -> Iterable[Softer]:
    if closure.barrier in policy.hard_isolation.barriers:
        yield Softer(STAFFED_POST, closure.id, {"barrier": closure.barrier})
    if closure.window is None:
        return
    if closure.window.end is None:
        yield Softer(NAME_AN_END, closure.id)
        return
    days = [rule.max_days for rule in policy.approval_rules if rule.cause == closure.cause and rule.max_days]
    if days and closure.window.end - closure.window.start > timedelta(days=min(days)):
        yield Softer(SHORTER_WINDOW, closure.id, {"max_days": min(days)})


def _for_passes(closures: Sequence[Closure], hits: Sequence[HitPass]) -> Iterable[Softer]:
    stopping = [one for one in closures if one.pass_holders != LET_THROUGH and one.window is not None]
    if not hits or not stopping:
        return
    if all(one.barrier in PASSABLE for one in stopping):
        yield Softer(LET_HOLDERS_THROUGH, facts={"passes": len(hits)})
    after = max(one.last_at for one in hits)
    starts = [one.window.start for one in stopping if one.window is not None]
    ends = [one.window.end for one in stopping if one.window is not None and one.window.end is not None]
    if after > min(starts) and (not ends or after < max(ends)):
        yield Softer(LATER_START, facts={"start": format_instant(after), "passes": len(hits)})


def softer_ways(
    closures: Sequence[Closure],
    settlements: Settlements,
    *,
    hits: Sequence[HitPass],
    policy_for: Callable[[str], Policy],
) -> tuple[Softer, ...]:
    """Return milder ways, most useful first: people first, then pass holders, then time."""
    own = [one for closure in closures for one in _of_closure(closure, policy_for(closure.cause))]
    posts = [one for one in own if one.code == STAFFED_POST]
    times = [one for one in own if one.code != STAFFED_POST]
    return (*_roads_left_open(settlements), *posts, *_for_passes(closures, hits), *times)
