"""The newest observation says whether a road is blocked; one look or three tracks through make a report doubtful."""

import pytest

from geodata.closures.sightings import blocked_run, credible_blockage, is_seen_open, physical_state, seen_barrier
from tests.closure_cases import hours, sees

BLOCKED = sees("blocked", hours(0), "driver")


def tracks(count, start=1.0):
    return [sees("open", hours(start + number / 10), "track") for number in range(count)]


@pytest.mark.parametrize(
    ("observations", "credible"),
    [
        ([], False),
        ([BLOCKED], True),
        ([BLOCKED, sees("open", hours(1), "inspection")], False),
        ([BLOCKED, sees("open", hours(1), "checkpoint")], False),
        ([BLOCKED, *tracks(1)], True),
        ([BLOCKED, *tracks(2)], True),
        ([BLOCKED, *tracks(3)], False),
        ([*tracks(3, -1.0), BLOCKED], True),
        ([BLOCKED, *tracks(2), sees("blocked", hours(2), "driver"), *tracks(2, 3.0)], True),
        ([BLOCKED, sees("open", hours(1)), sees("blocked", hours(2), "township")], True),
        ([sees("open", hours(-1)), BLOCKED], True),
        ([sees("blocked", hours(6))], False),
        ([sees("blocked", hours(1), "track")], True),
    ],
)
def test_credible_is_what_the_newest_observation_says_unless_it_is_doubted(observations, credible):
    assert (credible_blockage(observations, hours(5)) is not None) is credible


def test_order_in_the_file_does_not_matter_but_for_one_moment():
    later = sees("open", hours(1))
    assert credible_blockage([later, BLOCKED], hours(5)) is None
    assert credible_blockage([BLOCKED, sees("open", hours(0))], hours(5)) is None


@pytest.mark.parametrize(
    ("observations", "state"),
    [
        ([], "unknown"),
        ([BLOCKED], "reported"),
        ([sees("blocked", hours(0), "township")], "reported"),
        ([sees("blocked", hours(0), "inspection")], "confirmed_blocked"),
        ([sees("blocked", hours(0), "checkpoint"), sees("blocked", hours(1), "driver")], "confirmed_blocked"),
        ([sees("blocked", hours(0)), sees("open", hours(1)), sees("blocked", hours(2), "driver")], "reported"),
        ([BLOCKED, sees("open", hours(1))], "confirmed_open"),
        ([BLOCKED, sees("open", hours(1), "driver")], "unknown"),
        ([BLOCKED, *tracks(3)], "confirmed_open"),
        (tracks(2), "unknown"),
    ],
)
def test_physical_state_is_what_was_seen_and_by_whom(observations, state):
    assert physical_state(observations, hours(5)) == state


def test_seen_open_counts_only_after_the_given_time():
    looks = [sees("open", hours(1))]
    assert is_seen_open(looks, hours(5), after=hours(0))
    assert not is_seen_open(looks, hours(5), after=hours(1))
    assert not is_seen_open(looks, hours(0.5), after=hours(0))
    assert not is_seen_open([*looks, sees("blocked", hours(2))], hours(5), after=hours(0))
    assert is_seen_open(tracks(3), hours(5), after=hours(0))
    assert not is_seen_open(tracks(3, -1.0), hours(5), after=hours(0))


def test_barrier_is_the_last_one_named_since_the_road_was_open():
    looks = [
        sees("blocked", hours(0), barrier="wall"),
        sees("open", hours(1)),
        sees("blocked", hours(2), barrier="earth_mound"),
        sees("blocked", hours(3)),
    ]
    assert seen_barrier(looks, hours(5)) == "earth_mound"
    assert seen_barrier(looks, hours(0.5)) == "wall"
    assert seen_barrier(looks, hours(1.5)) == ""
    assert [one.at for one in blocked_run(looks, hours(5))] == [hours(2), hours(3)]
