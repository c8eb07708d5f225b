"""Many lines as drawing commands at once: what the library reads back is what was drawn."""

import numpy as np
import pytest
import shapely
from mapbox_vector_tile import decode
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from geodata.tiles.grid import BUFFER, EXTENT
from geodata.tiles.layer_writer import LineLayer
from geodata.tiles.line_commands import commands_of, cut_to_tile


def lines(*coordinates):
    return np.array([shapely.LineString(one) for one in coordinates], dtype=object)


def read_back(cut, feature):
    """Write the lines with our commands and read them with the library."""
    commands, starts = commands_of(cut, feature)
    layer = LineLayer("roads")
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        layer.add(commands[start:end].tolist(), {})
    features = decode(layer.encoded(), default_options={"y_coord_down": True})["roads"]["features"]
    return [one["geometry"]["coordinates"] for one in features]


def test_the_example_of_the_specification():
    cut = cut_to_tile(lines([(2, 2), (2, 10), (10, 10)]), tolerance=0)
    assert commands_of(cut, np.array([0]))[0].tolist() == [9, 4, 4, 18, 0, 16, 16, 0]


def test_each_line_is_read_back_as_drawn():
    drawn = [[[0, 0], [100, 50], [4000, 4096]], [[5, 5], [5, 900]], [[4096, 0], [0, 4096]]]
    cut = cut_to_tile(lines(*drawn), tolerance=0)
    assert read_back(cut, np.arange(3)) == drawn


def test_lines_of_one_feature_go_on_from_each_other():
    drawn = [[[0, 0], [10, 0]], [[500, 500], [600, 400]]]
    cut = cut_to_tile(lines(*drawn), tolerance=0)
    assert read_back(cut, np.array([0, 0])) == [drawn]


def test_a_line_that_leaves_and_comes_back_has_two_parts():
    cut = cut_to_tile(lines([(100, 100), (5000, 100), (5000, 200), (100, 200)]), tolerance=0)
    edge = EXTENT + BUFFER
    assert cut.owner.tolist() == [0, 0]
    assert read_back(cut, np.zeros(2, dtype=np.int64)) == [[[[100, 100], [edge, 100]], [[edge, 200], [100, 200]]]]


@pytest.mark.parametrize("line", [[(5000, 5000), (6000, 6000)], [(10.1, 10.1), (10.3, 10.2)]])
def test_what_lies_outside_or_is_smaller_than_a_unit_is_not_drawn(line):
    cut = cut_to_tile(lines(line, [(0, 0), (9, 9)]), tolerance=0)
    assert cut.owner.tolist() == [1]
    assert read_back(cut, np.array([0])) == [[[0, 0], [9, 9]]]


def test_bends_that_no_eye_sees_are_dropped():
    cut = cut_to_tile(lines([(0, 0), (500, 2), (1000, 0)]), tolerance=4)
    assert cut.points.tolist() == [[0, 0], [1000, 0]]


def test_nothing_to_draw_is_no_layer():
    cut = cut_to_tile(lines(), tolerance=4)
    assert commands_of(cut, np.zeros(0, dtype=np.int64))[0].tolist() == []
    assert LineLayer("roads").encoded() == b""


def test_a_value_is_kept_once_and_true_is_not_one():
    layer = LineLayer("roads")
    for number, value in enumerate([1, True, "1", 1]):
        layer.add([9, 0, 0, 10, 2, 2], {"way": value}, number=number)
    tile = vector_tile_pb2.tile.FromString(layer.encoded())
    assert len(tile.layers[0].values) == 3
    read = decode(layer.encoded())["roads"]["features"]
    assert [(one["id"], one["properties"]["way"]) for one in read] == [(0, 1), (1, True), (2, "1"), (3, 1)]
