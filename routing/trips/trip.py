"""What a closed-loop trip is made of: ends, stops, sections, checkpoints passed, areas crossed; plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.areas import Area
from geodata.county import County
from geodata.county_settings import CountySettings
from geodata.errors import BadInputError
from geodata.findings import Finding
from geodata.network import Network
from geodata.once import Once
from geodata.places import Place, Places
from geodata.snapping import RoadIndex, RoadPoint
from geodata.vehicles import Vehicle
from routing.route import RoadLeg, Route
from routing.trips.line import rounded_points, vertices_of

#: Longest stop, a week: more is another trip.
MOST_DWELL_MIN: Final = 7 * 24 * 60.0


@dataclass(frozen=True, slots=True)
class EndChoice:
    """One of several points that an end may stand for, such as a firm's second receiving point."""

    place: Place
    point: RoadPoint


@dataclass(frozen=True, slots=True)
class TripEnd:
    """An origin, a via stop or a destination.

    Attributes
    ----------
    label
        What people call it.
    point
        Where it meets the road; None outside the county.
    place
        The place stopped at: of an enterprise, its fixed receiving point (L19). None for a bare position.
    area_code
        Six digits where the end lies outside the county, else "".
    entry_point
        Outside the county: id or name of the entry point (入县口) to use, "" leaves the choice to the plan.
    choices
        Other points that would do as well, by id; the plan takes the one of least time.
    """

    label: str
    point: RoadPoint | None
    place: Place | None = None
    area_code: str = ""
    entry_point: str = ""
    choices: tuple[EndChoice, ...] = ()

    @property
    def is_outside(self) -> bool:
        """Tell whether the end lies outside the county."""
        return bool(self.area_code)


@dataclass(frozen=True, slots=True)
class ConditionEnd:
    """When a condition of one person or vehicle stops holding (L4), and where it can be met again.

    Attributes
    ----------
    subject
        Whose: index in the crew, or a masked name.
    condition
        Id of the condition in the policy.
    ends_at
        Last instant at which it holds.
    nearest
        Kind of the places that renew it, "" where none does.
    renewed_h
        How long it holds from such a stop on; None where a stop does not renew it.
    clause
        Clause the condition rests on, for the finding.
    applies_to
        Area kinds in which it counts; empty counts for the whole trip.
    """

    subject: str
    condition: str
    ends_at: datetime
    nearest: str = ""
    renewed_h: float | None = None
    clause: str = ""
    applies_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TripRequest:
    """What is asked for: point to point, no stops but those named here (L5, H14).

    Attributes
    ----------
    via
        Stops on the way, in this order: deliveries, the depot or lodging of a driver's "two points, one line" (H14).
    round_trip
        Whether the truck comes back to the origin.
    returns_to
        Where a round trip ends instead of at its origin: of a truck that is planned for while it is under way.
    condition_ends
        When the crew's conditions end.
    entry_point
        Id or name of the entry point of the end outside the county; of the origin where both ends are outside.
    dwell_min
        Minutes at every via stop and at the destination. Of a round trip to a place outside the county: minutes
        until the truck is back at the entry point.
    sampling_min
        Minutes at a stop that renews a condition.

    Raises
    ------
    BadInputError
        `time-without-offset`, or `dwell-out-of-range`.
    """

    origin: TripEnd
    destination: TripEnd
    depart_at: datetime
    vehicle: Vehicle
    via: tuple[TripEnd, ...] = ()
    round_trip: bool = False
    condition_ends: tuple[ConditionEnd, ...] = ()
    holder: str = "pass"
    entry_point: str = ""
    dwell_min: float = 30.0
    sampling_min: float = 15.0
    returns_to: TripEnd | None = None

    def __post_init__(self) -> None:
        if self.depart_at.utcoffset() is None:
            raise BadInputError("time-without-offset", "depart_at", value=str(self.depart_at))
        for name in ("dwell_min", "sampling_min"):
            if not 0 <= getattr(self, name) <= MOST_DWELL_MIN:
                raise BadInputError("dwell-out-of-range", name, value=getattr(self, name), most=MOST_DWELL_MIN)


