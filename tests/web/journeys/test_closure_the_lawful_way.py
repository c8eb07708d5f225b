"""Story 4: a township asks, sees what it would do, headquarters approves less, and from then on routes go round it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from geodata.windows import format_instant
from passes.consequence.critical_roads import ask_criticality
from tests.browser_fixtures import DESK_WIDTH, PHONE_WIDTH, check_page, press
from tests.closure_desks import local
from tests.county_roads import road_worth_closing, roads_driven

OWN = "二郎庙镇"
READY = ".county-map.is-ready"
DRAWN = """
() => [...new Set(document.querySelector(".county-map").countyMap.queryRenderedFeatures()
  .filter((one) => one.source === "own").map((one) => one.properties.state))]
"""


@pytest.fixture(scope="module")
def road(demo_site):
    """A county road of the township, and two positions whose way runs over it."""
    county = demo_site.county
    township = next(area.polygon for area in county.areas if area.name == OWN)
    return road_worth_closing(county, "county", township)


def ask_for(page, site, road_id, *, start, **more):
    """Fill in a request, picking the road by the map's search, and look at its consequence."""
    site.sign_in(page, "tw")
    page.goto(f"{site.url}/township/request")
    page.wait_for_selector(READY)
    page.locator(".county-map-search input").fill(road_id)
    page.locator(".county-map-found button").first.click()
    page.wait_for_function("(id) => document.querySelector('#roads').value.includes(id)", arg=road_id)
    page.locator("#start").fill(start)
    page.locator("#end").fill(local(60))
    page.locator("#reason").fill("村口人员集中,临时管控")
    for name, value in more.items():
        page.locator(f"#{name}").select_option(value)
    press(page.get_by_role("button", name="查看影响", exact=True))


def send(page) -> str:
    """Send the request that was looked at; its number."""
    press(page.get_by_role("button", name="报批", exact=True))
    return page.url.rpartition("/")[2]


def approve_part(page, site, number, part, *, start):
    """Approve a part of a request from a time on, with its paper."""
    site.sign_in(page, "hq")
    page.goto(f"{site.url}/headquarters")
    press(page.locator(f"a[href$='{number}']").first)
    page.get_by_label("部分同意（缩短路段或时间）").check()
    page.locator("#document_no").fill("示意指〔演〕41号")
    page.locator("summary", has_text="部分同意的范围").click()
    page.locator("#roads").fill(part)
    page.locator("#start").fill(start)
    check_page(page)
    press(page.get_by_role("button", name="记录批复"))
    page.locator(".told").wait_for()


def test_a_township_asks_headquarters_approves_less_and_routes_go_round_it(demo_site, road, page, phone):
    road_id, ends = road
    ask_for(page, demo_site, road_id, start=local(6))
    assert {"断路", "就医", "通行证"} <= set(page.locator(".consequence strong").all_inner_texts())
    page.wait_for_selector(READY)
    check_page(page)
    number = send(page)
    check_page(page)
    approve_part(phone, demo_site, number, f"{road_id}@0-200", start=local(8))
    check_page(phone)
    assert "部分同意" in phone.locator(".closure-states").first.inner_text()
    assert phone.locator(".strips dt").all_inner_texts() == ["申请", "同意"]
    assert "示意指〔演〕41号" in phone.locator("table.history").inner_text()
    phone.locator(READY).scroll_into_view_if_needed()
    phone.wait_for_function(f"() => ['requested', 'approved'].every((one) => ({DRAWN})().includes(one))")
    soon, then = (datetime.now(UTC) + timedelta(hours=hours) for hours in (7, 9))
    assert road_id in roads_driven(demo_site, ends, soon)
    assert road_id not in roads_driven(demo_site, ends, then)
    listed = {one["id"]: one for one in json.loads(demo_site.run("closures", "list", "--json").stdout)["closures"]}
    assert (listed[number]["version"], listed[number]["routing"]) == (2, "open")


@pytest.fixture(scope="module")
def critical_road(demo_site):
    """A road of the township that must never be closed alone: how many people it cuts off."""
    county, at = demo_site.county, datetime.now(UTC)
    township = next(area.polygon for area in county.areas if area.name == OWN)
    found = ask_criticality(county, (), at=at, vehicle=county.settings.vehicles["car"]).by_road
    lines = {road: shapely.LineString(county.network.line_of(road)) for road in found}
    one = max((found[road] for road in found if township.covers(lines[road])), key=lambda road: road.people)
    return str(county.network.road_id[one.road]), f"{one.people:,}"


