"""Instants carry their offset; windows are half open."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadInputError
from geodata.windows import EARLIEST, LATEST, Window, format_instant, parse_instant

NOON = datetime(2022, 6, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
instants = st.datetimes(EARLIEST.replace(tzinfo=None), (LATEST - HOUR).replace(tzinfo=None), timezones=st.just(UTC))


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


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+08:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+08:00",
        "9999-12-31T00:00:00Z",
        "9999-12-31T23:59:59-08:00",
    ],
)
def test_time_at_the_ends_of_the_calendar_is_refused(text):
    with pytest.raises(BadInputError, match="time-out-of-range") as error:
        parse_instant(text, where="--at")
    assert (error.value.facts["earliest"], error.value.facts["latest"]) == ("1970-01-01", "9999-12-31")


def test_paper_that_is_valid_for_ever_is_read():
    assert parse_instant("9999-12-31T00:00:00+08:00", where="x") == datetime(9999, 12, 30, 16, tzinfo=UTC)


@given(instants)
def test_written_instant_reads_back(instant):
    assert parse_instant(format_instant(instant), where="x") == instant


def test_window_holds_its_start_and_not_its_end():
    window = Window(NOON, NOON + HOUR)
    assert window.holds(NOON)
    assert not window.holds(NOON + HOUR)


def test_window_without_end_goes_on():
    assert Window(NOON).holds(NOON + timedelta(days=10_000))


def test_end_before_start_is_refused():
    with pytest.raises(BadInputError, match="window-reversed"):
        Window(NOON, NOON - timedelta(seconds=1))


def test_empty_window_is_refused():
    with pytest.raises(BadInputError, match="window-reversed"):
        Window(NOON, NOON)


def test_touching_windows_do_not_overlap():
    first, second = Window(NOON, NOON + HOUR), Window(NOON + HOUR, NOON + 2 * HOUR)
    assert not first.overlaps(second)
    assert not second.overlaps(first)


@given(st.lists(instants, min_size=4, max_size=4, unique=True))
def test_overlap_is_mutual_and_means_a_shared_instant(four):
    one, two = Window(*sorted(four[:2])), Window(*sorted(four[2:]))
    latest_start = max(one.start, two.start)
    assert one.overlaps(two) == two.overlaps(one) == (one.holds(latest_start) and two.holds(latest_start))


def test_local_zone_is_kept_as_the_same_moment():
    beijing = timezone(timedelta(hours=8))
    assert format_instant(datetime(2022, 6, 22, 20, tzinfo=beijing)) == "2022-06-22T12:00:00Z"
