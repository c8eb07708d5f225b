from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.policy import Condition
from geodata.policy_reading import load_profile
from geodata.windows import format_instant
from passes.applications.application import Application, read_application
from passes.applications.conditions import Standing, check_conditions, stays_for_review
from tests.pass_applications import NOW, application_document, when

TEST = next(one for one in load_profile("fangcheng-2022").conditions if one.id == "test")
PROFILE = load_profile("fangcheng-2022").conditions
ANIMAL = load_profile("animal-disease").conditions
INSIDE = frozenset({"emergency"})
HOURS = TEST.max_age_h or 0


def application(conditions: tuple[Condition, ...] = PROFILE, **changes: Any) -> Application:
    return read_application(application_document(**changes), where="", conditions=conditions)


def standings(*conditions: Condition, **changes: Any) -> tuple[Standing, ...]:
    asked = conditions or PROFILE
    return check_conditions(application(asked, **changes), asked, area_kinds=INSIDE, at=NOW)


def codes(*conditions: Condition, **changes: Any) -> list[str]:
    return [finding.code for one in standings(*conditions, **changes) for finding in one.findings]


def test_a_crew_that_meets_every_condition_has_no_finding() -> None:
    assert codes() == []


def test_each_person_has_an_end_of_their_own() -> None:
    ends = {one.label: one.ends_at for one in standings() if one.condition.id == "test"}
    assert ends == {"王*明": NOW + timedelta(hours=HOURS - 10), "李*": NOW + timedelta(hours=HOURS - 12)}


def test_exactly_the_most_hours_old_is_accepted() -> None:
    assert codes(TEST, driver={"sampled_at": when(hours=HOURS)}, depart_at=when()) == []


def test_one_second_over_the_most_hours_is_refused_with_person_and_clause() -> None:
    (finding,) = standings(driver={"sampled_at": when(hours=HOURS, seconds=1)})[0].findings
    assert (finding.code, finding.clause, finding.subject) == ("condition-expired", "L4", "王*明")
    assert finding.facts["ends_at"] == format_instant(NOW - timedelta(seconds=1))
    assert finding.facts["path"] == "crew[0]"


def test_a_sample_in_the_future_is_refused_and_its_path_named() -> None:
    (finding,) = standings(rider={"sampled_at": when(seconds=-1)})[1].findings
    assert (finding.code, finding.facts["path"]) == ("condition-in-future", "crew[1].sampled_at")


def test_an_older_sample_in_the_future_is_refused_too() -> None:
    earlier = [{"sampled_at": when(hours=-3), "result": "negative"}]
    assert codes(TEST, driver={"result": "pending", "earlier": earlier}) == ["condition-in-future"]


def test_a_pending_result_alone_is_refused() -> None:
    assert codes(driver={"result": "pending"}) == ["condition-pending-alone"]


def test_a_pending_result_with_an_older_one_in_force_is_accepted_until_that_one_ends() -> None:
    older = [{"sampled_at": when(hours=40), "result": "negative"}]
    standing = standings(driver={"result": "pending", "earlier": older})[0]
    assert (standing.findings, standing.pending) == ((), True)
    assert standing.ends_at == NOW + timedelta(hours=HOURS - 40)


def test_a_pending_result_with_an_older_one_out_of_force_is_refused() -> None:
    older = [{"sampled_at": when(hours=HOURS, seconds=1), "result": "negative"}]
    assert codes(driver={"result": "pending", "earlier": older}) == ["condition-pending-alone"]


def test_a_pending_result_with_an_older_sample_without_result_is_refused() -> None:
    older = [{"sampled_at": when(hours=20)}]
    assert codes(driver={"sampled_at": when(hours=1), "result": "pending", "earlier": older}) == [
        "condition-pending-alone"
    ]


def test_an_older_sample_without_result_does_not_hide_the_accepted_one_before_it() -> None:
    older = [{"sampled_at": when(hours=20)}, {"sampled_at": when(hours=30), "result": "negative"}]
    standing = standings(driver={"result": "pending", "earlier": older})[0]
    assert (standing.findings, standing.ends_at) == ((), NOW + timedelta(hours=HOURS - 30))


