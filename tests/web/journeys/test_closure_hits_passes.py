"""Story 6: headquarters approves a closure; the driver sees the old and the new line and takes the new pass; the guard."""

from __future__ import annotations

import json

import pytest

from tests.browser_fixtures import PHONE_WIDTH, check_page, press
from tests.closure_desks import local
from tests.county_roads import road_worth_closing
from tests.web.journeys.test_closure_the_lawful_way import OWN, ask_for, send

READY = ".county-map.is-ready"
#: The server looks for hit passes twice a second; a busy machine takes its time to plan them.
PATIENCE_MS = 180_000


@pytest.fixture(scope="module")
def cut(demo_site):
    """A road of the township, and a pass whose truck drives over it."""
    county = demo_site.county
    township = next(area.polygon for area in county.areas if area.name == OWN)
    road, (origin, destination) = road_worth_closing(county, "county", township)
    document = json.loads((county.folder / "applications" / "clean.json").read_text(encoding="utf-8"))
    document |= {"id": "story-6", "origin": origin, "destination": destination, "round_trip": False}
    path = county.folder.parent / "story-6.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    answer = json.loads(demo_site.run("pass", "issue", str(path), "--json").stdout)
    assert answer["ok"], answer
    assert road in [one["road_id"] for one in answer["pass"]["route"]["roads"]]
    return road, answer["pass"]


def driver_link(page, site, number) -> str:
    """Have the transport office make the driver's link."""
    site.sign_in(page, "t")
    page.goto(f"{site.url}/links/{number}")
    press(page.get_by_role("button", name="生成链接"))
    return site.url + "/d/" + page.locator(".link-address").inner_text().rpartition("/")[2]


def the_old_code_tells_by_itself(other, link):
    """A phone without a network shows the old code: once the road is closed its page says so."""
    other.clock.install()
    other.goto(f"{link}?old=1")
    other.locator("[data-shown-until]").wait_for()
    assert not other.locator("[data-shown-from]").is_visible()
    other.context.set_offline(True)
    other.clock.fast_forward("01:00:00")
    other.locator("[data-shown-from]").wait_for()
    assert "新证" in other.locator("[data-shown-from]").inner_text()


def test_a_closure_comes_in_force_and_the_driver_takes_the_new_pass(demo_site, cut, page, phone, open_page):
    road, issued = cut
    link = driver_link(page, demo_site, issued["number"])
    phone.goto(link)
    assert issued["number"] in phone.content()
    ask_for(page, demo_site, road, start=local(0.5))
    closure = send(page)
    demo_site.sign_in(page, "hq")
    page.goto(f"{demo_site.url}/headquarters")
    press(page.locator(f"a[href$='{closure}']").first)
    page.get_by_label("同意", exact=True).check()
    page.locator("#document_no").fill("示意指〔演〕46号")
    press(page.get_by_role("button", name="记录批复"))
    phone.get_by_role("button", name="已看清，领取新证").wait_for(timeout=PATIENCE_MS)  # the page asks anew by itself
    phone.wait_for_selector(READY)
    assert {"原线路", "新线路"} <= set(phone.locator("dl.facts dt").all_inner_texts())
    check_page(phone)
    the_old_code_tells_by_itself(open_page(width=PHONE_WIDTH), link)
    demo_site.sign_in(page, "t")
    page.goto(f"{demo_site.url}/transport/reissues/{closure}")
    assert "新证已备好，旧证仍有效" in page.locator("main").inner_text()
    check_page(page)
    press(phone.get_by_role("button", name="已看清，领取新证"))
    phone.locator("a.code svg").wait_for()
    demo_site.sign_in(page, "c")
    page.goto(f"{demo_site.url}/checkpoint/pass/{issued['number']}-1")  # what the driver had before
    assert page.locator("[data-verdict]").count() == 1  # good as well until the road closes
    assert page.locator(".hand-over svg").count() == 2
    check_page(page)
