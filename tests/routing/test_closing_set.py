"""Which closings count, for whom and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.windows import Window
from routing.closing_set import ClosingSet, instant_us

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
US = instant_us(NOW, where="now")
HOUR_US = 3_600_000_000


def closing(closure_id: str = "x", **further) -> Closing:
    return Closing(closure_id, 0, Direction.BOTH, 0.0, 10.0, **further)


def test_a_closing_without_a_window_is_always_in_force():
    assert ClosingSet((closing(),)).in_force(US).tolist() == [True]


def test_a_window_is_half_open_and_may_have_no_end():
    hour = timedelta(hours=1)
    windows = [Window(NOW, NOW + hour), Window(NOW - hour, NOW), Window(NOW + hour), Window(NOW - hour)]
    closings = ClosingSet(tuple(closing(window=window) for window in windows))
    assert closings.in_force(US).tolist() == [True, False, False, True]
    assert closings.in_force(US, US + HOUR_US).tolist() == [True, False, False, True]
    assert closings.in_force(US, US + HOUR_US + 1).tolist() == [True, False, True, True]


def test_holders_are_not_concerned_where_they_are_let_through():
    closings = ClosingSet((closing(), closing(lets_pass_holders_through=True)))
    assert closings.concerning("pass").tolist() == [True, False]
    assert closings.concerning("public").tolist() == [True, True]


def test_replacing_takes_the_place_of_the_same_closure_only():
    old, other, new = closing("x"), closing("y"), closing("x", window=Window(NOW))
    assert ClosingSet((old, other)).replacing([new]).closings == (other, new)


def test_one_cannot_lift_what_is_not_closed():
    with pytest.raises(BadInputError, match="closure-not-closed"):
        ClosingSet((closing("x"),)).without(["x", "z"])


def test_an_empty_set_has_empty_masks():
    empty = ClosingSet(())
    assert [len(mask) for mask in (empty.in_force(US), empty.concerning("pass"), empty.of_closures(["x"]))] == [0, 0, 0]


def test_a_naive_time_is_refused():
    with pytest.raises(BadInputError, match="time-without-offset"):
        instant_us(datetime(2022, 6, 22), where="depart_at")  # noqa: DTZ001