def test_a_newest_sample_without_result_is_not_stated_whatever_came_before() -> None:
    older = [{"sampled_at": when(hours=20), "result": "negative"}]
    (finding,) = standings(driver={"result": None, "earlier": older})[0].findings
    assert (finding.code, finding.facts["key"]) == ("condition-missing", "result")


@pytest.mark.parametrize("result", ["pending", "positive"])
def test_a_result_without_its_time_is_not_stated_whatever_came_before(result: str) -> None:
    older = [{"sampled_at": when(hours=20), "result": "negative"}]
    said = codes(TEST, driver={"sampled_at": None, "result": result, "earlier": older})
    assert said == ["condition-missing"]


def test_a_sample_at_the_end_of_all_time_is_in_the_future_and_breaks_nothing() -> None:
    assert codes(TEST, driver={"sampled_at": "9999-12-30T23:00:00Z"}) == ["condition-in-future"]


def test_the_order_in_which_samples_are_written_does_not_matter() -> None:
    newer = [{"sampled_at": when(hours=1), "result": "negative"}]
    standing = standings(driver={"sampled_at": when(hours=90), "earlier": newer})[0]
    assert standing.findings == ()
    assert standing.ends_at == NOW + timedelta(hours=HOURS - 1)


@pytest.mark.parametrize(("pending", "expected"), [("no", ["condition-pending"]), ("yes", [])])
def test_the_policy_decides_on_pending_results(pending: str, expected: list[str]) -> None:
    condition = Condition("c", "crew", "max_age", max_age_h=10, count_from="sampled_at", pending=pending)
    recent = {"sampled_at": when(hours=1)}
    assert codes(condition, driver={**recent, "result": "pending"}, rider=recent) == expected


def test_a_result_that_is_not_accepted_fails_and_holds_the_person() -> None:
    assert codes(driver={"result": "positive"}) == ["condition-failed", "person-held"]


def test_an_older_bad_result_counts_while_the_newest_is_pending() -> None:
    older = [{"sampled_at": when(hours=20), "result": "positive"}, {"sampled_at": when(hours=30), "result": "negative"}]
    assert "person-held" in codes(driver={"result": "pending", "earlier": older})


def test_a_newer_accepted_result_cures_an_older_bad_one() -> None:
    older = [{"sampled_at": when(hours=400), "result": "positive"}]
    assert codes(driver={"earlier": older}) == []


@pytest.mark.parametrize("missing", ["sampled_at", "result"])
def test_a_sample_without_time_or_result_is_missing(missing: str) -> None:
    (finding,) = standings(driver={missing: None})[0].findings
    assert (finding.code, finding.facts["key"]) == ("condition-missing", missing)


@pytest.mark.parametrize("proof", ["declared", None])
def test_a_proof_weaker_than_the_policy_asks_is_refused(proof: str | None) -> None:
    assert codes(driver={"proof": proof}) == ["proof-too-weak"]


def test_what_ends_before_the_departure_is_refused() -> None:
    assert codes(TEST, driver={"sampled_at": when(hours=HOURS - 0.5)}) == ["condition-ends-before-departure"]


def test_a_condition_counts_only_in_its_kinds_of_areas() -> None:
    expired = application(driver={"sampled_at": when(hours=999)})
    assert check_conditions(expired, (TEST,), area_kinds=frozenset({"static"}), at=NOW) == ()


def test_a_missing_flag_is_followed_up_where_the_policy_says_so() -> None:
    standing = next(one for one in standings(prereported_at=None) if one.condition.id == "prereport")
    assert (standing.findings, [note.code for note in standing.notes]) == ((), ["condition-follow-up"])


def test_a_missing_flag_is_refused_where_the_policy_refuses() -> None:
    assert codes(Condition("briefed", "driver", "flag")) == ["condition-missing"]
    assert codes(Condition("briefed", "driver", "flag"), driver={"briefed": True}) == []


def test_a_flag_set_in_the_future_is_refused() -> None:
    assert set(codes(prereported_at=when(hours=-1))) == {"condition-in-future"}


