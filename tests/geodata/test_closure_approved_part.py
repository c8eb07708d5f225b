"""What is approved of a closure, from when to when: exactly what every body said, and never more."""

import pytest

from geodata.closures.approved_part import approved_part, approved_parts_over_time
from geodata.windows import Window
from tests.closure_cases import (
    EIGHT,
    HQ,
    NOON,
    POLICE,
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
POLICY_FOR = settings().policy_for


def part_of(closure, at=NOON):
    return approved_part(closure, POLICY_FOR, NETWORK, at=at)


def test_an_approval_as_asked_is_the_whole_closure_in_its_window():
    decision = says(HQ)
    part = part_of(closed("c", decisions=[decision]))
    assert (part.extent, part.window, part.decisions) == ((span("c"),), Window(EIGHT, hours(10)), (decision,))
    assert part.length_m == 2800


def test_only_the_approved_part_counts_where_less_was_approved():
    less = says(HQ, extent=(span("c", 0, 500),), start=hours(1), end=hours(5))
    part = part_of(closed("c", decisions=[less]))
    assert (part.extent, part.window) == ((span("c", 0, 500),), Window(hours(1), hours(5)))


@pytest.mark.parametrize(
    "decisions",
    [
        [],
        [says(HQ, "refused")],
        [says(HQ), says(HQ, "withdrawn", at=hours(1))],
        [says("transport")],
        [says(HQ, end=hours(2))],
        [says(HQ, at=hours(6))],
    ],
)
def test_without_a_standing_approval_in_time_there_is_no_part(decisions):
    assert part_of(closed("c", decisions=decisions)) is None


def test_what_is_seen_on_site_is_approved_by_nobody():
    assert part_of(blocked("c", observations=[sees("blocked", EIGHT)])) is None


def test_two_bodies_must_both_approve_an_expressway():
    one = says(HQ, extent=(span("x", 0, 2000),))
    other = says(UPPER, extent=(span("x", 1000, 2800),))
    assert part_of(closed("x", decisions=[one])) is None
    part = part_of(closed("x", decisions=[one, other]))
    assert (part.extent, set(part.decisions)) == ((span("x", 1000, 2000),), {one, other})


def test_before_its_start_the_next_part_is_told():
    later = closed("c", decisions=[says(HQ, start=hours(6))])
    assert part_of(later).window == Window(hours(6), hours(10))


def test_a_newer_smaller_approval_takes_over_when_it_begins():
    less = says(HQ, at=hours(2), start=hours(5), extent=(span("c", 0, 500),))
    steps = approved_parts_over_time(closed("c", decisions=[says(HQ), less]), POLICY_FOR, NETWORK, at=NOON)
    assert [(one.extent, one.window) for one in steps] == [
        ((span("c"),), Window(EIGHT, hours(5))),
        ((span("c", 0, 500),), Window(hours(5), hours(10))),
    ]


def test_an_approval_until_further_notice_has_no_end():
    assert part_of(closed("c", decisions=[says(HQ)], end=None)).window == Window(EIGHT)


def test_a_phone_approval_tells_when_its_paper_is_due():
    part = part_of(closed("c", decisions=[says(HQ, form="oral", document_no="")]))
    assert part.paper_due == hours(23)


def test_danger_first_may_have_begun_before_it_was_decided():
    closure = closed("c", cause="collapse", decisions=[says(POLICE, at=hours(1)), says(HQ, at=hours(1))])
    assert part_of(closure, at=hours(0.5)) is None
    assert part_of(closure).window.start == EIGHT


def test_a_road_that_the_network_lost_is_left_out():
    part = part_of(closed("c", span("gone"), decisions=[says(HQ)]))
    assert part.extent == (span("c"),)
