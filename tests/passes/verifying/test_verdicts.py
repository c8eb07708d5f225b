from dataclasses import replace

from geodata.policy_reading import load_profile
from passes.verifying import verdicts
from passes.verifying.verdicts import GROUNDS, VerdictRules, make_reason, verdict_rules_of, weigh


def test_the_gravest_reason_decides_and_comes_first():
    found = weigh(
        [make_reason("list-current"), make_reason("list-old"), make_reason("expired"), make_reason("off-route")]
    )
    assert found.verdict == "red"
    assert [one.level for one in found.reasons] == ["red", "amber", "amber", "green"]


def test_reasons_of_one_level_keep_their_order():
    found = weigh([make_reason("plate-differs"), make_reason("expired")])
    assert [one.code for one in found.reasons] == ["plate-differs", "expired"]


def test_staleness_and_replacement_never_refuse():
    gentle = {"replaced", "list-old", "list-too-old", "list-missing", "list-without-pass", "off-route", "clock-wrong"}
    assert {GROUNDS[code].level for code in gentle} == {"amber"}


def test_every_reason_rests_on_something_and_has_a_next_step():
    assert all(ground.clause and ground.next for ground in GROUNDS.values())


def test_every_reason_is_described():
    table = verdicts.__doc__ or ""
    assert [reason for reason in GROUNDS if reason not in table] == []


def test_the_profile_s_rules_are_those_of_the_policy():
    rules = verdict_rules_of(load_profile("fangcheng-2022"), timezone="Asia/Shanghai")
    assert (rules.fresh_h, rules.usable_h, rules.on_expiry_inside) == (24, 72, "amber")
    assert rules.words == ("放行", "核对", "暂不放行")
    assert rules.terms["test"] == "核酸检测"


def test_one_crew_condition_that_is_red_on_expiry_makes_it_red():
    policy = load_profile("fangcheng-2022")
    first = replace(policy.conditions[0], on_expiry_inside="red")
    strict = replace(policy, conditions=(first, *policy.conditions[1:]))
    assert verdict_rules_of(strict, timezone="UTC").on_expiry_inside == "red"


def test_a_second_regime_needs_no_code():
    rules = verdict_rules_of(load_profile("animal-disease"), timezone="Asia/Shanghai")
    assert rules.terms["test"] == "消毒"
    assert rules.fresh_h == VerdictRules().fresh_h
