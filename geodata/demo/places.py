"""Places of the demo county: seats, villages, entry points, hubs, parks, enterprises, checkpoints, stations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from geodata.demo.areas import Polygon
from geodata.demo.chance import Chance
from geodata.demo.enterprises import enterprises
from geodata.demo.facts import read_demo_json, townships
from geodata.demo.fangcheng import entry_rows
from geodata.demo.ground import Ground
from geodata.demo.plane import Points, crosses, lengths_of, to_lonlat, to_plane
from geodata.demo.roads import DemoRoads
from geodata.places import Place, PlaceKind
from geodata.road_classes import RoadClass

TOLL_STATION: Final = "toll_station"
#: Classes whose roads get a checkpoint where they enter the county.
_WATCHED: Final = (RoadClass.NATIONAL, RoadClass.PROVINCIAL)
#: A checkpoint stands so far inside the county.
_INSIDE_M: Final = 600.0


@dataclass
class PlaceBook:
    """Collects places; phones are numbered as they come, in a range that nobody has."""

    roads: DemoRoads
    ground: Ground
    chance: Chance
    places: list[Place] = field(default_factory=list)

    @property
    def words(self) -> dict[str, str]:
        """Patterns of names."""
        found: dict[str, str] = read_demo_json("places.json")["words"]
        return found

    def add(self, kind: str, place_id: str, name: str, position: Points, **facts: Any) -> None:
        """Add a place at a point of the plane."""
        lon, lat = to_lonlat(position).tolist()
        self.places.append(Place(place_id, name, kind, lon, lat, **facts))

    def phone(self) -> str:
        """Return the next invented phone number."""
        return f"000-{len(self.places) + 1:08d}"


def _settlements(book: PlaceBook) -> None:
    """Add the township seats and the 570 villages; their people are invented."""
    people = book.chance.uniform("people", len(book.roads.drawing.villages))
    number = 0
    for township, seat in zip(townships(), book.roads.plan.seats, strict=True):
        crowd = 25_000.0 if township.is_urban else 6_000.0 if len(township.villages) > 1 else 300.0
        book.add(PlaceKind.TOWNSHIP_SEAT, township.code, township.name, seat, township=township.name, population=crowd)
        for village in township.villages:
            book.add(
                PlaceKind.VILLAGE,
                village.code,
                village.name,
                book.roads.drawing.villages[number],
                township=township.name,
                population=float(700 + int(people[number] * 2_600)),
            )
            number += 1


def _entry_points(book: PlaceBook) -> None:
    """Add an entry point (入县口) where each numbered road enters, and one a carriageway for the expressways."""
    words = book.words
    arterials = book.roads.plan.arterials
    for number, (row, position) in enumerate(zip(entry_rows(), book.roads.plan.entries, strict=True)):
        ref = next(road.ref for road in arterials if len(townships()) + number in road.through)
        name = words["entry"].format(road=ref, toward=row["toward"])
        book.add(PlaceKind.ENTRY_POINT, row["id"], name, position)
    highways = book.roads.drawing.highways
    if highways is None:
        return
    for row, ends in zip(read_demo_json("course.json")["expressways"], highways.ends, strict=True):
        for way, side, node in (
            ("in", 0, ends[0] + 1),
            ("out", 1, ends[1] - 1),
            ("in", 1, ends[2] + 1),
            ("out", 0, ends[3] - 1),
        ):
            name = words[f"entry_{way}"].format(road=row["name"], toward=row["toward"][side])
            place_id = f"entry-{row['id']}-{row['toward_id'][side]}-{way}"
            book.add(PlaceKind.ENTRY_POINT, place_id, name, highways.sketch.points[node])


def _checkpoints_at_edge(book: PlaceBook) -> None:
    """Add a checkpoint inside the county on every main road that enters, and at every toll station."""
    words, sketch = book.words, book.roads.drawing.sketch
    classes = {label.ref: label.road_class for label in sketch.labels}
    refs = np.array([label.ref for label in sketch.labels])
    for place, row in zip(
        [one for one in book.places if one.kind == PlaceKind.ENTRY_POINT], entry_rows(), strict=False
    ):
        ref = place.name.split()[0]
        if classes.get(ref) not in _WATCHED:
            continue
        nodes = np.unique(sketch.edges[(sketch.label >= 0) & (refs[sketch.label] == ref)])
        far = lengths_of(sketch.points[nodes] - to_plane(np.array([place.lon, place.lat])))
        spot = sketch.points[nodes[int(np.argmin(np.abs(far - _INSIDE_M)))]]
        name = words["checkpoint_entry"].format(toward=row["toward"], road=ref)
        book.add(PlaceKind.CHECKPOINT, f"checkpoint-{row['id']}", name, spot, phone=book.phone(), hours="00:00-24:00")
    for number, (name, spot) in enumerate(_tolls(book), start=1):
        book.add(TOLL_STATION, f"toll-{number}", name, spot)
        title = words["checkpoint_toll"].format(toll=name)
        book.add(
            PlaceKind.CHECKPOINT, f"checkpoint-toll-{number}", title, spot, phone=book.phone(), hours="00:00-24:00"
        )


def _tolls(book: PlaceBook) -> Iterator[tuple[str, Points]]:
    """Yield each toll station's name and the middle of its link road, which is open both ways."""
    drawing = book.roads.drawing
    if drawing.highways is not None:
        for toll in drawing.highways.tolls:
            plaza = drawing.highways.sketch.points[toll.node]
            yield toll.name, (plaza + drawing.sketch.points[toll.road_node]) / 2


