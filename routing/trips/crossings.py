"""What a trip's line meets: the areas in force that it crosses, and the checkpoints it passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.areas import TOWNSHIP, Area
from geodata.places import PlaceKind
from geodata.windows import Window
from routing.trips.area_rules import rule_of_area
from routing.trips.line import TripLine, plane_positions
from routing.trips.trip import AreaCrossing, CheckpointPassing, Stop, StopKind, TripMap

#: A checkpoint within this distance of the line is passed.
CHECKPOINT_M: Final = 60.0
#: A line inside an area for less than this only touches its edge, unless it starts or ends there.
EDGE_M: Final = 25.0
#: What a stretch is called by whether it holds the start and the end of its way.
_HOW: Final = {(False, True): "in", (True, False): "out", (True, True): "inside", (False, False): "through"}


@dataclass(frozen=True, slots=True)
class _Way:
    """The line between two working stops, in plane metres; sampling stops on it are no ends (L3)."""

    plane_m: NDArray[np.float64]
    position_m: NDArray[np.float64]
    clock_s: NDArray[np.float64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]

    @property
    def length_m(self) -> float:
        """Length in the plane."""
        return float(self.position_m[-1])


def _ways(line: TripLine, stops: Sequence[Stop], trip_map: TripMap) -> list[_Way]:
    working = [number for number, stop in enumerate(stops) if stop.kind != StopKind.SAMPLING]
    spots = trip_map.road_index.plane.to_metres(np.array([[stop.lon, stop.lat] for stop in stops]))
    ways = []
    for first, last in pairwise(working):
        part = line.part(first, last - 1)
        plane_m = line.plane_m[part]
        ways.append(_Way(plane_m, plane_positions(plane_m), line.clock_s[part], spots[first], spots[last]))
    return ways


def area_outline(area: Area, trip_map: TripMap) -> shapely.Geometry:
    """Return an area in plane metres, grown by the buffer of its kind."""
    outline = shapely.transform(area.polygon, trip_map.road_index.plane.to_metres)
    rule = rule_of_area(area.kind, area.regime, trip_map.settings) if trip_map.settings else None
    return outline.buffer(rule.buffer_km * 1000) if rule and rule.buffer_km else outline


def _breaks(way: _Way, outline: shapely.Geometry) -> NDArray[np.float64]:
    """Return the positions at which the line may change between inside and outside, its two ends included."""
    pieces = shapely.linestrings(np.stack([way.plane_m[:-1], way.plane_m[1:]], axis=1))
    met, piece = shapely.get_coordinates(shapely.intersection(pieces, shapely.boundary(outline)), return_index=True)
    positions = way.position_m[piece] + np.hypot(*(met - way.plane_m[piece]).T)
    return np.unique(np.concatenate([[0.0, way.length_m], np.clip(positions, 0.0, way.length_m)]))


def _stretches(way: _Way, outline: shapely.Geometry) -> list[tuple[float, float]]:
    """Return the parts (from, to) of the line inside the outline; shorter gaps and touches than `EDGE_M` left out."""
    breaks = _breaks(way, outline)
    if len(breaks) == 1:
        return [(0.0, 0.0)] if shapely.contains_xy(outline, *way.plane_m[0]) else []
    middles = (breaks[:-1] + breaks[1:]) / 2
    x, y = (np.interp(middles, way.position_m, way.plane_m[:, axis]) for axis in (0, 1))
    stretches: list[tuple[float, float]] = []
    for number in np.flatnonzero(shapely.contains_xy(outline, x, y)):
        start, end = float(breaks[number]), float(breaks[number + 1])
        if stretches and start - stretches[-1][1] < EDGE_M:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return [one for one in stretches if one[1] - one[0] >= EDGE_M or one[0] <= 0 or one[1] >= way.length_m]


def _with_ends(way: _Way, outline: shapely.Geometry) -> list[tuple[float, float]]:
    """Return the stretches, with one of no length for an end inside whose road runs outside the area's edge."""
    stretches = _stretches(way, outline)
    if shapely.contains_xy(outline, *way.start) and not any(start <= 0 for start, _ in stretches):
        stretches.insert(0, (0.0, 0.0))
    if shapely.contains_xy(outline, *way.end) and not any(end >= way.length_m for _, end in stretches):
        stretches.append((way.length_m, way.length_m))
    return stretches


