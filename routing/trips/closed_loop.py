"""Plan a closed-loop trip: origin - highway section - destination, point to point, and back if asked (L5).

1. Ends become points: a firm's receiving point (L19), an entry point for a place outside the county; of several the
   choice of least time (`end_options`).
2. Every stage is routed round all closings in force at any time of the whole trip, so that no truck meets one late.
   The time of the trip follows from its routes, and the routes from the time: plan for a longer time until it fits.
   Where the county says so (`[roads] turns = "kept"`), no forbidden turn is taken, whatever its hours.
3. Where a condition of the crew would end too early, a stop is put in that renews it (L4), or a finding says whose.
4. What the line meets is noted: sections, checkpoints, areas. Areas crossed are information, never a reason (L6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.snapping import RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Engine
from routing.trips.crossings import areas_crossed
from routing.trips.draft import Draft, draft_trip
from routing.trips.end_options import EndOption, choose_options
from routing.trips.ground import ground_of
from routing.trips.outline import Outline
from routing.trips.router import TripRouter
from routing.trips.sampling_stop import SamplingPlanner
from routing.trips.timeline import Halt
from routing.trips.trip import ConditionEnd, StopKind, Trip, TripEnd, TripMap, TripRequest
from routing.trips.vehicle_ground import VehicleGround

#: First guess at the end of a trip: only the closings in force at departure.
_FIRST_GUESS: Final = timedelta(seconds=1)
#: Points of one road closer than this are the same point.
_SAME_POINT_M: Final = 0.5


def _is_same_point(first: RoadPoint, second: RoadPoint) -> bool:
    return first.road == second.road and abs(first.offset_m - second.offset_m) < _SAME_POINT_M


def _is_same_end(first: TripEnd, second: TripEnd) -> bool:
    if first.is_outside or second.is_outside:
        return first.area_code == second.area_code and first.label == second.label
    if first.point is None or second.point is None:
        return False
    return first.place == second.place and _is_same_point(first.point, second.point)


def _check_stops(request: TripRequest) -> None:
    """Refuse a via stop that no plan can reach, and two stops in a row at one place: there is nothing to drive.

    Raises
    ------
    BadInputError
        `via-outside-county`, `origin-is-destination`, or `stop-twice-in-a-row` where via stops are given.
    """
    for number, end in enumerate(request.via):
        if end.is_outside:
            raise BadInputError("via-outside-county", f"via[{number}]", area_code=end.area_code, name=end.label)
    ends = (request.origin, *request.via, request.destination)
    code = "stop-twice-in-a-row" if request.via else "origin-is-destination"
    for number, (first, second) in enumerate(pairwise(ends)):
        if _is_same_end(first, second):
            where = "destination" if number == len(ends) - 2 else f"via[{number}]"
            raise BadInputError(code, where, place=second.label)


@dataclass(frozen=True, slots=True)
class TripPlanner:
    """Plans trips on one map and one state of the closings; what trips have in common is found out once.

    Attributes
    ----------
    engine
        Its closings do not change while it plans.
    """

    engine: Engine
    trip_map: TripMap

    def plan(self, request: TripRequest) -> Trip:
        """Plan a trip; see `plan_closed_loop`.

        Raises
        ------
        NoRouteError, BadInputError
            As `plan_closed_loop`.
        """
        _check_stops(request)
        drafted = _Plan(self, request).settle()
        return drafted.outline.described(drafted.draft, drafted.findings)

    def on_roads_of(self, vehicle: Vehicle) -> VehicleGround:
        """Return the map as a vehicle finds it."""
        return ground_of(self.trip_map).for_vehicle(self.engine.usable_roads(vehicle))


def planner_on(engine: Engine, trip_map: TripMap) -> TripPlanner:
    """Return a planner on the closings of this moment."""
    return TripPlanner(engine.snapshot(), trip_map)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A draft with its times, what is true of it whenever it is driven, and conditions that no stop renews."""

    draft: Draft
    outline: Outline
    findings: tuple[Finding, ...] = ()


