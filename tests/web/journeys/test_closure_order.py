"""Story 4's end: approved, printed, scanned from paper by anybody; withdrawn, and the code says no approval on record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from geodata.windows import format_instant
from tests.browser_fixtures import check_page, leave_out_maps
from tests.county_roads import road_worth_closing
from tests.web.journeys.desk_steps import code_on_paper

TOWNSHIP = "二郎庙镇"
NUMBER = "示意指〔演〕77号"


@pytest.fixture
def page(open_page):
    """A page on a desk, without maps: they are looked at in test_every_page.py and test_map.py."""
    page = open_page()
    leave_out_maps(page)
    return page


@pytest.fixture
def standing(demo_site, tmp_path):
    """A closure that stands and that nobody has approved yet; its id."""
    county = demo_site.county
    within = next(area.polygon for area in county.areas if area.name == TOWNSHIP)
    road_id, _ = road_worth_closing(county, "county", within)
    now = datetime.now(UTC)
    times = {"start": format_instant(now - timedelta(hours=1)), "end": format_instant(now + timedelta(hours=40))}
    row = {"id": "hangs-here", "road_ids": [road_id], "barrier": "movable", "requested_by": TOWNSHIP, **times}
    feature = {"type": "Feature", "properties": row, "geometry": None}
    (tmp_path / "standing.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert demo_site.run("closures", "import", str(tmp_path / "standing.geojson")).returncode == 0
    return row["id"]


def decide(page, site, closure_id, choice, document_no=""):
    """Decide on a closure as headquarters."""
    page.goto(f"{site.url}/headquarters/closures/{closure_id}")
    page.locator(f"input[name=decision][value={choice}]").check()
    page.locator("#document_no").fill(document_no)
    with page.expect_navigation():
        page.get_by_role("button", name="记录批复").click()
    page.locator(".told").first.wait_for()


def test_an_order_is_approved_printed_scanned_and_shows_at_once_that_it_was_withdrawn(demo_site, page, phone, standing):
    demo_site.sign_in(page, "hq")
    page.goto(f"{demo_site.url}/orders/{standing}/print")
    assert "未见批准记录" in page.locator("main").inner_text()
    decide(page, demo_site, standing, "approve", NUMBER)
    with page.expect_navigation():
        page.get_by_role("link", name="批复公示牌").click()
    assert NUMBER in page.locator(".order-sheet").inner_text()
    check_page(page)
    code = code_on_paper(page)
    page.goto(f"{page.url}?lang=en")
    check_page(page)
    assert code_on_paper(page) == code

    scanned = demo_site.url + code[code.index("/O/") :]
    phone.goto(scanned)
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "green"
    told = phone.locator("main").inner_text()
    assert NUMBER in told
    assert "绕行" in told
    check_page(phone)
    phone.get_by_role("link", name="查看全部生效中的道路关闭").click()
    phone.locator(f"a[href$='/{standing}']").wait_for()
    check_page(phone)

    page.goto(f"{demo_site.url}/?lang=zh")
    decide(page, demo_site, standing, "withdraw")
    phone.goto(scanned)
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "red"
    assert "未见批准记录" in phone.locator("h1").inner_text()
    check_page(phone)
    phone.goto(f"{demo_site.url}/public/closures")
    assert phone.locator(f"a[href$='/{standing}']").count() == 0
