"""A plain route from an origin over via points to a destination, each of them a position, a place or outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.errors import NoRouteError
from routing.route import NoRoute, Route, chain_routes
from routing.trips.end_options import choose_options, options_of
from routing.trips.router import TripRouter
from routing.trips.trip import TripEnd, TripMap


@dataclass(frozen=True, slots=True)
class ViaAsk:
    """A question for a route over via points.

    Attributes
    ----------
    ends
        Origin, via points in order, destination: at least two.
    depart_at
        From the origin; the vehicle does not wait at via points.
    turns
        As in `Ask`; at a via point the vehicle stops, and leaves as it likes.
    """

    ends: tuple[TripEnd, ...]
    vehicle: Vehicle
    depart_at: datetime
    holder: str = "public"
    turns: str = "ignored"


def _stage_points(engine: Engine, trip_map: TripMap, ask: ViaAsk) -> list[tuple[RoadPoint, RoadPoint]]:
    """Return where each stage begins and ends; an end with a choice of points takes those of least time.

    Raises
    ------
    NoRouteError
        Where no choice gives a route.
    """
    usable = engine.usable_roads(ask.vehicle)
    layers = [options_of(end, trip_map, usable=usable, comes_back=False, where=end.label) for end in ask.ends]
    router = TripRouter(engine, ask.vehicle, ask.holder, ask.depart_at, until=None, turns=ask.turns)
    chosen = choose_options(layers, router, round_trip=False)
    return [(first.leave.point, second.arrive.point) for first, second in pairwise(chosen)]


def _drive(engine: Engine, ask: ViaAsk, stages: Sequence[tuple[RoadPoint, RoadPoint]]) -> Route | NoRoute:
    """Route stage after stage, each leaving when the one before arrives."""
    routes: list[Route] = []
    leave_at = ask.depart_at
    for origin, destination in stages:
        found = engine.route(Ask(origin, destination, ask.vehicle, leave_at, ask.holder, turns=ask.turns))
        if isinstance(found, NoRoute):
            return found
        routes.append(found)
        leave_at += timedelta(seconds=found.duration_s)
    return chain_routes(routes)


def route_over(engine: Engine, trip_map: TripMap, ask: ViaAsk) -> Route | NoRoute:
    """Return the least-time route over the ends in their order, or why its first impossible stage has none.

    An end outside the county stands for the entry point (入县口) of least time.

    Raises
    ------
    BadInputError
        `entry-point-missing` or `entry-point-unreachable`, or as `Engine.route`.
    """
    try:
        stages = _stage_points(engine, trip_map, ask)
    except NoRouteError as error:
        return error.no_route
    return _drive(engine, ask, stages)


def alternatives_over(engine: Engine, trip_map: TripMap, ask: ViaAsk, *, count: int) -> list[Route]:
    """Return up to so many routes that differ, the least-time one first; several only where there is no via point.

    Raises
    ------
    BadInputError
        As `route_over`.
    """
    try:
        stages = _stage_points(engine, trip_map, ask)
    except NoRouteError:
        return []
    if len(stages) == 1:
        question = Ask(*stages[0], ask.vehicle, ask.depart_at, ask.holder, turns=ask.turns)
        return engine.alternatives(question, count)
    route = _drive(engine, ask, stages)
    return [route] if isinstance(route, Route) else []