def test_a_condition_on_drivers_leaves_riders_alone() -> None:
    condition = Condition("papers", "driver", "valid_until", count_from="papers_until")
    (standing,) = standings(condition, driver={"papers_until": when(hours=-50)})
    assert (standing.label, standing.ends_at) == ("王*明", NOW + timedelta(hours=50))


@pytest.mark.parametrize(("seconds", "expected"), [(1, []), (0, []), (-1, ["condition-expired"])])
def test_a_paper_holds_through_its_last_moment(seconds: int, expected: list[str]) -> None:
    papers = Condition("papers", "vehicle", "valid_until")
    said = codes(papers, vehicle={"papers": {"valid_until": when(seconds=-seconds)}}, depart_at=when())
    assert said == expected


def test_the_animal_disease_regime_works_with_the_same_rules() -> None:
    vehicle = {"disinfected": {"done_at": when(hours=2, seconds=1)}}
    found = check_conditions(
        application(ANIMAL, vehicle=vehicle, goods="live_pig"), ANIMAL, area_kinds=frozenset({"infected_zone"}), at=NOW
    )
    said = [(finding.code, finding.facts["condition"]) for one in found for finding in one.findings]
    assert said == [
        ("condition-expired", "disinfected"),
        ("condition-missing", "filed_vehicle"),
        ("condition-present", "no_live_pigs"),
    ]


def test_a_disinfected_and_filed_vehicle_with_feed_meets_the_animal_disease_regime() -> None:
    vehicle = {"disinfected": {"done_at": when(hours=0.5)}, "filed_vehicle": {"valid_until": when(days=-90)}}
    asked = application(ANIMAL, vehicle=vehicle, goods={"kind": "feed"})
    found = check_conditions(asked, ANIMAL, area_kinds=frozenset({"infected_zone"}), at=NOW)
    assert [one.findings for one in found] == [(), (), ()]
    assert found[0].ends_at == NOW + timedelta(hours=1.5)


def test_a_stay_in_a_risk_area_is_for_review_and_no_refusal() -> None:
    stayed = application(driver={"stayed_in_risk_area": True})
    (note,) = stays_for_review(stayed, PROFILE)
    assert (note.code, note.clause, note.subject) == ("stay-for-review", "X7", "王*明")
    assert codes(driver={"stayed_in_risk_area": True}) == []


def test_a_stay_is_refused_where_a_condition_says_so() -> None:
    condition = Condition("stay", "crew", "absent", values=("stayed_in_risk_area",))
    assert codes(condition, driver={"stayed_in_risk_area": True}) == ["person-held"]
    assert stays_for_review(application(driver={"stayed_in_risk_area": True}), (condition,)) == ()


@given(age_s=st.integers(-400_000, 400_000), hours=st.integers(1, 100))
def test_a_sample_counts_exactly_from_its_moment_through_its_most_hours(age_s: int, hours: int) -> None:
    condition = Condition("c", "driver", "max_age", max_age_h=hours, count_from="sampled_at")
    said = codes(condition, driver={"sampled_at": when(seconds=age_s)}, depart_at=when())
    expected = ["condition-in-future"] if age_s < 0 else ["condition-expired"] if age_s > hours * 3600 else []
    assert said == expected


@given(
    samples=st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(["negative", "pending", "positive", ""])),
        min_size=1,
        max_size=5,
        unique_by=lambda sample: sample[0],
    )
)
def test_the_newest_known_result_decides_and_is_in_force(samples: list[tuple[int, str]]) -> None:
    condition = Condition("c", "driver", "max_age", max_age_h=100, count_from="sampled_at", pending="with_older")
    written = [{"sampled_at": when(hours=hours), "result": result} for hours, result in samples]
    (standing,) = standings(condition, driver={**written[0], "earlier": written[1:]}, depart_at=when())
    newest = min(samples)
    known = min((one for one in samples if one[1] not in {"", "pending"}), default=None)
    met = known is not None and known[1] == "negative" and known[0] <= 100 and newest[1] != ""
    assert (standing.findings == ()) == met
    if met and known is not None:
        assert standing.ends_at == NOW + timedelta(hours=100 - known[0])
