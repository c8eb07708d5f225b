"""Put findings into the order of travel from a place of the county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import current_app

from geodata.closures.register import closure_set_version
from geodata.places import Place, PlaceKind
from passes.places_behind import places_behind
from passes.problems import Problem
from routing.order_of_travel import order_by_road
from web.closures.dossier import extent_features
from web.closures.words import check_name
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

    from geodata.snapping import RoadPoint
    from passes.settlements import PlaceCutOff
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
    problems: tuple[Problem, ...]

    @property
    def first(self) -> Problem:
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


def round_of(
    connection: sa.Connection, problems: Sequence[Problem], start: Place | None
) -> tuple[tuple[Stop, ...], tuple[Problem, ...]]:
    """Return the stops in the order of travel, and the findings that are at no place."""
    groups: dict[str, list[Problem]] = {}
    for one in problems:
        if one.lonlat is not None:
            groups.setdefault(one.subject, []).append(one)
    placeless = tuple(one for one in problems if one.lonlat is None)
    grouped = [tuple(one) for one in groups.values()]
    order = _order(site().engine(connection), grouped, start)
    return tuple(Stop(number, grouped[index]) for number, index in enumerate(order, start=1)), placeless


def _order(engine: Engine, grouped: Sequence[tuple[Problem, ...]], start: Place | None) -> tuple[int, ...]:
    """Order by driving times with the barriers to be visited taken away: one drives up to them from either side."""
    if start is None or not grouped:
        return tuple(range(len(grouped)))
    at, car = site().now(), site().county.settings.vehicles["car"]
    own = {group[0].subject for group in grouped}
    lifted = [one for one in {closing.closure_id for closing in engine.closings} if one in own]
    roads = engine.snapshot(lifted=lifted)
    usable = roads.usable_roads(car)

    def snapped(lon: float, lat: float) -> RoadPoint:
        return site().county.road_index.snap(lon, lat, usable=usable)

    spots = [group[0].lonlat for group in grouped]
    stops = [snapped(*spot) for spot in spots if spot is not None]
    return order_by_road(roads, snapped(start.lon, start.lat), stops, vehicle=car, depart_at=at)


def behind_all(connection: sa.Connection, problems: Sequence[Problem]) -> Mapping[str, tuple[PlaceCutOff, ...]]:
    """Return the places behind each closure of a list; reckoned once for every state of the register and hour."""
    closures = {one.subject: one.closure for one in problems if one.closure is not None}
    at = site().now()
    key = (closure_set_version(connection), tuple(closures), f"{at:%Y%m%d%H}")
    known: dict[object, Mapping[str, tuple[PlaceCutOff, ...]]] = current_app.extensions.setdefault(_BEHIND, {})
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
