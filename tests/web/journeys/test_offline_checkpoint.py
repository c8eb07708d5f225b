"""Story 2, offline: the server is dead, the phone was restarted, and the guard still judges; nothing done is lost."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from geodata.store import open_store, transaction
from passes.keyring.key_register import open_key_ring
from passes.tokens.claims import PASS
from passes.tokens.front_door import parse_token
from passes.tokens.signing import sign_token
from tests.browser_fixtures import check_page, press
from tests.fake_camera import Wear, worn
from tests.guard_phone import find_network, lose_network, make_phone, open_desk
from tests.passes.test_code_reading import read_as_worn, read_by_reader
from tests.photo_files import a_picture
from tests.web.journeys.road_steps import (
    PATIENCE_S,
    driver_link,
    new_scans,
    newest_pass,
    pass_of,
    photo_file,
    scans_of,
)


@pytest.fixture(scope="module")
def record(demo_site):
    return newest_pass(demo_site)


@pytest.fixture(scope="module")
def phone_with_camera(browser, record, tmp_path_factory):
    return make_phone(browser, tmp_path_factory.mktemp("phone"), record.url)


def scan(page):
    page.get_by_role("button", name="扫码").click()
    page.locator("[data-verdict]").wait_for()
    return page.locator("[data-verdict]").get_attribute("data-verdict")


def reasons(page):
    return page.locator("[data-part=reasons] li").evaluate_all("all => all.map(one => one.dataset.code)")


def waiting(page, count):
    page.locator(f"[data-waiting='{count}']").wait_for()


def test_with_the_server_dead_and_the_phone_restarted_a_truck_is_judged_and_nothing_is_lost(
    demo_site, phone_with_camera, record, tmp_path
):
    before = {one.key for one in scans_of(demo_site)}
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        check_page(page)
    demo_site.stop()
    with phone_with_camera() as page:
        open_desk(page, demo_site, "offline")
        assert scan(page) == "green"
        assert page.locator("[data-part=plate]").inner_text() == record.plate
        assert "名单 1 小时内更新" in page.locator("[data-post-state]").inner_text()
        page.get_by_role("button", name="放行并登记").click()
        waiting(page, 1)
        # The camera stays open: the next truck's code is read without asking for it again.
        page.locator("[data-verdict=green]").wait_for()
        assert page.evaluate("navigator.mediaDevices.opened") == 1
        page.locator("summary", has_text="暂不放行").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="货物不符").click()
        chooser.value.set_files(photo_file(tmp_path, a_picture()))
        waiting(page, 2)
    with phone_with_camera() as page:
        open_desk(page, demo_site, "offline")
        waiting(page, 2)
        demo_site.start()
        open_desk(page, demo_site)
        kept = new_scans(demo_site, before, 2)
    assert sorted((one.outcome, one.verdict, bool(one.photo)) for one in kept) == [
        ("let_pass", "green", False),
        ("not_let_pass", "green", True),
    ]
    assert {one.plate for one in kept} == {record.plate}


def test_four_digits_find_the_expected_truck_without_a_network(demo_site, phone_with_camera, record):
    before = {one.key for one in scans_of(demo_site)}
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        for digit in record.plate[-4:]:
            page.locator("[data-keypad]").get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("link", name=record.plate).first.click()
        page.locator("[data-verdict=green]").wait_for()
        page.get_by_text("车牌不符", exact=True).first.click()
        page.locator("#seen-here").fill("豫R99999")
        page.get_by_role("button", name="重新核验").click()
        page.locator("[data-verdict=red]").wait_for()
        assert "plate-differs" in reasons(page)
        page.get_by_role("button", name="下一辆").click()
        for digit in "0000":
            page.locator("[data-keypad]").get_by_role("button", name=digit, exact=True).click()
        page.get_by_text("今日名单里没有").wait_for()
        page.get_by_role("link", name="没有通行证的车").click()
        page.locator("#plate").fill("豫A88888")
        page.get_by_role("button", name="已引导申请").click()
        page.locator("[data-desk]").wait_for()
        waiting(page, 1)
        find_network(page)
        page.reload()
        assert [one.plate for one in new_scans(demo_site, before, 1)] == ["豫A88888"]


#: The newest lists are on their way until `arrive()`; they come whole, as if something had changed.
SLOW = """
const reach = window.fetch.bind(window);
window.fetch = async (address, options) => {
  if (!window.isSlow || !String(address).endsWith("/bundle")) return reach(address, options);
  await new Promise((go) => { window.arrive = go; });
  const answer = await reach(address, { cache: "no-store" });
  setTimeout(() => { window.hasArrived = true; }, 1_000);
  return answer;
};
"""


def test_a_verdict_that_comes_late_never_stands_over_the_plate_that_was_typed_since(
    demo_site, phone_with_camera, record
):
    with phone_with_camera(script=SLOW) as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        page.evaluate("window.isSlow = true")
        paste(page, record.url)
        page.locator("[data-verdict=green]").wait_for()
        page.get_by_text("车牌不符", exact=True).first.click()
        page.locator("#seen-here").fill("豫R99999")
        page.get_by_role("button", name="重新核验").click()
        page.locator("[data-verdict=red]").wait_for()
        page.wait_for_function("() => window.arrive !== undefined")
        page.evaluate("window.arrive()")
        page.wait_for_function("() => window.hasArrived")
        assert page.locator("[data-verdict]").get_attribute("data-verdict") == "red"


def paste(page, text):
    page.get_by_text("粘贴通行码内容").click()
    page.locator("textarea[name=text]").fill(text)
    page.get_by_role("button", name="核验", exact=True).click()
    page.locator("[data-verdict]").wait_for()


#: Everything that the phone keeps, as one text: pages, the database, words.
KEPT = """async () => {
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const one of await cache.keys()) if (!/\\.(wasm|js)$/.test(one.url)) found.push(await (await cache.match(one)).text());
  }
  const answered = (asked) => new Promise((done, refuse) => { asked.onsuccess = () => done(asked.result); asked.onerror = refuse; });
  const database = await answered(indexedDB.open("baotong-checkpoint"));
  for (const name of database.objectStoreNames) {
    const store = database.transaction(name).objectStore(name);
    found.push(JSON.stringify(await Promise.all([store.getAllKeys(), store.getAll()].map(answered))));
  }
  database.close();
  return found.join("\\n");
}"""
#: Ends once the office knows of nobody in this browser any more, and fails after a minute.
SIGNED_OUT = """async () => {
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((go) => setTimeout(go, 100))) {
    if ((await fetch("/checkpoint/offline.json", { headers: { Accept: "application/json" } })).status === 401) return;
  }
  throw new Error("still signed in");
}"""
PLATE = re.compile(r"[京津冀豫鲁皖苏]\s?[A-Z][A-Z0-9]{5}")


def named_on(page):
    """What of the phone's store names a truck or the guard; the list of trucks is packed, and counts by its name."""
    kept = page.evaluate(KEPT)
    lists = re.findall(r'"expected"|"shift"|"arrivals"', kept)
    return sorted({*PLATE.findall(kept), *re.findall(r'"officer":"[^"]+"', kept), *lists})


