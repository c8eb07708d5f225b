import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from passes.reading.plates import is_plate, normalise_plate, read_plate


@pytest.mark.parametrize(
    "plate",
    ["豫R12345", "豫RA1234", "京A1B2C3", "豫RD12345", "豫RF12345", "豫RDA1234", "豫R12345D", "豫R1234挂", "粤Z1234港"],
)
def test_a_plate_is_taken(plate):
    assert read_plate(plate, where="plate") == plate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R12345",
        "豫R1234",
        "豫R123456",
        "豫I12345",
        "豫RO2345",
        "豫R1234I",
        "豫RL12345",
        "豫R挂1234",
        "豫豫R1234",
        "XR12345",
        "豫R12345挂",
    ],
)
def test_what_is_no_plate_is_refused(text):
    with pytest.raises(BadInputError, match=r"plate-unreadable at vehicle\.plate"):
        read_plate(text, where="vehicle.plate")


@pytest.mark.parametrize(
    "text", ["豫Ｒ１２３４５", "豫r12345", " 豫R·12345 ", "豫R 123 45", "豫Ｒ・12345", "豫R-12345"]
)
def test_full_width_lower_case_dots_and_spaces_become_one_plate(text):
    assert read_plate(text, where="plate") == "豫R12345"


@given(st.text("豫ＲRrｒ１1 ·・ＤdＩi挂", max_size=12))
def test_a_normalised_text_stays_as_it_is(text):
    once = normalise_plate(text)
    assert normalise_plate(once) == once


@given(st.text(max_size=12))
def test_reading_never_fails_otherwise(text):
    try:
        plate = read_plate(text, where="plate")
    except BadInputError:
        return
    assert is_plate(plate)
