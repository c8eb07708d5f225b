"""What areas in force close to traffic without a pass (L3): closings like any other, open for pass holders.

An area kind whose `transit` is not free lets no public traffic through. Where it asks for a pass "in_out", its edge is
closed at every road that crosses it: who is inside moves there freely. Where it asks "inside", all that is inside is
closed. Two cases are no closing: with `transit = "free"` the public drives through, and who needs a pass to end
inside is told by `routing.trips.pass_need`; with `passes_required_for = "none"` nothing holds anybody at the edge.
Bridges and tunnels over or under an area stay open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import shapely

from geodata.area_roads import find_area_parts, find_area_roads
from geodata.areas import Area
from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import CountySettings
from geodata.drawn_area import DrawnPolygon
from geodata.snapping import RoadIndex
from routing.trips.area_rules import rule_of_area

#: Put before an area's id: it names what closes, and no closure has such an id by chance.
PREFIX: Final = "area:"
_ASKS_AT: Final = ("in_out", "inside")


def _outline(area: Area, buffer_km: float, index: RoadIndex) -> DrawnPolygon:
    """Return the area with its kind's buffer, WGS-84."""
    if buffer_km <= 0:
        return area.polygon
    flat = shapely.transform(area.polygon, index.plane.to_metres)
    wide: DrawnPolygon = shapely.transform(shapely.buffer(flat, 1000.0 * buffer_km), index.plane.to_degrees)
    return wide


def _parts(area: Area, settings: CountySettings, index: RoadIndex) -> Iterator[tuple[int, float, float]]:
    rule = rule_of_area(area.kind, area.regime, settings)
    if rule is None or rule.transit == "free" or rule.passes_required_for not in _ASKS_AT:
        return
    outline = _outline(area, rule.buffer_km, index)
    if rule.passes_required_for == "inside":
        yield from ((part.road, part.from_m, part.to_m) for part in find_area_parts(outline, index))
    else:
        yield from ((one.road, one.offset_m, one.offset_m) for one in find_area_roads(outline, index).crossings)


def area_closings(areas: Iterable[Area], settings: CountySettings, index: RoadIndex) -> tuple[Closing, ...]:
    """Return what the areas close to the public, each in its area's window; pass holders are let through."""
    return tuple(
        Closing(PREFIX + area.id, road, Direction.BOTH, from_m, to_m, area.window, lets_pass_holders_through=True)
        for area in areas
        for road, from_m, to_m in _parts(area, settings, index)
    )
