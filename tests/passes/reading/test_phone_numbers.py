"""A phone number is the same however it is written, and what is none is none."""

from __future__ import annotations

import pytest

from passes.reading.phone_numbers import normalise_phone

FULL_WIDTH = "".join(chr(ord(digit) + 0xFEE0) for digit in "13800000000")


@pytest.mark.parametrize("written", ["13800000000", "138-0000-0000", " 138 0000 0000 ", FULL_WIDTH])
def test_a_number_is_the_same_however_it_is_written(written):
    assert normalise_phone(written) == "13800000000"


def test_a_country_code_stays():
    assert normalise_phone("+86 138 0000 0000") == "+8613800000000"


@pytest.mark.parametrize("written", ["", "none", "1234", "138000000001380000000", "tel:138;drop"])
def test_what_is_no_number_is_none(written):
    assert normalise_phone(written) == ""
