"""Story 5: a driver reports an earth mound nobody approved; it is avoided at once and found by the audit."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from geodata.windows import format_instant
from tests.browser_fixtures import PATIENCE_MS, PHONE_WIDTH, check_page, leave_out_maps, press
from tests.photo_files import SVG, a_noisy_picture, a_picture
from tests.web.journeys.road_steps import (
    audit_checks,
    closure_rows,
    driver_link,
    far_from_roads,
    lone_village_road,
    newest_pass,
    photo_file,
    roads_between,
)


@pytest.fixture(scope="module")
def link(demo_site):
    return driver_link(demo_site, newest_pass(demo_site).number)


@pytest.fixture(scope="module")
def device(browser):
    """The driver's phone: it opened the link first and keeps its cookies for the whole module."""
    context = browser.new_context(viewport={"width": PHONE_WIDTH, "height": 740}, locale="zh-CN", has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def phone_of_driver(device, link):
    page = open_link(device, link)
    yield page
    page.close()


@pytest.fixture
def without_map(device, link):
    """The same phone, on which no map is drawn: most reports need none."""
    page = open_link(device, link, leave_out_maps)
    yield page
    page.close()


def open_link(device, link, prepare=lambda page: None):
    page = device.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    prepare(page)
    page.goto(link)
    return page


def fill_report(page, position, photo=None, barrier="土堆"):
    press(page.get_by_role("link", name="报告道路受阻"))
    fill_form(page, position, photo, barrier)


def fill_form(page, position, photo=None, barrier="土堆"):
    page.locator("#position").fill(f"{position[0]:.6f},{position[1]:.6f}")
    page.get_by_label(barrier, exact=True).check()
    if photo:
        give_photo(page, photo)


def give_photo(page, photo):
    """Choose a photo, and wait until the page has looked at it."""
    field = page.locator("#photo")
    field.evaluate(
        "one => { one.looked = new Promise((go) => one.addEventListener('photo-ready', go, { once: true })); }"
    )
    field.set_input_files(photo)
    field.evaluate("one => one.looked.then(() => true)")


def send(page):
    press(page.get_by_role("button", name="上报"))


def new_cases(site):
    return {key: row for key, row in closure_rows(site).items() if key.startswith("blockage-0")}


def test_a_driver_reports_a_mound_and_new_routes_avoid_it(demo_site, phone_of_driver, device, tmp_path):
    page, county = phone_of_driver, demo_site.county
    road, (lon, lat) = lone_village_road(county)
    line = county.network.line_of(county.network.road_index[road])
    start, end = (tuple(float(one) for one in line[at]) for at in (0, -1))
    assert road in roads_between(demo_site, start, end)
    device.grant_permissions(["geolocation"])
    device.set_geolocation({"longitude": lon, "latitude": lat})
    press(page.get_by_role("link", name="报告道路受阻"))
    page.get_by_role("button", name="用我的位置").click()
    page.wait_for_function("document.getElementById('position').value !== ''")
    page.get_by_label("土堆", exact=True).check()
    page.locator("#photo").set_input_files(photo_file(tmp_path, a_picture(2400, 1800)))
    page.locator("img.photo-preview").wait_for()
    check_page(page)
    send(page)
    page.get_by_text("新路线从现在起绕开这里").wait_for()
    ((case, row),) = new_cases(demo_site).items()
    assert (row["approval"], row["physical"], row["routing"], row["roads"]) == (None, "reported", "closed", [road])
    assert audit_checks(demo_site, case) == {"K6", "K7"}
    assert road not in roads_between(demo_site, start, end)


def test_supervision_sees_the_mound_on_the_map_and_in_its_list(demo_site, page):
    (case,) = new_cases(demo_site)
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/map")
    row = page.locator(f"[data-map-row='{case}']")
    assert "土堆" in row.inner_text()
    page.goto(f"{demo_site.url}/supervision")
    stop = page.locator("ol.findings > li", has_text=case).inner_text()
    assert ("K6" in stop, "K7" in stop) == (True, True)
    page.locator("ol.findings > li", has_text=case).get_by_role("link", name="K7").click()
    page.wait_for_url("**/findings/K7/*")
    photo = page.get_by_role("img", name="照片 1")
    photo.wait_for()
    assert photo.evaluate("one => one.decode().then(() => one.naturalWidth)") == 1600


def test_twelve_reports_of_one_mound_are_one_case(demo_site, without_map, link):
    page = without_map
    _, (lon, lat) = lone_village_road(demo_site.county)
    for number in range(11):
        page.goto(f"{link}/report")
        fill_form(page, (lon + number * 2e-6, lat))
        send(page)
        page.get_by_text("此处已有人上报").wait_for()
    assert len(new_cases(demo_site)) == 1


def test_a_place_far_from_any_road_is_asked_about(demo_site, phone_of_driver):
    page, before = phone_of_driver, len(new_cases(demo_site))
    fill_report(page, far_from_roads(demo_site.county, least_m=300, most_m=1_500))
    send(page)
    page.get_by_label("位置无误").wait_for()
    assert "米" in page.get_by_role("alert").first.inner_text()
    assert page.get_by_label("土堆", exact=True).is_checked()
    check_page(page)
    assert len(new_cases(demo_site)) == before


def test_a_place_outside_the_county_is_refused(demo_site, without_map):
    fill_report(without_map, (121.5, 31.2))
    send(without_map)
    assert "米" in without_map.get_by_role("alert").first.inner_text()


def test_a_drawing_named_as_a_photo_is_refused_and_what_was_typed_stays(demo_site, without_map, tmp_path):
    page = without_map
    _, position = lone_village_road(demo_site.county)
    fill_report(page, position, photo_file(tmp_path, SVG))
    page.locator("#note").fill("桥头")
    send(page)
    assert "这个文件不是照片" in page.get_by_role("alert").first.inner_text()
    assert page.locator("#note").input_value() == "桥头"
    check_page(page)


def test_a_photo_of_ten_megabytes_gets_through(demo_site, without_map, tmp_path):
    page = without_map
    big = photo_file(tmp_path, a_noisy_picture(3300))
    _, position = lone_village_road(demo_site.county)
    press(page.get_by_role("link", name="报告道路受阻"))
    page.locator("#position").fill(f"{position[0]:.6f},{position[1]:.6f}")
    page.get_by_label("土堆", exact=True).check()
    page.locator("#photo").set_input_files(big)
    page.locator("img.photo-preview").wait_for()
    send(page)
    page.get_by_text("此处已有人上报").wait_for()


def test_a_second_phone_sees_the_pass_and_must_show_that_it_belongs_to_the_truck(demo_site, phone, link):
    record = newest_pass(demo_site)
    phone.goto(link)
    phone.get_by_role("heading", name=record.plate).wait_for()
    press(phone.get_by_role("link", name="需要停车"))
    phone.locator("#tail").fill("9999")
    press(phone.get_by_role("button", name="继续"))
    assert "后四位不对" in phone.get_by_role("alert").first.inner_text()
    check_page(phone)
    phone.locator("#tail").fill(record.crew[0]["id_tail"])
    press(phone.get_by_role("button", name="继续"))
    phone.get_by_label("车辆故障").check()
    press(phone.get_by_role("button", name="通知值班"))
    phone.get_by_text("已通知值班").wait_for()


def test_concrete_where_only_a_soft_closure_was_approved_is_k6_with_the_approval_shown(
    demo_site, phone_of_driver, page
):
    county, (road,) = demo_site.county, closure_rows(demo_site)["demo-lawful-county"]["roads"]
    line = county.network.line_of(county.network.road_index[road])
    fill_report(phone_of_driver, line[len(line) // 2], barrier="水泥墩")
    send(phone_of_driver)
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/supervision/findings/K6/demo-lawful-county")
    told = page.locator("dl.facts").first.inner_text()
    assert "水泥墩" in told
    assert "同意" in told


def drive_through(site, road, folder, minutes):
    """Import tracks of trucks that drove along a whole road, each so many minutes ago."""
    network = site.county.network
    line = network.line_of(network.road_index[road]).tolist()

    def positions(ago):
        first = datetime.now(UTC) - timedelta(minutes=ago)
        return [[lon, lat, format_instant(first + timedelta(seconds=20 * at))] for at, (lon, lat) in enumerate(line)]

    rows = [json.dumps({"id": f"truck-{ago}", "positions": positions(ago)}) for ago in minutes]
    (folder / "tracks.jsonl").write_text("\n".join(rows))
    done = site.run("tracks", "import", str(folder / "tracks.jsonl"), "--json")
    assert json.loads(done.stdout)["passages"] == len(rows), done.stdout


def test_three_tracks_through_a_prank_make_it_doubtful_and_close_nothing(demo_site, page, tmp_path):
    road, _ = lone_village_road(demo_site.county, nth=1)
    seen = {"at": format_instant(datetime.now(UTC) - timedelta(hours=1)), "state": "blocked", "source": "driver"}
    row = {"id": "prank", "road_ids": [road], "observations": [{**seen, "barrier": "earth_mound"}]}
    feature = {"type": "Feature", "geometry": None, "properties": row}
    (tmp_path / "prank.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert demo_site.run("closures", "import", str(tmp_path / "prank.geojson")).returncode == 0
    demo_site.sign_in(page, "s")
    page.goto(f"{demo_site.url}/supervision/findings/K7/prank")
    press(page.get_by_role("button", name="交办"))
    assert closure_rows(demo_site)["prank"]["routing"] == "closed"
    drive_through(demo_site, road, tmp_path, (40, 30, 20))
    assert closure_rows(demo_site)["prank"]["routing"] == "open"
    page.reload()
    assert "存疑，请到现场核实" in page.locator("main").inner_text()
    assert "已交办" in page.locator("h1").inner_text()


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "dark"), ("en", "light")])
def test_every_page_of_the_driver_is_accessible(device, link, lang, scheme):
    page = device.new_page()
    page.problems = []
    page.emulate_media(color_scheme=scheme)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    for path in ("", "/code", "/map", "/report", "/stop"):
        page.goto(f"{link}{path}?lang={lang}")
        check_page(page)
    page.goto(f"{link}?lang=zh")
    page.close()
