"""A firm that left the whitelist, or has a case, has its open passes looked at; a person decides (W6, W8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from geodata.county import County
from geodata.errors import BadInputError
from geodata.policy import Policy
from passes.editions.firm_review_register import close_review, open_reviews, report_case
from passes.editions.issuing import Office, issue_pass
from passes.editions.pass_register import PassRecord, events_of, find_pass
from tests.issuing_office import an_office, applied, put_on_whitelist
from tests.pass_applications import NOW

LATER = NOW + timedelta(minutes=1)
REMOVED = {"name": "宏达面粉", "id": "firm", "status": "removed", "reason": "未落实措施"}


@pytest.fixture
def office(small_county: County, tmp_path: Path) -> Iterator[Office]:
    with an_office(small_county, tmp_path) as open_office:
        yield open_office


@pytest.fixture
def record(office: Office, tmp_path: Path) -> PassRecord:
    made = issue_pass(applied(office), office, key_file=tmp_path / "key", at=NOW).record
    assert made is not None
    return made


def with_rule(office: Office, rule: str) -> Policy:
    return replace(office.policy, passes=replace(office.policy.passes, stops_on_confirmed_case=rule))


def remove(office: Office) -> None:
    put_on_whitelist(office.connection, REMOVED, at=LATER)


def test_no_firm_is_looked_at_without_a_cause(office, record):
    assert open_reviews(office.connection, at=LATER) == ()


def test_a_firm_that_left_the_whitelist_has_its_passes_looked_at(office, record):
    remove(office)
    (review,) = open_reviews(office.connection, at=LATER)
    assert (review.name, review.cause, review.reason) == ("宏达面粉", "removed", "未落实措施")
    assert [one.number for one in review.passes] == [record.number]
    assert find_pass(office.connection, record.number).state == "granted"


def test_an_answer_ends_the_review_and_withdraws_what_it_says(office, record):
    remove(office)
    (withdrawn,) = close_review(office.connection, "firm", outcome="withdrawn", reason="已移出", at=LATER, by="t")
    assert events_of(office.connection, record.number)[-1].facts == {"by": "t"}
    assert withdrawn.number == record.number
    assert find_pass(office.connection, record.number).state == "withdrawn"
    assert open_reviews(office.connection, at=LATER) == ()
    with pytest.raises(BadInputError, match="review-unknown"):
        close_review(office.connection, "firm", outcome="kept", reason="x", at=LATER)


def test_passes_that_stay_are_not_asked_about_again_until_something_new_happens(office, record):
    remove(office)
    assert close_review(office.connection, "firm", outcome="kept", reason="在途", at=LATER) == ()
    assert open_reviews(office.connection, at=LATER) == ()
    report_case(office.connection, "宏达面粉", with_rule(office, "review"), reason="一名装卸工", at=LATER, by="t")
    assert [(one.cause, one.by) for one in open_reviews(office.connection, at=LATER)] == [("case", "t")]


@pytest.mark.parametrize(
    ("rule", "state", "reviews"), [("no", "granted", 0), ("review", "granted", 1), ("yes", "suspended", 1)]
)
def test_what_a_case_does_is_the_policys(office, record, rule, state, reviews):
    stopped = report_case(office.connection, "firm", with_rule(office, rule), reason="x", at=LATER)
    assert stopped == (1 if rule == "yes" else 0)
    assert find_pass(office.connection, record.number).state == state
    assert len(open_reviews(office.connection, at=LATER)) == reviews


def test_an_expired_pass_is_not_looked_at(office, record):
    remove(office)
    assert open_reviews(office.connection, at=record.expires_at) == ()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (
            lambda office: report_case(office.connection, "无此企业", office.policy, reason="x", at=LATER),
            "enterprise-unknown",
        ),
        (
            lambda office: report_case(office.connection, "firm", office.policy, reason=" ", at=LATER),
            "review-without-reason",
        ),
        (
            lambda office: close_review(office.connection, "firm", outcome="kept", reason=" ", at=LATER),
            "review-without-reason",
        ),
        (
            lambda office: close_review(office.connection, "firm", outcome="x", reason="x", at=LATER),
            "review-outcome-unknown",
        ),
    ],
)
def test_what_is_missing_is_named(office, record, act, code):
    remove(office)
    with pytest.raises(BadInputError, match=code):
        act(office)
