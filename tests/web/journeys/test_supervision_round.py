"""Story 5 at the desks: a mound is sent, removed with a photo and closed by another; a barrier registered; a road reopened."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from geodata.windows import format_instant
from tests.browser_fixtures import check_page, press
from tests.closure_desks import local
from tests.county_roads import road_worth_closing
from tests.photo_files import a_picture

OWN = "二郎庙镇"
#: An earth mound on a village road that nobody registered, in the township of the demo's account.
MOUND = "/findings/K6/demo-k6-k7-village"
READY = ".county-map.is-ready"
PHOTO = {"name": "open.jpg", "mimeType": "image/jpeg", "buffer": a_picture(640, 480)}


def go(page, site, name, address):
    site.sign_in(page, name)
    page.goto(f"{site.url}{address}")
    return page


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def show_open(page, note):
    """Say that the road is open, with a photo."""
    page.get_by_label("道路已畅通").check()
    page.locator("#note").fill(note)
    page.locator("#photo").set_input_files(PHOTO)


def heading(page):
    return page.locator("h1").inner_text()


def test_a_mound_is_sent_removed_verified_and_closed_and_nothing_closes_by_itself(demo_site, page, phone):
    go(page, demo_site, "s", f"/supervision{MOUND}")
    assert page.locator("#unit").input_value() == OWN
    check_page(page)
    press(button(page, "交办"))
    assert "已交办" in heading(page)
    go(phone, demo_site, "tw", "/township")
    press(phone.locator(f"a[href$='{MOUND}']").first)
    check_page(phone)
    phone.get_by_label("道路已畅通").check()
    phone.locator("#note").fill("土堆已清除")
    press(button(phone, "已办结"))
    assert "没有现场照片" in phone.locator("#photo-error").inner_text()
    assert phone.locator("#note").input_value() == "土堆已清除"
    check_page(phone)
    show_open(phone, "土堆已清除")
    press(button(phone, "已办结"))
    assert "已办结（待核查）" in heading(phone)
    page.reload()
    page.locator(".steps img.finding-photo").wait_for()
    check_page(page)
    go(phone, demo_site, "s2", f"/supervision{MOUND}")
    show_open(phone, "现场核实，已畅通")
    press(button(phone, "核查销号"))
    assert "已销号" in heading(phone)
    phone.goto(f"{demo_site.url}/supervision")
    assert MOUND not in phone.locator(".findings").inner_html()


def test_a_barrier_that_stands_is_registered_with_what_to_do_instead_and_by_when(demo_site, page, phone):
    county = demo_site.county
    township = next(area.polygon for area in county.areas if area.name == OWN)
    road_id, _ = road_worth_closing(county, "village", township)
    go(page, demo_site, "tw", "/township/barrier")
    page.locator("#roads").fill(f"{road_id}@50-90")
    page.locator("#start").fill(local(-20))
    page.locator("#reason").fill("临时管控")
    press(button(page, "登记"))
    number = page.url.rpartition("/")[2]
    said = page.locator("main").inner_text()
    assert all(one in said for one in ("主动登记", "未见批准记录", "申请或拆除的时限", "专人值守", "硬隔离"))
    page.wait_for_selector(READY)
    check_page(page)
    press(page.get_by_role("link", name="打开填好的申请"))
    assert page.locator("#roads").input_value() == f"{road_id}@50-90"
    go(phone, demo_site, "tw", f"/township/closures/{number}")
    phone.locator("#photo").set_input_files(PHOTO)
    press(button(phone, "已恢复通行"))
    check_page(phone)
    go(page, demo_site, "s", f"/supervision/findings/K6/{number}")
    assert "已办结（待核查）" in heading(page)


def past_its_end(road_id):
    """A closure of the township whose approval ended an hour ago, and that nobody has seen open."""
    at = datetime.now(UTC)
    start, end = (format_instant(at + timedelta(hours=hours)) for hours in (-9, -1))
    decision = {"authority": "epidemic_hq", "decision": "approved", "document_no": "1号", "end": end}
    decision |= {"decided_at": format_instant(at - timedelta(hours=10))}
    row = {"id": "to-reopen", "road_ids": [road_id], "barrier": "movable", "requested_by": OWN, "start": start}
    return {"type": "Feature", "geometry": None, "properties": {**row, "decisions": [decision]}}


def test_at_an_approvals_end_the_worker_opens_a_task_that_only_a_photo_answers(demo_site, page, phone, tmp_path):
    county = demo_site.county
    township = next(area.polygon for area in county.areas if area.name == OWN)
    road_id, _ = road_worth_closing(county, "county", township)
    file = tmp_path / "ended.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [past_its_end(road_id)]}), encoding="utf-8")
    assert demo_site.run("closures", "import", str(file)).returncode == 0
    go(phone, demo_site, "tw", "/township/findings?only=reopening")
    press(phone.locator("a[href$='/findings/K5/to-reopen']"))
    assert "批准到期或撤回，应恢复通行" in phone.locator(".steps").inner_text()
    show_open(phone, "已撤除护栏")
    press(button(phone, "已办结"))
    check_page(phone)
    go(page, demo_site, "s2", "/supervision/findings/K5/to-reopen")
    assert page.locator(".steps img.finding-photo").count() == 1
    show_open(page, "现场核实")
    press(button(page, "核查销号"))
    assert "已销号" in heading(page)


def test_each_number_opens_its_list_and_a_group_is_answered_together(demo_site, page, phone):
    go(phone, demo_site, "s", "/supervision")
    check_page(phone)
    for name in ("found", "overdue", "placeless"):
        number = phone.locator(f"[data-number={name}] strong").inner_text()
        press(phone.locator(f"[data-number={name}]"))
        assert phone.locator("[data-total]").get_attribute("data-total") == number
        phone.goto(f"{demo_site.url}/supervision")
    go(page, demo_site, "s", "/supervision/tickets?state=found&by=check")
    press(page.locator(".groups a", has_text="先关后批"))
    press(page.get_by_role("link", name="批处理"))
    check_page(page)
    count = page.locator("input[name=tickets]:checked").count()
    assert count == 2
    page.locator("#unit").select_option(OWN)
    press(button(page, "交办"))
    assert f"已记入 {count} 个问题单" in page.locator(".told").inner_text()
    go(phone, demo_site, "tw", "/township/findings/together?state=assigned&check=K3")
    phone.locator("#note").fill("已补说明")
    check_page(phone)
    press(button(phone, "已办结"))
    assert "已记入 2 个问题单" in phone.locator(".told").inner_text()


def test_the_list_and_the_map_are_in_the_same_order_from_any_start(demo_site, page):
    go(page, demo_site, "s", "/supervision")
    page.wait_for_selector(READY)
    numbers = page.locator(".findings .order").all_inner_texts()
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    drawn = "() => document.querySelector('.county-map-features').textContent"
    assert page.evaluate(drawn).count('"kind": "finding"') == len(numbers)
    first = page.locator(".findings > li").first.inner_text()
    page.locator("#start").select_option(label="小史店镇")
    press(button(page, "查看"))
    assert page.locator(".findings > li").first.inner_text() != first
    assert page.get_by_role("link", name="用高德导航").count() >= 1
    press(page.locator(".findings a[href$='/findings/K8/demo-k8-township']"))
    assert "关而未断" in heading(page)
    assert "车辆通过（2 次）" in page.locator("main").inner_text()


def test_two_on_one_finding_the_second_is_told(demo_site, page, open_page):
    address = "/supervision/findings/K1/demo-k1-county"
    go(page, demo_site, "s", address)
    other = go(open_page(), demo_site, "s2", address)
    press(button(page, "交办"))
    other.locator("#note").fill("请今天办理")
    press(button(other, "交办"))
    assert "有人先办了" in other.locator(".changed").inner_text()
    assert other.locator("#note").input_value() == "请今天办理"
    check_page(other)


def test_pages_that_no_link_leads_to_are_accessible(demo_site, open_page):
    page = open_page(lang="en")
    looked = {
        "s": ("/supervision/findings/K1/demo-k1-county", "/supervision/together?state=found"),
        "tw": (f"/township{MOUND}",),
        "hq": ("/headquarters/findings/K1/demo-k1-county", "/headquarters/tickets"),
    }
    for name, addresses in looked.items():
        demo_site.sign_in(page, name)
        for address in addresses:
            page.goto(f"{demo_site.url}{address}{'&' if '?' in address else '?'}lang=en")
            check_page(page)