@dataclass(frozen=True, eq=False)
class TripMap(Once):
    """The map a trip is planned on; one a county, shared by every request.

    Attributes
    ----------
    settings
        For the buffers of area kinds and the county's own area code; None: no buffer, any code is outside.
    """

    network: Network
    road_index: RoadIndex
    places: Places
    areas: tuple[Area, ...] = ()
    settings: CountySettings | None = None


def trip_map_of(county: County) -> TripMap:
    """Return the trip map of an open county, the same one whenever it is asked for."""
    return county.once(_trip_map)


def _trip_map(county: County) -> TripMap:
    return TripMap(county.network, county.road_index, county.places, county.areas, county.settings)


class StopKind(StrEnum):
    """Why the truck stops."""

    ORIGIN = "origin"
    VIA = "via"
    SAMPLING = "sampling"
    DESTINATION = "destination"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop, with its times.

    Attributes
    ----------
    place_id, name
        Of the place, "" and the label where it is a bare position.
    lon, lat
        Of the place, else of the point on the road.
    arrive_at, leave_at
        The origin is left at once, the return is the end of the trip.
    because
        Of a sampling stop: the conditions that it renews, each naming its person (story 1).
    outside
        Where the stop is an entry point: the place outside the county that it stands for, such as "410100 郑州市".
    """

    kind: StopKind
    place_id: str
    name: str
    lon: float
    lat: float
    arrive_at: datetime
    leave_at: datetime
    because: tuple[ConditionEnd, ...] = ()
    outside: str = ""


class SectionKind(StrEnum):
    """Part of the chain origin - highway section - destination (L5)."""

    FIRST_MILE = "first_mile"
    HIGHWAY = "highway"
    LAST_MILE = "last_mile"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the way; the sections of a trip follow one another without gap or overlap.

    Attributes
    ----------
    way
        "out" to the destination, "back" of a round trip's return.
    from_m, to_m
        Along the whole trip.
    duration_s
        Driving time.
    roads
        Number or name of the roads in order, each once in a row, nameless ones left out.
    """

    kind: SectionKind
    way: str
    from_m: float
    to_m: float
    duration_s: float
    roads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckpointPassing:
    """A checkpoint on the way: when it is passed and how far along the trip."""

    place_id: str
    name: str
    at: datetime
    along_m: float


@dataclass(frozen=True, slots=True)
class AreaCrossing:
    """How one way between two stops touches an area in force: information, never a reason to refuse (L6).

    Attributes
    ----------
    how
        "in" (it ends inside), "out" (it starts inside), "inside" (it never leaves), "through".
    """

    area_id: str
    name: str
    kind: str
    how: str
    enter_at: datetime
    leave_at: datetime
    regime: str = ""


@dataclass(frozen=True, slots=True)
class Trip:
    """A planned closed-loop trip.

    Attributes
    ----------
    routes
        One per two stops that follow one another.
    arrive_at
        At the destination.
    end_at
        When the truck leaves the destination, or is back from a round trip: the end of what a pass must cover.
    distance_m, duration_s
        Of all routes: driving, without the time spent at stops.
    network
        On which it is planned.
    entry_point
        Place id of the entry point that stands for the end outside the county, of the origin where both are; else "".
    exit_point
        Of a trip through the county: place id of the entry point by which it leaves; else "".
    findings
        Conditions that end too early with no stop that renews them in time; each names its person and the remedy.
    """

    stops: tuple[Stop, ...]
    routes: tuple[Route, ...]
    sections: tuple[Section, ...]
    checkpoints: tuple[CheckpointPassing, ...]
    areas: tuple[AreaCrossing, ...]
    depart_at: datetime
    arrive_at: datetime
    end_at: datetime
    distance_m: float
    duration_s: float
    network: Network = field(repr=False, compare=False)
    entry_point: str = ""
    exit_point: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def legs(self) -> tuple[RoadLeg, ...]:
        """Every road of the trip in order."""
        return tuple(leg for route in self.routes for leg in route.legs)

    @property
    def roads(self) -> NDArray[np.int32]:
        """Index of every road of the trip in order."""
        return np.concatenate([route.arcs for route in self.routes]) >> 1

    @property
    def geometry(self) -> tuple[tuple[float, float], ...]:
        """WGS-84 line of the whole trip, longitude first."""
        return rounded_points(np.vstack([vertices_of(route, self.network) for route in self.routes]))
