"""What a body may decide about a request, and what the request becomes by it."""

from dataclasses import replace

import pytest

from geodata.closures.deciding import Ruling, bodies_that_decide, rule_on
from geodata.closures.rules import cases_of, findings_of
from geodata.errors import BadInputError
from geodata.windows import Window
from tests.closure_cases import HQ, NOON, POLICE, UPPER, blocked, class_network, closed, hours, says, settings, span

NETWORK = class_network()
RULES = settings()
ASKED = closed(span("c", 0, 2500), start=hours(8), end=hours(56))
YES = Ruling(HQ, "approved", document_no="方疫指〔2022〕12号")


def ruled(ruling=YES, closure=ASKED, *, at=NOON, stands=False):
    return rule_on(closure, ruling, RULES, NETWORK, at=at, stands=stands)


def refusal(ruling, closure=ASKED, at=NOON):
    with pytest.raises(BadInputError) as refused:
        ruled(ruling, closure, at=at)
    return refused.value


def checks(closure, *decisions, at):
    cases = cases_of([replace(closure, decisions=decisions)], RULES, NETWORK, at)
    return [finding.code for case in cases for finding in findings_of(case)]


def test_all_that_was_asked_is_approved_as_set_up():
    result = ruled()
    assert result.set_up is None
    assert (result.decision.start, result.decision.end, result.decision.extent) == (None, None, None)
    assert result.decision.decided_at == NOON


def test_approving_part_makes_the_version_that_may_be_set_up():
    result = ruled(replace(YES, extent=(span("c", 0, 2000),), start=hours(24)))
    assert result.decision.extent == result.set_up.extent == (span("c", 0, 2000),)
    assert result.set_up.window == Window(hours(24), hours(56))
    assert result.set_up.requested["length_m"] == 2500
    assert checks(result.set_up, result.decision, at=hours(25)) == []


def test_what_stands_already_is_not_rewritten_by_a_decision():
    standing = replace(ASKED, window=Window(hours(1), hours(56)))
    result = ruled(replace(YES, extent=(span("c", 0, 2000),)), standing, stands=True)
    assert result.set_up is None
    assert result.decision.start == NOON
    assert checks(standing, result.decision, at=hours(5)) == ["K3", "K4"]


def test_a_request_decided_after_its_start_counts_from_the_decision():
    result = ruled(at=hours(10))
    assert result.decision.start == result.set_up.window.start == hours(10)
    assert checks(result.set_up, result.decision, at=hours(11)) == []


def test_a_second_approval_narrows_what_the_first_left():
    ramp = replace(ASKED, extent=(span("x"),))
    first = ruled(replace(YES, extent=(span("x", 0, 1000),)), ramp)
    second = ruled(replace(YES, authority=UPPER), replace(first.set_up, decisions=(first.decision,)))
    assert second.set_up is None
    assert checks(first.set_up, first.decision, second.decision, at=hours(9)) == []


def test_the_bodies_of_cause_and_class_decide():
    assert bodies_that_decide(ASKED, RULES, NETWORK) == (HQ,)
    assert bodies_that_decide(replace(ASKED, extent=(span("x"), span("c"))), RULES, NETWORK) == (HQ, UPPER)
    assert bodies_that_decide(replace(ASKED, cause="works"), RULES, NETWORK) == (POLICE,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"authority": "transport"}, ("decided-by-unnamed-body", "decision")),
        ({"authority": UPPER}, ("decided-by-unnamed-body", "decision")),
        ({"authority": "nobody"}, ("decided-by-unnamed-body", "decision")),
        ({"decision": "perhaps"}, ("decision-unknown", "decision")),
        ({"form": "sung"}, ("form-unknown", "form")),
        ({"document_no": " "}, ("document-number-missing", "document_no")),
        ({"decision": "withdrawn"}, ("nothing-to-withdraw", "decision")),
        ({"extent": (span("c", 0, 2560),)}, ("part-longer-than-asked", "roads")),
        ({"extent": (span("t"),)}, ("part-longer-than-asked", "roads")),
        ({"extent": (span("t", 0, 5),)}, ("closure-without-place", "roads")),
        ({"start": hours(5)}, ("approval-outside-asked", "start")),
        ({"start": hours(2)}, ("approval-start-past", "start")),
        ({"end": hours(57)}, ("approval-outside-asked", "end")),
        ({"start": hours(20), "end": hours(20)}, ("window-reversed", "end")),
    ],
)
def test_each_wrong_ruling_is_named(change, expected):
    error = refusal(replace(YES, **change))
    assert (error.code, error.where) == expected


def test_ten_metres_more_than_asked_are_the_same_tolerance_as_in_the_audit():
    assert ruled(replace(YES, extent=(span("c", 0, 2508),))).set_up is None


def test_a_phone_decision_counts_where_the_rule_takes_it_and_its_paper_may_follow():
    oral = ruled(replace(YES, form="oral", document_no="")).decision
    assert (oral.form, oral.document_no) == ("oral", "")
    works = replace(ASKED, cause="works")
    assert refusal(Ruling(POLICE, "approved", "oral"), works).code == "oral-approval-not-accepted"
    paper = ruled(closure=replace(ASKED, decisions=(oral,)), at=hours(9))
    assert paper.set_up is None
    assert paper.decision.start is None


def test_a_standing_approval_can_be_withdrawn_by_its_own_body():
    given = replace(ASKED, decisions=(says(HQ, at=hours(3)),))
    assert ruled(Ruling(HQ, "withdrawn"), given, at=hours(9)).decision.decision == "withdrawn"


def test_danger_first_lets_the_approval_reach_back_to_the_start():
    flood = replace(ASKED, cause="flood", window=Window(hours(3.5), hours(56)))
    assert ruled(replace(YES, authority=POLICE), flood, stands=True).decision.start is None


def test_a_closure_that_is_over_and_a_bare_blockage_are_not_decided():
    assert refusal(YES, at=hours(60)).code == "closure-is-over"
    assert refusal(YES, blocked("c")).code == "closure-not-decidable"
