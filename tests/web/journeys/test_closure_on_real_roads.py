"""The core of story 4 on a real county: asked for, approved in part, gone round; a mound registered and closed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import box, mapping

from geodata.county import AREAS_FILE, open_county
from geodata.geojson import write_features
from geodata.store import open_store, transaction
from passes.accounts.account_register import add_account, set_password
from passes.accounts.passwords import hash_password
from passes.database import ready_database
from tests.browser_fixtures import check_page, press
from tests.closure_desks import local
from tests.county_roads import line_between_two_roads, road_worth_closing, roads_driven

OWN, WORD = "城关镇", "three quiet words"
PEOPLE = (("tw", "TW", OWN), ("hq", "HQ", "epidemic_hq"), ("s", "S", ""))


def open_accounts(county):
    """Give every desk an account."""
    hashed, at = hash_password(WORD), datetime.now(UTC)
    store = open_store(county.database_url)
    ready_database(store, at=at)
    with transaction(store, writes=True) as connection:
        for name, role, unit in PEOPLE:
            add_account(connection, name, role=role, unit=unit, password_hash=hashed, at=at)
            set_password(connection, name, hashed, must_change=False)
    store.dispose()


@pytest.fixture(scope="module")
def yongcheng(serve_county, yongcheng_folder):
    """Yongcheng, served; one township over its whole map."""
    folder = yongcheng_folder
    network = open_county(folder).network
    low, high = network.junction_lonlat.min(axis=0), network.junction_lonlat.max(axis=0)
    area = {"id": "town", "name": OWN, "kind": "township"}
    geometry = mapping(box(*low, *high))
    write_features(folder / AREAS_FILE, [{"type": "Feature", "properties": area, "geometry": geometry}])
    open_accounts(open_county(folder))
    return serve_county(folder, accounts={name: WORD for name, _, _ in PEOPLE})


def fill(page, road_id, **times):
    page.locator("#roads").fill(road_id)
    page.locator("#reason").fill("临时管控")
    for name, value in times.items():
        page.locator(f"#{name}").fill(value)


def test_a_road_is_asked_for_approved_in_part_and_gone_round(yongcheng, page, phone):
    county = yongcheng.county
    road_id, ends = road_worth_closing(county, "county", county.areas[0].polygon)
    yongcheng.sign_in(page, "tw")
    page.goto(f"{yongcheng.url}/township/request")
    fill(page, road_id, start=local(5), end=local(50))
    press(page.get_by_role("button", name="查看影响", exact=True))
    page.wait_for_selector(".county-map.is-ready")
    check_page(page)
    press(page.get_by_role("button", name="报批", exact=True))
    number = page.url.rpartition("/")[2]
    yongcheng.sign_in(phone, "hq")
    phone.goto(f"{yongcheng.url}/headquarters/closures/{number}")
    phone.get_by_label("部分同意（缩短路段或时间）").check()
    phone.locator("#document_no").fill("永疫指〔2026〕1号")
    phone.locator("summary", has_text="部分同意的范围").click()
    phone.locator("#roads").fill(f"{road_id}@0-200")
    press(phone.get_by_role("button", name="记录批复"))
    phone.locator(".told").wait_for()
    check_page(phone)
    soon, then = (datetime.now(UTC) + timedelta(hours=hours) for hours in (2, 6))
    assert road_id in roads_driven(yongcheng, ends, soon)
    assert road_id not in roads_driven(yongcheng, ends, then)


def test_a_line_between_two_carriageways_asks_which_and_closes_the_one_that_is_chosen(yongcheng, page):
    line, both = line_between_two_roads(yongcheng.county)
    yongcheng.sign_in(page, "tw")
    page.goto(f"{yongcheng.url}/township/request?draw=1")
    fill(page, "", start=local(5), end=local(50))
    page.locator("#line").fill(json.dumps(line))
    press(page.get_by_role("button", name="查看影响", exact=True))
    choices = page.locator("input[name=meant]")
    assert {choices.nth(at).get_attribute("value") for at in range(choices.count())} == both
    assert "是哪一条" in page.locator("main").inner_text()
    check_page(page)
    meant = choices.nth(1).get_attribute("value")
    choices.nth(1).check()
    press(page.get_by_role("button", name="查看影响", exact=True))
    press(page.get_by_role("button", name="报批", exact=True))
    listed = json.loads(yongcheng.run("closures", "list", "--json").stdout)["closures"]
    number = page.url.rpartition("/")[2]
    assert [one["roads"] for one in listed if one["id"] == number] == [[meant]]


def test_a_mound_that_stands_is_registered_and_found(yongcheng, page):
    county = yongcheng.county
    road_id, _ = road_worth_closing(county, "village", county.areas[0].polygon)
    yongcheng.sign_in(page, "tw")
    page.goto(f"{yongcheng.url}/township/barrier")
    fill(page, f"{road_id}@50-90", start=local(-20))
    press(page.get_by_role("button", name="登记", exact=True))
    assert "主动登记" in page.locator("main").inner_text()
    check_page(page)
    number = page.url.rpartition("/")[2]
    yongcheng.sign_in(page, "s")
    page.goto(f"{yongcheng.url}/supervision")
    links = page.eval_on_selector_all(".findings a", "links => links.map((one) => one.getAttribute('href'))")
    assert {f"/supervision/findings/{check}/{number}" for check in ("K1", "K6")} <= set(links)
    check_page(page)
