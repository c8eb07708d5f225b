"""Story 5, the part of supervision: findings in driving order, sent, answered with a photo, verified by another, closed."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.browser_fixtures import DESK_WIDTH, PHONE_WIDTH, check_page

#: An earth mound on a village road that nobody registered, in the township of the demo's account.
MOUND = "/findings/K6/demo-k6-k7-village"
READY = ".county-map.is-ready"


def photo():
    """A photo as a phone sends it."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "#6b8f5a").save(file, "JPEG")
    return {"name": "open.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def go(page, site, name, address):
    site.sign_in(page, name)
    page.goto(f"{site.url}{address}")
    return page


def test_a_mound_is_sent_removed_verified_and_closed_and_nothing_closes_by_itself(demo_site, page, phone):
    go(page, demo_site, "s", f"/supervision{MOUND}")
    assert page.locator("#unit").input_value() == "二郎庙镇"
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("button", name="交办", exact=True).click()
    assert "已交办" in page.locator("h1").inner_text()
    go(phone, demo_site, "tw", "/township")
    phone.get_by_role("link", name="硬隔离").click()
    check_page(phone)
    phone.get_by_label("道路已畅通").check()
    phone.locator("#note").fill("土堆已清除")
    phone.locator("#photo").set_input_files(photo())
    phone.get_by_role("button", name="已办结").click()
    assert "已办结(待核查)" in phone.locator("h1").inner_text()
    page.reload()
    page.locator(".steps img.finding-photo").wait_for()
    check_page(page)
    go(phone, demo_site, "s2", f"/supervision{MOUND}")
    phone.get_by_label("道路已畅通").check()
    phone.locator("#note").fill("现场核实,已畅通")
    phone.get_by_role("button", name="核查销号").click()
    assert "已销号" in phone.locator("h1").inner_text()
    phone.goto(f"{demo_site.url}/supervision")
    assert "demo-k6-k7-village" not in phone.locator(".findings").inner_text()


def test_the_list_and_the_map_are_in_the_same_order_from_any_start(demo_site, page):
    go(page, demo_site, "s", "/supervision")
    page.wait_for_selector(READY)
    numbers = page.locator(".findings .order").all_inner_texts()
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    drawn = "() => document.querySelector('.county-map-features').textContent"
    assert page.evaluate(drawn).count('"kind": "finding"') == len(numbers)
    first = page.locator(".findings > li").first.inner_text()
    page.locator("#start").select_option(label="小史店镇")
    page.get_by_role("button", name="查看", exact=True).click()
    assert page.locator(".findings > li").first.inner_text() != first
    check_page(page)


def test_two_on_one_finding_the_second_is_told(demo_site, page, open_page):
    address = "/supervision/findings/K5/demo-k5-county"
    go(page, demo_site, "s", address)
    other = go(open_page(), demo_site, "s2", address)
    page.get_by_role("button", name="交办", exact=True).click()
    other.locator("#note").fill("请今天办理")
    other.get_by_role("button", name="交办", exact=True).click()
    assert "有人先办了" in other.locator(".changed").inner_text()
    assert other.locator("#note").input_value() == "请今天办理"
    check_page(other)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", PHONE_WIDTH, "dark"), ("en", DESK_WIDTH, "light")])
@pytest.mark.parametrize("address", ["/supervision", "/supervision/print", "/supervision/findings/K1/demo-k1-county"])
def test_every_page_of_supervision_is_accessible(demo_site, open_page, address, lang, width, scheme):
    page = go(open_page(width=width, lang=lang, scheme=scheme), demo_site, "s", f"{address}?lang={lang}")
    check_page(page)
