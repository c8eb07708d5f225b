"""What is asked: drawn from one seed, answerable, and as many roads closed as the measure says."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.errors import BadInputError
from geodata.road_classes import RoadClass
from geodata.vehicles import Vehicle
from tests.networks import Road, make_network
from tests.web.bench.conftest import REPEATS
from web.bench.course import draw_course
from web.bench.oracle import Oracle
from web.bench.road_arcs import road_arcs


def ends_of(course):
    return [(one.origin, one.destination) for one in course.queries]


def test_the_same_roads_are_asked_the_same(arcs, oracle, course):
    again = draw_course(arcs, oracle, queries=6, repeats=REPEATS)
    assert ends_of(again) == ends_of(course)
    one, other = again.closures["close-area"][1], course.closures["close-area"][1]
    assert np.array_equal(one.roads, other.roads)


def test_every_measure_closes_its_number_of_roads_at_most_a_tenth(arcs, course):
    tenth = len(arcs.usable_roads) // 10
    sizes = {measure: {len(one.roads) for one in cases} for measure, cases in course.closures.items()}
    assert sizes == {
        "close-1": {1},
        "close-10": {10},
        "close-100": {min(100, tenth)},
        "close-1000": {tenth},
        "close-way-1": {1},
        "close-way-10": sizes["close-way-10"],
        "close-area": {round(0.05 * len(arcs.usable_roads))},
    }


def test_every_pair_has_a_route_past_its_closures(oracle, course):
    for case in (*course.closures["close-1000"], *course.what_ifs):
        assert case.closed_ms == oracle.least_ms(case.origin, case.destination, frozenset(case.roads.tolist()))
        assert case.closed_ms >= case.open_ms == oracle.least_ms(case.origin, case.destination) > 0


def test_roads_closed_on_the_way_lie_on_a_least_time_route(arcs, oracle, course):
    for case in (*course.closures["close-way-1"], *course.closures["close-way-10"]):
        way = oracle.least_way(case.origin, case.destination)
        assert 1 <= len(case.roads) <= 10
        assert set(case.roads.tolist()) <= set(way)
        assert sum(int(arcs.weight_ms[2 * road : 2 * road + 2].min()) for road in way) <= case.open_ms


def test_the_area_lies_together(arcs, course):
    for case in course.closures["close-area"]:
        middle = arcs.lonlat[arcs.network.ends[case.roads]].mean(axis=1)
        assert np.ptp(middle, axis=0).max() < 0.5 * np.ptp(arcs.lonlat, axis=0).max()


def test_a_destination_cut_off_has_no_open_road(oracle, course):
    for case in course.cut_off:
        assert case.closed_ms is None
        assert oracle.least_ms(case.origin, case.destination, frozenset(case.roads.tolist())) is None


@pytest.mark.parametrize(("count", "code"), [(5, "bench-network-small"), (120, "bench-network-disconnected")])
def test_roads_not_worth_measuring_are_refused(count, code):
    network = make_network([Road(f"r{number}", f"a{number}", f"b{number}") for number in range(count)])
    arcs = road_arcs(network, Vehicle(), speeds_kmh=dict.fromkeys(RoadClass, 36.0))
    with pytest.raises(BadInputError, match=code):
        draw_course(arcs, Oracle(arcs), queries=200, repeats=3)
