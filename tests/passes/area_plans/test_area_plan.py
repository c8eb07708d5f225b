"""A what-if of an area on the small county: the line, the people, the passes; the same question, the same answer."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import shapely
from shapely.geometry import mapping

from geodata.errors import BadInputError
from geodata.places import Place
from passes.area_plans.area_plan import answer_plan
from passes.area_plans.plan_inputs import PlanInputs, inputs_json, read_inputs
from passes.area_plans.plan_line import closure_of_posts, draw_line, posts_by_deciders
from passes.editions.issuing import issue_pass
from tests.issuing_office import an_office, applied
from tests.pass_applications import NOW
from tests.passes.consequence.test_foresee import with_places

#: C alone; c1 and c3 lead out of it.
ZONE = shapely.box(113.01, 33.03, 113.03, 33.05)
#: A and F: n2 and c1 lead out, v1 lies inside.
SOUTH = shapely.box(113.01, 32.99, 113.03, 33.03)


def asked(area=ZONE, **further):
    given = {"name": "某村", "start": NOW, "end": NOW + timedelta(hours=24), **further}
    return PlanInputs(area=json.dumps(mapping(area)), **given)


@pytest.fixture
def answered(small_county, tmp_path):
    def ask(inputs, *, passes=(), tell=lambda share, code: None):
        with an_office(small_county, tmp_path) as office:
            for changes in passes:
                issued = issue_pass(applied(office, **changes), office, key_file=tmp_path / "keys" / "key", at=NOW)
                assert issued.record is not None
            surroundings = {"connection": office.connection, "county": small_county, "engine": office.engine}
            return answer_plan(inputs, **surroundings, at=NOW, tell=tell)

    return ask


def roads(rows):
    return [one["road"] for one in rows]


def test_every_road_out_gets_a_post_on_the_edge(answered):
    line = answered(asked())["line"]
    assert roads(line["posts"]) == roads(line["crossings"]) == ["c1", "c3"]
    assert (line["posts_at_edge"], line["least_posts"], line["proven"]) == (2, 2, True)
    assert line["posts"][0]["lat"] == pytest.approx(33.03, abs=1e-4)
    assert line["posts"][0]["deciders"] == ["epidemic_hq"]


def test_the_line_moves_outward_where_that_saves_posts(answered):
    # Round A and F three roads lead out over n2 and c1; everything north and west meets at B and D, a kilometre off.
    near, far = answered(asked(SOUTH))["line"], answered(asked(SOUTH, move_km=4.0))["line"]
    assert (roads(near["posts"]), roads(far["posts"])) == (["n2", "c1"], ["n1"])
    assert far["posts_at_edge"] == 2


def test_the_people_inside_and_those_cut_off_are_named(answered):
    found = answered(asked(SOUTH))
    assert (found["line"]["people_inside"], roads(found["line"]["gates"])) == (800, [])
    assert found["consequence"]["people_cut_off"] == 800
    assert "no-gate" in found["warnings"]


def test_a_gate_needs_no_post_and_keeps_everybody_a_way(answered):
    found = answered(asked(SOUTH, gates=("n2",)))
    assert (roads(found["line"]["posts"]), found["consequence"]["people_cut_off"]) == (["c1"], 0)
    assert "no-gate" not in found["warnings"]
    assert [one["gate"] for one in found["line"]["crossings"]] == [True, False]


def test_without_a_gate_every_trip_into_the_area_stops_and_that_is_no_error(answered):
    found = answered(asked(), passes=[{}])
    assert found["consequence"]["unroutable_passes"] == ["411399000001"]
    assert found["firms"] == [{"name": "宏达面粉", "passes": 1, "stopped": 1, "median": None, "worst": None}]
    assert found["passes_inside"] == 1


def test_with_a_gate_the_trip_goes_round_over_it(answered):
    found = answered(asked(gates=("c3",)), passes=[{}])
    (hit,) = found["consequence"]["passes_hit"]
    assert hit["added_min"] > 0
    assert not hit["unroutable"]


def test_holders_let_through_at_the_posts_are_not_hit(answered):
    assert answered(asked(pass_holders="let_through"), passes=[{}])["consequence"]["passes_hit"] == []


def test_a_hub_inside_keeps_or_loses_its_green_channel(answered, small_county):
    with_places(small_county, Place("station", "火车站", "hub", 113.02, 33.02))
    shut, with_gate = answered(asked(SOUTH)), answered(asked(SOUTH, gates=("n2",)))
    assert shut["consequence"]["channels_broken"] == ["station"]
    assert "channel-broken" in shut["warnings"]
    assert with_gate["consequence"]["channels"][0]["after_min"] == with_gate["consequence"]["channels"][0]["before_min"]


def test_a_post_on_an_artery_is_warned_of(answered):
    assert "artery-cut" in answered(asked(SOUTH))["warnings"]
    assert "artery-cut" not in answered(asked())["warnings"]


def test_an_entry_point_inside_is_warned_of(answered):
    found = answered(asked(shapely.box(113.07, 33.01, 113.09, 33.03)))
    assert found["line"]["exits_inside"] == ["东入县口"]
    assert "exit-inside" in found["warnings"]


def test_an_entry_point_stays_outside_however_far_the_line_may_move(answered):
    line = answered(asked(shapely.box(113.04, 33.01, 113.06, 33.03), move_km=20.0))["line"]
    assert "n1" in roads(line["posts"])


def test_the_same_question_has_the_same_answer(answered):
    inputs = asked(SOUTH, move_km=1.0)
    first = answered(inputs, passes=[{}])
    assert first == answered(read_inputs(json.loads(json.dumps(inputs_json(inputs)))), passes=[{}])
    assert json.loads(json.dumps(first)) == first


def test_progress_rises_and_names_what_is_done(answered):
    told = []
    answered(asked(), passes=[{}], tell=lambda share, code: told.append((share, code)))
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert {"roads", "people", "passes", "summary"} == {code for _, code in told}


def test_work_that_is_told_to_stop_stops(answered):
    def stop(_share, code):
        if code == "people":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        answered(asked(), tell=stop)


def test_posts_are_grouped_by_who_decides_and_each_closes_a_few_metres(small_county):
    line = draw_line(asked(SOUTH), small_county)
    ((bodies, posts),) = posts_by_deciders(line, small_county)
    closure = closure_of_posts(posts, line, small_county, closure_id="x")
    assert bodies == ("epidemic_hq",)
    assert [(span.road_id, round(span.to_m - span.from_m)) for span in closure.extent] == [("n2", 20), ("c1", 20)]
    assert (closure.barrier, closure.window) == ("staffed", line.inputs.window)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gates": ("nowhere",)}, "gate-road-unknown"),
        ({"area": shapely.box(113.034, 33.029, 113.036, 33.031)}, "area-without-roads"),
        ({"area": shapely.box(100, 20, 101, 21)}, "area-outside-county"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(small_county, changes, code):
    with pytest.raises(BadInputError) as refused:
        draw_line(asked(**changes), small_county)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": " "}, "name"),
        ({"move_km": 21.0}, "move_km"),
        ({"move_km": float("nan")}, "move_km"),
        ({"inside_share": 1.0}, "inside_share"),
        ({"structures": "x"}, "structures"),
        ({"pass_holders": "x"}, "pass_holders"),
        ({"end": NOW}, "end"),
    ],
)
def test_inputs_name_the_field_that_is_wrong(changes, where):
    with pytest.raises(BadInputError) as refused:
        asked(**changes)
    assert refused.value.where == where
