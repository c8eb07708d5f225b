"""Story 7, first half: a planner draws an area, sees now and then, chooses gates, and hands it in to headquarters."""

from __future__ import annotations

import json
import re

import pytest

from geodata.store import open_store, transaction
from passes.accounts.account_register import add_account, set_password
from passes.accounts.passwords import hash_password
from passes.database import ready_database
from tests.browser_fixtures import PHONE_WIDTH, check_page, press, tap_at, wait_until_drawable
from tests.web_fixtures import OPENED_AT, PASSWORD

READY = ".county-map.is-ready"
#: The first answer of a server compiles its kernels where no run before has.
PATIENCE_MS = 180_000


def draw(page, corners):
    """Tap corners on the map, given as shares of its width and height, and the first one again."""
    wait_until_drawable(page)
    box = page.locator("#draw .maplibregl-canvas").bounding_box()
    for x, y in [*corners, corners[0]]:
        tap_at(page, box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.wait_for_function("() => document.querySelector('#area').value.includes('Polygon')")


def run(page):
    """Run the what-if and wait for its answer, which comes by itself."""
    press(page.get_by_role("button", name="开始推演"))
    page.locator(".now-then").wait_for(timeout=PATIENCE_MS)


def ask(site, page, name, **fields):
    """Ask a what-if by typing, without the map."""
    page.goto(f"{site.url}/planner/new?lang=zh")
    page.locator("#name").fill(name)
    for field, text in fields.items():
        page.locator(f"#{field}").fill(text)


def ring(lon, lat, half):
    corners = [(lon - half, lat - half), (lon + half, lat - half), (lon + half, lat + half), (lon - half, lat + half)]
    return [list(one) for one in [*corners, corners[0]]]


def polygon(*rings):
    return json.dumps({"type": "Polygon", "coordinates": rings})


#: Round the seat of 广安街道 in the demo county.
AREA = polygon(ring(112.985, 33.235, 0.012))


@pytest.fixture(scope="module")
def answered(demo_site, browser):
    """The address of a what-if that is answered, asked once for the tests of this module."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    demo_site.sign_in(page, "p")
    ask(demo_site, page, "广安街道推演", area=AREA, move_km="1.5")
    run(page)
    address = page.url
    context.close()
    return address


def test_a_planner_draws_an_area_and_sees_now_and_then(demo_site, page):
    demo_site.sign_in(page, "p")
    press(page.get_by_role("link", name="推演").first)
    press(page.get_by_role("link", name="新建推演"))
    draw(page, [(0.42, 0.45), (0.55, 0.45), (0.55, 0.6), (0.42, 0.6)])
    page.locator("#name").fill("手画区域")
    run(page)
    assert "实际状态没有任何改动" in page.locator("main").inner_text()
    assert page.locator(".posts li").count() > 0
    page.wait_for_selector(READY)
    check_page(page)


def test_gates_chosen_save_posts_and_handing_it_in_reaches_headquarters(demo_site, open_page, answered):
    page = open_page()
    demo_site.sign_in(page, "p")
    page.goto(f"{answered}?lang=zh")
    before = page.locator(".posts li").count()
    page.locator(".gates input").first.check()
    press(page.get_by_role("button", name="按这些通道口重新推演"))
    page.locator(".now-then").wait_for(timeout=PATIENCE_MS)
    assert page.url != answered
    assert page.locator(".gates input:checked").count() >= 1
    assert page.locator(".posts li").count() <= before
    assert page.locator(".warnings", has_text="没有通道口").count() == 0
    press(page.get_by_role("button", name="生成关闭申请"))
    handed_in = page.locator(".told", has_text="已生成关闭申请并报批").first.inner_text()
    number = re.findall(r"411322-[0-9]+-[0-9]+", handed_in)[0]
    check_page(page)
    headquarters = open_page()
    demo_site.sign_in(headquarters, "hq")
    headquarters.goto(f"{demo_site.url}/headquarters")
    assert number in headquarters.content()


def test_the_annex_is_made_for_paper(demo_site, page, answered):
    demo_site.sign_in(page, "p")
    page.goto(f"{answered}/annex?lang=zh")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.locator(".posts li").count() > 0


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (polygon([[112.98, 33.23], [113.0, 33.25], [113.0, 33.23], [112.98, 33.25], [112.98, 33.23]]), "自相交"),
        (polygon(ring(120.0, 30.0, 0.01)), "不在本县"),
        ("", "没有给出区域"),
    ],
)
def test_a_wrong_area_is_told_beside_its_field_and_stays(demo_site, page, area, said):
    demo_site.sign_in(page, "p")
    ask(demo_site, page, "错的", area=area)
    press(page.get_by_role("button", name="开始推演"))
    page.locator("#area-error").wait_for()
    assert said in page.locator("#area-error").inner_text()
    assert page.locator("#area").input_value() == area
    assert page.locator("#name").input_value() == "错的"
    check_page(page)


def test_an_area_with_a_hole_is_answered(demo_site, page):
    demo_site.sign_in(page, "p")
    ask(demo_site, page, "带洞", area=polygon(ring(112.985, 33.235, 0.012), ring(112.985, 33.235, 0.004)))
    run(page)
    assert page.locator(".posts li").count() > 0


def test_without_scripts_the_page_comes_back_by_itself_until_it_is_answered(demo_site, open_page):
    page = open_page(java_script_enabled=False)
    demo_site.sign_in(page, "p")
    ask(demo_site, page, "无脚本", area=AREA)
    page.get_by_role("button", name="开始推演").click()
    page.locator(".now-then").wait_for(timeout=PATIENCE_MS)


def test_pages_of_the_planner_that_need_an_answer_are_accessible(demo_site, open_page, answered):
    page = open_page(width=PHONE_WIDTH, lang="zh", scheme="dark")
    demo_site.sign_in(page, "p")
    for address in (answered, f"{answered}/annex", f"{demo_site.url}/jobs"):
        page.goto(f"{address}?lang=zh")
        check_page(page)


@pytest.fixture(scope="module")
def yongcheng(serve_county, yongcheng_folder):
    """A real county of Henan from OpenStreetMap, served, with a planner's account."""
    folder = yongcheng_folder
    store = open_store(f"sqlite:///{folder / 'baotong.sqlite'}")
    ready_database(store, at=OPENED_AT)
    with transaction(store, writes=True) as connection:
        add_account(connection, "p", role="P", unit="", password_hash=hash_password(PASSWORD), at=OPENED_AT)
        set_password(connection, "p", hash_password(PASSWORD), must_change=False)
    store.dispose()
    return serve_county(folder, accounts={"p": PASSWORD})


def test_a_planner_draws_an_area_on_a_real_county(yongcheng, page):
    yongcheng.sign_in(page, "p")
    page.goto(f"{yongcheng.url}/planner/new?lang=zh")
    draw(page, [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)])
    page.locator("#name").fill("城区")
    run(page)
    assert page.locator(".posts li").count() > 0
    assert page.locator(".gates input").count() > 0
    check_page(page)
