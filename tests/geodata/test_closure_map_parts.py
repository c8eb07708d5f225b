"""What the map says of closures: which part is in which state at an instant, and what everybody is told."""

import pytest

from geodata.closures.map_parts import MapCase, MapState, map_parts, state_edges
from tests.closure_cases import EIGHT, HQ, NOON, blocked, class_network, closed, hours, says, sees, settings, span

NETWORK = class_network()
RULES = settings()


def parts(*closures, at=NOON):
    return map_parts(closures, MapCase(RULES.policy_for, NETWORK, at))


def states(*closures, at=NOON):
    return [part.state.value for part in parts(*closures, at=at)]


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("c", decisions=[says(HQ)]), ["approved"]),
        (closed("c"), ["unapproved"]),
        (closed("c", decisions=[says(HQ, "refused")]), ["unapproved"]),
        (closed("c", decisions=[says(HQ, end=hours(3))]), ["unapproved"]),
        (closed("c", decisions=[says(HQ)], start=hours(5)), ["planned"]),
        (closed("c", start=hours(5)), ["requested"]),
        (closed("c", decisions=[says(HQ, "refused")], start=hours(5)), []),
        (closed("c", decisions=[says(HQ)], end=NOON), []),
        (closed("c", decisions=[says(HQ)], observations=[sees("open", hours(2))]), []),
        (closed("c", end=NOON, observations=[sees("blocked", hours(1))]), ["blocked"]),
        (closed("c", start=hours(5), observations=[sees("blocked", hours(1))]), ["blocked"]),
        (blocked("c", observations=[sees("blocked", hours(1), "driver")]), ["blocked"]),
        (blocked("c", observations=[sees("blocked", hours(1)), sees("open", hours(2))]), []),
    ],
)
def test_state_of_a_closure(closure, expected):
    assert states(closure) == expected


def test_what_goes_beyond_the_approval_is_a_part_of_its_own():
    found = parts(closed("c", decisions=[says(HQ, extent=(span("c", 0, 2000),))]))
    assert {part.state.value: part.length_m for part in found} == {"approved": 2000, "unapproved": 800}


def test_a_step_beyond_the_approval_within_the_tolerance_is_none():
    assert states(closed("c", decisions=[says(HQ, extent=(span("c", 0, 2795),))])) == ["approved"]


def test_the_public_is_told_of_roads_that_cannot_be_used_and_not_of_what_is_looked_into():
    lawful, open_question = closed("c", decisions=[says(HQ)]), closed("t")
    seen = blocked("v", observations=[sees("blocked", hours(1), "checkpoint")])
    reported = blocked("s", observations=[sees("blocked", hours(1), "driver")])
    assert [part.is_public for part in parts(lawful, open_question, seen, reported)] == [True, False, True, False]


def test_a_barrier_is_told_as_seen_else_as_set_up():
    seen = closed("c", barrier="movable", observations=[sees("blocked", hours(1), barrier="trench")])
    assert [part.barrier for part in parts(seen, closed("c", barrier="movable"))] == ["trench", "movable"]


def test_roads_that_are_gone_are_left_out():
    assert parts(closed("gone")) == ()
    assert parts(closed("c", "gone"))[0].spans == (span("c"),)


def test_the_state_changes_at_an_edge_and_nowhere_between():
    closure = closed("c", decisions=[says(HQ, start=hours(1), end=hours(6))], observations=[sees("blocked", hours(7))])
    edges = state_edges([closure])
    assert edges == [hours(-1), EIGHT, hours(1), hours(6), hours(7), hours(10)]
    changes = [states(closure, at=edge) for edge in edges]
    assert changes == [["planned"], ["unapproved"], ["approved"], ["unapproved"], ["unapproved"], ["blocked"]]


def test_a_request_on_paper_does_not_stand_because_its_start_has_come():
    case = MapCase(RULES.policy_for, NETWORK, NOON, only_asked=frozenset({"z1"}))
    assert [part.state.value for part in map_parts([closed("c")], case)] == ["requested"]


def test_every_state_has_a_word():
    assert {state.value for state in MapState} == {"approved", "unapproved", "blocked", "planned", "requested"}
