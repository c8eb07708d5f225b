import pytest

from geodata.errors import BadInputError
from passes.reading.positions import read_position


def test_a_position_is_read():
    assert read_position("113.01, 33.25", where="--position") == (113.01, 33.25)


@pytest.mark.parametrize("text", ["", "113", "113,33,1", "a,b", "33,113", "nan,33", "inf,33", "113;33"])
def test_no_position_is_refused(text):
    with pytest.raises(BadInputError, match="position-not-a-number at --position"):
        read_position(text, where="--position")
