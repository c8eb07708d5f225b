"""Extents drawn as lines, beside each other where asked."""

from geodata.closures.lines import extent_lines
from tests.closure_cases import EAST, LENGTH_M, WEST, class_network, latitude, span

NETWORK = class_network()


def test_a_part_runs_between_its_metres():
    (drawn,) = extent_lines([span("c", 0, LENGTH_M / 2)], NETWORK)
    line = drawn["coordinates"]
    assert line[0] == [WEST, round(latitude("c"), 7)]
    assert abs(line[-1][0] - (WEST + EAST) / 2) < 1e-6


def test_a_line_moved_aside_lies_so_many_metres_to_the_right():
    lines = [extent_lines([span("c")], NETWORK, aside_m=aside)[0]["coordinates"] for aside in (0.0, 15.0)]
    assert abs((lines[0][0][1] - lines[1][0][1]) * 111_195 - 15) < 0.1


def test_parts_on_roads_that_are_gone_are_left_out():
    lines = extent_lines([span("gone"), span("c"), span("t", 100, 200)], NETWORK)
    assert [one["type"] for one in lines] == ["LineString", "LineString"]
