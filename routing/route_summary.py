"""A route as JSON-ready values: its sums, its roads and its line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from geodata.network import BACKWARD, Network
from routing.route import NoRoute, RoadLeg, Route, route_geometry

#: Decimals of a degree in an answer: a centimetre.
DECIMALS: Final = 7


def road_rows(legs: Iterable[RoadLeg], network: Network) -> list[dict[str, Any]]:
    """Return the roads of a route in the order of travel; `osm_way_id` is null where the road is from elsewhere."""
    driven = tuple(legs)
    roads = np.array([leg.road for leg in driven], dtype=np.int64)
    columns = (network.road_id, network.osm_way_id, network.name, network.ref)
    known = zip(driven, *(column[roads].tolist() for column in columns), strict=True)
    return [
        {
            "road_id": str(road_id),
            "osm_way_id": way_id or None,
            "name": str(name),
            "ref": str(ref),
            "class": network.class_of(leg.road).value,
            "direction": "backward" if leg.direction == BACKWARD else "forward",
            "length_m": leg.length_m,
        }
        for leg, road_id, way_id, name, ref in known
    ]


def route_summary(route: Route, network: Network) -> dict[str, Any]:
    """Return a route as {"distance_m", "duration_s", "roads", "geometry"}; distance_m is the sum over the roads."""
    return {
        "distance_m": route.distance_m,
        "duration_s": route.duration_s,
        "roads": road_rows(route.legs, network),
        "geometry": [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in route_geometry(route, network)],
    }


def no_route_summary(no_route: NoRoute) -> dict[str, Any]:
    """Return why there is no route as {"code", "blocking", "proven"}."""
    return {"code": no_route.code, "blocking": list(no_route.blocking), "proven": no_route.proven}
