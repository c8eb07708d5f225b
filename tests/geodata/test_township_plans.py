"""The county's list of township plans: read strictly, merged whole, told row by row."""

import json

import pytest

from geodata.errors import BadInputError, RowErrors
from geodata.feature_files import import_township_plans
from geodata.township_plans import TownshipPlan, read_township_plans, write_township_plans

PLAN = {"township": "北乡", "plan": {"title": "预案", "version": "2"}, "reserve": {"vehicles": 3, "drivers": 2}}


def faults(*rows):
    with pytest.raises(RowErrors) as caught:
        read_township_plans(list(rows), where="plans.json")
    return [(one.facts["row"], one.code) for one in caught.value.rows]


def test_what_is_written_reads_back():
    plans = read_township_plans([PLAN], where="plans.json")
    assert plans == (TownshipPlan("北乡", "预案", "2", "", 3, 2),)
    assert read_township_plans(write_township_plans(plans), where="again") == plans


@pytest.mark.parametrize(
    ("plan", "lacks"),
    [
        (TownshipPlan("北乡", "预案", vehicles=1, drivers=1), ()),
        (TownshipPlan("北乡", "预案", vehicles=1), ("reserve",)),
        (TownshipPlan("北乡", vehicles=1, drivers=1), ("plan",)),
        (TownshipPlan("北乡"), ("plan", "reserve")),
    ],
)
def test_what_a_township_lacks(plan, lacks):
    assert plan.lacks == lacks


def test_every_fault_is_told_with_its_row():
    bad = {"township": "南乡", "plan": [], "reserve": {"vehicles": -1, "drivers": "2"}}
    assert faults(PLAN, bad, {}, "x", PLAN) == [
        (2, "township-plan-count-unusable"),
        (2, "township-plan-count-unusable"),
        (3, "township-plan-without-township"),
        (4, "property-not-an-object"),
        (5, "township-plan-twice"),
    ]


def test_a_document_that_is_no_list_is_refused():
    with pytest.raises(BadInputError, match="township-plans-not-a-list"):
        read_township_plans({}, where="plans.json")


def test_a_file_is_merged_by_township(small_county, tmp_path):
    path = tmp_path / "plans.json"
    path.write_text(json.dumps([PLAN]))
    assert import_township_plans(small_county, path).created == 1
    del small_county.__dict__["township_plans"]
    path.write_text(json.dumps([{"township": "东镇"}, PLAN]))
    counts = import_township_plans(small_county, path)
    assert (counts.created, counts.changed, counts.unchanged) == (1, 0, 1)


def test_a_township_that_the_county_does_not_have_is_refused(small_county, tmp_path):
    from tests.passes.check_fixtures import World

    World(None, small_county).have_township()
    path = tmp_path / "plans.json"
    path.write_text(json.dumps([PLAN, {"township": "别处"}]))
    with pytest.raises(RowErrors) as caught:
        import_township_plans(small_county, path)
    assert [one.facts["township"] for one in caught.value.rows] == ["别处"]
    assert not (small_county.folder / "township-plans.json").exists()
