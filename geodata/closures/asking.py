"""Turn what a township fills in into a closure: a request for one to come, or a barrier that stands already.

A request starts in the future: nothing may be closed before it is approved (L11). A barrier that stands already is
registered as it is, with what was seen; it stays on record as closed with no approval until somebody reopens the road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from geodata.closures.approval import approval_of
from geodata.closures.closure import (
    BARRIERS,
    PASS_HOLDERS,
    VEHICLE_LIMITS,
    Closure,
    Decision,
    Direction,
    Drawing,
    Observation,
    RoadSpan,
)
from geodata.closures.geometry import read_place, refuse_wrong_side
from geodata.closures.road_parts import read_road_parts
from geodata.closures.road_spans import common_spans, join_spans, length_of
from geodata.closures.rules import Case, no_hard_isolation
from geodata.closures.sightings import BLOCKED, is_seen_open
from geodata.closures.states import approval_state, closings_of
from geodata.county_settings import CountySettings
from geodata.errors import BadInputError, RowErrors
from geodata.findings import Finding
from geodata.network import Network
from geodata.policy import CAUSES, Policy
from geodata.snapping import RoadIndex
from geodata.windows import Window, format_instant

T = TypeVar("T")

#: Shorter than this is a slip of the pen, metres.
SHORTEST_CLOSURE_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class ClosureAsk:
    """What was filled in.

    Attributes
    ----------
    roads
        One road a line, see `geodata.closures.road_parts`.
    line
        GeoJSON of a drawn line, None where roads were picked. With `roads` too, the line lies on those.
    start, end
        The window; an absent end means until further notice.
    """

    roads: str = ""
    line: dict[str, Any] | None = None
    direction: Direction = Direction.BOTH
    barrier: str = "movable"
    cause: str = ""
    start: datetime | None = None
    end: datetime | None = None
    reason: str = ""
    pass_holders: str = "stopped"  # noqa: S105 - no password


def asked_extent(ask: ClosureAsk, index: RoadIndex) -> tuple[tuple[RoadSpan, ...], Drawing | None]:
    """Return the road parts that were picked or drawn, and the drawing where there was one.

    Raises
    ------
    BadInputError
        `closure-without-place`, `closure-on-wrong-side`, what `read_road_parts` refuses, or what the matching of the
        line says: also `closure-on-parallel-roads`, which asks for the roads meant.
    """
    drawn = None
    if ask.line is not None:
        named = read_road_parts(ask.roads, index.network, direction=ask.direction, where="roads")
        road_ids = list(dict.fromkeys(span.road_id for span in named)) or None
        place = read_place(ask.line, road_ids, index, direction=ask.direction, where="line")
        extent, drawn = ((), None) if place is None else (place.extent, place.drawn)
    else:
        extent = read_road_parts(ask.roads, index.network, direction=ask.direction, where="roads")
    if length_of(extent) < SHORTEST_CLOSURE_M:
        raise BadInputError("closure-without-place", "roads")
    refuse_wrong_side(extent, index.network, where="direction")
    return join_spans(extent), drawn


def make_request(ask: ClosureAsk, index: RoadIndex, policy: Policy, *, unit: str, at: datetime) -> Closure:
    """Return the closure that is asked for; its id is given when it is filed.

    Raises
    ------
    BadInputError
        `request-start-missing`; `request-start-past`, where a barrier that stands is to be registered instead; and
        what is wrong with the place, the window or a word.
    RowErrors
        `closure-ask-has-errors`: several of them.
    """
    faults = _Faults()
    if ask.start is None:
        faults.add("request-start-missing", "start")
    elif ask.start <= at:
        faults.add("request-start-past", "start", start=format_instant(ask.start))
    return _closure(ask, index, policy, unit=unit, faults=faults)


def make_barrier(ask: ClosureAsk, index: RoadIndex, policy: Policy, *, unit: str, at: datetime) -> Closure:
    """Return the closure that stands already, seen by its township at the instant of registering.

    Raises
    ------
    BadInputError
        `barrier-start-missing`, `barrier-start-future`, `barrier-missing` where no thing stands on the road, and
        what is wrong with the place, the window or a word.
    RowErrors
        `closure-ask-has-errors`: several of them.
    """
    faults = _Faults()
    if ask.start is None:
        faults.add("barrier-start-missing", "start")
    elif ask.start > at:
        faults.add("barrier-start-future", "start", start=format_instant(ask.start))
    elif ask.end is not None and ask.end <= at:
        faults.add("barrier-end-past", "end", end=format_instant(ask.end))
    if ask.barrier == "none":
        faults.add("barrier-missing", "barrier")
    closure = _closure(ask, index, policy, unit=unit, faults=faults)
    return replace(closure, observations=(Observation(at, BLOCKED, "township", ask.barrier),))


class _Faults:
    """Gathers what is wrong with a form, so that it is told at once and not one fault a try."""

    def __init__(self) -> None:
        self.found: list[BadInputError] = []

    def add(self, code: str, where: str, **facts: object) -> None:
        self.found.append(BadInputError(code, where, **facts))

    def of(self, ask: Callable[[], T], otherwise: T) -> T:
        """Return what is asked for, something else where that is refused: the refusal is told with the others."""
        try:
            return ask()
        except BadInputError as error:
            self.found.append(error)
            return otherwise

    def tell(self) -> None:
        """Raise what was found: one fault as itself, several together; nothing where there is none."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise RowErrors("closure-ask-has-errors", self.found[0].where, tuple(self.found))


