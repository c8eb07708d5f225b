"""The planner's pages: every way to give an area, every wrong one told beside its field, and nothing live changed."""

from __future__ import annotations

import io
import json
import re

import pytest

from geodata.closures.register import list_closures
from geodata.closures.states import approval_state
from geodata.store import transaction
from passes.area_plans.plans_register import list_plans, read_plan
from passes.jobs_register import DONE, FAILED, cancel_job, list_jobs, read_job
from web.jobs.worker import work_one

SOUTH = [[113.01, 32.99], [113.03, 32.99], [113.03, 33.03], [113.01, 33.03], [113.01, 32.99]]


def polygon(*rings):
    return json.dumps({"type": "Polygon", "coordinates": rings})


def form(**changes):
    given = {
        "name": "某村封控",
        "area": polygon(SOUTH),
        "move_km": "0",
        "gates": "",
        "start": "2030-01-02T08:00",
        "end": "2030-01-04T08:00",
        "pass_holders": "stopped",
        "inside_share": "50",
        "structures": "joined",
    }
    return {key: value for key, value in (given | changes).items() if value is not None}


@pytest.fixture
def planner(client_of):
    return client_of("P")


def asked(planner, site, **changes):
    """Ask a what-if and let a worker answer it; returns its id."""
    answer = planner.post("/planner/new", data=form(**changes))
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]*)', answer.text)
    assert work_one(site, "w") is not None
    return answer.headers["Location"].rpartition("/")[2]


def plan_of(site, plan_id):
    with transaction(site.store, writes=False) as connection:
        return read_plan(connection, plan_id)


def test_a_drawn_area_is_answered_now_and_then(planner, small_site):
    plan_id = asked(planner, small_site)
    page = planner.get(f"/planner/{plan_id}").text
    assert "后庄村" in page
    assert "G999" in page
    assert "800" in page
    assert plan_of(small_site, plan_id).result["consequence"]["people_cut_off"] == 800


def test_before_it_is_answered_its_page_shows_how_far_it_is(planner, small_site):
    answer = planner.post("/planner/new", data=form())
    page = planner.get(answer.headers["Location"]).text
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_nothing_live_changes(planner, small_site):
    asked(planner, small_site)
    with transaction(small_site.store, writes=False) as connection:
        assert list_closures(connection) == ()
        assert small_site.network.engine(connection, keeps=False).closings == ()


def test_an_uploaded_area_goes_before_a_drawn_one(planner, small_site):
    ring = [[113.01, 33.03], [113.03, 33.03], [113.03, 33.05], [113.01, 33.05], [113.01, 33.03]]
    file = (io.BytesIO(polygon(ring).encode()), "area.geojson")
    plan_id = asked(planner, small_site, file=file)
    assert [one["road"] for one in plan_of(small_site, plan_id).result["line"]["posts"]] == ["c1", "c3"]


def test_an_area_with_a_hole_is_answered_with_what_lies_in_the_hole_outside(planner, small_site):
    hole = [[113.015, 32.995], [113.025, 32.995], [113.025, 33.005], [113.015, 33.005], [113.015, 32.995]]
    plan_id = asked(planner, small_site, area=polygon(SOUTH, hole))
    assert plan_of(small_site, plan_id).result["line"]["places_inside"] == []


def test_without_a_gate_the_page_says_that_all_trips_stop(planner, small_site):
    page = planner.get(f"/planner/{asked(planner, small_site)}").text
    assert "没有通道口" in page


def test_gates_are_chosen_on_the_answer_and_make_a_what_if_of_its_own(planner, small_site):
    first = asked(planner, small_site)
    answer = planner.post(f"/planner/{first}/gates", data={"gate": ["n2"]})
    work_one(small_site, "w")
    second = plan_of(small_site, answer.headers["Location"].rpartition("/")[2])
    assert [one["road"] for one in second.result["line"]["posts"]] == ["c1"]
    assert [one["road"] for one in plan_of(small_site, first).result["line"]["posts"]] == ["n2", "c1"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "请填写"),
        ({"area": ""}, "area", "没有给出区域"),
        ({"area": polygon([SOUTH[0], SOUTH[2], SOUTH[1], SOUTH[3], SOUTH[0]])}, "area", "自相交"),
        ({"area": polygon([[100, 20], [101, 20], [101, 21], [100, 20]])}, "area", "不在本县"),
        ({"area": "{"}, "area", "JSON"),
        ({"move_km": "99"}, "move_km", "0 到 20"),
        ({"gates": "nowhere"}, "gates", "nowhere"),
        ({"start": "never"}, "start", ""),
        ({"end": "2029-01-01T00:00"}, "end", ""),
        ({"inside_share": "100"}, "inside_share", "0 到 99"),
        ({"structures": "x"}, "structures", ""),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_what_was_typed_stays(planner, changes, field, said):
    answer = planner.post("/planner/new", data=form(**changes))
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error">([^<]*)', answer.text)
    assert error is not None
    assert said in error[1]
    assert "2030-01-02T08:00" in answer.text or field == "start"


def test_a_share_out_of_range_is_told_in_english_too(planner):
    answer = planner.post("/planner/new?lang=en", data=form(inside_share="100"))
    assert (answer.status_code, "Between 0 and 99 percent." in answer.text) == (422, True)


def test_a_file_that_is_no_text_is_refused_beside_its_field(planner):
    answer = planner.post("/planner/new", data=form(file=(io.BytesIO(b"\xff\xd8\xff"), "a.geojson")))
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_an_area_without_roads_is_told_on_its_page(planner, small_site):
    ring = [[113.034, 33.029], [113.036, 33.029], [113.036, 33.031], [113.034, 33.031], [113.034, 33.029]]
    page = planner.get(f"/planner/{asked(planner, small_site, area=polygon(ring))}").text
    assert "区域里没有道路" in page


