"""What a closed part stops."""

from __future__ import annotations

import numpy as np

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.network import BACKWARD, FORWARD
from routing.closed_parts import ClosedParts
from routing.closing_set import ClosingSet
from routing.hierarchy.hierarchy import hierarchy_of
from routing.metric import SHUT, build_metric
from routing.open_network import OpenNetwork
from tests.networks import Road, make_network, on_road
from tests.routing.oracle import CAR, SPEEDS

NETWORK = make_network([Road("a", "A", "B", 100.0), Road("b", "B", "C", 100.0)])


def close(*closings: Closing) -> OpenNetwork:
    metric = build_metric(NETWORK, CAR, speeds_kmh=SPEEDS)
    closed = ClosedParts(metric, ClosingSet(closings), np.arange(len(closings)))
    return OpenNetwork(NETWORK, metric, closed, hierarchy_of(NETWORK))


def test_only_the_closed_direction_of_the_closed_road_is_shut():
    view = close(Closing("x", 0, Direction.FORWARD, 40.0, 60.0))
    assert (view.cost == SHUT).tolist() == [True, False, False, False]
    assert view.lifted().cost.min() > 0


def test_closures_between_two_places_are_named_each_once():
    view = close(
        Closing("x", 0, Direction.BOTH, 10.0, 20.0),
        Closing("x", 0, Direction.BOTH, 30.0, 40.0),
        Closing("y", 0, Direction.BACKWARD, 50.0, 50.0),
    )
    assert view.closures_between(FORWARD, 0, 10000) == {"x"}
    assert view.closures_between(BACKWARD, 10000, 0) == {"x", "y"}
    assert view.closures_between(FORWARD, 1500, 1500) == frozenset()


def test_what_lies_beyond_a_roads_end_closes_that_end():
    view = close(Closing("x", 0, Direction.BOTH, 100.4, 120.0))
    assert view.closures_between(FORWARD, 5000, 10000) == {"x"}
    assert view.closures_between(FORWARD, 5000, 9999) == frozenset()


def test_a_point_beyond_its_road_counts_as_its_end():
    assert close().offset_cm(on_road(NETWORK, "a", 100.3)) == 10000
    assert close().offset_cm(on_road(NETWORK, "a", -0.1)) == 0