class _Plan:
    """Plans one request."""

    def __init__(self, planner: TripPlanner, request: TripRequest) -> None:
        self.engine = planner.engine
        self.planner = planner
        self.ground = ground_of(planner.trip_map)
        self.request = request
        settings = planner.trip_map.settings
        self.turns = settings.turns if settings else "ignored"

    def _options(self) -> list[tuple[EndOption, ...]]:
        request, on_roads = self.request, self.planner.on_roads_of(self.request.vehicle)
        ends = [("origin", request.origin), *((f"via[{n}]", end) for n, end in enumerate(request.via))]
        ends.append(("destination", request.destination))
        back = [] if request.returns_to is None else [("returns_to", request.returns_to)]
        outside = [end for _, end in (*back, *ends) if end.is_outside]
        return [
            on_roads.options(
                end,
                comes_back=request.round_trip and where != "returns_to",
                given=request.entry_point if outside and end is outside[0] else "",
                where=where,
            )
            for where, end in (*ends, *back)
        ]

    def _halts(self, chosen: tuple[EndOption, ...]) -> list[Halt]:
        kinds = [StopKind.ORIGIN, *[StopKind.VIA] * len(self.request.via), StopKind.DESTINATION]
        if self.request.round_trip:
            kinds.append(StopKind.RETURN)
            chosen = chosen if self.request.returns_to else (*chosen, chosen[0])
        return [self._halt(kind, option) for kind, option in zip(kinds, chosen, strict=True)]

    def _halt(self, kind: StopKind, option: EndOption) -> Halt:
        at = option.leave if kind == StopKind.ORIGIN else option.arrive
        return Halt(
            kind,
            option.label,
            at.point,
            at.place,
            dwell_min=self._dwell_min(kind, option),
            outside=option.outside,
            onward=option.leave.point,
        )

    def _dwell_min(self, kind: StopKind, option: EndOption) -> float:
        """Return the minutes at a stop; a truck that leaves the county for good does not stop at its edge."""
        leaves_for_good = bool(option.outside) and not self.request.round_trip
        if kind in (StopKind.ORIGIN, StopKind.RETURN) or leaves_for_good:
            return 0.0
        return self.request.dwell_min

    def needed_until(self, draft: Draft, condition: ConditionEnd) -> datetime:
        """Return until when a condition must hold: arrival, and on a round trip until the truck is out of the areas.

        On the way back it must hold until the last area of a kind it applies to is left; until the end of the trip
        where it applies everywhere.
        """
        if not self.request.round_trip:
            return draft.arrive_at
        if not condition.applies_to:
            return draft.end_at
        crossings = areas_crossed(draft.routes, draft.stops, self.ground)
        left = [one.leave_at for one in crossings if one.kind in condition.applies_to]
        return max([draft.arrive_at, *left])

    def draft(self, until: datetime) -> _Drafted:
        """Plan the stops and routes, avoiding every closing that is in force before an instant."""
        request = self.request
        router = TripRouter(self.engine, request.vehicle, request.holder, request.depart_at, until, self.turns)
        outline = self._outline(router)
        draft = outline.at(request.depart_at)
        if not request.condition_ends:
            return _Drafted(draft, outline)
        on_roads = self.planner.on_roads_of(request.vehicle)
        sampling = SamplingPlanner(on_roads, router, self.needed_until, request.sampling_min)
        with_stops, findings = sampling.add_stops(draft, request.condition_ends)
        return _Drafted(with_stops, outline if with_stops is draft else Outline(with_stops, self.ground), findings)

    def _outline(self, router: TripRouter) -> Outline:
        """Return the trip without stops for conditions; the same for all who ask for it on the same closings."""
        request = self.request
        ends = (self.ground, request.origin, *request.via, request.destination, request.returns_to)
        how = ("trip", request.round_trip, request.entry_point, request.dwell_min)
        known = router.chosen(ends, lambda: self._outlined(router), how=how)
        return known if known.is_lasting else self._outlined(router)

    def _outlined(self, router: TripRouter) -> Outline:
        request = self.request
        chosen = choose_options(self._options(), router, round_trip=request.round_trip and request.returns_to is None)
        draft = draft_trip(self._halts(chosen), router)
        is_lasting = all(router.lasts(first.leave_point, second.point) for first, second in pairwise(draft.halts))
        return Outline(draft, self.ground, is_lasting=is_lasting)

    def _counted(self, until: datetime) -> int:
        """Return a number for the closings in force at any time before an instant."""
        return self.engine.remembered.counting(self.request.depart_at, until)

    def settle(self) -> _Drafted:
        """Plan for an ever longer time until the trip ends within it.

        Each round counts more closings than the one before, else the same trip stands: there are at most as many
        rounds as closings, and one.
        """
        until = self.request.depart_at + _FIRST_GUESS
        counted = self._counted(until)
        found = self.draft(until)
        while found.draft.end_at > until:
            until = found.draft.end_at
            if (more := self._counted(until)) != counted:
                counted = more
                found = self.draft(until)
        return found


def plan_closed_loop(engine: Engine, trip_map: TripMap, request: TripRequest) -> Trip:
    """Plan a trip from the origin over the via stops to the destination, and back where asked (L5, L19, X4).

    Conditions that end too early and that no stop can renew in time are `Trip.findings`; the trip is planned all the
    same, so that the officer sees it.

    Raises
    ------
    NoRouteError
        A stage has no route; it names the two stops and the smallest set of closures that cut it.
    BadInputError
        `origin-is-destination`, `stop-twice-in-a-row`, `via-outside-county`, or what is wrong with an entry point.
    """
    return planner_on(engine, trip_map).plan(request)
