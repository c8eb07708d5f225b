"""The written truth table is complete, and every line of it is what the plan's three clauses say."""

import pytest

from geodata.closures.closure import BARRIERS
from geodata.closures.truth_table import APPROVALS, SWITCHES, condensed, truth_table
from geodata.policy_reading import load_profile
from geodata.road_classes import ROAD_CLASSES

POLICY = load_profile("fangcheng-2022")
ROWS = truth_table(POLICY, "epidemic")
#: The plan's words, written out once more and apart from the rules: L10's roads and our list of hard barriers.
PLAN_ROADS = {"county", "township", "village"}
HARD = {"earth_mound", "concrete_block", "trench", "wall", "container", "welded_gate", "felled_tree", "other_hard"}
UNAPPROVED = {"none", "some", "other_body", "refused", "withdrawn"}
#: A hard barrier is covered by these where the county lets approvals cure it.
COVERING = {"all", "oral", "late"}


def expected(row):
    """What L9 to L11 say of a line."""
    found = set()
    if row.approval in UNAPPROVED:
        found.add("K1")
    found |= {"other_body": {"K2"}, "late": {"K3"}, "part": {"K4"}, "ended": {"K5"}}.get(row.approval, set())
    regulated = row.road_class in PLAN_ROADS and row.barrier in HARD and row.rule != "not_regulated"
    if regulated and (row.rule == "forbidden" or row.approval not in COVERING):
        found.add("K6")
    return found


def test_every_line_is_what_the_plan_says():
    assert [row for row in ROWS if set(row.checks) != expected(row)] == []


def test_no_line_is_missing():
    keys = {(row.rule, row.road_class, row.barrier, row.approval) for row in ROWS}
    assert len(keys) == len(ROWS)
    for road_class in ROAD_CLASSES:
        states = set(APPROVALS) - ({"some"} if road_class != "expressway" else set())
        for switch in SWITCHES:
            wanted = {(switch, road_class, barrier, state) for barrier in BARRIERS for state in states}
            assert {key for key in keys if key[:2] == (switch, road_class)} == wanted


def test_where_no_rule_knows_the_cause_nobody_can_approve():
    rows = truth_table(load_profile("animal-disease"), "epidemic", switches=("forbidden",))
    assert {row.approval for row in rows} == {"none", "other_body"}
    assert all("K1" in row.checks for row in rows)


def test_nothing_but_the_switch_of_hard_isolation_tells_the_three_tables_apart():
    lenient = [row for row in ROWS if row.rule == "not_regulated"]
    strict = [row for row in ROWS if row.rule == "forbidden"]
    pairs = zip(lenient, strict, strict=True)
    assert all(set(one.checks) == set(other.checks) - {"K6"} for one, other in pairs)


def test_concrete_on_an_expressway_is_a_matter_of_approval_and_extent_and_never_of_k6():
    found = {
        check
        for row in ROWS
        if (row.road_class, row.barrier) == ("expressway", "concrete_block")
        for check in row.checks
    }
    assert found == {"K1", "K2", "K3", "K4", "K5"}


def test_condensed_blocks_say_the_same_as_the_lines():
    blocks = condensed(ROWS)
    assert len(blocks) < 20
    spread = {
        (block.rule, road_class, barrier, approval, checks)
        for block in blocks
        for road_class in block.classes
        for barrier in block.barriers
        for approval, checks in block.found.items()
    }
    assert spread == {(row.rule, row.road_class, row.barrier, row.approval, row.checks) for row in ROWS}


@pytest.mark.parametrize(("cause", "bodies"), [("works", 1), ("accident", 2)])
def test_another_cause_has_a_table_of_its_own(cause, bodies):
    rows = truth_table(POLICY, cause, switches=("forbidden",))
    assert {row.checks for row in rows if row.approval == "all" and row.barrier == "movable"} == {()}
    assert len(POLICY.approval_rule(cause, ROAD_CLASSES[0]).authorities) == bodies


def test_a_regime_where_approval_cures_hard_isolation_says_so():
    policy = load_profile("animal-disease")
    rows = truth_table(policy, "animal", switches=(policy.hard_isolation.rule,))
    walls = {row.approval: row.checks for row in rows if (row.road_class, row.barrier) == ("village", "wall")}
    assert walls["all"] == ()
    assert "K6" in walls["none"]
