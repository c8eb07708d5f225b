"""What a closed part stops, and which parts of an arc are closed."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from routing.closed_parts import ClosedPart, ClosedParts, arcs_closed_by
from routing.closing_set import ClosingSet
from routing.metric import build_metric
from tests.networks import Road, make_network
from tests.routing.oracle import CAR, SPEEDS

METRIC = build_metric(make_network([Road("a", "A", "B", 100.0), Road("b", "B", "C", 100.0)]), CAR, speeds_kmh=SPEEDS)


@pytest.mark.parametrize(
    ("part", "travel", "stopped"),
    [
        ((40, 60), (0, 100), True),
        ((40, 60), (0, 41), True),
        ((40, 60), (59, 100), True),
        ((40, 60), (45, 55), True),
        ((40, 60), (0, 40), False),
        ((40, 60), (60, 100), False),
        ((50, 50), (0, 100), True),
        ((50, 50), (50, 100), True),
        ((50, 50), (0, 49), False),
        ((0, 0), (0, 1), True),
    ],
)
def test_travel_is_stopped_where_it_enters_a_closed_part_or_touches_a_barrier(part, travel, stopped):
    assert ClosedPart(*part, "x").stops(*travel) is stopped


def parts(*closings: Closing, counted: list[int]) -> ClosedParts:
    return ClosedParts(METRIC, ClosingSet(closings), np.array(counted, dtype=np.int64))


def test_parts_of_an_arc_come_in_the_order_of_the_closings_that_count():
    late, early = Closing("x", 1, Direction.BOTH, 70.0, 80.0), Closing("y", 1, Direction.BACKWARD, 10.0, 20.0)
    closed = parts(late, Closing("z", 0, Direction.BOTH, 1.0, 2.0), early, counted=[0, 2])
    assert closed.arcs.tolist() == [2, 3]
    assert closed.of_arc(3) == (ClosedPart(7000, 8000, "x"), ClosedPart(1000, 2000, "y"))
    assert closed.of_arc(0) == ()
    assert closed.closure_ids == {"x", "y"}


def test_nothing_counts_where_no_closing_does():
    closed = parts(Closing("x", 1, Direction.BOTH, 0.0, 100.0), counted=[])
    assert (closed.arcs.tolist(), closed.of_arc(2), closed.closure_ids) == ([], (), frozenset())


def test_arcs_closed_in_part_are_told_once():
    back = Closing("x", 1, Direction.BACKWARD, 5.0, 6.0)
    assert arcs_closed_by([back, back, Closing("y", 0, Direction.FORWARD, 1.0, 2.0)]) == [0, 3]
