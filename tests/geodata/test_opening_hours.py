from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.opening_hours import is_open, read_hours

ZONE = ZoneInfo("Asia/Shanghai")


def at(hour, minute=0):
    return datetime(2022, 6, 22, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:00-18:00", ((8 * 60, 1080),)),
        ("8:00 ~ 12:00, 14:00—18:00", ((8 * 60, 720), (840, 1080))),
        ("00:00-24:00", ((0, 1440),)),
        ("20:00-06:00", ((0, 360), (1200, 1440))),
        ("\uff10\uff18\uff1a00\uff0d\uff11\uff18:00", ((8 * 60, 1080),)),
        ("08:00至18:00", ((8 * 60, 1080),)),
        ("", ()),
        ("每天上午", ()),
        ("08:00-25:00", ()),
    ],
)
def test_hours_are_read_as_minutes_of_the_day(text, spans):
    assert read_hours(text) == spans


def test_a_place_is_open_from_the_first_minute_and_shut_at_the_last():
    assert is_open("08:00-18:00", at(8))
    assert not is_open("08:00-18:00", at(7, 59))
    assert not is_open("08:00-18:00", at(18))


def test_hours_past_midnight_hold_on_both_sides():
    assert is_open("20:00-06:00", at(23, 30))
    assert is_open("20:00-06:00", at(5, 59))
    assert not is_open("20:00-06:00", at(6))


def test_unknown_hours_count_as_open():
    assert is_open("", at(3))
    assert is_open("电话联系", at(3))


@given(st.text(max_size=30))
def test_any_text_is_read_without_a_fault(text):
    assert all(0 <= start < end <= 1440 for start, end in read_hours(text))
