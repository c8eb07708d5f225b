"""Which closings count, for whom and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.errors import BadInputError
from geodata.windows import Window
from routing.closed_parts import ClosedParts
from routing.closing_set import ClosingSet, instant_us
from routing.metric import Metric

NOW = datetime(2022, 6, 22, 8, 0, tzinfo=UTC)
US = instant_us(NOW, where="now")
HOUR_US = 3_600_000_000
_WHOLE = np.full((4, 2), 1, dtype=np.int64)
METRIC = Metric(_WHOLE > 0, _WHOLE, np.full(4, 100, dtype=np.int64), _WHOLE.ravel())


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


@given(st.data())
@settings(max_examples=100)
def test_a_few_closings_are_looked_at_as_many_are(data):
    hours = st.integers(-3, 3).map(lambda hour: NOW + timedelta(hours=hour))
    drawn = st.tuples(hours, st.none() | hours).filter(lambda pair: pair[1] is None or pair[0] < pair[1])
    window = st.none() | drawn.map(lambda pair: Window(*pair))
    one = st.builds(
        Closing, *(st.sampled_from("xyz"), st.integers(0, 3), st.sampled_from(Direction), st.just(0.0), st.just(1.0)),
        window=window, lets_pass_holders_through=st.booleans(),
    )  # fmt: skip
    closings = tuple(data.draw(st.lists(one, max_size=8)))
    few, many = ClosingSet(closings), ClosingSet(closings)
    many.__dict__["few"] = None
    holder, until = data.draw(st.sampled_from(["public", "pass"])), data.draw(st.sampled_from([None, US + HOUR_US]))
    choices = [vars(one.choice(holder, US, until)) for one in (few, many)]
    assert str(choices[0]) == str(choices[1])
    parts = [ClosedParts(METRIC, one, one.choice(holder, US, until).counted.nonzero()[0]) for one in (few, many)]
    assert parts[0].arcs.tolist() == parts[1].arcs.tolist()
    assert [parts[0].of_arc(arc) for arc in range(8)] == [parts[1].of_arc(arc) for arc in range(8)]
    assert [parts[0].is_on(road) for road in range(4)] == [parts[1].is_on(road) for road in range(4)]


def test_a_naive_time_is_refused():
    with pytest.raises(BadInputError, match="time-without-offset"):
        instant_us(datetime(2022, 6, 22), where="depart_at")  # noqa: DTZ001
