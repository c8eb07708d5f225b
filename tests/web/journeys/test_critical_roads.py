"""Story 8: which single roads must never be closed; hubs left out; and a green channel designated beside it."""

from __future__ import annotations

from tests.browser_fixtures import check_page, press

#: The first answer of a server compiles its kernels where no run before has.
PATIENCE_MS = 180_000


def test_a_planner_reads_the_list_leaves_hubs_out_and_designates_a_channel(demo_site, page):
    page.set_default_navigation_timeout(PATIENCE_MS)
    demo_site.sign_in(page, "p")
    press(page.get_by_role("link", name="不可关闭的道路").first)
    page.wait_for_selector(".county-map.is-ready")
    first = page.locator("table.critical tbody tr").first
    assert first.locator("td").nth(1).inner_text().replace(",", "").isdigit()
    assert "进出都断" in page.locator("table.critical").first.inner_text()
    assert page.locator(".chain .between").count() > 0
    assert page.locator("#detours ~ .scroll tbody tr").count() > 0
    with page.expect_download() as table:
        page.get_by_role("link", name="表格（CSV）").click()
    assert table.value.suggested_filename == "critical-roads.csv"
    check_page(page)
    page.get_by_text("去掉部分枢纽，或换车型").click()
    boxes = page.locator("input[name=hub]")
    boxes.evaluate_all("all => { for (const one of all.slice(1)) one.checked = false; }")
    before = page.locator("#sum + dl strong").inner_text()
    press(page.get_by_role("button", name="重新计算"))
    assert int(page.locator("#sum + dl strong").inner_text()) >= int(before)
    assert page.locator("input[name=hub]:checked").count() == 1
    page.locator("header nav summary", has_text="道路").click()
    press(page.get_by_role("link", name="枢纽绿色通道").first)
    press(page.get_by_role("button", name="指定这条").first)
    page.get_by_text("通道畅通").wait_for()
    check_page(page)
