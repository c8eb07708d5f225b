"""The line round a planned area: its roads, its gates, the fewest staffed posts, and the closures that they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.area_roads import AreaRoads, Structures, find_area_roads
from geodata.areas import Area
from geodata.closures.closure import Closure, Direction, RoadSpan
from geodata.closures.road_spans import join_spans
from geodata.county import County
from geodata.drawn_area import DrawnPolygon, read_drawn_area
from geodata.errors import BadInputError
from geodata.network import Network
from geodata.places import Place, PlaceKind
from geodata.policy import Policy
from geodata.snapping import RoadPoint
from passes.area_plans.plan_inputs import PlanInputs
from routing.area_seal import seal_of_area
from routing.fewest_posts import Post, Sealed, fewest_posts

#: A post closes so many metres of its road on either side.
POST_REACH_M: Final = 10.0
#: What a post is: people on duty who can open it (L10: never a hard barrier).
POST_BARRIER: Final = "staffed"
AREA_ID: Final = "plan-area"
Where = Literal["area", "line", "outside"]


@dataclass(frozen=True, eq=False)
class PlanLine:
    """An area with the line round it.

    Attributes
    ----------
    gates
        Road indices, ascending.
    at_edge
        How many posts it takes where the line stays on the area's edge.
    exits_inside
        Entry points of the county inside the area: the county's own edge is open there.
    """

    inputs: PlanInputs
    polygon: DrawnPolygon
    roads: AreaRoads
    gates: tuple[int, ...]
    sealed: Sealed
    at_edge: int
    exits_inside: tuple[Place, ...]

    @property
    def area(self) -> Area:
        """The area as one that is in force in the what-if."""
        return Area(AREA_ID, self.inputs.name, "", self.polygon, self.inputs.window)


def _gates(inputs: PlanInputs, network: Network) -> tuple[int, ...]:
    unknown = [one for one in inputs.gates if one not in network.road_index]
    if unknown:
        raise BadInputError("gate-road-unknown", "gates", road_id=unknown[0])
    return tuple(sorted({network.road_index[one] for one in inputs.gates}))


def _spots(places: Iterable[Place], county: County, usable: NDArray[np.bool_]) -> list[RoadPoint]:
    return [county.road_index.snap(one.lon, one.lat, usable=usable, where=one.id) for one in places]


def draw_line(inputs: PlanInputs, county: County) -> PlanLine:
    """Find an area's roads and the fewest posts round it.

    Raises
    ------
    BadInputError
        What is wrong with the drawing, `gate-road-unknown`, or `area-without-roads`.
    """
    index, network = county.road_index, county.network
    polygon = read_drawn_area(inputs.area, index, where="area")
    structures = cast("Structures", inputs.structures)
    roads = find_area_roads(polygon, index, inside_share=inputs.inside_share, structures=structures)
    if not len(roads.inside) and not roads.crossings:
        raise BadInputError("area-without-roads", "area")
    gates = _gates(inputs, network)
    entries = county.places.of_kind(PlaceKind.ENTRY_POINT)
    within = tuple(one for one in entries if shapely.intersects_xy(polygon, one.lon, one.lat))
    exits = _spots([one for one in entries if one not in within], county, np.array((network.access > 0).any(axis=1)))
    sealed, at_edge = (
        fewest_posts(network, seal_of_area(polygon, roads, index, move_m=metres, gates=gates, exits=exits))
        for metres in (inputs.move_km * 1000, 0.0)
    )
    return PlanLine(inputs, polygon, roads, gates, sealed, len(at_edge.posts), within)


def post_span(post: Post, network: Network) -> RoadSpan:
    """Return the short part of road that a post closes."""
    length_m = float(network.length_m[post.road])
    from_m, to_m = max(0.0, post.offset_m - POST_REACH_M), min(length_m, post.offset_m + POST_REACH_M)
    return RoadSpan(str(network.road_id[post.road]), Direction.BOTH, from_m, to_m)


def deciders(post: Post, network: Network, policy: Policy, cause: str) -> tuple[str, ...]:
    """Return who must decide about a post on its class of road (L9, L11); nobody where no rule speaks of it."""
    rule = policy.approval_rule(cause, network.class_of(post.road))
    return () if rule is None else rule.authorities


def posts_by_deciders(line: PlanLine, county: County) -> tuple[tuple[tuple[str, ...], tuple[Post, ...]], ...]:
    """Group the posts by who must decide about them: one request each."""
    cause = cause_of(line.inputs, county)
    policy = county.settings.policy_for(cause)
    groups: dict[tuple[str, ...], tuple[Post, ...]] = {}
    for post in line.sealed.posts:
        bodies = deciders(post, county.network, policy, cause)
        groups[bodies] = (*groups.get(bodies, ()), post)
    return tuple(sorted(groups.items()))


def cause_of(inputs: PlanInputs, county: County) -> str:
    """Return the cause of a plan's closures: as asked, else the regime's own."""
    return inputs.cause or county.settings.policy.default_cause


def closure_of_posts(posts: Sequence[Post], line: PlanLine, county: County, *, closure_id: str) -> Closure:
    """Return posts as one closure, asked for by nobody yet."""
    return Closure(
        id=closure_id,
        version=1,
        extent=join_spans(post_span(post, county.network) for post in posts),
        window=line.inputs.window,
        barrier=POST_BARRIER,
        cause=cause_of(line.inputs, county),
        pass_holders=line.inputs.pass_holders,
    )


def where_is(place: Place, point: RoadPoint, line: PlanLine, network: Network) -> Where:
    """Tell whether a place lies in the area, only within the line round it, or outside."""
    if shapely.intersects_xy(line.polygon, place.lon, place.lat):
        return "area"
    enclosed = line.sealed.enclosed[network.ends[point.road]]
    return "line" if enclosed.all() else "outside"
