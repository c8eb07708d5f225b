"""Both shipped regimes load; a third needs no code; a wrong key is named."""

import tomllib
from pathlib import Path

import pytest

from geodata.errors import BadInputError
from geodata.policy import PROFILES, load_profile, profile_text, read_policy
from geodata.road_classes import RoadClass

FLOOD = """
[regime]
id = "flood"
name = "防汛应急响应"
[authority.flood_hq]
name = "防汛抗旱指挥部"
[[approval_rule]]
cause = "flood"
classes = ["*"]
authorities = ["flood_hq"]
prior = "danger_first"
[[condition]]
id = "wading"
subject = "vehicle"
kind = "flag"
[area_kind.flooded]
name = "淹没区"
passes_required_for = "inside"
"""


@pytest.mark.parametrize("profile", PROFILES)
def test_shipped_profile_loads(profile):
    policy = load_profile(profile)
    assert policy.approval_rules
    assert policy.area_kinds
    assert policy.conditions


def test_a_third_regime_needs_no_code():
    policy = read_policy(tomllib.loads(FLOOD), where="flood.toml")
    assert policy.approval_rule("flood", RoadClass.VILLAGE).prior == "danger_first"
    assert policy.default_cause == "flood"


def test_expressways_need_two_authorities_in_the_county_plan():
    rule = load_profile("fangcheng-2022").approval_rule("epidemic", RoadClass.EXPRESSWAY)
    assert rule.all_of
    assert rule.authorities == ("epidemic_hq", "upper_hq")


def test_works_are_decided_by_road_police_alone():
    rule = load_profile("fangcheng-2022").approval_rule("works", RoadClass.NATIONAL)
    assert rule.authorities == ("road_police",)


def test_authority_is_found_by_id_and_by_name():
    policy = load_profile("animal-disease")
    assert policy.authority("government") == policy.authority("县人民政府")
    assert policy.authority("居委会") is None


def test_a_check_can_be_switched_off():
    policy = load_profile("animal-disease")
    assert not policy.is_on("K9")
    assert policy.is_on("K1")


@pytest.mark.parametrize(
    ("wrong", "code", "where"),
    [
        ('[pass]\nisuer = "x"', "policy-key-unknown", "pass.isuer"),
        ('[regime]\nid = "x"', "policy-key-missing", "regime.name"),
        ('[hard_isolation]\nrule = "maybe"', "policy-value-unknown", "hard_isolation.rule"),
        ("[pass]\nmax_hours = -1", "policy-value-not-a-number", "pass.max_hours"),
        ('[pass]\nauto_issue = "yes"', "policy-value-not-a-flag", "pass.auto_issue"),
        ('[pass]\nlinks = "own"', "policy-value-wrong-kind", "pass.links"),
        ('[pass]\nissuer = "nobody"', "policy-authority-unknown", "pass.issuer"),
        ('[checks]\nK1 = "perhaps"', "policy-value-unknown", "checks.K1"),
    ],
)
def test_a_wrong_setting_is_named(wrong, code, where):
    table = wrong.split("]")[0] + "]"
    text = (
        FLOOD.replace('[regime]\nid = "flood"\nname = "防汛应急响应"', wrong) if table == "[regime]" else FLOOD + wrong
    )
    with pytest.raises(BadInputError) as error:
        read_policy(tomllib.loads(text), where="county.toml")
    assert error.value.code == code
    assert where in error.value.where


def test_unknown_profile_lists_the_choices():
    with pytest.raises(BadInputError) as error:
        profile_text("zombies")
    assert error.value.facts["choices"] == list(PROFILES)


def test_profiles_of_the_shared_policy_text_load_as_written():
    path = Path("../shared/policy.md")
    if not path.exists():
        pytest.skip("the shared policy text is not beside the checkout")
    blocks = path.read_text(encoding="utf-8").split("```toml\n")[2:4]
    assert [read_policy(tomllib.loads(one.split("```")[0]), where="policy.md").regime.id for one in blocks] == [
        "fangcheng-2022",
        "asf",
    ]
