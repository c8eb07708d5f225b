"""Road parts of an older map on a newer one: by their line on the ground, in their direction of travel."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geodata.closures.closure import Direction, RoadSpan
from geodata.closures.map_matching import MapMatcher, edition_name, hausdorff_m
from geodata.closures.road_spans import length_of
from geodata.closures.travel_lines import line_of_span
from geodata.county_building import SourceFiles, read_roads
from geodata.snapping import LocalPlane
from tests.conftest import shared
from tests.map_editions import EAST, FOUR_M, WEST, matcher, newer, older
from tests.networks import Road, make_network

BOTH, FORWARD, BACKWARD = Direction.BOTH, Direction.FORWARD, Direction.BACKWARD


def whole(road_id, way=BOTH, network=None):
    network = network or older()
    return RoadSpan(road_id, way, 0.0, float(network.length_m[network.road_index[road_id]]))


def on_newer(*spans):
    return matcher().match(spans)


def test_a_road_that_is_the_same_keeps_its_parts():
    span = RoadSpan("same", FORWARD, 100.0, 900.0)
    assert on_newer(span).extent == (span,)


def test_a_road_that_was_cut_elsewhere_is_matched_by_its_line_not_by_its_id():
    found = on_newer(whole("w1-2")).extent
    assert [one.road_id for one in found] == ["w1-1", "w1-2"]
    assert length_of(found) == pytest.approx(whole("w1-2").to_m, abs=1.0)
    assert found[0].from_m == pytest.approx(whole("w1-1").to_m, abs=1.0)


def test_a_road_that_was_turned_round_is_closed_in_the_same_direction_of_travel():
    (found,) = on_newer(RoadSpan("turned", FORWARD, 100.0, 600.0)).extent
    assert found.direction is BACKWARD
    whole_m = whole("turned").to_m
    assert (found.from_m, found.to_m) == pytest.approx((whole_m - 600.0, whole_m - 100.0), abs=1.0)


def test_a_road_that_was_moved_is_told_with_the_distance():
    found = on_newer(whole("moved"))
    assert [one.road_id for one in found.extent] == ["moved"]
    assert found.distance_m == pytest.approx(4.0, abs=0.05)


def test_what_the_newer_map_does_not_have_is_kept_under_its_edition_with_reason_distance_and_line():
    found = on_newer(whole("gone"), whole("same"))
    (lost,) = found.misfits
    assert lost.span.road_id == f"{edition_name(older().digest)}:gone"
    assert lost.span in found.extent
    assert (lost.code, lost.distance_m > 2000) == ("closure-far-from-road", True)
    assert lost.line[0] == pytest.approx((113.0, 33.06))


def test_where_one_road_became_two_beside_it_the_two_are_named():
    sides = {"one": FOUR_M, "other": -FOUR_M}
    at = {
        f"{name}{end}": (lon, 33.0 + north) for name, north in sides.items() for end, lon in (("w", WEST), ("e", EAST))
    }
    two = make_network([Road(name, f"{name}w", f"{name}e", 2_800.0) for name in sides], at)
    found = MapMatcher(older(), two, {}).match([whole("w1-2")])
    (lost,) = found.misfits
    assert (lost.code, set(lost.between)) == ("closure-on-parallel-roads", {("one",), ("other",)})


def test_what_did_not_fit_fits_again_when_the_map_goes_back():
    lost = on_newer(whole("gone")).extent
    back = MapMatcher(newer(), older(), {edition_name(older().digest): older()})
    assert back.match(lost).extent == (whole("gone"),)
    unknown = MapMatcher(newer(), older(), {}).match(lost)
    assert [one.code for one in unknown.misfits] == ["road-of-unknown-edition"]
    assert unknown.extent == lost


def test_distances_are_infinite_where_there_is_nothing_to_compare():
    assert hausdorff_m([], [((0.0, 0.0), (1.0, 1.0))], LocalPlane(older())) == float("inf")


# Two real editions of one county, and an independent measure: lines in UTM 32, compared by GEOS at a metre's spacing.

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32632", always_xy=True)


@pytest.fixture(scope="module")
def liechtenstein():
    files = [shared(f"osm/liechtenstein_{year}.osm.pbf") for year in (2021, 2022)]
    return [read_roads(SourceFiles(file), country="LI").network for file in files]


def metres(network, spans):
    plane = LocalPlane(network)
    lines = [line_of_span(one, network, plane) for one in spans]
    return shapely.MultiLineString([np.column_stack(TO_METRES.transform(*np.array(line).T)) for line in lines])


def some_spans(network, count, seed):
    chance = np.random.default_rng(seed)
    roads = np.flatnonzero((network.access != 0).any(axis=1) & (network.length_m > 15))
    for number, road in enumerate(chance.choice(roads, count, replace=False)):
        length = float(network.length_m[road])
        low, high = sorted(chance.uniform(0.0, length, 2)) if number % 3 else (0.0, length)
        part = (low, high) if high - low > 8 else (0.0, length)
        yield RoadSpan(str(network.road_id[road]), list(Direction)[number % 3], *part)


def points_with_traffic(network, span):
    """Return points along a part in the direction of travel that is closed."""
    line = np.array(line_of_span(span, network, LocalPlane(network)))
    line = line[::-1] if span.direction is BACKWARD else line
    return np.column_stack(TO_METRES.transform(*line.T))


def check_spans(old, new, count, seed):
    """Return how many parts changed, and how many of all fit."""
    between = MapMatcher(old, new, {})
    changed = fitting = 0
    for span in some_spans(old, count, seed):
        found = between.match([span])
        if found.misfits:
            continue
        fitting += 1
        changed += found.extent != (span,)
        was, now = metres(old, [span]), metres(new, found.extent)
        # Where the matching says nothing moved by more than so much, nobody else finds more: half a metre for the planes.
        assert shapely.hausdorff_distance(was, now, densify=0.05) <= found.distance_m + 0.5
        assert now.length == pytest.approx(was.length, rel=0.1, abs=12.0)
        assert (span.direction is BOTH) == all(one.direction is BOTH for one in found.extent)
        if span.direction is not BOTH:
            travel = points_with_traffic(old, span)
            along = shapely.LineString(travel)
            for one in found.extent:
                steps = [along.project(shapely.Point(spot)) for spot in points_with_traffic(new, one)]
                assert steps[-1] > steps[0] or len(steps) < 2, (span, one)
    return changed, fitting


def test_closures_of_one_edition_lie_on_the_next_where_they_lay(liechtenstein):
    changed, fitting = check_spans(*liechtenstein, 150, seed=5)
    assert changed >= 10
    assert fitting >= 148


@pytest.mark.long
def test_thousands_of_closures_of_one_edition_lie_on_the_next_where_they_lay(liechtenstein):
    changed, fitting = check_spans(*liechtenstein, 4_000, seed=6)
    assert changed >= 300
    assert fitting >= 3_940


def test_roads_of_the_same_shape_are_told_from_others(liechtenstein):
    old, new = liechtenstein
    between = MapMatcher(old, new, {})
    same = [road_id for road_id in old.road_index if between.is_same(road_id)]
    assert 0.8 < len(same) / old.road_count < 1.0
    for road_id in same[::50]:
        lines = [network.line_of(network.road_index[road_id]) for network in (old, new)]
        assert np.array_equal(*lines) or np.abs(lines[0] - lines[1]).max() < 1e-9
    assert all(one != other for one, other in pairwise(same))
