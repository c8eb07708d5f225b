"""Roads as somebody picks them: whole, or from one metre to another, one a line."""

import pytest

from geodata.closures.closure import Direction
from geodata.closures.road_parts import read_road_parts, road_parts_text
from geodata.errors import BadInputError
from tests.closure_cases import LENGTH_M, class_network, span

NETWORK = class_network()


def read(text, direction=Direction.BOTH):
    return read_road_parts(text, NETWORK, direction=direction, where="roads")


def test_a_road_alone_counts_whole_and_metres_cut_a_part_out_of_it():
    assert read("c\n\n t 100-350 ") == (span("c"), span("t", 100, 350))
    assert read("t:100~350.5", Direction.FORWARD) == (span("t", 100, 350.5, Direction.FORWARD),)


def test_parts_of_one_road_that_touch_become_one():
    assert read("c 0-100\nc 100-250") == (span("c", 0, 250),)


def test_an_end_rounded_up_is_the_roads_end():
    assert read(f"c 100-{LENGTH_M + 0.6}") == (span("c", 100, LENGTH_M),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nowhere", "road-unknown"),
        ("nowhere 1-2", "road-unknown"),
        ("c 300-300", "road-part-reversed"),
        ("c 300-200", "road-part-reversed"),
        ("c 300-9000", "road-part-beyond-road"),
        ("c from here to there", "road-part-unreadable"),
    ],
)
def test_each_slip_is_named(text, code):
    with pytest.raises(BadInputError) as refused:
        read(text)
    assert (refused.value.code, refused.value.where) == (code, "roads")


def test_what_was_read_is_written_the_same():
    text = "c\nt@100-350"
    assert road_parts_text(read(text), NETWORK) == text
