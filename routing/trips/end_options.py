"""Choose the points that a trip's ends stand for: a firm's receiving point, an entry point, by least time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadInputError
from geodata.places import Place, PlaceKind
from geodata.snapping import RoadPoint
from routing.errors import NoRouteError
from routing.route import NoRoute
from routing.trips.router import TripRouter
from routing.trips.trip import TripEnd, TripMap

#: The two carriageways of one road cross the county's edge within this distance of each other.
CARRIAGEWAYS_M: Final = 200.0
#: So many pairs are asked for the reason when no pair has a route.
MOST_REASONS: Final = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the road, and the place it is at."""

    point: RoadPoint
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class EndOption:
    """One way to stop at an end.

    Attributes
    ----------
    arrive, leave
        Where the truck comes to the stop and where it goes on; two carriageways of an entry point, else the same.
    outside
        The place outside the county that it stands for.
    crossing
        Ids of the entry points on the two carriageways there.
    """

    label: str
    arrive: Spot
    leave: Spot
    outside: str = ""
    crossing: frozenset[str] = frozenset()


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


def _entry_spots(place: Place, trip_map: TripMap, usable: NDArray[np.bool_]) -> tuple[Spot, ...]:
    """Return the road at an entry point and those of the same class beside it, each with the entry point nearest to it.

    A dual carriageway is two one-way roads: a truck comes in by one and leaves by the other. They may have one entry
    point together or one each.
    """
    index = trip_map.road_index
    try:
        nearest = index.snap(place.lon, place.lat, usable=usable, where=place.id)
    except BadInputError:
        return ()  # out of reach of this vehicle; the check of the county reports it
    near = index.roads_near(place.lon, place.lat, within_m=CARRIAGEWAYS_M)
    classes = trip_map.network.road_class
    others = (r for r in near if usable[r] and classes[r] == classes[nearest.road] and r != nearest.road)
    points = (nearest, *(index.point_on_road(road, place.lon, place.lat) for road in others))
    entries = trip_map.places.of_kind(PlaceKind.ENTRY_POINT)
    lonlat = index.plane.to_metres(np.array([(one.lon, one.lat) for one in entries]))
    spots = index.plane.to_metres(np.array([(point.lon, point.lat) for point in points]))
    closest = np.hypot(*(spots[:, None, :] - lonlat[None, :, :]).transpose(2, 0, 1)).argmin(axis=1)
    return tuple(Spot(point, entries[int(number)]) for point, number in zip(points, closest, strict=True))


def _outside_options(end: TripEnd, spots: tuple[Spot, ...], *, comes_back: bool) -> list[EndOption]:
    """List the ways to cross the county's edge at one entry point: both carriageways where the truck crosses twice."""
    crossing = frozenset(spot.place.id for spot in spots if spot.place)
    pairs = product(spots, spots) if comes_back else ((spot, spot) for spot in spots)
    outside = f"{end.area_code} {end.label}"
    return [EndOption(end.label, arrive, leave, outside, crossing) for arrive, leave in pairs]


def options_of(
    end: TripEnd, trip_map: TripMap, *, usable: NDArray[np.bool_], comes_back: bool, given: str = "", where: str
) -> tuple[EndOption, ...]:
    """List the ways to stop at an end, those preferred on equal time first.

    Parameters
    ----------
    comes_back
        Whether a truck that crosses the county's edge here crosses it again, as on a round trip.
    given
        Entry point asked for, id or name; counts for an end outside the county that names none itself.

    Raises
    ------
    BadInputError
        `entry-point-missing` where the county has none, `not-an-entry-point`, `place-unknown`,
        `entry-point-unreachable` where the vehicle may use no road there.
    """
    if not end.is_outside:
        if end.point is None:
            raise BadInputError("end-missing", where)
        chosen = [Spot(one.point, one.place) for one in end.choices] or [Spot(end.point, end.place)]
        return tuple(EndOption(end.label, spot, spot) for spot in chosen)
    options: dict[tuple[tuple[int, Place | None], ...], EndOption] = {}
    for place in _entry_points(end, given, trip_map, where):
        for one in _outside_options(end, _entry_spots(place, trip_map, usable), comes_back=comes_back):
            options.setdefault(tuple((spot.point.road, spot.place) for spot in (one.arrive, one.leave)), one)
    if not options:
        raise BadInputError("entry-point-unreachable", where, area_code=end.area_code, name=end.label)
    return tuple(options.values())


def _each_once(points: Sequence[RoadPoint]) -> tuple[list[RoadPoint], list[int]]:
    """Return the different points, and the number of each given one among them."""
    numbers: dict[RoadPoint, int] = {}
    index = [numbers.setdefault(point, len(numbers)) for point in points]
    return list(numbers), index


def _milliseconds(
    origins: Sequence[EndOption], destinations: Sequence[EndOption], router: TripRouter
) -> NDArray[np.float64]:
    """Return the driving times between options as whole milliseconds, so that equal sums compare equal."""
    starts, row = _each_once([option.leave.point for option in origins])
    ends, column = _each_once([option.arrive.point for option in destinations])
    return np.round(router.seconds(starts, ends) * 1000)[np.ix_(row, column)]


def _forbid_turning_back(cost: NDArray[np.float64], origins: Sequence[EndOption], ends: Sequence[EndOption]) -> None:
    """Rule out leaving the county where it was entered: that would be no trip through it."""
    for (row, origin), (column, end) in product(enumerate(origins), enumerate(ends)):
        if origin.crossing & end.crossing:
            cost[row, column] = np.inf


def _why_none(layers: Sequence[Sequence[EndOption]], router: TripRouter) -> NoRouteError:
    """Return the reason for the first stage that no pair of options can drive; closures before mere distance."""
    for origins, destinations in pairwise(layers):
        if np.isfinite(_milliseconds(origins, destinations, router)).any():
            continue
        pairs = list(islice(product(origins, destinations), MOST_REASONS))
        found = [router.find(origin.leave.point, destination.arrive.point) for origin, destination in pairs]
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
    how = "round trip" if round_trip else "one way"
    return router.chosen(layers, partial(_chosen, layers, router, round_trip=round_trip), how=how)


def _chosen(layers: Sequence[Sequence[EndOption]], router: TripRouter, *, round_trip: bool) -> tuple[EndOption, ...]:
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
