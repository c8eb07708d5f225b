"""Say what each road of the demo county is: class, name, speed, who may use it, limits, surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.demo.chance import Chance
from geodata.demo.drawing import Drawing
from geodata.demo.graph import Edges
from geodata.demo.lanes import STREET_M, town_area
from geodata.demo.plan import Plan
from geodata.demo.plane import Points, inside, lengths_of, near
from geodata.demo.sketch import LANE
from geodata.network import ACCESS_BIT, BRIDGE, TUNNEL
from geodata.road_classes import ROAD_CLASSES, RoadClass

Mask = NDArray[np.bool_]
_CODE: Final = {road_class: number for number, road_class in enumerate(ROAD_CLASSES)}
_SURFACES: Final = {
    RoadClass.EXPRESSWAY: "asphalt",
    RoadClass.NATIONAL: "asphalt",
    RoadClass.PROVINCIAL: "asphalt",
    RoadClass.COUNTY: "asphalt",
    RoadClass.TOWNSHIP: "asphalt",
    RoadClass.VILLAGE: "concrete",
    RoadClass.STREET: "asphalt",
    RoadClass.TRACK: "unpaved",
}
_DIGITS: Final = "〇一二三四五六七八九"
#: Rows of the town's streets that are one-way, counted from the middle: (axis, row, towards the higher row number).
_ONE_WAY_ROWS: Final = ((0, 2, True), (0, 4, False), (1, 2, True), (1, 4, False))


@dataclass(frozen=True, slots=True)
class Outline:
    """What classes are decided by, road by road.

    Attributes
    ----------
    label : (m,)
        Index into the sketch's labels, LANE for a road without a number.
    bridge, one_way : (m,) bool
    middle, along : (m, 2)
        A point near the middle, and the vector from end to end, in plane metres.
    """

    label: Edges
    bridge: Mask
    one_way: Mask
    middle: Points
    along: Points


@dataclass(frozen=True, slots=True)
class Attributes:
    """Columns of the network, road by road, as `Network` names them."""

    road_class: NDArray[np.uint8]
    name: NDArray[np.str_]
    ref: NDArray[np.str_]
    tagged_kmh: NDArray[np.float32]
    access: NDArray[np.uint8]
    max_weight_kg: NDArray[np.float32]
    max_height_m: NDArray[np.float32]
    max_width_m: NDArray[np.float32]
    structure: NDArray[np.uint8]
    layer: NDArray[np.int8]
    surface: NDArray[np.str_]


def _numeral(number: int) -> str:
    """Return a whole number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def _classes(outline: Outline, drawing: Drawing, plan: Plan, chance: Chance) -> NDArray[np.uint8]:
    """Return the class of each road: by its number, else street in a town, village road near houses, track in hills."""
    by_label = np.array([_CODE[one.road_class] for one in drawing.sketch.labels], dtype=np.uint8)
    luck = chance.uniform("tracks", len(outline.label))
    wild = luck < 0.18 + 0.5 * plan.hilliness(outline.middle)
    housed = near(outline.middle, drawing.villages, within_m=420.0)
    lane = np.where(wild & ~housed, _CODE[RoadClass.TRACK], _CODE[RoadClass.VILLAGE])
    lane = np.where(inside(town_area(plan), outline.middle), _CODE[RoadClass.STREET], lane)
    return np.where(outline.label == LANE, lane, by_label[outline.label]).astype(np.uint8)


def _town_rows(outline: Outline, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int64], Mask]:
    """Return of each road its axis (0 runs north), its row counted from the town's middle, and whether it has one."""
    widest = plan.seat_radius_m == plan.seat_radius_m.max()
    middle = plan.seats[widest].sum(axis=0) / int(widest.sum())
    away = outline.middle - middle
    axis = (np.abs(outline.along[:, 0]) > np.abs(outline.along[:, 1])).astype(np.int64)
    across = np.where(axis == 0, away[:, 0], away[:, 1])
    row = np.rint(across / STREET_M).astype(np.int64)
    return axis, row, lengths_of(away) < 3_600.0


def _street_names(outline: Outline, streets: Mask, plan: Plan) -> NDArray[np.str_]:
    """Name the county town's streets by rows: 经 runs north, 纬 runs east."""
    axis, row, inner = _town_rows(outline, plan)
    row = row - int(row[streets & inner].min(initial=0)) + 1
    table = np.array([[""] + [f"{word}{_numeral(n)}路" for n in range(1, 99)] for word in "经纬"])
    return np.where(streets & inner, table[axis, np.clip(row, 0, 98)], "")