def test_a_guard_who_signs_out_leaves_nobody_on_the_phone_and_loses_nothing(demo_site, phone_with_camera, record):
    before = {one.key for one in scans_of(demo_site)}
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        assert '"expected"' in named_on(page)
        lose_network(page)
        paste(page, record.url)
        page.get_by_role("button", name="放行并登记").click()
        waiting(page, 1)
        page.get_by_role("button", name="退出").click()
        page.locator("[data-renewed=left]").wait_for()
        assert named_on(page) == []
        page.get_by_text("本机已退出").wait_for()
        waiting(page, 1)
        check_page(page)
        paste(page, record.url)
        assert page.locator("[data-verdict]").get_attribute("data-verdict") == "green"
        find_network(page)
        page.reload()
        assert [one.plate for one in new_scans(demo_site, before, 1)] == [record.plate]
        page.evaluate(SIGNED_OUT)
        del demo_site.sign_ins["c"]  # it has ended
        demo_site.sign_in(page, "c")


def test_a_verdict_is_hidden_after_two_minutes(demo_site, phone_with_camera, record):
    with phone_with_camera() as page:
        page.clock.install()
        open_desk(page, demo_site)
        # From here on the page's time stands still but for what the test lets pass.
        page.clock.pause_at(page.evaluate("Date.now()") + 60_000)
        paste(page, record.url)
        page.clock.run_for(119_000)
        assert page.locator("[data-check]").is_visible()
        page.clock.run_for(2_000)
        page.locator("[data-start]").wait_for()
        page.locator("[data-check]").wait_for(state="hidden")


def test_a_clock_behind_signed_times_judges_no_time(demo_site, phone_with_camera):
    with phone_with_camera(clock=datetime.now(UTC) - timedelta(days=2)) as page:
        open_desk(page, demo_site)
        slow = re.search(r"慢了 (\d+) 分钟", page.locator("[data-post-state]").inner_text())
        assert 2880 <= int(slow[1]) < 2900  # the phone's clock stands while a busy machine opens the page
        assert scan(page) == "amber"
        assert reasons(page)[0] == "clock-wrong"


