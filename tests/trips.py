"""Trips for tests: a county's roads, places and engine in one hand, and random grid counties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
import shapely

from geodata.areas import Area
from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.county_settings import DEFAULT_SPEEDS_KMH, DEFAULT_VEHICLES
from geodata.places import Place, Places
from geodata.road_classes import ROAD_CLASSES
from geodata.snapping import RoadIndex
from geodata.windows import Window
from routing.engine import Engine
from routing.trips.closed_loop import plan_closed_loop
from routing.trips.ends import resolve_end
from routing.trips.trip import ConditionEnd, TripMap, TripRequest, trip_map_of
from tests.networks import CORNER, Road, make_network

START = datetime(2022, 6, 22, 0, 0, tzinfo=UTC)
TRUCK = DEFAULT_VEHICLES["truck"]


def minutes(count):
    """Return a span of so many minutes."""
    return timedelta(minutes=count)


@dataclass(frozen=True)
class World:
    """A county ready for trips."""

    trip_map: TripMap
    closings: tuple[Closing, ...] = ()

    @cached_property
    def engine(self) -> Engine:
        speeds = self.trip_map.settings.speeds_kmh if self.trip_map.settings else DEFAULT_SPEEDS_KMH
        return Engine(self.trip_map.network, speeds_kmh=speeds, closings=self.closings)

    def end(self, what, where="origin"):
        return resolve_end(what, self.trip_map, usable=self.engine.usable_roads(TRUCK), where=where)

    def request(self, origin, destination, **further) -> TripRequest:
        via = tuple(self.end(one, "via") for one in further.pop("via", ()))
        return TripRequest(self.end(origin), self.end(destination), START, TRUCK, via=via, **further)

    def plan(self, origin, destination, **further):
        return plan_closed_loop(self.engine, self.trip_map, self.request(origin, destination, **further))

    def with_places(self, *places: Place) -> World:
        known = {**self.trip_map.places.by_id, **{place.id: place for place in places}}
        return World(replace(self.trip_map, places=Places(MappingProxyType(known))), self.closings)

    def without_places(self, *ids: str) -> World:
        known = {key: place for key, place in self.trip_map.places.by_id.items() if key not in ids}
        return World(replace(self.trip_map, places=Places(MappingProxyType(known))), self.closings)

    def with_areas(self, *areas: Area) -> World:
        return World(replace(self.trip_map, areas=areas), self.closings)

    def closing(self, road_id, *, after_min=None, until_min=None, closure_id="", holders=False) -> World:
        """Close a whole road, always or in a window counted in minutes from the start."""
        road = self.trip_map.network.road_index[road_id]
        length_m = float(self.trip_map.network.length_m[road])
        window = None
        if after_min is not None:
            window = Window(START + minutes(after_min), None if until_min is None else START + minutes(until_min))
        one = Closing(closure_id or f"X-{road_id}", road, Direction.BOTH, 0.0, length_m, window, holders)
        return World(self.trip_map, (*self.closings, one))

    def roads(self, trip) -> list[str]:
        """Name the roads driven, in order, each once in a row."""
        names = [str(self.trip_map.network.road_id[leg.road]) for leg in trip.legs if leg.length_m > 0]
        return [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]


def world_of(county) -> World:
    """Return the world of an open county."""
    return World(trip_map_of(county))


def test_end(subject, after_min, **further) -> ConditionEnd:
    """Return a condition of a person that ends so many minutes after the start."""
    given = {"nearest": "sampling_station", "renewed_h": 24.0, "clause": "L4", **further}
    return ConditionEnd(subject, "test", START + minutes(after_min), **given)


test_end.__test__ = False


def square(west, south, east, north, area_id="square", kind="emergency", **further) -> Area:
    """Return a box-shaped area."""
    return Area(area_id, area_id, kind, shapely.box(west, south, east, north), **further)


def place(place_id, kind, lon, lat, **further) -> Place:
    """Return a place named as its id."""
    return Place(place_id, further.pop("name", place_id), kind, lon, lat, **further)


def _grid_roads(side: int, chance: np.random.Generator) -> Iterable[Road]:
    for row in range(side):
        for column in range(side):
            for down, right in ((0, 1), (1, 0)):
                if row + down >= side or column + right >= side:
                    continue
                road_class = ROAD_CLASSES[int(chance.integers(1, 7))]
                access = (3, 0) if chance.random() < 0.1 else (3, 3)
                start, end = f"{row}.{column}", f"{row + down}.{column + right}"
                bend = (
                    CORNER[0] + (column + right / 2) * 0.01 + float(chance.uniform(-0.003, 0.003)),
                    CORNER[1] + (row + down / 2) * 0.01 + float(chance.uniform(-0.003, 0.003)),
                )
                yield Road(
                    f"{start}-{end}", start, end, float(chance.uniform(950, 1600)), road_class, access, bend=(bend,)
                )


@lru_cache(maxsize=32)
def grid_world(seed: int, side: int = 6) -> World:
    """Return a random county: a grid of winding roads of all classes, some one-way, with posts and stations."""
    chance = np.random.default_rng(seed)
    at = {f"{r}.{c}": (CORNER[0] + c * 0.01, CORNER[1] + r * 0.01) for r in range(side) for c in range(side)}
    network = make_network(list(_grid_roads(side, chance)), at)
    kinds = ["checkpoint"] * 4 + ["sampling_station"] * 3 + ["entry_point"] * 3
    spots = {f"{kind}{n}": (kind, *at[str(chance.choice(list(at)))]) for n, kind in enumerate(kinds)}
    places = {key: place(key, kind, lon, lat) for key, (kind, lon, lat) in spots.items()}
    west, south = CORNER[0] + float(chance.uniform(0, 0.03)), CORNER[1] + float(chance.uniform(0, 0.03))
    areas = (square(west, south, west + 0.017, south + 0.017),)
    return World(TripMap(network, RoadIndex(network), Places(MappingProxyType(places)), areas))
