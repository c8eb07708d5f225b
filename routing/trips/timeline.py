"""When the truck arrives at and leaves each stop of a trip."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.places import Place
from geodata.snapping import RoadPoint
from routing.route import Route
from routing.trips.trip import ConditionEnd, Stop, StopKind


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop before its times are known: where, why and for how long.

    Attributes
    ----------
    point
        Where the truck arrives.
    onward
        Where it goes on from, if from elsewhere: the other carriageway at the county's edge.
    """

    kind: StopKind
    label: str
    point: RoadPoint
    place: Place | None = None
    dwell_min: float = 0.0
    because: tuple[ConditionEnd, ...] = ()
    outside: str = ""
    onward: RoadPoint | None = None

    @property
    def leave_point(self) -> RoadPoint:
        """Where the next stage starts."""
        return self.onward or self.point

    @property
    def name(self) -> str:
        """Name of the place, the label where it is a bare position."""
        return self.place.name if self.place else self.label


def _stop(halt: Halt, arrive_at: datetime) -> Stop:
    return Stop(
        kind=halt.kind,
        place_id=halt.place.id if halt.place else "",
        name=halt.name,
        lon=halt.place.lon if halt.place else halt.point.lon,
        lat=halt.place.lat if halt.place else halt.point.lat,
        arrive_at=arrive_at,
        leave_at=arrive_at + timedelta(minutes=halt.dwell_min),
        because=halt.because,
        outside=halt.outside,
    )


def moved(stops: Sequence[Stop], depart_at: datetime) -> tuple[Stop, ...]:
    """Return the stops of a trip as they are where it is set out on at another time."""
    begin = stops[0].arrive_at
    return tuple(
        Stop(
            one.kind,
            one.place_id,
            one.name,
            one.lon,
            one.lat,
            depart_at + (one.arrive_at - begin),
            depart_at + (one.leave_at - begin),
            one.because,
            one.outside,
        )
        for one in stops
    )


def time_stops(halts: Sequence[Halt], routes: Sequence[Route], depart_at: datetime) -> tuple[Stop, ...]:
    """Give every halt its times; each drive counts in whole seconds, rounded up.

    Parameters
    ----------
    routes
        One per two halts that follow one another.
    """
    stops = [_stop(halts[0], depart_at)]
    for halt, route in zip(halts[1:], routes, strict=True):
        stops.append(_stop(halt, stops[-1].leave_at + timedelta(seconds=math.ceil(route.duration_s))))
    return tuple(stops)