def test_handing_it_in_makes_requests_that_nobody_has_approved(planner, small_site):
    plan_id = asked(planner, small_site)
    assert planner.post(f"/planner/{plan_id}/adopt").status_code == 303
    with transaction(small_site.store, writes=False) as connection:
        (closure,) = list_closures(connection)
        assert small_site.network.engine(connection, keeps=False).closings == ()
    county = small_site.county
    assert approval_state(closure, county.settings.policy_for, county.network, small_site.now()) == "requested"
    assert {span.road_id for span in closure.extent} == {"n2", "c1"}
    assert plan_of(small_site, plan_id).closures == [closure.id]
    assert closure.id in planner.get(f"/planner/{plan_id}/annex").text


def test_headquarters_find_the_request_with_what_the_planner_saw(planner, client_of, small_site):
    plan_id = asked(planner, small_site)
    planner.post(f"/planner/{plan_id}/adopt")
    (closure_id,) = plan_of(small_site, plan_id).closures
    desk = client_of("HQ").get("/headquarters")
    assert desk.status_code == 200
    assert closure_id in desk.text
    assert client_of("HQ").get(f"/headquarters/closures/{closure_id}").status_code == 200


def test_what_a_request_keeps_of_a_plan_has_the_shape_of_every_other_request(planner, small_site):
    from geodata.closures.filings_register import list_filings
    from web.closures.consequence import foresee_here, sight_of

    plan_id = asked(planner, small_site)
    planner.post(f"/planner/{plan_id}/adopt")
    with transaction(small_site.store, writes=False) as connection:
        (filing,) = list_filings(connection)
        with planner.application.test_request_context():
            other = sight_of(foresee_here(connection, list_closures(connection), small_site.now()))
    assert set(filing.seen) - {"plan"} == set(other)
    assert set(filing.seen["hospital"]) == set(other["hospital"])


def test_handing_it_in_twice_makes_no_second_request(planner, small_site):
    plan_id = asked(planner, small_site)
    planner.post(f"/planner/{plan_id}/adopt")
    assert planner.post(f"/planner/{plan_id}/adopt").status_code == 422
    with transaction(small_site.store, writes=False) as connection:
        assert len(list_closures(connection)) == 1


def test_a_what_if_whose_beginning_is_past_cannot_be_handed_in(planner, small_site):
    plan_id = asked(planner, small_site, start="2022-07-01T08:00", end="2022-07-03T08:00")
    assert planner.post(f"/planner/{plan_id}/adopt").status_code == 422
    assert "disabled" in planner.get(f"/planner/{plan_id}").text


def test_the_link_shows_the_same_to_headquarters_who_cannot_change_it(planner, client_of, small_site):
    plan_id = asked(planner, small_site)
    page = client_of("HQ").get(f"/planner/{plan_id}").text
    assert "后庄村" in page
    assert "/adopt" not in page


def test_change_and_run_again_begins_from_the_earlier_one(planner, small_site):
    plan_id = asked(planner, small_site, move_km="1.5")
    page = planner.get(f"/planner/new?from={plan_id}").text
    assert "某村封控" in page
    assert 'value="1.5"' in page


def test_a_cancelled_what_if_has_no_answer_and_says_so(planner, small_site):
    answer = planner.post("/planner/new", data=form())
    (plan,) = _plans(small_site)
    planner.post(f"/jobs/{plan.job}/cancel")
    assert work_one(small_site, "w") is None
    assert "已取消" in planner.get(answer.headers["Location"]).text


def test_an_answer_is_kept_once_though_its_worker_died_before_it_said_so(planner, small_site):
    from passes.jobs_register import take_job
    from web.jobs.kinds import KINDS
    from web.jobs.run import Run

    planner.post("/planner/new", data=form())
    with transaction(small_site.store, writes=True) as connection:
        job = take_job(connection, "dead", at=small_site.now())
    KINDS["plan"].load()(Run(small_site, job))
    (before,) = _plans(small_site)
    with transaction(small_site.store, writes=True) as connection:
        connection.exec_driver_sql("UPDATE jobs SET lease_until = '2020-01-01 00:00:00'")
    assert work_one(small_site, "w").attempts == 2
    (after,) = _plans(small_site)
    assert (after.result, after.answered_at) == (before.result, before.answered_at)
    with transaction(small_site.store, writes=False) as connection:
        assert read_job(connection, job.id).state == DONE


def _plans(site):
    with transaction(site.store, writes=False) as connection:
        return list_plans(connection)


def test_work_that_raises_fails_and_takes_nobody_down(planner, small_site, monkeypatch):
    import web.planner.work as work

    monkeypatch.setattr(work, "answer_plan", lambda *_, **__: 1 / 0)
    planner.post("/planner/new", data=form())
    job = work_one(small_site, "w")
    with transaction(small_site.store, writes=False) as connection:
        found = read_job(connection, job.id)
    assert (found.state, found.result["code"]) == (FAILED, "bug")


def test_cancelling_in_the_middle_stops_the_work(planner, small_site, monkeypatch):
    import web.planner.work as work

    answer_plan = work.answer_plan

    def cancelled_meanwhile(*given, **named):
        with transaction(small_site.store, writes=True) as connection:
            (job,) = list_jobs(connection)
            cancel_job(connection, job.id, at=small_site.now())
        return answer_plan(*given, **named)

    monkeypatch.setattr(work, "answer_plan", cancelled_meanwhile)
    planner.post("/planner/new", data=form())
    job = work_one(small_site, "w")
    with transaction(small_site.store, writes=False) as connection:
        assert read_job(connection, job.id).state == "cancelled"
    assert _plans(small_site)[0].result == {}
