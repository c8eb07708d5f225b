"""Routing avoids what is approved in its window and what is credibly blocked, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.closures.approval import approval_of
from geodata.closures.closing import Closing
from geodata.closures.closure import Direction
from geodata.closures.sightings import credible_blockage
from geodata.closures.states import approval_state, closings_of, hypothetical_closings, physical_state, routing_state
from geodata.closures.unmatched import unmatched_ids, unmatched_roads
from geodata.errors import BadInputError
from geodata.windows import Window
from tests.closure_cases import (
    EIGHT,
    HQ,
    LENGTH_M,
    NOON,
    TRANSPORT,
    UPPER,
    blocked,
    class_network,
    closed,
    hours,
    says,
    sees,
    settings,
    span,
)

NETWORK = class_network()
RULES = settings()
COUNTY = NETWORK.road_index["c"]


def routing(closure, at=NOON):
    return routing_state(closure, RULES.policy_for, NETWORK, at)


def closings(*closures):
    return closings_of(closures, RULES, NETWORK)


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("c", decisions=[says(HQ)]), "closed"),
        (closed("c"), "open"),
        (closed("c", decisions=[says(TRANSPORT)]), "open"),
        (closed("c", decisions=[says(HQ, end=hours(3))]), "open"),
        (closed("c", decisions=[says(HQ)], start=hours(5)), "open"),
        (closed("c", decisions=[says(HQ)], end=NOON), "open"),
        (closed("c", decisions=[says(HQ)], end=None), "closed"),
        (closed("c", observations=[sees("blocked", hours(1))]), "closed"),
        (closed("c", observations=[sees("blocked", hours(1)), sees("open", hours(2))]), "open"),
        (closed("c", decisions=[says(HQ)], observations=[sees("open", hours(2))]), "closed"),
        (blocked("c", observations=[sees("blocked", hours(1), "driver")]), "closed"),
        (blocked("c", observations=[sees("blocked", hours(5), "driver")]), "open"),
    ],
)
def test_routing_state_is_approved_in_window_or_credibly_blocked(closure, expected):
    assert routing(closure) == expected


def test_a_blockage_has_no_approval_state():
    closure = blocked("c", observations=[sees("blocked", hours(1), "driver")])
    assert approval_state(closure, RULES.policy_for, NETWORK, NOON) == ""
    assert physical_state(closure, NOON) == "reported"


def test_approved_closure_closes_its_parts_in_its_window():
    part = span("c", 100, 900, Direction.FORWARD)
    assert closings(closed(part, decisions=[says(HQ)])) == (
        Closing("z1", COUNTY, Direction.FORWARD, 100.0, 900.0, Window(EIGHT, hours(10)), False),
    )


def test_only_the_approved_extent_and_window_close():
    decision = says(HQ, start=hours(1), end=hours(3), extent=(span("c", 500),))
    (closing,) = closings(closed(span("c", 0, 2000), decisions=[decision]))
    assert (closing.from_m, closing.to_m, closing.window) == (500.0, 2000.0, Window(hours(1), hours(3)))


def test_a_late_decision_closes_from_then_on_until_it_is_withdrawn():
    decisions = [says(HQ, at=hours(1)), says(HQ, "withdrawn", at=hours(2))]
    (closing,) = closings(closed("c", decisions=decisions))
    assert closing.window == Window(hours(1), hours(2))


def test_nothing_is_closed_between_two_approvals():
    decisions = [says(HQ, end=hours(3)), says(HQ, start=hours(6))]
    found = [one.window for one in closings(closed("c", decisions=decisions))]
    assert found == [Window(EIGHT, hours(3)), Window(hours(6), hours(10))]


def test_a_running_approval_goes_on_until_the_one_that_replaces_it_begins():
    decisions = [says(HQ), says(HQ, at=hours(1), start=hours(5), extent=(span("c", 0, 900),))]
    found = [(one.to_m, one.window) for one in closings(closed("c", decisions=decisions))]
    assert found == [(LENGTH_M, Window(EIGHT, hours(5))), (900.0, Window(hours(5), hours(10)))]


def test_pass_holders_go_through_where_the_closure_lets_them():
    (closing,) = closings(closed("c", decisions=[says(HQ)], pass_holders="let_through"))
    assert closing.lets_pass_holders_through


@pytest.mark.parametrize(("barrier", "lets"), [("", True), ("staffed", True), ("earth_mound", False)])
def test_a_seen_barrier_decides_whether_pass_holders_get_past(barrier, lets):
    look = sees("blocked", hours(1), barrier=barrier)
    (closing,) = closings(closed("c", observations=[look], pass_holders="let_through"))
    assert closing.lets_pass_holders_through is lets
    assert closing.window == Window(hours(1))


def test_a_blockage_closes_from_its_observation_until_it_is_seen_open():
    looks = [sees("blocked", hours(1), "driver"), sees("blocked", hours(2)), sees("open", hours(3))]
    (closing,) = closings(blocked("c", observations=looks))
    assert closing.window == Window(hours(1), hours(3))


def test_one_body_missing_on_one_class_closes_nothing():
    assert closings(closed("x", "c", decisions=[says(HQ)])) == ()
    assert {one.road for one in closings(closed("x", "c", decisions=[says(HQ), says(UPPER)]))} == {
        NETWORK.road_index["x"],
        COUNTY,
    }


def test_what_if_closes_in_its_window_whether_approved_or_not():
    (closing,) = hypothetical_closings([closed("c", pass_holders="let_through")], NETWORK)
    assert closing == Closing("z1", COUNTY, Direction.BOTH, 0.0, LENGTH_M, Window(EIGHT, hours(10)), True)
    looks = [sees("blocked", hours(1), "driver")]
    (closing,) = hypothetical_closings([blocked("c", observations=looks)], NETWORK)
    assert closing.window == Window(hours(1))


def test_what_is_known_of_a_closure_is_avoided_and_the_roads_that_are_gone_are_named():
    closure = closed("gone", "c", decisions=[says(HQ)])
    assert [one.road for one in closings(closure)] == [COUNTY]
    assert closings(closed("gone", decisions=[says(HQ)])) == ()
    assert (unmatched_ids([closure, closed("c")], NETWORK), unmatched_roads(closure, NETWORK)) == (("z1",), ("gone",))


def test_a_road_of_another_network_is_named():
    with pytest.raises(BadInputError) as caught:
        hypothetical_closings([closed("gone")], NETWORK)
    assert (caught.value.code, caught.value.facts["road_id"]) == ("closure-road-unknown", "gone")


decisions = st.lists(
    st.builds(
        lambda body, word, at, start, length: says(
            body,
            word,
            at=hours(at),
            start=None if start is None else hours(start),
            end=None if length is None or start is None else hours(start + length),
        ),
        st.sampled_from([HQ, UPPER, TRANSPORT]),
        st.sampled_from(["approved", "approved", "refused", "withdrawn"]),
        st.integers(-3, 9),
        st.none() | st.integers(-3, 9),
        st.none() | st.integers(1, 9),
    ),
    max_size=5,
)
looks = st.lists(
    st.builds(
        lambda state, at, source: sees(state, hours(at), source),
        st.sampled_from(["blocked", "open"]),
        st.integers(-3, 12),
        st.sampled_from(["inspection", "driver", "track"]),
    ),
    max_size=6,
)


@given(decisions, looks, st.sampled_from(["c", "x"]), st.integers(-8, 26))
def test_closings_say_at_any_moment_what_the_states_say(given_decisions, seen, road, half_hours):
    """Oracle: the states asked at that very moment."""
    at = hours(half_hours / 2)
    closure = closed(road, decisions=given_decisions, observations=seen)
    open_windows = [one for one in closings(closure) if one.window is not None and one.window.holds(at)]
    assert (routing(closure, at) == "closed") is bool(open_windows)
    approval = approval_of(closure, RULES.policy_for("epidemic"), NETWORK)
    lawful = bool(approval.approved_parts(at)) and EIGHT <= at < hours(10)
    assert bool(open_windows) is (lawful or credible_blockage(seen, at) is not None)
