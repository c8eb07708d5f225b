"""How long trucks wait is said from what guards noted, and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.errors import BadInputError
from geodata.store import transaction
from passes.checkpoint.queue_register import MOST_TRUCKS, QueueCount, add_queue_count, newest_queue_counts
from passes.checkpoint.scan_register import BARRED, Scan, add_scan, list_scans
from passes.checkpoint.waiting import waiting_at
from tests.demo_world import AT


def stop(number, *, waited_min=None, looked_s=None, post="a", outcome="let_pass", at=AT):
    arrived = None if waited_min is None else at - timedelta(minutes=waited_min)
    shown = None if looked_s is None else at - timedelta(seconds=looked_s)
    return Scan(
        f"k{number}",
        at,
        post,
        "c",
        "豫R12345",
        "",
        "none",
        (),
        outcome,
        arrived_at=arrived,
        shown_at=shown,
        sent_by="c",
    )


def test_the_median_and_the_longest_of_nine_in_ten():
    (found,) = waiting_at(["a"], [stop(n, waited_min=n, looked_s=10 * n) for n in range(1, 11)], {})
    assert (found.trucks, found.wait.count) == (10, 10)
    assert (found.wait.median_s, found.wait.p90_s) == (300, 540)
    assert (found.at_barrier.median_s, found.at_barrier.p90_s) == (50, 90)


def test_a_truck_whose_arrival_nobody_noted_has_no_wait():
    (found,) = waiting_at(["a"], [stop(1), stop(2, waited_min=4)], {})
    assert (found.trucks, found.wait.count, found.at_barrier) == (2, 1, None)


@pytest.mark.parametrize("minutes", [-1, 25 * 60])
def test_a_wait_that_cannot_be_is_left_out(minutes):
    (found,) = waiting_at(["a"], [stop(1, waited_min=minutes)], {})
    assert found.wait is None


def test_a_reason_that_was_not_taken_ends_no_stop():
    (found,) = waiting_at(["a"], [stop(1, waited_min=3, outcome=BARRED)], {})
    assert (found.trucks, found.wait) == (0, None)


def test_each_checkpoint_is_answered_for_also_one_without_trucks():
    found = waiting_at(["a", "b"], [stop(1, waited_min=3, post="a")], {})
    assert [(one.checkpoint, one.trucks) for one in found] == [("a", 1), ("b", 0)]


def test_the_newest_count_of_each_checkpoint_is_what_stands_there(store):
    counts = [
        QueueCount("1", AT, "a", "c", 5),
        QueueCount("2", AT + timedelta(minutes=5), "a", "c", 2),
        QueueCount("3", AT, "b", "c", 7),
        QueueCount("4", AT - timedelta(days=2), "old", "c", 9),
    ]
    with transaction(store, writes=True) as connection:
        added = [add_queue_count(connection, one, at=AT) for one in (*counts, counts[0])]
        found = newest_queue_counts(connection, since=AT - timedelta(days=1))
    assert added == [True] * 4 + [False]
    assert {post: one.trucks for post, one in found.items()} == {"a": 2, "b": 7}


@pytest.mark.parametrize("trucks", [-1, MOST_TRUCKS + 1])
def test_a_count_that_cannot_be_is_refused(trucks):
    with pytest.raises(BadInputError, match="queue-count-not-possible"):
        QueueCount("1", AT, "a", "c", trucks)


def test_what_is_known_of_a_stop_is_kept_with_it(store):
    with transaction(store, writes=True) as connection:
        add_scan(connection, stop(1, waited_min=3, looked_s=20), at=AT)
        assert list_scans(connection) == (stop(1, waited_min=3, looked_s=20),)
