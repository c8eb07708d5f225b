from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from geodata.errors import BadInputError
from passes.reading.identity import NOT_RESIDENT, REGION_UNUSED, check_id_number


def with_check_digit(first_seventeen: str) -> str:
    return first_seventeen + ric.calc_check_digit(first_seventeen + "0")


def test_a_right_number_is_taken_without_notes() -> None:
    assert check_id_number("360426199101010071", where="x") == ("360426199101010071", ())


def test_full_width_digits_spaces_and_a_small_x_are_made_plain() -> None:
    number = next(n for i in range(100) if (n := with_check_digit(f"41132219800101{i:03}")).endswith("X"))
    spaced = f"{number[:6]} {number[6:14]}-{number[14:17]}x"
    assert check_id_number(spaced, where="x")[0] == number
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    assert check_id_number(full_width, where="x")[0] == number


def test_a_wrong_check_digit_is_an_error_that_names_the_place() -> None:
    with pytest.raises(BadInputError) as caught:
        check_id_number("360426199101010072", where="crew[0].id_number")
    assert (caught.value.code, caught.value.where) == ("id-number-wrong", "crew[0].id_number")
    assert caught.value.facts["part"] == "check-digit"


@pytest.mark.parametrize("region", ["999999", "010000", "419999"])
def test_an_unused_region_code_is_only_noted(region: str) -> None:
    assert check_id_number(with_check_digit(f"{region}19800101001"), where="x")[1] == (REGION_UNUSED,)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("36042619910101007", "length"),
        ("3604261991010100710", "length"),
        ("36042619910101007A", "characters"),
        (with_check_digit("36042619911301007"), "birth-date"),
        (with_check_digit("36042600000101007"), "birth-date"),
    ],
)
def test_what_is_no_identity_number_is_an_error(number: str, part: str) -> None:
    with pytest.raises(BadInputError) as caught:
        check_id_number(number, where="x")
    assert caught.value.facts["part"] == part


def test_a_birth_before_the_region_had_its_code_is_nothing_odd() -> None:
    assert check_id_number(with_check_digit("41132219500101001"), where="x")[1] == ()


def test_another_document_is_taken_and_noted() -> None:
    assert check_id_number("E12345678", where="x") == ("E12345678", (NOT_RESIDENT,))


@given(st.text(max_size=24))
def test_no_text_breaks_the_check(text: str) -> None:
    with suppress(BadInputError):
        assert check_id_number(text, where="x")[0].isalnum()


@given(st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_of_all_last_characters_at_most_one_is_right(first: str) -> None:
    right = 0
    for last in "0123456789X":
        try:
            check_id_number(first + last, where="x")
            right += 1
        except BadInputError:
            continue
    assert right <= 1