def drill_of(site, record):
    claims = {**parse_token(record.token, PASS).claims, "drl": True}
    with transaction(open_store(site.county.database_url), writes=True) as connection:
        key = open_key_ring(connection, site.key_file, at=datetime.now(UTC)).current(datetime.now(UTC))
    return sign_token(claims, key, typ=PASS.typ)


def test_what_is_no_good_pass_says_so_offline(demo_site, phone_with_camera, record):
    head, payload, signature = record.token.split(".")
    broken = f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    with phone_with_camera() as page:
        open_desk(page, demo_site)
        lose_network(page)
        for text, code in (
            (drill_of(demo_site, record), "drill"),
            (broken, "signature-wrong"),
            ("HTTPS://PASS.EXAMPLE/O/123", "closure-order"),
            ("https://example.org/", "token-unreadable"),
        ):
            paste(page, text)
            assert page.locator("[data-verdict]").get_attribute("data-verdict") == "red"
            assert reasons(page)[0] == code
            check_page(page)
            page.get_by_role("button", name="下一辆").click()
            page.get_by_text("粘贴通行码内容").click()


SIGNALS = """
window.said = [];
navigator.vibrate = (buzz) => { said.push(`buzz ${buzz}`); return true; };
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  const tone = make.call(this);
  const start = tone.start.bind(tone);
  tone.start = (at) => { said.push(`tone ${tone.frequency.value}`); start(at); };
  return tone;
};
"""


def test_each_verdict_is_felt_and_heard(demo_site, phone_with_camera, record):
    with phone_with_camera(script=SIGNALS) as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        paste(page, record.url)
        page.wait_for_function("said.length === 3")
        assert page.evaluate("said") == ["buzz 80,80,80", "tone 880", "tone 1175"]
        page.get_by_role("button", name="下一辆").click()
        page.get_by_text("粘贴通行码内容").click()
        paste(page, "https://example.org/")
        page.wait_for_function("said.length === 5")
        assert page.evaluate("said.slice(3)") == ["buzz 700", "tone 220"]


