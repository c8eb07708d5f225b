"""Closures drawn along the roads of real counties mean these roads."""

from collections import defaultdict
from functools import cache

import numpy as np
import pytest
import shapely

from geodata.closures.closure import Direction
from geodata.closures.extent import extent_of_line
from geodata.errors import BadInputError
from geodata.osm.file import read_osm_file
from geodata.osm.import_tally import ImportTally
from geodata.osm.network import build_osm_network
from geodata.polylines import Polyline
from geodata.road_classes import ROAD_CLASSES, RoadClass
from geodata.snapping import RoadIndex
from tests.conftest import shared

FILES = {
    "liechtenstein": ("osm/liechtenstein_2021.osm.pbf", "LI"),
    "bayreuth": ("osm/north-bayreuth_2014.osm.gz", "DE"),
    "yongcheng": ("osm/yongcheng_411481_henan_2017.osm.pbf", "CN"),
}
PATHS = 120


@cache
def index_of(county):
    path, country = FILES[county]
    tally = ImportTally()
    return RoadIndex(build_osm_network(read_osm_file(shared(path), tally), country=country, tally=tally).network)


def random_path(index, rng):
    """Walk up to eight roads, no junction twice: (road, runs forward) each."""
    ends = index.network.ends
    at = roads_at(index)
    road = int(rng.integers(index.network.road_count))
    on = bool(rng.integers(2))
    path, seen = [(road, on)], {int(one) for one in ends[road]}
    here = int(ends[road][1 if on else 0])
    for _ in range(int(rng.integers(8))):
        ways = [(r, f) for r, f in at[here] if int(ends[r][1 if f else 0]) not in seen]
        if not ways or len(seen) == 1:
            break
        path.append(ways[int(rng.integers(len(ways)))])
        here = int(ends[path[-1][0]][1 if path[-1][1] else 0])
        seen.add(here)
    return path


@cache
def _roads_at(county):
    found = defaultdict(list)
    for road, (start, end) in enumerate(index_of(county).network.ends.tolist()):
        found[start].append((road, True))
        found[end].append((road, False))
    return found


def roads_at(index):
    return next(_roads_at(county) for county in FILES if index_of(county) is index)


def line_of(index, path):
    """The path's line on the plane, without repeated points."""
    shapes = [shapely.get_coordinates(index.lines[road])[:: 1 if on else -1] for road, on in path]
    points = np.vstack(shapes)
    return points[np.any(np.diff(points, axis=0, prepend=np.nan) != 0, axis=1)]


def match(index, points):
    drawn = [tuple(point) for point in index.plane.to_degrees(points).tolist()]
    return extent_of_line(drawn, index, direction=Direction.BOTH, where="row")


def drawn_paths(county):
    index, rng = index_of(county), np.random.default_rng(20220622)
    for _ in range(PATHS):
        path = random_path(index, rng)
        points = line_of(index, path)
        if len(points) > 1 and shapely.LineString(points).is_simple and Polyline(points).length_m > 1:
            yield index, path, points, rng


@pytest.mark.parametrize("county", FILES)
def test_a_path_drawn_exactly_means_exactly_that_path(county):
    for index, path, points, _ in drawn_paths(county):
        length = index.network.length_m
        wanted = {
            str(index.network.road_id[road]): (0.0, float(length[road])) for road, _ in path if length[road] > 0.2
        }
        found = {one.road_id: (one.from_m, one.to_m) for one in match(index, points) if one.to_m - one.from_m > 0.2}
        assert found == wanted


@pytest.mark.parametrize("county", FILES)
def test_a_path_drawn_with_an_unsteady_hand_means_that_path_or_asks_which(county):
    """Points 20 m apart or more, each up to 5 m off; what is 15 m and longer must come out right."""
    done = asked = 0
    for index, path, points, rng in drawn_paths(county):
        whole = Polyline(points)
        along = [0.0]
        for one in whole.along[1:-1]:
            if one - along[-1] >= 20 and whole.length_m - one >= 20:
                along.append(float(one))
        spots = whole.positions(np.array([*along, whole.length_m]))
        angle, radius = rng.uniform(0, 2 * np.pi, len(spots)), 5 * np.sqrt(rng.uniform(0, 1, len(spots)))
        drawn = spots + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
        if whole.length_m < 30 or not shapely.LineString(drawn).is_simple:
            continue
        try:
            found = match(index, drawn)
        except BadInputError as error:
            if error.code not in {"closure-on-parallel-roads", "closure-off-the-roads"}:
                raise
            asked += 1
            continue
        length = index.network.length_m
        long = {str(index.network.road_id[road]) for road, _ in path if length[road] > 15}
        sure = {one.road_id for one in found if one.to_m - one.from_m > 15}
        done += long == sure
        if long != sure:
            asked += 1
    assert done > 0.9 * (done + asked)


def middle_fifth(line):
    whole = Polyline(shapely.get_coordinates(line))
    return whole.part(0.4 * whole.length_m, 0.6 * whole.length_m).points


def carriageway_pairs(index):
    """Straight one-way expressway roads with another one 10 to 30 m beside them all along."""
    network = index.network
    express = network.road_class == ROAD_CLASSES.index(RoadClass.EXPRESSWAY)
    one_way = (network.access > 0).sum(axis=1) == 1
    for road in np.flatnonzero(express & one_way & (network.length_m > 300)):
        line = index.lines[road]
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
        for other in index.roads_along(middle, within_m=30.0):
            gap = shapely.distance(index.lines[other], middle)
            if express[other] and other != road and gap > 10:
                yield int(road), int(other), line, index.lines[other]


def test_between_the_carriageways_of_a_real_motorway_it_asks_which_and_on_one_it_does_not():
    index = index_of("bayreuth")
    tried = 0
    for road, _, line, other in carriageway_pairs(index):
        part = middle_fifth(line)
        nearest = shapely.line_interpolate_point(other, shapely.line_locate_point(other, shapely.points(part)))
        beside = shapely.get_coordinates(nearest)
        between = shapely.LineString((part + beside) / 2)
        is_alone = len(index.roads_along(between, within_m=18.0)) == 2
        if not is_alone or np.hypot(*(beside - part).T).max() > 35 or Polyline(beside).length_m < 50:
            continue
        assert {one.road_id for one in match(index, part)} == {str(index.network.road_id[road])}
        with pytest.raises(BadInputError, match="closure-on-parallel-roads"):
            match(index, shapely.get_coordinates(between))
        tried += 1
    assert tried > 10
