"""Everybody opens the county's map: it draws, the list beside it says the same, and each row leads to its spot."""

from __future__ import annotations

import pytest

from tests.browser_fixtures import DESK_WIDTH, PHONE_WIDTH, check_page, wait_until_drawn

READY = ".county-map.is-ready"
#: `build.mjs` leaves smaller files as they are.
SMALLEST_COMPRESSED_BYTES = 512
DRAWN = """
(layers) => { const map = document.querySelector(".county-map").countyMap;
  return [...new Set(map.queryRenderedFeatures({ layers }).map((one) => one.properties.id))]; }
"""


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", PHONE_WIDTH, "dark"), ("en", DESK_WIDTH, "light")])
def test_the_map_with_its_legend_is_accessible_in_both_languages_on_phone_and_desk(
    demo_site, open_page, lang, width, scheme
):
    page = open_page(width=width, lang=lang, scheme=scheme)
    page.goto(f"{demo_site.url}/map?lang={lang}")
    page.wait_for_selector(READY)
    page.locator(".county-map-legend summary").click()
    check_page(page)


def test_the_map_draws_what_the_list_says(demo_site, page):
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/map")
    page.wait_for_selector(READY)
    listed = page.eval_on_selector_all("[id^=row-][data-map-row]", "rows => rows.map((row) => row.dataset.mapRow)")
    assert set(page.evaluate(DRAWN, ["closure-marks"])) == set(listed)
    assert "demo-k7-county" in listed


def test_the_green_channel_that_a_closure_stops_is_drawn_listed_and_taken_off_by_its_switch(demo_site, page):
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/map?lang=zh")
    page.wait_for_selector(READY)
    row = page.locator("[data-map-row^=channel-]").inner_text()
    assert all(one in row for one in ("方城站", "绿色通道，已中断", "demo-lawful-county"))
    kinds = """() => [...new Set(document.querySelector('.county-map').countyMap
      .queryRenderedFeatures({ layers: ['own-lines'] }).map((one) => one.properties.kind))]"""
    page.wait_for_function(f"() => ({kinds})().join() === 'channel_interrupted'")
    page.get_by_label("在地图上显示").uncheck()
    page.wait_for_function(f"() => ({kinds})().length === 0")
    page.goto(f"{demo_site.url}/planner/channels")
    page.wait_for_selector(READY)
    page.wait_for_function(f"() => ({kinds})().includes('channel_interrupted')")


def test_a_row_leads_to_its_spot_and_a_tap_there_tells_what_it_is(demo_site, page):
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/map?lang=zh")
    page.wait_for_selector(READY)
    page.locator("#row-demo-k1-county-unapproved button").click()
    page.wait_for_function("() => document.querySelector('.county-map').countyMap.getZoom() > 13")
    wait_until_drawn(page)
    box = page.locator(".maplibregl-canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    note = page.locator(".maplibregl-popup")
    note.wait_for()
    assert "未见批准记录" in note.inner_text()
    check_page(page)


def test_words_typed_leave_only_the_rows_that_hold_them(demo_site, page):
    page.goto(f"{demo_site.url}/map?lang=en")
    page.wait_for_selector(READY)
    page.get_by_label("Show only rows with these words").fill("county road")
    shown = page.locator("[data-map-row]:visible")
    assert 0 < shown.count() < 20
    assert all("County road" in text for text in shown.all_inner_texts())


def test_the_map_is_moved_by_keys(demo_site, page):
    page.goto(f"{demo_site.url}/map")
    page.wait_for_selector(READY)
    before = page.evaluate("document.querySelector('.county-map').countyMap.getZoom()")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("+")
    page.wait_for_function(f"() => document.querySelector('.county-map').countyMap.getZoom() > {before} + 0.9")


def test_a_map_that_lies_open_learns_of_a_new_closure(demo_site, page):
    page.goto(f"{demo_site.url}/map")
    page.wait_for_selector(READY)
    page.route("**/map/state", lambda route: route.fulfill(json={"key": "1-1"}))
    with page.expect_request("**/tiles/public/1-1/**"):
        page.evaluate("document.querySelector('.county-map').dispatchEvent(new Event('county-map-refresh'))")
    page.locator(".county-map-changed").wait_for()


def test_where_there_is_no_webgl_the_list_still_says_everything(demo_site, open_page):
    page = open_page(lang="en")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{demo_site.url}/map?lang=en")
    page.locator(".county-map-missing").wait_for()
    assert page.locator("[data-map-row]").count() > 20


def test_the_list_is_printed_without_the_map_and_unfolded(demo_site, page):
    page.goto(f"{demo_site.url}/map")
    page.wait_for_selector(READY)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert not page.locator(".county-map-frame").is_visible()
    assert page.locator(".map-lists details [data-map-row]").first.is_visible()


def test_scripts_come_compressed_and_are_kept(demo_site, page):
    answers = []
    page.on("response", lambda answer: answers.append(answer) if "/static/built/" in answer.url else None)
    page.goto(f"{demo_site.url}/map")
    page.wait_for_selector(READY)
    # Very small ones are sent as they are.
    large = [
        one
        for one in answers
        if len(one.body()) >= SMALLEST_COMPRESSED_BYTES and "javascript" in one.headers["content-type"]
    ]
    assert any("map-worker-" in one.url for one in large)
    assert all(one.headers.get("content-encoding") in {"br", "gzip"} for one in large)
    assert all("immutable" in one.headers["cache-control"] for one in answers)


@pytest.fixture(scope="module")
def yongcheng(serve_county, yongcheng_folder):
    """A real county of Henan from OpenStreetMap, served."""
    return serve_county(yongcheng_folder)


@pytest.mark.parametrize("width", [PHONE_WIDTH, DESK_WIDTH])
def test_a_real_county_is_drawn_with_its_attribution(yongcheng, open_page, width):
    page = open_page(width=width)
    page.goto(f"{yongcheng.url}/map?lang=zh")
    page.wait_for_selector(READY)
    assert "OpenStreetMap" in page.locator("figcaption").inner_text()
    classes = "() => document.querySelector('.county-map').countyMap.querySourceFeatures('base', { sourceLayer: 'roads' }).map((one) => one.properties.class)"
    assert {"expressway", "national", "provincial"} <= set(page.evaluate(classes))
    check_page(page)
