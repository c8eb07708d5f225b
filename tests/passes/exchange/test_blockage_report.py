"""The ministry's blockage report: its rows, and exactly those marked that must be reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from passes.exchange.blockage_report import report_rows
from tests.closure_cases import (
    EIGHT,
    HQ,
    NOON,
    POLICE,
    UPPER,
    class_network,
    closed,
    county_of,
    hours,
    says,
    sees,
    span,
)

COUNTY = county_of(class_network())


def rows(*closures, at=NOON):
    return report_rows(closures, COUNTY, at=at)


def approved(road, **more):
    return closed(road, decisions=[says(HQ), says(UPPER)], **more)


def seen(road, *sights):
    return replace(closed(road, observations=sights), id="b1", window=None, cause="", requested_by="", reason="")


@pytest.mark.parametrize(
    ("road", "lasts_h", "must"),
    [
        ("x", 2.0, False),
        ("x", 2.01, True),
        ("n", 5.0, False),
        ("n", 5.01, True),
        ("p", 5.01, True),
        ("c", 48.0, False),
        ("v", 48.0, False),
    ],
)
def test_expressways_are_reported_after_two_hours_and_main_roads_after_five(road, lasts_h, must):
    (row,) = rows(approved(road, end=hours(lasts_h)), at=hours(1))
    assert row.must_be_reported is must


def test_a_closure_until_further_notice_must_be_reported():
    assert rows(approved("n", end=None))[0].must_be_reported


def test_one_that_was_reopened_in_time_need_not_be_reported_but_stays_in_the_sheet():
    (row,) = rows(approved("n", observations=[sees("blocked", hours(1)), sees("open", hours(3))]))
    assert (row.must_be_reported, row.reopened_at) == (False, hours(3))
    assert rows(approved("n", observations=[sees("open", hours(3))]), at=hours(48)) == ()


def test_a_blockage_nobody_registered_is_sudden_and_counts_from_its_first_sight():
    mound = seen("n", sees("blocked", EIGHT), sees("blocked", hours(4), barrier="earth_mound"))
    assert not rows(mound, at=hours(5))[0].must_be_reported
    (row,) = rows(mound, at=hours(5.5))
    assert (row.must_be_reported, row.is_planned, row.started_at, row.barrier) == (True, False, EIGHT, "earth_mound")
    assert row.orders == ()


def test_one_that_outlasts_its_end_counts_until_now():
    late = approved("n", end=hours(4), observations=[sees("blocked", hours(3)), sees("blocked", hours(6))])
    assert rows(late, at=hours(7))[0].must_be_reported


def test_a_request_that_nobody_approved_is_not_in_the_sheet():
    assert rows(closed("n", start=hours(6))) == ()
    assert rows(closed("n", start=hours(6), decisions=[says(HQ)]))[0].is_planned


def test_each_route_has_its_own_row_and_those_to_be_reported_come_first():
    found = rows(closed("c", "n", decisions=[says(HQ)]))
    assert [(row.road_class.value, row.must_be_reported) for row in found] == [("national", True), ("county", False)]
    assert found[1].length_m == 2800.0


def test_a_row_tells_who_asked_and_who_approved_when():
    (row,) = rows(closed(span("n", 0.0, 500.0), decisions=[says(HQ, document_no="7号")]))
    assert (row.unit, row.cause, row.orders[0].document_no) == ("杨集乡", "epidemic", "7号")
    assert (row.started_at, row.expected_end, row.name) == (EIGHT, hours(10), "n路")
    assert row.start_spot == pytest.approx((113.0, 33.02))


def test_a_decision_by_a_body_that_the_rule_does_not_name_is_no_approval():
    assert rows(closed("n", decisions=[says(POLICE)], observations=[sees("blocked", hours(1))]))[0].orders == ()


def test_half_of_a_joint_approval_is_no_approval():
    assert rows(closed("x", decisions=[says(HQ)]))[0].orders == ()
    assert len(rows(approved("x"))[0].orders) == 2