def _closure(ask: ClosureAsk, index: RoadIndex, policy: Policy, *, unit: str, faults: _Faults) -> Closure:
    nowhere: tuple[tuple[RoadSpan, ...], Drawing | None] = ((), None)
    extent, drawn = faults.of(lambda: asked_extent(ask, index), nowhere)
    window = faults.of(lambda: _window(ask), None)
    if not ask.reason.strip():
        faults.add("request-reason-missing", "reason")
    barrier = faults.of(lambda: _barrier(ask.barrier), "")
    cause = faults.of(lambda: _word(ask.cause or policy.default_cause, CAUSES, "cause-unknown", "cause"), "")
    holders = faults.of(lambda: _word(ask.pass_holders, PASS_HOLDERS, "pass-holders-unknown", "pass_holders"), "")
    faults.tell()
    return Closure(
        id="",
        version=1,
        extent=extent,
        window=window,
        barrier=barrier,
        cause=cause,
        requested_by=unit,
        reason=ask.reason.strip(),
        pass_holders=holders,
        drawn=drawn,
    )


def _window(ask: ClosureAsk) -> Window | None:
    """Return the window, None without a start: the rules for it have said so."""
    return None if ask.start is None else Window(ask.start, ask.end)


def _barrier(word: str) -> str:
    if word in VEHICLE_LIMITS:
        raise BadInputError("barrier-is-vehicle-limit", "barrier", value=word)
    return _word(word, BARRIERS, "barrier-unknown", "barrier")


def _word(word: str, choices: Sequence[str], code: str, where: str) -> str:
    if word not in choices:
        raise BadInputError(code, where, value=word, choices=list(choices))
    return word


def objections_to(closure: Closure, settings: CountySettings, network: Network) -> tuple[Finding, ...]:
    """Return why no approval could make a request lawful.

    K6 where it asks for a hard barrier that the regime forbids on such a road, and `no-body-decides` where no rule of
    the regime knows its cause on one of its roads.
    """
    policy, window = settings.policy_for(closure.cause), closure.window
    found = []
    if window is not None and policy.hard_isolation.rule == "forbidden" and policy.is_on("K6"):
        hard = no_hard_isolation(Case(closure, policy, network, window.start))
        found += [] if hard is None else [hard]
    for requirement in approval_of(closure, policy, network).requirements:
        if not requirement.authorities:
            facts = {"cause": closure.cause, "road_classes": [one.value for one in requirement.classes]}
            found.append(Finding("no-body-decides", "L11", closure.id, facts))
    return tuple(found)


def soft_barriers(policy: Policy) -> tuple[str, ...]:
    """Return what may be put up instead of a hard barrier."""
    hard = {*policy.hard_isolation.barriers, "parked_vehicle", "none"}
    return tuple(barrier for barrier in BARRIERS if barrier not in hard)


def overlapping(closure: Closure, others: Iterable[Closure]) -> tuple[Closure, ...]:
    """Return the closures that share road and time with one; that is allowed, and told."""
    window = closure.window
    return tuple(
        other
        for other in others
        if other.id != closure.id
        and (window is None or other.window is None or window.overlaps(other.window))
        and common_spans(closure.extent, other.extent)
    )


def is_only_asked(closure: Closure, settings: CountySettings, network: Network, *, at: datetime) -> bool:
    """Tell whether nothing of a request has ever been closed by an instant: neither approved in its window nor seen.

    Such a request stands on paper only, also after the start that it asks for: nobody may have put anything up.
    """
    closings = closings_of([closure], settings, network)
    return not any(one.window is not None and one.window.start <= at for one in closings)


def first_asked(closure: Closure) -> dict[str, Any]:
    """Return what a request asked for, as the record of a version that was cut down keeps it."""
    window = closure.window
    asked: dict[str, Any] = {
        "length_m": round(length_of(closure.extent), 1),
        "parts": [[one.road_id, one.direction.value, one.from_m, one.to_m] for one in closure.extent],
    }
    if window is not None:
        asked["start"] = format_instant(window.start)
        if window.end is not None:
            asked["end"] = format_instant(window.end)
    return asked


def set_up_as_approved(closure: Closure, decision: Decision) -> Closure:
    """Return the version that a request becomes when less of it was approved: what was asked stays on record."""
    window = closure.window
    if window is not None:
        window = Window(decision.start or window.start, decision.end or window.end)
    return replace(
        closure,
        extent=decision.extent or closure.extent,
        window=window,
        drawn=closure.drawn if decision.extent is None else decision.drawn,
        requested=closure.requested or first_asked(closure),
    )


def state_as_asked(closure: Closure, settings: CountySettings, network: Network, *, at: datetime) -> str:
    """Return the approval state against what was first asked for: less than that is "partly_approved"."""
    state = approval_state(closure, settings.policy_for, network, at)
    return "partly_approved" if state == "approved" and closure.requested is not None else state


def is_to_be_reopened(closure: Closure, settings: CountySettings, network: Network, *, at: datetime) -> bool:
    """Tell whether a closure that was in force has no approval any more and nobody has seen the road open since.

    It was lawfully closed until its approval ended or was withdrawn; whoever put it up says that it is gone (K5).
    """
    window = closure.window
    if window is None or approval_state(closure, settings.policy_for, network, at) not in {"expired", "withdrawn"}:
        return False
    stood = not is_only_asked(closure, settings, network, at=at)
    return stood and not is_seen_open(closure.observations, at, after=window.start)