def test_a_road_that_must_stay_open_is_marked_red_at_the_request_and_at_the_decision(
    demo_site, critical_road, page, phone
):
    road_id, people = critical_road
    ask_for(page, demo_site, road_id, start=local(6))
    assert people in page.locator(".consequence li.bad", has_text="不可关闭").inner_text()
    number = send(page)
    demo_site.sign_in(phone, "hq")
    phone.goto(f"{demo_site.url}/headquarters/closures/{number}")
    assert people in phone.locator(".consequence li.bad", has_text="不可关闭").first.inner_text()
    phone.get_by_label("不同意", exact=True).check()
    press(phone.get_by_role("button", name="记录批复"))
    page.reload()
    assert "不同意" in page.locator(".closure-states").inner_text()


def test_a_line_that_crosses_itself_is_told_beside_its_field_and_stays(demo_site, page):
    line = json.dumps(
        {"type": "LineString", "coordinates": [[113.10, 33.26], [113.12, 33.28], [113.12, 33.26], [113.10, 33.28]]}
    )
    demo_site.sign_in(page, "tw")
    page.goto(f"{demo_site.url}/township/request?draw=1")
    page.locator("#line").fill(line)
    press(page.get_by_role("button", name="查看影响", exact=True))
    assert "相交" in page.locator("#line-error").inner_text()
    assert page.locator("#line").input_value() == line


@pytest.mark.long
def test_at_its_time_a_closure_comes_in_force_by_itself(demo_site, road, page, phone):
    road_id, ends = road
    at = (datetime.now(UTC) + timedelta(minutes=3)).replace(second=0, microsecond=0)
    start = local((at - datetime.now(UTC)).total_seconds() / 3600 + 0.001)
    ask_for(page, demo_site, road_id, start=start)
    number = send(page)
    approve_part(phone, demo_site, number, f"{road_id}@0-200", start=start)
    while datetime.now(UTC) < at + timedelta(seconds=1):
        page.wait_for_timeout(500)
    page.reload()
    assert "现场" in page.locator(".strips").inner_text()
    assert road_id not in roads_driven(demo_site, ends, datetime.now(UTC))


def test_a_start_in_the_past_and_a_hard_barrier_are_refused_with_what_to_do_instead(demo_site, road, page):
    ask_for(page, demo_site, road[0], start=local(-2))
    assert "登记已设障碍" in page.get_by_role("alert").inner_text()
    assert page.locator("#reason").input_value() == "村口人员集中,临时管控"
    check_page(page)
    ask_for(page, demo_site, road[0], start=local(2), barrier="earth_mound")
    assert "不能这样申请" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="报批", exact=True).count() == 0
    check_page(page)


def bad_closures(road_id, at):
    """Closures as somebody may import them: without approval, by the wrong body, too early, too long, past the end."""

    def time(hours):
        return format_instant(at + timedelta(hours=hours))

    def says(**more):
        return {
            "authority": "epidemic_hq",
            "decision": "approved",
            "document_no": "1号",
            "decided_at": time(-9),
            **more,
        }

    decisions = {
        "K1": [],
        "K2": [says(), says(authority="transport")],
        "K3": [says(decided_at=time(-1), start=time(-1))],
        "K4": [says(direction="forward")],
        "K5": [says(end=time(-1))],
    }
    known = {"road_ids": [road_id], "barrier": "movable", "start": time(-3), "end": time(40), "requested_by": OWN}
    rows = [{**known, "id": f"bad-{check}", "decisions": made} for check, made in decisions.items()]
    return [{"type": "Feature", "properties": row, "geometry": None} for row in rows]


def test_bad_imports_raise_the_alarms_k1_to_k5_and_an_edited_approval_k14(demo_site, road, page, tmp_path):
    file = tmp_path / "bad.geojson"
    features = bad_closures(road[0], datetime.now(UTC))
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert demo_site.run("closures", "import", str(file)).returncode == 0
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/supervision")
    addresses = page.eval_on_selector_all(".findings a", "links => links.map((one) => one.getAttribute('href'))")
    assert {f"/supervision/findings/{check}/bad-{check}" for check in ("K1", "K2", "K3", "K4", "K5")} <= set(addresses)
    with closing(sqlite3.connect(demo_site.folder / "baotong.sqlite", timeout=30)) as database, database:
        database.execute("UPDATE closure_decisions SET document_no = '2号' WHERE closure_id = 'bad-K5'")
    page.goto(f"{demo_site.url}/supervision/findings/K14/bad-K5")
    assert "台账被改" in page.locator("h1").inner_text()
    check_page(page)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", PHONE_WIDTH, "dark"), ("en", DESK_WIDTH, "light")])
def test_the_page_for_drawing_a_closure_is_accessible(demo_site, open_page, lang, width, scheme):
    page = open_page(width=width, lang=lang, scheme=scheme)
    demo_site.sign_in(page, "tw")
    page.goto(f"{demo_site.url}/township/request?draw=1&lang={lang}")
    check_page(page)
