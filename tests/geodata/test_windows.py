"""Instants carry their offset; windows are half open."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.windows import Window, format_instant, parse_instant, window_around

NOON = datetime(2022, 6, 22, 12, tzinfo=UTC)
instants = st.datetimes(timezones=st.just(UTC))


def test_time_with_offset_becomes_utc():
    assert parse_instant("2022-06-22T20:00:00+08:00", where="--at") == NOON


@pytest.mark.parametrize("text", ["2022-06-22T20:00:00", "2022-06-22", "08:00"])
def test_time_without_offset_is_refused_naming_the_place(text):
    with pytest.raises(BadInputError) as error:
        parse_instant(text, where="--at")
    assert error.value.where == "--at"
    assert error.value.code in {"time-without-offset", "time-unreadable"}


@pytest.mark.parametrize("text", ["yesterday", "", "2022-13-01T00:00:00Z", None, 7])
def test_text_that_is_no_time_is_refused(text):
    with pytest.raises(BadInputError, match="time-unreadable"):
        parse_instant(text, where="--at")


@given(instants)
def test_written_instant_reads_back(instant):
    assert parse_instant(format_instant(instant), where="x") == instant


def test_window_holds_its_start_and_not_its_end():
    window = window_around(NOON, hours=1)
    assert window.holds(NOON)
    assert not window.holds(NOON + timedelta(hours=1))


def test_window_without_end_goes_on():
    assert Window(NOON).holds(NOON + timedelta(days=10_000))


def test_end_before_start_is_refused():
    with pytest.raises(BadInputError, match="window-reversed"):
        Window(NOON, NOON - timedelta(seconds=1))


def test_empty_window_is_refused():
    with pytest.raises(BadInputError, match="window-reversed"):
        Window(NOON, NOON)


def test_touching_windows_do_not_overlap():
    first, second = window_around(NOON, hours=1), window_around(NOON + timedelta(hours=1), hours=1)
    assert not first.overlaps(second)
    assert not second.overlaps(first)


@given(st.lists(instants, min_size=4, max_size=4, unique=True))
def test_overlap_is_mutual_and_means_a_shared_instant(four):
    one, two = Window(*sorted(four[:2])), Window(*sorted(four[2:]))
    latest_start = max(one.start, two.start)
    assert one.overlaps(two) == two.overlaps(one) == (one.holds(latest_start) and two.holds(latest_start))


def test_edges_after_an_instant_come_in_order():
    window = window_around(NOON, hours=2)
    assert window.edges_after(NOON - timedelta(hours=1)) == (window.start, window.end)
    assert window.edges_after(NOON) == (window.end,)


def test_local_zone_is_kept_as_the_same_moment():
    beijing = timezone(timedelta(hours=8))
    assert format_instant(datetime(2022, 6, 22, 20, tzinfo=beijing)) == "2022-06-22T12:00:00Z"
