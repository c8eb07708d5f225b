"""What a trip's line meets: the areas in force that it crosses, and the checkpoints it passes.

Where a route meets them does not depend on the clock, so it is found once a route (`Ground.findings`); a trip only
adds when it sets out. A way with a sampling stop in its middle is looked at as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from geodata.areas import Area
from geodata.windows import Window
from routing.route import Route
from routing.trips.area_stretches import Stretch, Way, stretches_of, way_of
from routing.trips.checkpoints import CHECKPOINT_M
from routing.trips.ground import Ground
from routing.trips.line import line_of_route, time_after
from routing.trips.trip import AreaCrossing, CheckpointPassing, Stop, StopKind

#: What a stretch is called by whether it holds the start and the end of its way.
_HOW: Final = {(False, True): "in", (True, False): "out", (True, True): "inside", (False, False): "through"}


@dataclass(frozen=True, slots=True)
class _Driven:
    """A way between two working stops: its routes, and the stops from its first one to its last."""

    routes: tuple[Route, ...]
    stops: tuple[Stop, ...]

    def stretches(self, ground: Ground) -> tuple[float, tuple[Stretch, ...]]:
        """Return its length in the plane, and where it is inside which area, its ends included."""
        if len(self.routes) == 1:
            known = ground.findings(self.routes[0])
            return known.length_m, self._with_ends(known.stretches, known.length_m, known.clock_s, ground)
        lines = [(route, line_of_route(route, ground.network)) for route in self.routes]
        waited_s = [(stop.leave_at - self.stops[0].leave_at).total_seconds() for stop in self.stops[:-1]]
        way = Way.joined([way_of(*one) for one in lines], waited_s)
        found = stretches_of(way, ground.areas)
        return way.length_m, self._with_ends(found, way.length_m, float(way.clock_s[-1]), ground)

    def _with_ends(
        self, stretches: tuple[Stretch, ...], length_m: float, clock_s: float, ground: Ground
    ) -> tuple[Stretch, ...]:
        """Return the stretches, with one of no length for an end inside whose road runs outside the area's edge."""
        first, last = self.stops[0], self.stops[-1]
        found = list(stretches)
        for number in ground.areas.holding(first.lon, first.lat):
            if not any(one.area == number and one.start_m <= 0 for one in found):
                found.append(Stretch(number, 0.0, 0.0, 0.0, 0.0))
        for number in ground.areas.holding(last.lon, last.lat):
            if not any(one.area == number and one.end_m >= length_m for one in found):
                found.append(Stretch(number, length_m, length_m, clock_s, clock_s))
        return tuple(found)


def _ways(routes: Sequence[Route], stops: Sequence[Stop]) -> list[_Driven]:
    working = [number for number, stop in enumerate(stops) if stop.kind != StopKind.SAMPLING]
    return [_Driven(tuple(routes[a:b]), tuple(stops[a : b + 1])) for a, b in pairwise(working)]


def _is_in_force(area: Area, enter_at: datetime, leave_at: datetime) -> bool:
    if area.window is None:
        return True
    return area.in_force(enter_at) or (leave_at > enter_at and area.window.overlaps(Window(enter_at, leave_at)))


@dataclass(frozen=True, slots=True)
class _Touch:
    """How a way touches an area, and how long after the departure."""

    area: Area
    how: str
    enter: timedelta
    leave: timedelta


@dataclass(frozen=True, slots=True)
class _Passing:
    """A checkpoint on the way, how long after the departure, and how far along the trip."""

    place_id: str
    name: str
    after: timedelta
    along_m: float


