"""A trip while it is being planned: its halts, the routes between them and the times that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from routing.route import Route
from routing.trips.router import TripRouter
from routing.trips.timeline import Halt, time_stops
from routing.trips.trip import ConditionEnd, Stop, StopKind


@dataclass(frozen=True, slots=True)
class Draft:
    """Halts and the routes between them, one per two halts that follow one another."""

    halts: tuple[Halt, ...]
    routes: tuple[Route, ...]
    stops: tuple[Stop, ...]

    @property
    def arrive_at(self) -> datetime:
        """When the truck is at the destination."""
        return self.stops[self.destination].arrive_at

    @property
    def end_at(self) -> datetime:
        """When the trip is over: unloaded at the destination, or back."""
        return self.stops[-1].leave_at

    @property
    def destination(self) -> int:
        """Number of the destination among the stops."""
        return next(number for number, halt in enumerate(self.halts) if halt.kind == StopKind.DESTINATION)


def _route_between(first: Halt, second: Halt, router: TripRouter) -> Route:
    return router.route(first.leave_point, second.point, names=(first.name, second.name))


def draft_trip(halts: Sequence[Halt], router: TripRouter) -> Draft:
    """Route every stage and time every stop.

    Raises
    ------
    NoRouteError
        For the first stage without a route.
    """
    routes = tuple(_route_between(first, second, router) for first, second in pairwise(halts))
    return Draft(tuple(halts), routes, time_stops(halts, routes, router.depart_at))


def insert_halt(draft: Draft, halt: Halt, *, after: int, router: TripRouter) -> Draft:
    """Return the draft with one more halt after the stop of this number; only the two new stages are routed."""
    before, behind = draft.halts[: after + 1], draft.halts[after + 1 :]
    new = (_route_between(before[-1], halt, router), _route_between(halt, behind[0], router))
    halts = (*before, halt, *behind)
    routes = (*draft.routes[:after], *new, *draft.routes[after + 1 :])
    return Draft(halts, routes, time_stops(halts, routes, router.depart_at))


def add_reason(draft: Draft, number: int, condition: ConditionEnd) -> Draft:
    """Return the draft with one more condition that the stop of this number renews; each person is named once."""
    halt = draft.halts[number]
    if any((one.subject, one.condition) == (condition.subject, condition.condition) for one in halt.because):
        return draft
    named = replace(halt, because=(*halt.because, condition))
    halts = (*draft.halts[:number], named, *draft.halts[number + 1 :])
    return Draft(halts, draft.routes, time_stops(halts, draft.routes, draft.stops[0].arrive_at))