def _checkpoints_at_area(book: PlaceBook, area: Polygon) -> None:
    """Add a checkpoint where each numbered main or county road enters the emergency area (L3)."""
    sketch, words = book.roads.drawing.sketch, book.words
    watched = np.array(
        [label.road_class in (*_WATCHED, RoadClass.COUNTY) and bool(label.ref) for label in sketch.labels]
    )
    strokes = np.flatnonzero((sketch.label >= 0) & watched[sketch.label])
    strokes = strokes[crosses(sketch.points[sketch.edges[strokes]], area.boundary)]
    taken: list[Points] = []
    for stroke in strokes.tolist():
        spot = sketch.points[sketch.edges[stroke, 0]]
        if any(lengths_of(spot - other) < 700.0 for other in taken):
            continue
        taken.append(spot)
        name = words["checkpoint_area"].format(number=len(taken), road=sketch.labels[sketch.label[stroke]].ref)
        place_id = f"checkpoint-area-{len(taken)}"
        book.add(PlaceKind.CHECKPOINT, place_id, name, spot, phone=book.phone(), hours="00:00-24:00")


def _sites(book: PlaceBook, rows: Iterable[dict[str, Any]], kind: str) -> None:
    """Add places whose position the data file gives roughly: each goes to the nearest open junction."""
    for row in rows:
        spot = book.ground.junction_near(to_plane(np.array([row["lon"], row["lat"]])))
        book.add(kind, row["id"], row["name"], spot, township=row.get("township", ""), phone=book.phone())


def _parks(book: PlaceBook) -> None:
    """Add the three kinds of station that each logistics park holds (L14)."""
    words = book.words
    capacity = {PlaceKind.TRANSFER_STATION: 800.0, PlaceKind.HANDOVER_POINT: 500.0, PlaceKind.SORTING_YARD: 300.0}
    for row in read_demo_json("places.json")["parks"]:
        target = to_plane(np.array([row["lon"], row["lat"]]))
        for kind, tonnes in capacity.items():
            spot = book.ground.junction_near(target)
            book.add(
                kind,
                f"{row['id']}-{kind.replace('_', '-')}",
                words[kind].format(park=row["name"]),
                spot,
                township=row["township"],
                owner=row["name"],
                hours="00:00-24:00",
                phone=book.phone(),
                capacity_t_per_day=tonnes,
            )
        _sampling(book, f"sampling-{row['id']}", words["sampling_park"].format(park=row["name"]), spot)


