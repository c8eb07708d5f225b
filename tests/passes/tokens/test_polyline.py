import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from passes.tokens.polyline import decode_line, encode_line

lines = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=40)


def test_a_line_of_one_step_is_written_as_the_algorithm_says():
    assert encode_line([(0.0001, -0.0001)]) == "A@"


@given(lines)
def test_a_line_comes_back_within_half_a_step(line):
    again = decode_line(encode_line(line))
    assert len(again) == len(line)
    for (lon, lat), (lon_again, lat_again) in zip(line, again, strict=True):
        assert abs(lon - lon_again) <= 0.000051
        assert abs(lat - lat_again) <= 0.000051


@given(lines)
def test_errors_do_not_add_up_along_the_line(line):
    once = decode_line(encode_line(line))
    assert decode_line(encode_line(once)) == once


@pytest.mark.parametrize("text", ["A", "~", "~A", "A b", "é?", "A@A", "~~~~~~~~", "{{{{{{{@"])
def test_a_damaged_line_is_refused(text):
    with pytest.raises(BadInputError, match="line-unreadable"):
        decode_line(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        points = decode_line(text)
    except BadInputError:
        return
    assert all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in points)


def test_an_empty_text_is_an_empty_line():
    assert decode_line("") == ()
