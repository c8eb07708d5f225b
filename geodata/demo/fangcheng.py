"""The plan of the schematic Fangcheng: real names and points, invented outline, rivers and courses of roads."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.demo.chance import Chance
from geodata.demo.facts import read_demo_json, townships
from geodata.demo.lines import roughened, smooth_line
from geodata.demo.plan import Arterial, Expressway, Plan, Toll
from geodata.demo.plane import Points, centimetres, to_plane
from geodata.demo.settlements import share_out, spread_villages
from geodata.road_classes import RoadClass

#: The county town: its subdistricts share one built-up area of this radius.
TOWN_RADIUS_M: Final = 3_600.0
SEAT_RADIUS_M: Final = 800.0
SPACING_M: Final = 278.0


def _outline(course: Any, chance: Chance) -> shapely.Polygon:
    ring = to_plane(np.array([*course["outline"], course["outline"][0]]))
    return shapely.Polygon(roughened(ring, chance=chance, stage="outline", share=0.09, rounds=3))


def _crossing(outline: shapely.Polygon, inside: Points, outside: Points) -> Points:
    """Return where the straight line from a point inside to one outside leaves the county for good."""
    cut = shapely.get_coordinates(shapely.intersection(outline.exterior, shapely.linestrings([inside, outside])))
    far = ((cut - inside) ** 2).sum(axis=1)
    return centimetres(cut[int(np.argmax(far))])


def _expressway(row: Any, outline: shapely.Polygon, chance: Chance) -> Expressway:
    bent = roughened(to_plane(np.array(row["line"])), chance=chance, stage=row["name"], share=0.06, rounds=1)
    line = smooth_line(bent, rounds=4, spacing_m=150.0)
    within = shapely.contains_xy(outline, line[:, 0], line[:, 1])
    first, last = np.flatnonzero(within)[[0, -1]]
    tolls = tuple(Toll(one["name"], one["ref"], to_plane(np.array(one["near"]))) for one in row["tolls"])
    return Expressway(row["ref"], row["name"], line[first : last + 1], tolls)


def entry_rows() -> list[dict[str, str]]:
    """Return the entry points of the numbered roads: id, toward, inside, outside."""
    rows: list[dict[str, str]] = read_demo_json("course.json")["entries"]
    return rows


def _entries(outline: shapely.Polygon) -> Points:
    seat = {one.name: to_plane(np.array([one.lon, one.lat])) for one in townships()}
    beyond = {
        one["name"]: to_plane(np.array([one["lon"], one["lat"]])) for one in read_demo_json("facts.json")["neighbours"]
    }
    return np.stack([_crossing(outline, seat[row["inside"]], beyond[row["outside"]]) for row in entry_rows()])


def _arterials(course: Any) -> tuple[Arterial, ...]:
    names = [one.name for one in townships()] + [row["id"] for row in entry_rows()]
    return tuple(
        Arterial(RoadClass(row["class"]), row["ref"], row["name"], tuple(names.index(via) for via in row["via"]))
        for row in course["arterials"]
    )


def _villages(outline: shapely.Polygon, seats: Points, avoid: BaseGeometry, chance: Chance) -> Points:
    """Place every village: those of the county town within it, the others over the county, a forest's at its seat."""
    rows = townships()
    urban = np.array([row.is_urban for row in rows])
    counts = np.array([len(row.villages) for row in rows])
    single = counts == 1
    town = shapely.Point(seats[urban].mean(axis=0)).buffer(TOWN_RADIUS_M + 900.0)
    near_seats = shapely.MultiPoint(seats).buffer(700.0)
    places = np.empty((counts.sum(), 2))
    owner = np.repeat(np.arange(len(rows)), counts)
    for stage, chosen, region in (
        ("town", urban, town.difference(near_seats)),
        ("country", ~urban & ~single, outline.buffer(-600.0).difference(shapely.union_all([town, near_seats, avoid]))),
    ):
        found = spread_villages(region, int(counts[chosen].sum()), chance=chance, stage=stage)
        seat = np.flatnonzero(chosen)[share_out(found, seats[chosen], counts[chosen])]
        for one in np.flatnonzero(chosen):
            places[owner == one] = found[seat == one]
    places[np.isin(owner, np.flatnonzero(single))] = seats[single] + np.array([650.0, 300.0])
    return places


def _river(number: int, line: Any, chance: Chance) -> Points:
    bent = roughened(to_plane(np.array(line)), chance=chance, stage=f"river-{number}", share=0.18, rounds=3)
    return smooth_line(bent, rounds=2, spacing_m=120.0)


def _hills(course: Any) -> NDArray[np.float64]:
    hills = np.array(course["hills"])
    return np.column_stack([to_plane(hills[:, :2]), hills[:, 2] * 1000.0, hills[:, 3]])


def fangcheng_plan(chance: Chance) -> Plan:
    """Return the plan of the demo county: 20 seats, 570 villages, 15 entry points, two expressways."""
    course = read_demo_json("course.json")
    rows = townships()
    outline = _outline(course, chance)
    seats = to_plane(np.array([[row.lon, row.lat] for row in rows]))
    expressways = tuple(_expressway(row, outline, chance) for row in course["expressways"])
    rivers = tuple(_river(number, line, chance) for number, line in enumerate(course["rivers"]))
    highways = shapely.MultiLineString([one.line for one in expressways]).buffer(450.0)
    water = shapely.MultiLineString(list(rivers)).buffer(250.0)
    return Plan(
        outline=outline,
        seats=seats,
        seat_radius_m=np.array([TOWN_RADIUS_M / 2 if row.is_urban else SEAT_RADIUS_M for row in rows]),
        villages=_villages(outline, seats, shapely.union(highways, water), chance),
        village_seat=np.repeat(np.arange(len(rows)), [len(row.villages) for row in rows]),
        entries=_entries(outline),
        hills=_hills(course),
        rivers=rivers,
        expressways=expressways,
        arterials=_arterials(course),
        spacing_m=SPACING_M,
    )
