"""Choose the points that a trip's ends stand for: a firm's receiving point, an entry point, by least time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.places import Place, PlaceKind
from geodata.snapping import RoadPoint
from routing.errors import NoRouteError
from routing.route import NoRoute
from routing.trip import TripEnd, TripMap
from routing.trip_router import TripRouter

#: The two carriageways of one road lie within this distance of its entry point.
CARRIAGEWAYS_M: Final = 60.0
#: So many pairs are asked for the reason when no pair has a route.
MOST_REASONS: Final = 6


@dataclass(frozen=True, slots=True)
class EndOption:
    """One point that an end may stand for."""

    label: str
    point: RoadPoint
    place: Place | None = None
    outside: str = ""


def _carriageways(place: Place, trip_map: TripMap, usable: NDArray[np.bool_]) -> tuple[RoadPoint, ...]:
    """Return the nearest road point of an entry point and those of the same class beside it.

    A dual carriageway is two one-way roads: a truck comes in by one and leaves by the other.
    """
    index = trip_map.road_index
    try:
        nearest = index.snap(place.lon, place.lat, usable=usable, where=place.id)
    except BadInputError:
        return ()  # out of reach of this vehicle; the check of the county reports it
    near = index.roads_near(place.lon, place.lat, within_m=CARRIAGEWAYS_M)
    classes = trip_map.network.road_class
    others = (r for r in near if usable[r] and classes[r] == classes[nearest.road] and r != nearest.road)
    return (nearest, *(index.point_on_road(road, place.lon, place.lat) for road in others))


def _entry_points(end: TripEnd, given: str, trip_map: TripMap, where: str) -> tuple[Place, ...]:
    wanted = end.entry_point or given
    if not wanted:
        places = trip_map.places.of_kind(PlaceKind.ENTRY_POINT)
        if not places:
            raise BadInputError("entry-point-missing", where, area_code=end.area_code, name=end.label)
        return places
    place = trip_map.places.find(wanted, where=f"{where}: entry_point")
    if place.kind != PlaceKind.ENTRY_POINT:
        raise BadInputError("not-an-entry-point", f"{where}: entry_point", place=place.id, kind=place.kind)
    return (place,)


def options_of(
    end: TripEnd, trip_map: TripMap, *, usable: NDArray[np.bool_], given: str = "", where: str
) -> tuple[EndOption, ...]:
    """List the points that an end may stand for, those preferred on equal time first.

    Parameters
    ----------
    given
        Entry point asked for, id or name; counts for an end outside the county that names none itself.

    Raises
    ------
    BadInputError
        `entry-point-missing` where the county has none, `not-an-entry-point`, `place-unknown`,
        `entry-point-unreachable` where the vehicle may use no road there.
    """
    if not end.is_outside:
        if end.choices:
            return tuple(EndOption(end.label, one.point, one.place) for one in end.choices)
        if end.point is None:
            raise BadInputError("end-missing", where)
        return (EndOption(end.label, end.point, end.place),)
    options = tuple(
        EndOption(end.label, point, place, outside=f"{end.area_code} {end.label}")
        for place in _entry_points(end, given, trip_map, where)
        for point in _carriageways(place, trip_map, usable)
    )
    if not options:
        raise BadInputError("entry-point-unreachable", where, area_code=end.area_code, name=end.label)
    return options


def _points(options: Sequence[EndOption]) -> list[RoadPoint]:
    return [option.point for option in options]


def _milliseconds(
    origins: Sequence[EndOption], destinations: Sequence[EndOption], router: TripRouter
) -> NDArray[np.float64]:
    """Return driving times as whole milliseconds, so that equal sums compare equal."""
    return np.round(router.seconds(_points(origins), _points(destinations)) * 1000)


def _forbid_turning_back(cost: NDArray[np.float64], origins: Sequence[EndOption], ends: Sequence[EndOption]) -> None:
    """Rule out leaving the county by the entry point it was entered by: that would be no trip through it."""
    for (row, origin), (column, end) in product(enumerate(origins), enumerate(ends)):
        if origin.outside and end.outside and origin.place == end.place:
            cost[row, column] = np.inf


def _why_none(layers: Sequence[Sequence[EndOption]], router: TripRouter) -> NoRouteError:
    """Return the reason for the first stage that no pair of options can drive; closures before mere distance."""
    for origins, destinations in pairwise(layers):
        if np.isfinite(router.seconds(_points(origins), _points(destinations))).any():
            continue
        pairs = list(islice(product(origins, destinations), MOST_REASONS))
        found = [router.find(origin.point, destination.point) for origin, destination in pairs]
        reasons = [reason for reason in found if isinstance(reason, NoRoute)]
        reason = min(reasons, key=lambda one: (one.code != "no-route", len(one.blocking)))
        return NoRouteError(reason, origins[0].label, destinations[0].label)
    return NoRouteError(NoRoute("unreachable"), layers[0][0].label, layers[-1][0].label)


def choose_options(
    layers: Sequence[Sequence[EndOption]], router: TripRouter, *, round_trip: bool
) -> tuple[EndOption, ...]:
    """Choose one option of every layer so that the whole drive takes least time, ties to the first listed.

    Parameters
    ----------
    layers
        Options of the origin, of every via stop and of the destination, in order.
    round_trip
        Whether the drive back to the origin counts too.

    Raises
    ------
    NoRouteError
        Where no choice gives a route.
    """
    if all(len(options) == 1 for options in layers):
        return tuple(options[0] for options in layers)
    cost = _milliseconds(layers[0], layers[1], router)
    came_by: list[NDArray[np.intp]] = []
    for options, following in pairwise(layers[1:]):
        sums = cost[:, :, None] + _milliseconds(options, following, router)[None, :, :]
        came_by.append(sums.argmin(axis=1))
        cost = sums.min(axis=1)
    if round_trip:
        cost = cost + _milliseconds(layers[-1], layers[0], router).T
    _forbid_turning_back(cost, layers[0], layers[-1])
    first, last = np.unravel_index(int(cost.argmin()), cost.shape)
    if not np.isfinite(cost[first, last]):
        raise _why_none([*layers, layers[0]] if round_trip else layers, router)
    chosen = [int(last)]
    for back in reversed(came_by):
        chosen.append(int(back[first, chosen[-1]]))
    chosen.append(int(first))
    return tuple(options[number] for options, number in zip(layers, reversed(chosen), strict=True))
