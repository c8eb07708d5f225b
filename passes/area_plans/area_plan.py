"""Answer a what-if: an area sealed for a time, now and then side by side; JSON-ready, and nothing live changes.

The same inputs on the same roads, closures and passes give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geodata.area_roads import EdgeCrossing
from geodata.closures.road_spans import length_of
from geodata.county import County
from geodata.places import Place
from geodata.road_classes import RoadClass
from geodata.snapping import RoadPoint
from passes.area_plans.plan_inputs import PlanInputs
from passes.area_plans.plan_line import PlanLine, cause_of, closure_of_posts, deciders, draw_line, where_is
from passes.consequence.foresee import Consequence, foresee_what_if
from passes.consequence.hit_passes import HitPass
from passes.consequence.settlements import SETTLEMENTS
from passes.consequence.summary import consequence_summary
from passes.consequence.what_if import WhatIf
from passes.editions.passages_register import passages_on_roads
from routing.engine import Engine
from routing.fewest_posts import Post

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Told the share done and the code of what is done now; may raise to stop.
Tell = Callable[[float, str], None]
#: Roads that carry more than the county's own traffic (L13).
ARTERIES: Final = (RoadClass.EXPRESSWAY, RoadClass.NATIONAL)
_DECIMALS: Final = 6


def _road_words(road: int, county: County) -> dict[str, Any]:
    network = county.network
    return {
        "road": str(network.road_id[road]),
        "name": str(network.name[road]),
        "ref": str(network.ref[road]),
        "class": network.class_of(road).value,
    }


def _point_of(road: int, offset_m: float, county: County) -> tuple[float, float]:
    index = county.road_index
    length_m = float(county.network.length_m[road])
    share = offset_m / length_m if length_m > 0 else 0.0
    spot = shapely.line_interpolate_point(index.lines[road], share, normalized=True)
    lon, lat = index.plane.to_degrees(shapely.get_coordinates(spot)[0])
    return round(float(lon), _DECIMALS), round(float(lat), _DECIMALS)


def _crossing(one: EdgeCrossing, line: PlanLine, county: County) -> dict[str, Any]:
    spot = {"lon": round(one.lon, _DECIMALS), "lat": round(one.lat, _DECIMALS)}
    return {**_road_words(one.road, county), **spot, "gate": one.road in line.gates}


def _post(number: int, post: Post, line: PlanLine, county: County) -> dict[str, Any]:
    lon, lat = _point_of(post.road, post.offset_m, county)
    cause = cause_of(line.inputs, county)
    return {
        "number": number,
        **_road_words(post.road, county),
        "offset_m": round(post.offset_m),
        "lon": lon,
        "lat": lat,
        "deciders": list(deciders(post, county.network, county.settings.policy_for(cause), cause)),
    }


def _settled(county: County) -> list[tuple[Place, RoadPoint | None]]:
    """Return where people live and where that meets a road; None where it is far from every road."""
    usable = np.array((county.network.access > 0).any(axis=1))
    found: list[tuple[Place, RoadPoint | None]] = []
    for place in county.places.of_kind(*SETTLEMENTS):
        try:
            found.append((place, county.road_index.snap(place.lon, place.lat, usable=usable)))
        except ValueError:
            found.append((place, None))
    return found


def _place(place: Place) -> dict[str, Any]:
    people = None if place.population is None else round(place.population)
    spot = {"lon": place.lon, "lat": place.lat}
    return {"id": place.id, "name": place.name, "township": place.township, "population": people, **spot}


def _line_summary(line: PlanLine, county: County) -> dict[str, Any]:
    """Return the area, the gates and the posts."""
    network, inside = county.network, line.roads.inside
    flat = shapely.transform(line.polygon, county.road_index.plane.to_metres)
    posts = [_post(number, one, line, county) for number, one in enumerate(line.sealed.posts, start=1)]
    where: dict[str, list[dict[str, Any]]] = {"area": [], "line": [], "outside": []}
    for place, point in _settled(county):
        within = shapely.intersects_xy(line.polygon, place.lon, place.lat)
        spot = where_is(place, point, line, network) if point is not None else "area" if within else "outside"
        where[spot].append(_place(place))
    return {
        "km2": round(flat.area / 1e6, 2),
        "roads_inside": len(inside),
        "km_inside": round(float(network.length_m[inside].sum()) / 1000, 1),
        "passing_over": [_road_words(int(road), county) for road in line.roads.kept],
        "places_inside": where["area"],
        "people_inside": sum(one["population"] or 0 for one in where["area"]),
        "also_enclosed": where["line"],
        "crossings": [_crossing(one, line, county) for one in line.roads.crossings],
        "gates": [_road_words(road, county) for road in line.gates],
        "posts": posts,
        "posts_at_edge": line.at_edge,
        "least_posts": line.sealed.least,
        "proven": line.sealed.is_proven,
        "exits_inside": [one.name for one in line.exits_inside],
    }


def _firms(hits: Iterable[HitPass]) -> list[dict[str, Any]]:
    """Return what each firm's trips lose, the hardest hit first."""
    by_firm: dict[str, list[HitPass]] = {}
    for one in hits:
        by_firm.setdefault(one.enterprise, []).append(one)
    rows = []
    for name, own in by_firm.items():
        added = [one.added_min for one in own if one.added_min is not None]
        rows.append(
            {
                "name": name,
                "passes": len(own),
                "stopped": sum(one.before_s is not None and one.after_s is None for one in own),
                "median": round(median(added), 1) if added else None,
                "worst": round(max(added), 1) if added else None,
            }
        )
    return sorted(rows, key=lambda row: (-row["stopped"], -row["passes"], row["name"]))