def _sampling(book: PlaceBook, place_id: str, name: str, spot: Points, *, hours: str = "00:00-24:00") -> None:
    book.add(PlaceKind.SAMPLING_STATION, place_id, name, spot, hours=hours, phone=book.phone())


def _services(book: PlaceBook) -> None:
    """Add a clinic and a sampling station at every seat, sampling at every toll, hospitals and fire stations."""
    words = book.words
    data = read_demo_json("places.json")
    for township, seat in zip(townships(), book.roads.plan.seats, strict=True):
        name = words["sampling_seat"].format(seat=township.name)
        _sampling(book, f"sampling-{township.code}", name, book.ground.junction_near(seat))
        book.add(
            PlaceKind.HOSPITAL,
            f"clinic-{township.code}",
            words["hospital_seat"].format(seat=township.name),
            book.ground.junction_near(seat + 250.0),
            township=township.name,
            phone=book.phone(),
        )
        if township.name in data["fire_stations"]:
            title = words["fire_seat"].format(seat=township.name)
            book.add(PlaceKind.FIRE_STATION, f"fire-{township.code}", title, book.ground.junction_near(seat - 300.0))
    for number, (name, spot) in enumerate(_tolls(book), start=1):
        _sampling(book, f"sampling-toll-{number}", words["sampling_toll"].format(toll=name), spot)
    _sites(book, data["hospitals"], PlaceKind.HOSPITAL)
    for row in data["rest_areas"]:
        highway = book.roads.plan.expressways[0].line
        near = int(np.argmin(lengths_of(highway - to_plane(np.array([row["lon"], row["lat"]])))))
        book.add(PlaceKind.REST_AREA, row["id"], row["name"], highway[near], phone=book.phone())


def _enterprises(book: PlaceBook) -> None:
    """Add every enclosed enterprise with its one fixed receiving point inside (L18, L19)."""
    rows = townships()
    names = [one.name for one in rows]
    away = book.chance.shifts("enterprises", len(enterprises()), most_m=1_300.0)
    tonnes = book.chance.uniform("capacity", len(enterprises()))
    for number, firm in enumerate(enterprises()):
        seat = book.roads.plan.seats[names.index(firm.township)]
        gate = book.ground.junction_near(seat + away[number])
        middle = book.ground.beside(gate, metres=80.0)
        book.add(
            PlaceKind.ENTERPRISE, firm.id, firm.name, middle, township=firm.township, phone=book.phone(), enclosed=True
        )
        book.add(
            PlaceKind.RECEIVING_POINT,
            f"rp-{firm.id}",
            book.words["receiving_point"].format(enterprise=firm.name),
            (gate + middle) / 2,
            township=firm.township,
            owner=firm.id,
            hours="06:00-22:00",
            phone=book.phone(),
            capacity_t_per_day=float(40 + 20 * int(tonnes[number] * 20)),
        )


def demo_places(roads: DemoRoads, emergency_area: Polygon, chance: Chance) -> tuple[Place, ...]:
    """Return every place of the demo county; the emergency area is given in plane metres."""
    data = read_demo_json("places.json")
    book = PlaceBook(roads, Ground(roads.network), chance)
    _entry_points(book)
    _checkpoints_at_edge(book)
    _checkpoints_at_area(book, emergency_area)
    _sites(book, data["hubs"], PlaceKind.HUB)
    _parks(book)
    _enterprises(book)
    _services(book)
    _settlements(book)
    return tuple(book.places)


def township_populations(places: Iterable[Place]) -> tuple[float, ...]:
    """Return the invented number of people in each township, villages and seat together."""
    people = dict.fromkeys((one.name for one in townships()), 0.0)
    for place in places:
        if place.kind in (PlaceKind.VILLAGE, PlaceKind.TOWNSHIP_SEAT):
            people[place.township] += place.population or 0.0
    return tuple(people.values())
