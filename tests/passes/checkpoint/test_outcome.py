"""An outcome is kept once, with its evidence; a forbidden reason is not taken and not forgotten (L6, stories 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from geodata.errors import BadInputError
from geodata.policy_reading import PROFILES, load_profile
from geodata.store import transaction
from passes.audit.refusal_rules import is_to_be_looked_at, no_forbidden_reason
from passes.checkpoint.outcome import record_outcome
from passes.checkpoint.refusal_reasons import refusal_reasons
from passes.checkpoint.refusal_text import forbidden_reason_in
from passes.checkpoint.scan_register import (
    BARRED,
    NOT_LET_PASS,
    REFERRED,
    Scan,
    add_scan,
    is_photo_of_scan,
    list_scans,
)
from tests.pass_applications import NOW

POLICY = load_profile("fangcheng-2022")
PHOTO = "a" * 64


@pytest.fixture
def connection(store: sa.Engine) -> Iterator[sa.Connection]:
    with transaction(store, writes=True) as open_connection:
        yield open_connection


def scan(key: str = "k1", **changes: Any) -> Scan:
    given = {
        "key": key,
        "at": NOW,
        "checkpoint": "check",
        "officer": "c",
        "plate": "豫R12345",
        "jti": "411399000001-2",
        "verdict": "green",
        "reasons": ("pass-valid",),
        "outcome": "let_pass",
        **changes,
    }
    return Scan(**given)


def refused(**changes: Any) -> Scan:
    return scan(**{"outcome": "not_let_pass", "reason": "plate_differs", "photo": PHOTO, **changes})


def test_an_outcome_is_kept_as_it_was(connection):
    recorded = record_outcome(connection, scan(), POLICY, at=NOW)
    assert list_scans(connection) == (recorded.scan,)
    assert recorded.scan.number == "411399000001"


def test_a_form_sent_twice_is_one_scan(connection):
    for _ in range(2):
        record_outcome(connection, scan(), POLICY, at=NOW)
    assert len(list_scans(connection)) == 1
    assert not add_scan(connection, scan(), at=NOW)


def test_another_outcome_under_a_key_that_is_taken_is_not_lost_in_silence(connection):
    record_outcome(connection, scan(), POLICY, at=NOW)
    record_outcome(connection, scan(verdict="amber", sent_by="next shift"), POLICY, at=NOW)
    for other in (refused(), scan(plate="豫R99999"), scan(checkpoint="other"), scan(outcome="guided")):
        with pytest.raises(BadInputError, match="outcome-recorded-already"):
            record_outcome(connection, other, POLICY, at=NOW)
    assert list_scans(connection) == (scan(),)


def test_a_refusal_with_reason_and_photo_is_kept(connection):
    record_outcome(connection, refused(), POLICY, at=NOW)
    (kept,) = list_scans(connection)
    assert is_to_be_looked_at(kept, POLICY)
    assert (kept.reason, kept.photo) == ("plate_differs", PHOTO)
    assert is_photo_of_scan(connection, PHOTO, checkpoint="check")
    assert not is_photo_of_scan(connection, PHOTO, checkpoint="other")


def test_a_refusal_of_a_bad_pass_is_no_refusal_of_a_good_one(connection):
    record_outcome(connection, refused(verdict="red"), POLICY, at=NOW)
    (kept,) = list_scans(connection)
    assert not is_to_be_looked_at(kept, POLICY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "refusal-without-reason"),
        ({"reason": "weather"}, "refusal-reason-unknown"),
        ({"photo": ""}, "refusal-without-photo"),
        ({"reason": "other", "note": "车上有异味"}, "refusal-without-call"),
        ({"note": "长" * 501}, "refusal-note-too-long"),
        ({"outcome": "vanished"}, "outcome-unknown"),
    ],
)
def test_a_refusal_without_its_evidence_is_not_kept(connection, changes, code):
    with pytest.raises(BadInputError) as fault:
        record_outcome(connection, refused(**changes), POLICY, at=NOW)
    assert fault.value.code == code
    assert list_scans(connection) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "transit"},
        {"reason": "other", "called": "张", "note": "途经中高风险地区"},
        {"reason": "other", "called": "张", "note": "司机 途 径 了 风险 区"},
        {"reason": "other", "called": "张", "note": "经过风险地区"},
        {"reason": "other", "called": "张", "note": "车籍地不在本县"},
        {"reason": "other", "called": "张", "note": "等待检测结果"},
    ],
)
def test_a_forbidden_reason_is_not_taken_and_that_it_was_tried_is_kept(connection, changes):
    recorded = record_outcome(connection, refused(**changes), POLICY, at=NOW)
    assert recorded.finding is not None
    assert recorded.finding.code == "refusal-reason-forbidden"
    assert [one.outcome for one in list_scans(connection)] == [BARRED]
    record_outcome(connection, scan(), POLICY, at=NOW)
    assert sorted(one.outcome for one in list_scans(connection)) == [BARRED, "let_pass"]


def test_a_stay_is_no_ground_to_refuse_and_is_kept_for_the_firm(connection):
    recorded = record_outcome(connection, refused(reason="other", called="张", note="在风险地区旅居"), POLICY, at=NOW)
    assert (recorded.finding.code, recorded.finding.clause) == ("refusal-reason-for-the-firm", "X7")
    assert [one.outcome for one in list_scans(connection)] == [REFERRED]


def test_a_text_that_may_mean_a_forbidden_reason_is_taken_and_looked_at(connection, small_county):
    recorded = record_outcome(connection, refused(reason="other", called="张", note="途經風險區"), POLICY, at=NOW)
    assert (recorded.finding, recorded.scan.outcome) == (None, NOT_LET_PASS)
    found = no_forbidden_reason(recorded.scan, POLICY, small_county.places)
    assert (found.code, found.facts["how"], found.facts["note"]) == ("K9", "to_review", "途經風險區")


@pytest.mark.parametrize("note", ["货物与证不符", "司机发热", "前方桥梁有坍塌危险", "", "昨天从许昌出发"])
def test_an_honest_reason_is_not_taken_for_a_forbidden_one(note):
    assert forbidden_reason_in(note, POLICY) is None


@pytest.mark.parametrize("profile", PROFILES)
def test_no_forbidden_reason_can_be_chosen(profile):
    policy = load_profile(profile)
    offered = refusal_reasons(policy)
    assert {one.id for one in offered}.isdisjoint(one.id for one in policy.forbidden_reasons)
    assert all(forbidden_reason_in(one.text, policy) is None for one in offered)


def test_the_shipped_reasons_are_those_of_the_terms():
    texts = [one.text for one in refusal_reasons(POLICY)]
    assert texts == [
        "码无效", "车牌不符", "人员不符", "货物不符", "核酸检测过期", "发热或拒绝配合", "前方道路不通", "交警要求", "其他（须先电话值班）",
    ]  # fmt: skip


def test_scans_are_listed_by_checkpoint_and_pass_newest_first(connection):
    for key, minutes, changes in (("a", 0, {}), ("b", 1, {"checkpoint": "east"}), ("c", 2, {"jti": ""})):
        record_outcome(connection, scan(key, at=NOW + timedelta(minutes=minutes), **changes), POLICY, at=NOW)
    assert [one.key for one in list_scans(connection)] == ["c", "b", "a"]
    assert [one.key for one in list_scans(connection, checkpoint="check")] == ["c", "a"]
    assert [one.key for one in list_scans(connection, number="411399000001")] == ["b", "a"]
