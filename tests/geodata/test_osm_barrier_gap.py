"""Both sides of a blocking barrier are two positions, half a metre from it."""

import numpy as np
import pytest

from geodata.osm.barrier_gap import GAP_M, leave_gaps
from geodata.snapping import RoadIndex
from tests.conftest import distance_m
from tests.networks import Road, make_network

BARRIER = (113.01, 33.0)
AT = {"A": (113.0, 33.0), "west": BARRIER, "east": BARRIER, "B": (113.02, 33.0)}


def gapped(at=AT):
    length_m = distance_m(at["A"], BARRIER)
    network = make_network([Road("a", "A", "west", length_m), Road("b", "east", "B", length_m)], at)
    return leave_gaps(network, np.array([[False, True], [True, False]]))


def test_roads_end_half_a_metre_before_the_barrier():
    network = gapped()
    west, east = (tuple(network.junction_lonlat[one]) for one in (1, 2))
    assert distance_m(west, BARRIER) == pytest.approx(GAP_M, rel=0.01)
    assert distance_m(west, east) == pytest.approx(2 * GAP_M, rel=0.01)
    assert network.length_m == pytest.approx([distance_m(AT["A"], BARRIER) - GAP_M] * 2, abs=0.01)


def test_the_position_of_each_side_means_that_side():
    network = gapped()
    index, every = RoadIndex(network), np.ones(2, dtype=bool)
    sides = [index.snap(*network.junction_lonlat[junction], usable=every).road for junction in (1, 2)]
    assert sides == [0, 1]


def test_a_very_short_road_keeps_three_quarters():
    near = {**AT, "A": (113.0099995, 33.0)}
    network = gapped(near)
    assert network.length_m[0] == pytest.approx(0.75 * distance_m(near["A"], BARRIER), rel=0.01)


def test_roads_without_a_barrier_stay_as_they_are():
    network = make_network([Road("a", "A", "B", 1866.0)], {"A": AT["A"], "B": AT["B"]})
    assert leave_gaps(network, np.zeros((1, 2), dtype=bool)).digest == network.digest