def _warnings(line: PlanLine, county: County, found: Consequence) -> list[str]:
    """Return codes of what a planner must know before anything else."""
    told = []
    if not line.gates:
        told.append("no-gate")
    if any(county.network.class_of(one.road) in ARTERIES for one in line.sealed.posts):
        told.append("artery-cut")
    if line.exits_inside:
        told.append("exit-inside")
    if found.channels_broken:
        told.append("channel-broken")
    if any(
        not deciders(post, county.network, _policy(line, county), cause_of(line.inputs, county))
        for post in line.sealed.posts
    ):
        told.append("nobody-decides")
    return told


def _policy(line: PlanLine, county: County) -> Any:
    return county.settings.policy_for(cause_of(line.inputs, county))


def _passes_inside(connection: sa.Connection, line: PlanLine, county: County) -> int:
    """Count the passes whose truck may be on a road that lies in the area or leads into it meanwhile."""
    numbers = {*map(int, line.roads.inside), *(one.road for one in line.roads.crossings)}
    roads = {str(county.network.road_id[road]) for road in numbers}
    return len({one.jti for one in passages_on_roads(connection, roads, window=line.inputs.window)})


def answer_plan(
    inputs: PlanInputs,
    *,
    connection: sa.Connection,
    county: County,
    engine: Engine,
    at: datetime,
    tell: Tell,
) -> dict[str, Any]:
    """Return what would be if an area were sealed: the line, the people, the passes, the channels.

    Parameters
    ----------
    connection
        For the register of passes; only read.
    engine
        With every closing of the register.
    tell
        Told how far the work is.

    Raises
    ------
    BadInputError
        As `draw_line`.
    """
    tell(0.05, "roads")
    line = draw_line(inputs, county)
    tell(0.2, "people")
    closure = closure_of_posts(line.sealed.posts, line, county, closure_id="plan")
    what_if = WhatIf(
        (closure,),
        connection,
        county,
        engine,
        at,
        line.area,
        progress=lambda share: tell(0.3 + 0.65 * share, "passes"),
    )
    found = foresee_what_if(what_if)
    tell(0.97, "summary")
    return {
        "line": _line_summary(line, county),
        "closed_m": round(length_of(closure.extent)),
        "passes_inside": _passes_inside(connection, line, county),
        "consequence": consequence_summary(found),
        "firms": _firms(found.passes_hit),
        "warnings": _warnings(line, county, found),
    }
