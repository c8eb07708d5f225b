"""Plans of any size without a single real name, for measurements: townships, villages and arterials by chance."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from geodata.demo.chance import Chance
from geodata.demo.fangcheng import SEAT_RADIUS_M, SPACING_M
from geodata.demo.graph import Edges, triangles_of, without_longest
from geodata.demo.lines import smooth_line
from geodata.demo.plan import Arterial, Plan
from geodata.demo.plane import Points, centimetres, near
from geodata.demo.settlements import spread_villages
from geodata.road_classes import RoadClass

#: Area, seats and villages of a plan of scale 1, as the demo county has them.
_AREA_M2: Final = 2_330e6
_SEATS: Final = 20
_VILLAGES: Final = 570
_TOWN_RADIUS_M: Final = 2_000.0


def _river(outline: shapely.Polygon, number: int, chance: Chance) -> Points:
    """Return a winding line from the northern to the southern edge."""
    west, south, east, north = outline.bounds
    start, end = west + (east - west) * chance.uniform(f"river-{number}", 2)
    steps = int((north - south) / 6_000.0) + 2
    share = np.arange(steps) / (steps - 1)
    line = np.stack([start + (end - start) * share, north + (south - north) * share], axis=1)
    line = line + chance.shifts(f"river-bend-{number}", steps, most_m=1_800.0)
    return smooth_line(centimetres(line), rounds=2, spacing_m=200.0)


def _arterials(seats: Points, towns: Edges) -> tuple[Arterial, ...]:
    """Join neighbouring towns by national and provincial roads, then neighbouring seats by county roads."""
    roads: list[Arterial] = []
    between = without_longest(seats[towns], triangles_of(seats[towns])) if len(towns) > 3 else np.empty((0, 2), int)
    for number, (one, other) in enumerate(towns[between].tolist()):
        road_class = RoadClass.NATIONAL if number % 3 == 0 else RoadClass.PROVINCIAL
        roads.append(Arterial(road_class, f"{'G' if number % 3 == 0 else 'S'}{901 + number % 99}", "", (one, other)))
    for number, (one, other) in enumerate(without_longest(seats, triangles_of(seats)).tolist()):
        roads.append(Arterial(RoadClass.COUNTY, f"X{901 + number}", "", (one, other)))
    return tuple(roads)


def invented_plan(chance: Chance, scale: float) -> Plan:
    """Return a plan of about `scale` times 20,000 junctions: a rectangle with towns, seats, hills and rivers.

    It has no expressways and no entry points: it is for measuring.
    """
    width = float(np.round(np.sqrt(_AREA_M2 * scale * 1.3)))
    outline = shapely.box(-width / 2, -width / 2.6, width / 2, width / 2.6)
    count = max(4, round(_SEATS * scale))
    seats = spread_villages(outline.buffer(-2_500.0), count, chance=chance, stage="seats")
    towns = np.flatnonzero(chance.uniform("towns", count) < 0.15)
    radius = np.full(count, SEAT_RADIUS_M)
    radius[towns] = _TOWN_RADIUS_M
    wanted = max(20, round(_VILLAGES * scale))
    villages = spread_villages(outline.buffer(-500.0), wanted, chance=chance, stage="country")
    hills = chance.uniform("hills", max(1, round(4 * scale)), 4)
    spread = np.array([width, width / 1.3, 7_000.0, 0.7])
    return Plan(
        outline=outline,
        seats=seats,
        seat_radius_m=radius,
        villages=villages[~near(villages, seats, within_m=700.0)],
        village_seat=np.zeros(0, dtype=np.int64),
        entries=np.empty((0, 2)),
        hills=(hills - np.array([0.5, 0.5, -0.4, -0.3])) * spread,
        rivers=tuple(_river(outline, number, chance) for number in range(max(2, round(3 * np.sqrt(scale))))),
        expressways=(),
        arterials=_arterials(seats, towns),
        spacing_m=SPACING_M,
    )
