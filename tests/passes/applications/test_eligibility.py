from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from geodata.policy import PassPolicy
from passes.applications.application import read_application
from passes.applications.eligibility import FARTHEST_AHEAD, LEAD, MOST_PERSONS, RULES, Applicant, check_eligibility
from passes.tokens.claims import CLAIM_CHECKS
from passes.whitelist.firms import Firm, FirmVehicle
from tests.pass_applications import NOW, application_document

FIRM = Firm("firm", "宏达面粉", vehicles=(FirmVehicle("豫R12345", "own"), FirmVehicle("豫R23456", "own", "removed")))


def found(firm: Firm | None = FIRM, **changes: Any) -> list[str]:
    application = read_application(application_document(**changes), where="")
    return [one.code for one in check_eligibility(Applicant(application, PassPolicy(), firm, (), NOW))]


def test_a_firms_own_vehicle_and_crew_meet_every_rule() -> None:
    assert found() == []


def test_a_vehicle_that_left_the_firm_is_linked_to_none() -> None:
    assert found(vehicle={"plate": "豫R23456"}) == ["vehicle-linked-to-no-firm"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-LEAD.total_seconds(), []),
        (-LEAD.total_seconds() - 1, ["departure-over"]),
        (FARTHEST_AHEAD.total_seconds(), []),
        (FARTHEST_AHEAD.total_seconds() + 1, ["departure-too-far-ahead"]),
    ],
)
def test_the_departure_lies_between_an_hour_ago_and_a_week_ahead(seconds: float, expected: list[str]) -> None:
    assert found(depart_at=(NOW + timedelta(seconds=seconds)).isoformat()) == expected


def test_no_more_persons_are_accepted_than_a_token_can_name() -> None:
    crew = [["王*", "0071", 0]] * MOST_PERSONS
    assert CLAIM_CHECKS["crw"](crew)
    assert not CLAIM_CHECKS["crw"]([*crew, crew[0]])


def test_every_rule_names_the_clause_or_policy_that_it_rests_on() -> None:
    assert all("(" in (rule.__doc__ or "") or "policy" in (rule.__doc__ or "") for rule in RULES)


def test_a_way_back_needs_its_own_pass_where_the_policy_says_so() -> None:
    application = read_application(application_document(round_trip=True), where="")
    said = {
        trips: [
            one.code
            for one in check_eligibility(Applicant(application, PassPolicy(trips_per_pass=trips), FIRM, (), NOW))
        ]
        for trips in ("one_round_trip", "one_way")
    }
    assert said == {"one_round_trip": [], "one_way": ["round-trip-not-accepted"]}