def _access(outline: Outline, streets: Mask, plan: Plan, chance: Chance) -> NDArray[np.uint8]:
    """Return who may use each road: carriageways and some streets one way, some inner streets closed to trucks."""
    both = ACCESS_BIT["car"] | ACCESS_BIT["truck"]
    access = np.full((len(streets), 2), both, dtype=np.uint8)
    access[outline.one_way, 1] = 0
    axis, row, inner = _town_rows(outline, plan)
    for one_axis, one_row, upwards in _ONE_WAY_ROWS:
        mine = streets & inner & (axis == one_axis) & (row == one_row)
        climbs = outline.along[:, 1 - one_axis] > 0
        access[mine & (climbs == upwards), 1] = 0
        access[mine & (climbs != upwards), 0] = 0
    quiet = streets & inner & (np.abs(row) < 6) & (chance.uniform("no-trucks", len(streets)) < 0.12)
    access[quiet] &= ACCESS_BIT["car"]
    return access


def _speeds(outline: Outline, road_class: NDArray[np.uint8], drawing: Drawing, plan: Plan) -> NDArray[np.float32]:
    """Return signed limits: expressways, ramps, and main roads within a town; the rest goes by its class."""
    kmh = np.zeros(len(road_class), dtype=np.float32)
    expressway = road_class == _CODE[RoadClass.EXPRESSWAY]
    ramp = np.array([one.name.endswith("匝道") for one in drawing.sketch.labels])[outline.label]
    kmh[expressway] = 120.0
    kmh[expressway & ramp] = 40.0
    main = (road_class >= _CODE[RoadClass.NATIONAL]) & (road_class <= _CODE[RoadClass.COUNTY])
    kmh[main & inside(town_area(plan), outline.middle)] = 50.0
    return np.stack([kmh, kmh], axis=1)


def _limit(chosen: Mask, luck: NDArray[np.float64], values: tuple[float, ...]) -> NDArray[np.float32]:
    """Return one of the values where chosen, else infinity."""
    pick = np.array(values)[np.minimum((luck * len(values)).astype(np.int64), len(values) - 1)]
    return np.where(chosen, pick, np.inf).astype(np.float32)


def describe_roads(outline: Outline, drawing: Drawing, plan: Plan, chance: Chance) -> Attributes:
    """Decide every attribute of every road."""
    count = len(outline.label)
    labels = drawing.sketch.labels
    road_class = _classes(outline, drawing, plan, chance)
    lane = outline.label == LANE
    streets = lane & (road_class == _CODE[RoadClass.STREET])
    minor = (road_class == _CODE[RoadClass.TOWNSHIP]) | (road_class == _CODE[RoadClass.VILLAGE])
    under = outline.bridge & minor & near_lines(outline.middle, drawing)
    spare = lane | np.array([one.is_spare for one in labels])[outline.label]
    narrow = lane & (road_class == _CODE[RoadClass.VILLAGE]) & (chance.uniform("posts", count) < 0.006)
    named = np.where(lane, "", np.array([one.name for one in labels])[outline.label])
    return Attributes(
        road_class=road_class,
        name=np.where(streets, _street_names(outline, streets, plan), named),
        ref=np.where(lane, "", np.array([one.ref for one in labels])[outline.label]),
        tagged_kmh=_speeds(outline, road_class, drawing, plan),
        access=_access(outline, streets, plan, chance),
        max_weight_kg=_limit(
            outline.bridge & spare & ~under, chance.uniform("weights", count), (10_000.0, 15_000.0, 20_000.0)
        ),
        max_height_m=_limit(under, chance.uniform("heights", count), (4.2, 4.5, 4.5)),
        max_width_m=_limit(narrow, chance.uniform("widths", count), (2.2, 2.3)),
        structure=np.where(under, TUNNEL, np.where(outline.bridge, BRIDGE, 0)).astype(np.uint8),
        layer=np.where(under, -1, np.where(outline.bridge, 1, 0)).astype(np.int8),
        surface=np.array([_SURFACES[one] for one in ROAD_CLASSES])[road_class],
    )


def near_lines(points: Points, drawing: Drawing) -> Mask:
    """Tell which points lie at an expressway: there the small road runs underneath."""
    if drawing.highways is None:
        return np.zeros(len(points), dtype=np.bool_)
    return inside(drawing.highways.keep_clear.buffer(120.0), points)
