"""Find roads of a served county for its journeys: one that is worth closing, two that run side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from geodata.closures.closure import Direction
from geodata.closures.geometry import read_place
from geodata.county import County
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.polylines import Polyline
from geodata.snapping import RoadPoint
from routing.engine import Ask, Engine
from routing.route import Route

#: Only where going round costs so little is a road a good example of one that can be closed.
_LEAST_M = 300


def _middle(network: Network, road: int) -> RoadPoint:
    line = network.line_of(road)
    lon, lat = line[len(line) // 2]
    return RoadPoint(road, float(network.length_m[road]) / 2, 0.0, float(lon), float(lat))


def _neighbours(network: Network, road: int) -> Iterator[tuple[RoadPoint, RoadPoint]]:
    """Yield a point on a road before and one on a road after, for every pair of neighbours."""
    sides = [np.flatnonzero((network.ends == end).any(axis=1) & (network.length_m > 60)) for end in network.ends[road]]
    before, after = ([int(other) for other in side if other != road] for side in sides)
    yield from ((_middle(network, a), _middle(network, b)) for a in before for b in after if a != b)


def road_worth_closing(county: County, road_class: str, within: shapely.Geometry) -> tuple[str, list[str]]:
    """A road of a class within an area, and two positions whose way runs over it, as the command line takes them."""
    network, settings = county.network, county.settings
    engine = Engine(network, speeds_kmh=settings.speeds_kmh)
    for road in map(int, np.flatnonzero(network.length_m > _LEAST_M)):
        fits = network.class_of(road).value == road_class
        if not fits or not within.covers(shapely.LineString(network.line_of(road))):
            continue
        for ends in _neighbours(network, road):
            found = engine.route(Ask(*ends, settings.vehicles["car"], datetime.now(UTC)))
            if isinstance(found, Route) and road in {leg.road for leg in found.legs}:
                return str(network.road_id[road]), [f"{point.lon:.6f},{point.lat:.6f}" for point in ends]
    raise LookupError(road_class)


def line_between_two_roads(county: County) -> tuple[dict[str, Any], set[str]]:
    """A line half way between two roads that run side by side, which means neither; and the ids of the two."""
    index = county.road_index
    for road in map(int, np.flatnonzero(county.network.length_m > _LEAST_M)):
        part = Polyline(shapely.get_coordinates(index.lines[road]))
        part = part.part(0.4 * part.length_m, 0.6 * part.length_m).points
        for other in index.roads_along(shapely.LineString(part), within_m=30.0):
            at = shapely.line_locate_point(index.lines[other], shapely.points(part))
            beside = shapely.get_coordinates(shapely.line_interpolate_point(index.lines[other], at))
            spots = index.plane.to_degrees((part + beside) / 2).round(6).tolist()
            line = {"type": "LineString", "coordinates": spots}
            try:
                read_place(line, None, index, direction=Direction.BOTH, where="line")
            except BadInputError as error:
                if error.code == "closure-on-parallel-roads":
                    return line, {*error.facts["road_ids"], *error.facts["other_road_ids"]}
    raise LookupError("no two roads run side by side")


def roads_driven(site, ends: list[str], depart: datetime) -> list[str]:
    """The roads of the route that the command line finds on a served county for a departure."""
    done = site.run("route", "--from", ends[0], "--to", ends[1], "--depart", depart.isoformat(), "--json")
    return [one["road_id"] for one in json.loads(done.stdout).get("roads", [])]