@dataclass(frozen=True, slots=True)
class Meetings:
    """What the line of a trip meets, whenever it is set out on.

    Attributes
    ----------
    touches
        With every area, in force or not, in order of time.
    passings
        Of checkpoints, in order of time.
    """

    touches: tuple[_Touch, ...]
    passings: tuple[_Passing, ...]

    def areas_crossed(self, depart_at: datetime) -> tuple[AreaCrossing, ...]:
        """Tell how the trip touches every area in force meanwhile, where it is set out on then."""
        found = []
        for one in self.touches:
            area, enter_at, leave_at = one.area, depart_at + one.enter, depart_at + one.leave
            if _is_in_force(area, enter_at, leave_at):
                found.append(AreaCrossing(area.id, area.name, area.kind, one.how, enter_at, leave_at, area.regime))
        return tuple(found)

    def checkpoints_passed(self, depart_at: datetime) -> tuple[CheckpointPassing, ...]:
        """Tell when the trip passes each checkpoint, where it is set out on then."""
        return tuple(
            CheckpointPassing(one.place_id, one.name, depart_at + one.after, one.along_m) for one in self.passings
        )


def meetings_of(routes: Sequence[Route], stops: Sequence[Stop], ground: Ground) -> Meetings:
    """Tell what a trip meets: each way between two working stops every area, and its line the checkpoints.

    This is information for the pass and the crew: having passed through an area is never a reason to refuse or to
    hold a truck (L6). Whether an end inside asks for a pass is the policy's say (L3, `pass_need`). Townships are no
    areas of a regime and are left out. A sampling stop is no end: its way goes on as one.
    """
    return Meetings(_touches(routes, stops, ground), _passings(routes, stops, ground))


def areas_crossed(routes: Sequence[Route], stops: Sequence[Stop], ground: Ground) -> tuple[AreaCrossing, ...]:
    """Tell how each way between two working stops touches every area in force meanwhile, as `Meetings`."""
    return Meetings(_touches(routes, stops, ground), ()).areas_crossed(stops[0].leave_at)


def _touches(routes: Sequence[Route], stops: Sequence[Stop], ground: Ground) -> tuple[_Touch, ...]:
    depart_at = stops[0].leave_at
    touches = [one for way in _ways(routes, stops) for one in _touches_of(way, depart_at, ground)]
    return tuple(sorted(touches, key=lambda one: (one.enter, one.leave, one.area.id)))


def _touches_of(way: _Driven, depart_at: datetime, ground: Ground) -> list[_Touch]:
    length_m, stretches = way.stretches(ground)
    waited_s = (way.stops[0].leave_at - depart_at).total_seconds()
    touches = []
    for one in stretches:
        enter, leave = (time_after(waited_s + s) for s in (one.enter_s, one.leave_s))
        how = _HOW[one.start_m <= 0, one.end_m >= length_m]
        touches.append(_Touch(ground.areas.areas[one.area], how, enter, leave))
    return touches


def _each_once(passings: Sequence[_Passing]) -> tuple[_Passing, ...]:
    """Count a checkpoint beside a stop once: the way to the stop and the way on both come near it."""
    kept: list[_Passing] = []
    last_m: dict[str, float] = {}
    for passing in passings:
        if passing.along_m - last_m.get(passing.place_id, -float("inf")) > 2 * CHECKPOINT_M:
            kept.append(passing)
        last_m[passing.place_id] = passing.along_m
    return tuple(kept)


def _passings(routes: Sequence[Route], stops: Sequence[Stop], ground: Ground) -> tuple[_Passing, ...]:
    """List the checkpoints within 60 m of the line in the order they are passed, again on the way back."""
    passings: list[_Passing] = []
    depart_at, driven_m = stops[0].leave_at, 0.0
    for route, stop in zip(routes, stops[:-1], strict=True):
        waited_s = (stop.leave_at - depart_at).total_seconds()
        for one in ground.findings(route).passings:
            post = ground.checkpoints.posts[one.post]
            after, along_m = time_after(waited_s + one.clock_s), round(driven_m + one.along_m, 1)
            passings.append(_Passing(post.id, post.name, after, along_m))
        driven_m += route.distance_m
    return _each_once(sorted(passings, key=lambda one: (one.after, one.along_m, one.place_id)))
