"""Put findings into the order of travel from a place of the county, and drive along it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geodata.closures.register import closure_set_version
from geodata.places import Place, PlaceKind
from passes.consequence.places_behind import places_behind
from passes.tickets.board import Listed
from routing.ask import Ask
from routing.order_of_travel import order_by_road
from routing.route import Route
from routing.route_summary import route_summary
from web.closures.dossier import extent_features
from web.closures.words import check_name
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.snapping import RoadPoint
    from geodata.vehicles import Vehicle
    from passes.consequence.settlements import PlaceCutOff
    from routing.engine import Engine

#: Where an application keeps what lies behind its closures.
_BEHIND: Final = "baotong-places-behind"
#: Where a round may begin, the likeliest first.
_STARTS: Final = (PlaceKind.TOWNSHIP_SEAT, PlaceKind.HOSPITAL, PlaceKind.FIRE_STATION, PlaceKind.HUB)


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on the round, with everything that was found there.

    Attributes
    ----------
    number
        In the order of travel, from 1.
    problems
        Findings about the same closure.
    """

    number: int
    problems: tuple[Listed, ...]

    @property
    def first(self) -> Listed:
        """The first finding: place, road and township are the same for all."""
        return self.problems[0]


def places_to_start() -> tuple[Place, ...]:
    """Return where a round may begin."""
    return site().county.places.of_kind(*_STARTS)


def start_of(place_id: str) -> Place | None:
    """Return the place that a round begins at: the one asked for, else the likeliest; None where there is none."""
    known = {place.id: place for place in places_to_start()}
    likely = sorted(known.values(), key=lambda place: (_STARTS.index(PlaceKind(place.kind)), place.id))
    return known.get(place_id) or next(iter(likely), None)


@dataclass(frozen=True, slots=True)
class Round:
    """Stops in the order of travel.

    Attributes
    ----------
    start
        Where it begins, None where the county has no such place.
    placeless
        Findings that are at no place.
    """

    start: Place | None
    stops: tuple[Stop, ...]
    placeless: tuple[Listed, ...]


def round_of(connection: sa.Connection, problems: Sequence[Listed], start: Place | None) -> Round:
    """Return the stops in the order of travel, and the findings that are at no place."""
    groups: dict[str, list[Listed]] = {}
    for one in problems:
        if one.lonlat is not None:
            groups.setdefault(one.subject, []).append(one)
    placeless = tuple(one for one in problems if one.lonlat is None)
    grouped = [tuple(one) for one in groups.values()]
    if start is None or not grouped:
        order: tuple[int, ...] = tuple(range(len(grouped)))
    else:
        roads, snap = _roads_between(site().engine(connection), {group[0].subject for group in grouped})
        stops = [snap(one) for one in _spots(grouped)]
        order = order_by_road(roads, snap((start.lon, start.lat)), stops, vehicle=_car(), depart_at=site().now())
    return Round(start, tuple(Stop(number, grouped[index]) for number, index in enumerate(order, start=1)), placeless)


def _spots(grouped: Sequence[tuple[Listed, ...]]) -> list[tuple[float, float]]:
    return [spot for group in grouped if (spot := group[0].lonlat) is not None]


def _car() -> Vehicle:
    return site().county.settings.vehicles["car"]


def _roads_between(
    engine: Engine, subjects: Collection[str]
) -> tuple[Engine, Callable[[tuple[float, float]], RoadPoint]]:
    """Return the roads with the barriers to be visited taken away, and how to snap to them.

    One drives up to a barrier from either side.
    """
    lifted = [one for one in {closing.closure_id for closing in engine.closings} if one in subjects]
    roads = engine.snapshot(lifted=lifted)
    usable = roads.usable_roads(_car())

    def snap(spot: tuple[float, float]) -> RoadPoint:
        return site().county.road_index.snap(*spot, usable=usable)

    return roads, snap


def way_along(connection: sa.Connection, found: Round) -> list[dict[str, Any]]:
    """Return the roads driven from the start along the stops, a route each; none to a stop without a way."""
    spots = [stop.first.lonlat for stop in found.stops if stop.first.lonlat is not None]
    if found.start is None or not spots:
        return []
    roads, snap = _roads_between(site().engine(connection), {stop.first.subject for stop in found.stops})
    points = [snap((found.start.lon, found.start.lat)), *map(snap, spots)]
    asks = [Ask(one, other, _car(), site().now()) for one, other in pairwise(points)]
    routes = roads.route_batch(asks)
    return [route_summary(one, site().county.network) for one in routes if isinstance(one, Route)]


def behind_all(connection: sa.Connection, problems: Sequence[Listed]) -> Mapping[str, tuple[PlaceCutOff, ...]]:
    """Return the places behind each closure of a list; reckoned once for every state of the register and hour."""
    closures = {one.subject: one.closure for one in problems if one.closure is not None}
    at = site().now()
    key = (closure_set_version(connection), tuple(closures), f"{at:%Y%m%d%H}")
    known: dict[object, Mapping[str, tuple[PlaceCutOff, ...]]] = site().kept.setdefault(_BEHIND, {})
    found = known.get(key)
    if found is None:
        found = places_behind(list(closures.values()), site().county, site().engine(connection), at=at)
        known.clear()
        known[key] = found
    return found


def round_features(stops: Sequence[Stop], addresses: dict[int, str]) -> dict[str, Any]:
    """Return the stops for the map, numbered as in the list, and the roads concerned."""
    features: list[dict[str, Any]] = []
    for stop in stops:
        problem, href = stop.first, addresses.get(stop.number, "")
        names = " · ".join(check_name(one.check) for one in stop.problems)
        properties = {"kind": "finding", "name": names, "order": stop.number, "href": href}
        point = {"type": "Point", "coordinates": list(problem.lonlat or ())}
        features.append({"type": "Feature", "geometry": point, "properties": properties})
        if problem.closure is not None:
            state = "unapproved" if problem.closure.window else "blocked"
            features += extent_features(problem.closure.extent, state, href=href)
    return {"type": "FeatureCollection", "features": features}
