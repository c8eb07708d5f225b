"""When a pass is valid: from shortly before departure until the planned end and some grace, while its roads are open.

exp = planned end + the policy's `grace_min`, at most `max_hours` after the start of validity. It is not bound to any
condition of the crew: each person's condition carries its own end. No road of the pass is closed at any time of its
window: where a closing begins within the grace, the trip is planned round it if that way still ends in time, else the
pass ends when the closing begins; where one ends shortly before departure, the pass begins then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from geodata.closures.closing import Closing
from geodata.policy import PassPolicy
from geodata.vehicles import Vehicle
from geodata.windows import Window
from passes.applications.eligibility import LEAD
from routing.engine import Engine
from routing.errors import NoRouteError
from routing.route import route_of
from routing.route_proof import Journey, prove_route
from routing.trips.trip import Trip

PLANNED_END: Final = "planned-end"
MOST_HOURS: Final = "max-hours"
CLOSURE_BEGINS: Final = "closure-begins"
_USED: Final = "route-uses-closed-road"
Planner = Callable[[Engine], Trip]


@dataclass(frozen=True, slots=True)
class PassWindow:
    """not_before <= t < expires_at, in whole seconds; `because` says what bounds the end."""

    not_before: datetime
    expires_at: datetime
    because: str

    @property
    def window(self) -> Window:
        """The half-open window."""
        return Window(self.not_before, self.expires_at)


def _whole_second(instant: datetime, *, up: bool) -> datetime:
    if not instant.microsecond:
        return instant
    second = instant.replace(microsecond=0)
    return second + timedelta(seconds=1) if up else second


def window_of(trip: Trip, policy: PassPolicy, *, at: datetime) -> PassWindow:
    """Return the window of a trip's pass, closings not looked at."""
    not_before = _whole_second(max(at, trip.depart_at - LEAD), up=False)
    wanted = _whole_second(trip.end_at + timedelta(minutes=policy.grace_min), up=True)
    latest = not_before + timedelta(hours=policy.max_hours)
    return PassWindow(not_before, min(wanted, latest), PLANNED_END if wanted <= latest else MOST_HOURS)


def closings_used(trip: Trip, engine: Engine, *, vehicle: Vehicle, window: Window) -> tuple[Closing, ...]:
    """Return the closings that stop a pass holder somewhere on the trip's roads at some time of a window.

    Judged by `route_proof`, which shares nothing with the search.
    """
    closings_on = engine.remembered.closings_on
    near = dict.fromkeys(one for route in trip.routes for one in closings_on(route))
    count = [one for one in near if _counts(one, window)]
    journey = Journey(vehicle, trip.depart_at, holder="pass")
    return tuple(one for one in count if _is_driven(one, trip, engine, journey))


def _counts(closing: Closing, window: Window) -> bool:
    """Tell whether a closing stops pass holders at some time of a window."""
    return not closing.lets_pass_holders_through and (closing.window is None or closing.window.overlaps(window))


def _is_driven(closing: Closing, trip: Trip, engine: Engine, journey: Journey) -> bool:
    """Tell whether a truck runs through what is closed, whenever it comes there: only legs on that road can."""
    always = [closing._replace(window=None)]
    there = ([leg for leg in route.legs if leg.road == closing.road] for route in trip.routes)
    return any(
        finding.code == _USED
        for legs in there
        if legs
        for finding in prove_route(route_of(legs), engine.network, closings=always, journey=journey)
    )


def _always(closings: Iterable[Closing], engine: Engine) -> Engine:
    """Return the engine with these closings in force at all times; their closures' other parts stay as they are.

    Many passes meet the same closings late: their engine is made once.
    """
    late = frozenset(closings)

    def made() -> Engine:
        ids = {one.closure_id for one in late}
        parts = [one._replace(window=None) if one in late else one for one in engine.closings if one.closure_id in ids]
        return engine.snapshot(closings=parts)

    return engine.remembered.twin(late, made)


def _way_round(trip: Trip, plan: Planner, engine: Engine, *, vehicle: Vehicle, latest: PassWindow) -> Trip | None:
    """Plan round every closing that begins before the pass would end; None where no such way ends in time."""
    while late := closings_used(trip, engine, vehicle=vehicle, window=Window(trip.depart_at, latest.expires_at)):
        engine = _always(late, engine)
        try:
            trip = plan(engine)
        except NoRouteError:
            return None
        if trip.end_at > latest.expires_at:
            return None
    return trip


def _within(window: PassWindow, trip: Trip, used: Iterable[Closing]) -> PassWindow:
    """Return the window after the closings that end before the trip, and before those that begin after it."""
    times = [one.window for one in used if one.window is not None]
    over = [time.end for time in times if time.end is not None and time.end <= trip.depart_at]
    begin = [time.start for time in times if time.start >= trip.end_at]
    if over:
        window = replace(window, not_before=_whole_second(max(over), up=True))
    if begin:
        window = replace(window, expires_at=_whole_second(min(begin), up=False), because=CLOSURE_BEGINS)
    return window


def fit_window(
    trip: Trip, plan: Planner, engine: Engine, *, vehicle: Vehicle, policy: PassPolicy, at: datetime
) -> tuple[Trip, PassWindow]:
    """Return the trip and the window of its pass, such that no road of the trip is closed within the window.

    Parameters
    ----------
    trip
        As planned on the engine.
    plan
        Plans the same trip on another state of the closings.
    """
    window = window_of(trip, policy, at=at)
    if trip.end_at > window.expires_at:
        return trip, window
    round_it = _way_round(trip, plan, engine, vehicle=vehicle, latest=window)
    if round_it is not None:
        trip = round_it
        begun = window_of(trip, policy, at=at)
        window = begun if begun.expires_at <= window.expires_at else window
    used = closings_used(trip, engine, vehicle=vehicle, window=window.window)
    return trip, _within(window, trip, used)
