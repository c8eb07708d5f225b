import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from passes.tokens.masking import LONGEST_MASKED, last_four, mask_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("欧阳明华", "欧*华"),
        ("买买提·艾力", "买*力"),
        ("阿卜杜拉·买买提·艾力", "阿*力"),
        ("John Smith", "J* S*"),
        ("maria-luisa de la cruz", "M* L* D*"),
        ("王", "王*"),
        (" 王 小明 ", "王*明"),
    ],
)
def test_a_name_is_masked(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize("name", ["", "  ", "·"])
def test_no_name_is_refused(name):
    with pytest.raises(BadInputError, match="name-empty"):
        mask_name(name)


@given(st.text(alphabet="王小明欧阳李红·John ", min_size=1, max_size=40))
def test_a_masked_name_is_short_and_starred(name):
    try:
        masked = mask_name(name)
    except BadInputError:
        return
    assert "*" in masked
    assert len(masked) <= LONGEST_MASKED


def test_the_last_four_of_an_id_are_kept():
    assert last_four("41132219800101001x") == "001X"


def test_a_full_width_id_with_spaces_is_read():
    assert last_four("４１１３２２ 19800101 0015") == "0015"


def test_too_short_a_number_gives_nothing_away():
    with pytest.raises(BadInputError, match="id-number-too-short"):
        last_four("1234567")
