"""Both shipped regimes load; a third needs no code; a wrong key is named."""

import tomllib
from pathlib import Path

import pytest

from geodata.errors import BadInputError
from geodata.policy import CAUSES, Regime
from geodata.policy_reading import PROFILES, load_profile, profile_text, read_policy
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


def test_every_cause_but_that_of_the_other_regime_has_somebody_who_decides_on_every_class():
    policy = load_profile("fangcheng-2022")
    causes = set(CAUSES) - {load_profile("animal-disease").default_cause}
    assert all(policy.approval_rule(cause, road_class) for cause in causes for road_class in RoadClass)


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


SHIPPED = tomllib.loads(profile_text("fangcheng-2022"))


def refusal_of(**tables):
    """Refuse the shipped regime with some keys of its tables changed, the first of those that are listed."""
    document = dict(SHIPPED)
    for table, changes in tables.items():
        if isinstance(document.get(table), list) and isinstance(changes, dict):
            document[table] = [{**document[table][0], **changes}, *document[table][1:]]
        elif isinstance(document.get(table), dict) and isinstance(changes, dict):
            document[table] = {**document[table], **changes}
        else:
            document[table] = changes
    with pytest.raises(BadInputError) as error:
        read_policy(document, where="county.toml")
    return error.value


@pytest.mark.parametrize(
    ("table", "key", "value", "choice"),
    [
        ("hard_isolation", "classes", ["contry"], "county"),
        ("hard_isolation", "classes", ["*"], "village"),
        ("hard_isolation", "barriers", ["earth_mund"], "earth_mound"),
        ("hard_isolation", "never_counts", ["hight_bar"], "height_bar"),
        ("approval_rule", "classes", ["nationl"], "*"),
        ("condition", "applies_to", ["emergncy"], "emergency"),
        ("pass", "links", ["ownn"], "one_off"),
        ("refusal_reason", "evidence", "foto", "photo"),
    ],
)
def test_a_misspelt_word_switches_no_rule_off(table, key, value, choice):
    error = refusal_of(**{table: {key: value}})
    assert error.code == "policy-value-unknown"
    assert error.where.startswith(f"county.toml: {table}")
    assert error.where.endswith(f".{key}")
    assert choice in error.facts["choices"]


def test_an_unknown_check_lists_the_known_ones():
    error = refusal_of(checks={"K99": "off"})
    assert (error.code, error.where) == ("policy-key-unknown", "county.toml: checks.K99")
    assert {"K1", "K14", "extent_tolerance_m"} <= set(error.facts["known"])


def test_an_unknown_key_of_the_exempt_vehicles_is_refused():
    assert refusal_of(exempt={"vehicle": ["fire"]}).where == "county.toml: exempt.vehicle"


@pytest.mark.parametrize("value", [-5, "ten", True, float("nan"), float("inf"), 10**400])
def test_a_tolerance_is_a_number_of_metres(value):
    error = refusal_of(checks={"extent_tolerance_m": value})
    assert (error.code, error.where) == ("policy-value-not-a-number", "county.toml: checks.extent_tolerance_m")


def test_a_condition_of_age_needs_its_age():
    error = refusal_of(condition=[{"id": "test", "subject": "crew", "kind": "max_age"}])
    assert (error.code, error.where) == ("policy-key-missing", "county.toml: condition[0].max_age_h")


@pytest.mark.parametrize("key", ["authorities", "classes"])
def test_a_rule_that_names_nobody_is_refused(key):
    error = refusal_of(approval_rule={key: []})
    assert (error.code, error.where) == ("policy-list-empty", f"county.toml: approval_rule[0].{key}")


def test_an_area_kind_is_declared_by_a_known_authority():
    error = refusal_of(area_kind={"risk": {"name": "x", "in_force_by": "epidemic_hqq"}})
    assert (error.code, error.where) == ("policy-authority-unknown", "county.toml: area_kind.risk")


@pytest.mark.parametrize(
    ("table", "value", "where"),
    [
        ("authority", "x", "authority"),
        ("authority", {"x": "y"}, "authority.x"),
        ("regime", "x", "regime"),
        ("exempt", "x", "exempt"),
        ("exempt", {"vehicles": [3]}, "exempt.vehicles"),
        ("condition", ["x"], "condition"),
        ("checks", {"K1": ["on"]}, "checks.K1"),
        ("checks", 3, "checks"),
        ("verdict", {"staleness_h": []}, "verdict.staleness_h"),
        ("verdict", {"staleness_h": ["a", "b"]}, "verdict.staleness_h"),
        ("verdict", {"staleness_h": [24.5, 72]}, "verdict.staleness_h"),
        ("verdict", {"words": ["放行", "核对"]}, "verdict.words"),
        ("verdict", {"colours": ["#1a7f37"]}, "verdict.colours"),
        ("words", {"test": 3}, "words.test"),
        ("regime", {"name": 3}, "regime.name"),
        ("approval_rule", {"cause": ["works"]}, "approval_rule[0].cause"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_the_way_to_write_it(table, value, where):
    error = refusal_of(**{table: value})
    assert (error.code, error.where) == ("policy-value-wrong-kind", f"county.toml: {where}")
    assert error.facts["form"]


def test_one_approval_rule_in_single_brackets_is_refused():
    with pytest.raises(BadInputError, match="policy-value-wrong-kind") as error:
        read_policy(tomllib.loads(FLOOD.replace("[[approval_rule]]", "[approval_rule]")), where="flood.toml")
    assert error.value.facts["form"] == "[[approval_rule]]"


def test_a_regime_without_rules_has_no_default_cause():
    document = {key: value for key, value in SHIPPED.items() if key != "approval_rule"}
    assert read_policy(document, where="county.toml").default_cause == ""


def test_a_post_of_the_regime_s_own_may_have_any_name():
    document = tomllib.loads(FLOOD.replace('kind = "flag"', 'kind = "flag"\nnearest = "sandbag_post"'))
    assert read_policy(document, where="flood.toml").conditions[0].nearest == "sandbag_post"


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


def test_a_pattern_that_is_none_is_named():
    error = refusal_of(forbidden_reason=[{"id": "transit", "text": "途经", "patterns": ["途[经"]}])
    assert (error.code, error.where) == ("policy-pattern-wrong", "county.toml: forbidden_reason[0].patterns")


def test_the_present_state_is_called_what_the_regime_calls_it():
    regime = Regime("r", "R", state_words=("normal", "emergency"))
    assert [regime.state_word(in_force=one) for one in (False, True)] == ["normal", "emergency"]
    assert Regime("r", "R").state_word(in_force=True) == ""