def _is_in_force(area: Area, enter_at: datetime, leave_at: datetime) -> bool:
    if area.window is None:
        return True
    return area.in_force(enter_at) or (leave_at > enter_at and area.window.overlaps(Window(enter_at, leave_at)))


def _crossings_of(area: Area, way: _Way, outline: shapely.Geometry, line: TripLine) -> list[AreaCrossing]:
    crossings = []
    for start, end in _with_ends(way, outline):
        enter_at, leave_at = (line.instant(float(s)) for s in np.interp([start, end], way.position_m, way.clock_s))
        if _is_in_force(area, enter_at, leave_at):
            how = _HOW[start <= 0, end >= way.length_m]
            crossings.append(AreaCrossing(area.id, area.name, area.kind, how, enter_at, leave_at, area.regime))
    return crossings


def areas_crossed(line: TripLine, stops: Sequence[Stop], trip_map: TripMap) -> tuple[AreaCrossing, ...]:
    """Tell how each way between two working stops touches every area in force meanwhile, in order of time.

    This is information for the pass and the crew: having passed through an area is never a reason to refuse or to
    hold a truck (L6). Whether an end inside asks for a pass is the policy's say (L3, `pass_need`). Townships are no
    areas of a regime and are left out. A sampling stop is no end: its way goes on as one.
    """
    areas = [area for area in trip_map.areas if area.kind != TOWNSHIP]
    outlines = [area_outline(area, trip_map) for area in areas]
    crossings: list[AreaCrossing] = []
    for way in _ways(line, stops, trip_map):
        reach = shapely.linestrings(np.vstack([way.start, way.plane_m, way.end]))
        for number in np.flatnonzero(shapely.intersects(np.array(outlines, dtype=np.object_), reach)):
            crossings += _crossings_of(areas[number], way, outlines[number], line)
    return tuple(sorted(crossings, key=lambda one: (one.enter_at, one.leave_at, one.area_id)))


def _each_once(passings: Sequence[CheckpointPassing]) -> tuple[CheckpointPassing, ...]:
    """Count a checkpoint beside a stop once: the way to the stop and the way on both come near it."""
    kept: list[CheckpointPassing] = []
    last_m: dict[str, float] = {}
    for passing in passings:
        if passing.along_m - last_m.get(passing.place_id, -np.inf) > 2 * CHECKPOINT_M:
            kept.append(passing)
        last_m[passing.place_id] = passing.along_m
    return tuple(kept)


def checkpoints_passed(line: TripLine, trip_map: TripMap) -> tuple[CheckpointPassing, ...]:
    """List the checkpoints within 60 m of the line in the order they are passed, again on the way back."""
    posts = trip_map.places.of_kind(PlaceKind.CHECKPOINT)
    if not posts:
        return ()
    lonlat = np.array([[post.lon, post.lat] for post in posts])
    spots = np.asarray(shapely.points(trip_map.road_index.plane.to_metres(lonlat)), dtype=np.object_)
    passings: list[CheckpointPassing] = []
    for number in range(len(line.route_start) - 1):
        part = line.part(number, number)
        positions = plane_positions(line.plane_m[part])
        route = shapely.linestrings(line.plane_m[part])
        near = np.flatnonzero(shapely.distance(spots, route) <= CHECKPOINT_M)
        where = shapely.line_locate_point(route, spots[near])
        clock = np.interp(where, positions, line.clock_s[part])
        along = np.interp(where, positions, line.along_m[part])
        passings += [
            CheckpointPassing(posts[post].id, posts[post].name, line.instant(float(s)), round(float(m), 1))
            for post, s, m in zip(near, clock, along, strict=True)
        ]
    return _each_once(sorted(passings, key=lambda one: (one.at, one.along_m, one.place_id)))
