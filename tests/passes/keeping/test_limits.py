"""What of people may go: its days are over, and nothing that is open leans on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geodata.errors import BadInputError
from geodata.policy_reading import load_profile, read_policy
from passes.keeping.limits import KINDS, Holds, Trail, days_kept, ended_before, may_go, standing_subjects
from tests.closure_cases import blocked, closed, sees

AT = datetime(2022, 9, 1, tzinfo=UTC)
POLICY = load_profile("fangcheng-2022")
REGIME = {"regime": {"id": "r", "name": "r"}}


def read(**tables):
    return read_policy({**REGIME, **tables}, where="county.toml")


def test_something_goes_when_its_days_are_over_and_not_a_second_before():
    before = ended_before("scans", POLICY, AT)
    assert before == AT - timedelta(days=30)
    assert may_go(Trail("k", before - timedelta(seconds=1)), before, Holds())
    assert not may_go(Trail("k", before), before, Holds())


@pytest.mark.parametrize("held", [{"numbers": {"n"}}, {"firms": {"f"}}, {"subjects": {"s"}}])
def test_what_an_open_matter_names_stays(held):
    trail = Trail("k", AT, frozenset({"n"}), frozenset({"f"}), frozenset({"s", "t"}))
    assert not may_go(trail, AT + timedelta(days=1), Holds(**{key: frozenset(one) for key, one in held.items()}))
    assert may_go(trail, AT + timedelta(days=1), Holds(frozenset({"m"}), frozenset({"g"}), frozenset({"u"})))


def test_what_stands_is_a_closure_in_its_window_or_a_blockage_that_somebody_saw():
    hour = timedelta(hours=1)
    over, asked, holds = (
        closed("c", id=name, start=AT + start, end=AT + start + 2 * hour)
        for name, start in (("over", -3 * hour), ("asked", hour), ("holds", -hour))
    )
    seen = blocked("c", observations=[sees("blocked", AT - 90 * 24 * hour)])
    opened = blocked("c", observations=[sees("blocked", AT - hour), sees("open", AT)], id="b2")
    assert standing_subjects([over, asked, holds, seen, opened], AT) == {"holds", "b1"}


def test_every_kind_has_its_days():
    assert {kind: days_kept(kind, POLICY) for kind in ("positions", "passes", "photos")} == {
        "positions": 14,
        "passes": 60,
        "photos": 30,
    }
    assert all(days_kept(kind, POLICY) > 0 for kind in KINDS)


@pytest.mark.parametrize(
    ("tables", "code", "key"),
    [
        ({"keeping": {"scans_days": 13}}, "policy-value-too-small", "keeping.scans_days"),
        ({"keeping": {"scans_days": -1}}, "policy-value-not-a-number", "keeping.scans_days"),
        ({"keeping": {"photos_days": 4000}}, "policy-value-too-large", "keeping.photos_days"),
        ({"keeping": {"passes_days": 20}, "tracks": {"certificate_days": 21}}, "policy-value-too-small", "passes_days"),
        ({"keeping": {"scans_days": 14}, "checks": {"refusals_within_days": 15}}, "policy-value-too-small", "scans"),
        ({"keeping": {"scan_days": 30}}, "policy-key-unknown", "keeping.scan_days"),
        ({"tracks": {"keep_days": 1_000_000}}, "policy-value-too-large", "tracks.keep_days"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_their_key(tables, code, key):
    with pytest.raises(BadInputError) as refused:
        read(**tables)
    assert refused.value.code == code
    assert key in refused.value.where


def test_a_county_that_says_nothing_keeps_what_its_other_rules_lean_on():
    assert read(tracks={"certificate_days": 100}, checks={"refusals_within_days": 50}).keeping.passes_days == 100
    assert read(checks={"refusals_within_days": 50}).keeping.scans_days == 50
    assert read().keeping.scans_days == 30
