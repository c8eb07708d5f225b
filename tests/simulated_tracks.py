"""Trucks on a grid of crooked streets, some with a lane 80 m beside them: routes, departures, and a phone's errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np

from geodata.county_settings import DEFAULT_SPEEDS_KMH
from geodata.snapping import METRES_PER_DEGREE, RoadIndex, RoadPoint
from geodata.vehicles import Vehicle
from routing.engine import Ask, Engine
from routing.route import Route, route_geometry
from routing.tracks.allowed import AllowedTrip, AllowedWay
from routing.tracks.conformance import Conformance, judge_loop
from routing.tracks.matching import Matcher
from routing.tracks.screening import beside, screen_line
from routing.tracks.track import Fix
from tests.networks import CORNER, Road, make_network

START = datetime(2022, 7, 1, tzinfo=UTC)
SIDE = 12
BLOCK_M = 900.0
SPEED_MPS = 14.0
LONGEST_GAP = timedelta(minutes=5)
CAR = Vehicle()
_EAST = METRES_PER_DEGREE * np.cos(np.radians(CORNER[1]))


def _at(x_m: float, y_m: float) -> tuple[float, float]:
    return CORNER[0] + x_m / _EAST, CORNER[1] + y_m / METRES_PER_DEGREE


def _streets() -> tuple[list[Road], dict[str, tuple[float, float]]]:
    chance = Random(3)
    spots = {
        f"{x}.{y}": (BLOCK_M * x + chance.uniform(-150, 150), BLOCK_M * y + chance.uniform(-150, 150))
        for x in range(SIDE)
        for y in range(SIDE)
    }
    roads = []
    for x in range(SIDE):
        for y in range(SIDE):
            for other in (f"{x + 1}.{y}", f"{x}.{y + 1}"):
                if other in spots and chance.random() > 0.08:
                    roads += _street(f"{x}.{y}", other, spots, chance)
    return roads, {name: _at(*spot) for name, spot in spots.items()}


def _street(one: str, other: str, spots, chance: Random) -> list[Road]:
    """A crooked street; one in six has a lane 80 m beside it."""
    begin, end = np.array(spots[one]), np.array(spots[other])
    across = np.array([-(end - begin)[1], (end - begin)[0]]) / np.hypot(*(end - begin))
    middle = (begin + end) / 2 + across * chance.uniform(-60, 60)
    bends = [(middle,)] + ([tuple(spot + across * 80 for spot in (begin + (end - begin) * 0.1, middle, end))] * 1)
    lanes = bends if chance.random() < 1 / 6 else bends[:1]
    roads = []
    for number, bend in enumerate(lanes):
        points = np.array([begin, *bend, end])
        length = float(np.hypot(*np.diff(points, axis=0).T).sum())
        line = tuple(_at(*spot) for spot in bend)
        roads.append(Road(f"{one}-{other}-{number}", one, other, length * (1 + number / 5), bend=line))
    return roads


@dataclass(frozen=True)
class Drive:
    """A trip as it was allowed, and the line that was driven."""

    trip: AllowedTrip
    driven: np.ndarray
    farthest_m: float


class World:
    """The streets, and trucks on them, the same for the same seed."""

    def __init__(self) -> None:
        roads, spots = _streets()
        self.network = make_network(roads, spots)
        self.index = RoadIndex(self.network)
        self.engine = Engine(self.network, speeds_kmh=DEFAULT_SPEEDS_KMH)
        self.matcher = Matcher(self.index, self.engine, CAR)
        usable = np.ones(self.network.road_count, dtype=np.bool_)
        self.corners = [self.index.snap(*spot, usable=usable) for spot in spots.values()]

    def way(self, *points: RoadPoint) -> list[Route]:
        """The least-time ways from point to point."""
        return [self.engine.route(Ask(one, other, CAR, START)) for one, other in pairwise(points)]

    def line(self, routes: list[Route]) -> np.ndarray:
        """Their line on the plane."""
        degrees = [spot for one in routes for spot in route_geometry(one, self.network)]
        points = self.index.plane.to_metres(np.array(degrees))
        return points[np.concatenate([[True], (np.abs(np.diff(points, axis=0)) > 1e-6).any(axis=1)])]

    def allowed(self, routes: list[Route], since=START, until=None) -> AllowedWay:
        """These ways as a route that may be driven."""
        roads = frozenset(leg.road for one in routes for leg in one.legs)
        return AllowedWay(screen_line(self.line(routes)), roads, SPEED_MPS, since, until)

    def drive(self, chance: Random, *, leaves: bool) -> Drive:
        """A trip of at least six kilometres; where it leaves its route, by more than 300 m."""
        while True:
            begin, end, via = chance.sample(self.corners, 3)
            (route,) = self.way(begin, end)
            if not isinstance(route, Route) or route.distance_m < 6_000:
                continue
            trip = AllowedTrip((self.allowed([route]),), (), START)
            if not leaves:
                return Drive(trip, self.line([route]), 0.0)
            driven = self._leaving(route, via, end, chance)
            if driven is None:
                continue
            farthest = float(beside(trip.ways[0].line, resampled(driven, 20.0))[0].max())
            if 300 < farthest < 1_500:
                return Drive(trip, driven, farthest)

    def _leaving(self, route: Route, via: RoadPoint, end: RoadPoint, chance: Random) -> np.ndarray | None:
        leg = route.legs[chance.randrange(1, len(route.legs) - 1)]
        lon, lat = self.network.line_of(leg.road)[0]
        turn = self.index.point_on_road(leg.road, float(lon), float(lat))
        near = [one for one in self.corners if 500 < self._metres(turn, one) < 1_500]
        parts = self.way(self.corner_of(route), turn, chance.choice(near or [via]), end)
        return self.line(parts) if all(isinstance(one, Route) for one in parts) else None

    def corner_of(self, route: Route) -> RoadPoint:
        """The point where a route begins."""
        lon, lat = route_geometry(route, self.network)[0]
        return self.index.point_on_road(route.legs[0].road, lon, lat)

    def _metres(self, one: RoadPoint, other: RoadPoint) -> float:
        spots = self.index.plane.to_metres(np.array([(one.lon, one.lat), (other.lon, other.lat)]))
        return float(np.hypot(*(spots[1] - spots[0])))

    def judge(self, drive: Drive, chance: Random, *, every_m: float) -> Conformance:
        """What is told of a drive after its phone has sent it."""
        fixes = phone(drive.driven, self, chance, every_m=every_m)
        return judge_loop(fixes, drive.trip, self.matcher, longest_gap=LONGEST_GAP)


def resampled(line: np.ndarray, every_m: float, first_m: float = 0.0) -> np.ndarray:
    """Return points of a line every so many metres."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = np.append(np.arange(first_m, along[-1], every_m), along[-1])
    return np.column_stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)])


def phone(line: np.ndarray, world: World, chance: Random, *, every_m: float) -> list[Fix]:
    """What a phone makes of a line: each position wrong by some metres, one in a hundred by many; jumps; disorder."""
    spots = resampled(line, every_m, chance.uniform(0, min(every_m, 300)))
    bias = np.array([chance.gauss(0, 4), chance.gauss(0, 4)])
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(spots, axis=0).T))])
    fixes = []
    for spot, along in zip(spots, steps, strict=True):
        wrong_m = 60.0 if chance.random() < 0.01 else 9.0
        x, y = spot + bias + np.array([chance.gauss(0, wrong_m), chance.gauss(0, wrong_m)])
        if chance.random() < 0.01 and 0 < along < steps[-1]:
            x += 5_000
        lon, lat = world.index.plane.to_degrees(np.array([x, y]))
        fixes.append(Fix(START + timedelta(seconds=along / SPEED_MPS), float(lon), float(lat)))
    fixes += chance.sample(fixes, max(1, len(fixes) // 10))
    cut = chance.randrange(len(fixes))
    return fixes[cut:] + fixes[:cut]