DETECTOR = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(picture) {
    window.asked = picture.width;
    %s
  }
};
"""


@pytest.mark.parametrize(
    ("answer", "verdict"), [('return [{ rawValue: "https://example.org/" }];', "red"), ("throw new Error();", "green")]
)
def test_the_browsers_own_detector_reads_where_there_is_one_and_does(demo_site, phone_with_camera, answer, verdict):
    with phone_with_camera(script=DETECTOR % answer) as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        assert scan(page) == verdict
        assert page.evaluate("asked") > 0


def test_where_the_phone_itself_is_counts(demo_site, phone_with_camera, record):
    with phone_with_camera(position=(115.0, 35.0)) as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        paste(page, record.url)
        page.locator("[data-verdict=amber]").wait_for()
        assert reasons(page)[0] == "off-route"
        assert "本机定位" in page.locator("[data-part=place-source]").inner_text()
        check_page(page)
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        paste(page, record.url)
        assert page.locator("[data-verdict]").get_attribute("data-verdict") == "green"
        assert "检查点位置" in page.locator("[data-part=place-source]").inner_text()


def test_who_waits_who_took_over_and_what_may_not_be_a_reason_are_known_offline(demo_site, phone_with_camera, record):
    before = {one.key for one in scans_of(demo_site)}
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        for digit in record.plate[-4:]:
            page.locator("[data-keypad]").get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("button", name="记下到达时间").click()
        page.get_by_text("已等 0 分钟").wait_for()
        page.locator("summary", has_text="现在排队").click()
        page.locator("#trucks").fill("3")
        page.get_by_role("button", name="上报排队数").click()
        waiting(page, 1)
        page.locator("summary", has_text="交接班").click()
        page.locator("#taker").fill("李四")
        page.get_by_role("button", name="交班", exact=True).click()
        page.get_by_text("值守：李四").wait_for()
        check_page(page)
        paste(page, record.url)
        page.locator("summary", has_text="暂不放行").click()
        page.locator("#called").fill("值班张")
        for note, told in (("外地车一律不让进", "不得"), ("在高风险区住过", "由企业负责")):
            page.locator("#note").fill(note)
            page.locator("fieldset").get_by_role("button", name="暂不放行").click()
            page.locator("[data-told]", has_text=told).wait_for()
        page.get_by_role("button", name="放行并登记").click()
        waiting(page, 4)
        find_network(page)
        page.reload()
        kept = {one.outcome: one for one in new_scans(demo_site, before, 3)}
    assert set(kept) == {"barred", "referred", "let_pass"}
    let_pass = kept["let_pass"]
    assert (let_pass.officer, let_pass.sent_by) == ("李四", "c")
    assert let_pass.arrived_at < let_pass.shown_at < let_pass.at


def test_a_code_that_cannot_be_read_is_met_with_what_else_to_do(demo_site, browser, record, tmp_path):
    with make_phone(browser, tmp_path, record.url, blur=30)() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        page.get_by_role("button", name="扫码").click()
        page.get_by_text("码破损就输车牌四位").wait_for()
        check_page(page)


def worn_beyond_zxing(code):
    """What is left of a code that the usual reader no longer reads, and ours does."""
    for seed in range(200):
        picture = worn(code, 340, Wear(dirt=0.06, spots="stains"), random.Random(seed))
        if read_by_reader(np.asarray(picture)) != code and read_as_worn([np.asarray(picture)]) == [code]:
            return picture
    raise AssertionError("the usual reader reads every one of them")


def test_a_worn_code_that_the_usual_reader_does_not_read_is_read_on_the_phone(demo_site, browser, record, tmp_path):
    with make_phone(browser, tmp_path, record.url, shown=worn_beyond_zxing(record.url))() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        assert scan(page) == "green"
        assert page.locator("[data-part=plate]").inner_text() == record.plate


def issued(site, folder):
    """A further pass, of a truck of the demo's clean example."""
    done = site.run("pass", "issue", str(site.folder / "applications" / "clean.json"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return pass_of(site, json.loads(done.stdout)["pass"]["number"])


#: The page asks the office until it answers: it gives it eight seconds, which a busy machine may need for itself.
PATIENT = """
const wait = setTimeout.bind(window);
window.setTimeout = (act, after, ...more) => wait(act, after === 8000 ? 600000 : after, ...more);
"""


def reload_until(page, is_there):
    """Open the page anew while its worker shows the kept one: it gives the network four seconds, and a guard tries again."""
    until = time.monotonic() + PATIENCE_S
    while not is_there():
        assert time.monotonic() < until
        page.reload()


def test_a_replaced_pass_leads_to_its_new_one_as_soon_as_there_is_a_network(demo_site, phone_with_camera, tmp_path):
    old = issued(demo_site, tmp_path)
    assert demo_site.run("pass", "renew", old.number, "--json").returncode == 0
    with phone_with_camera(script=PATIENT) as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        paste(page, old.url)
        page.locator("[data-verdict=amber]").wait_for()
        assert "replaced" in reasons(page)
        page.get_by_text("请司机打开短信里的链接").wait_for()
        page.get_by_role("link", name="查看新线路、领取新证").wait_for(state="hidden")
        check_page(page)
        find_network(page)
        page.get_by_role("button", name="下一辆").click()
        page.get_by_text("粘贴通行码内容").click()
        paste(page, old.url)
        press(page.get_by_role("link", name="查看新线路、领取新证"))
        reload_until(page, lambda: page.locator(".hand-over svg").count() == 2)
        check_page(page)


def test_a_drivers_phone_carries_the_list_to_a_guard_without_a_network(
    demo_site, phone_with_camera, phone, record, tmp_path
):
    withdrawn = issued(demo_site, tmp_path)
    with phone_with_camera() as page:
        demo_site.sign_in(page, "c")
        open_desk(page, demo_site)
        lose_network(page)
        paste(page, withdrawn.url)
        assert page.locator("[data-verdict]").get_attribute("data-verdict") == "green"
        page.get_by_role("button", name="下一辆").click()
        assert demo_site.run("pass", "withdraw", withdrawn.number, "--reason", "停运", "--json").returncode == 0
        phone.goto(f"{driver_link(demo_site, record.number)}/list")
        codes = phone.locator("[data-list-codes] li")
        for place in range(codes.count()):
            codes.nth(place).evaluate(
                "one => { for (const other of one.parentElement.children) other.hidden = other !== one; }"
            )
            picture = codes.nth(place).locator(".code").screenshot()
            page.locator("[data-scan-photo] input").set_input_files(photo_file(tmp_path, picture, f"{place}.png"))
            page.get_by_text(f"{place + 1}/{codes.count()}" if place + 1 < codes.count() else "已采用").wait_for()
        page.get_by_text("粘贴通行码内容").click()
        paste(page, withdrawn.url)
        page.locator("[data-verdict=red]").wait_for()
        assert reasons(page)[0] == "withdrawn"
