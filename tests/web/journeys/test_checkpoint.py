"""Story 2, with a network: whatever a truck shows at night, the guard's phone gives an instruction, and the outcome is kept."""

from __future__ import annotations

import base64
import io
import threading
from datetime import timedelta

import pytest
from PIL import Image

from passes.tokens.pass_code import to_code
from passes.tokens.qr_image import draw_qr_png
from tests.browser_fixtures import PHONE_WIDTH, check_page, press
from tests.fake_camera import code_picture
from tests.photo_files import a_picture
from tests.web.journeys.road_steps import new_scans, newest_pass, pass_of, photo_file, scans_of, signed_again


@pytest.fixture(scope="module")
def record(demo_site):
    return newest_pass(demo_site)


@pytest.fixture
def guard(demo_site, open_page):
    # Without the page's worker, which gives a slow network four seconds: test_offline_checkpoint.py is about it.
    phone = open_page(width=PHONE_WIDTH, service_workers="block")
    demo_site.sign_in(phone, "c")
    open_desk(phone, demo_site)
    return phone


def open_desk(page, site):
    """Open the guard's page, and wait until it holds the newest lists."""
    page.goto(f"{site.url}/checkpoint/")
    page.locator("[data-renewed=renewed]").wait_for()


def paste(page, text):
    page.get_by_text("粘贴通行码内容").click()
    page.locator("textarea[name=text]").fill(text)
    page.get_by_role("button", name="核验", exact=True).click()
    page.locator("[data-verdict]").wait_for()


def verdict(page):
    return page.locator("[data-verdict]").get_attribute("data-verdict")


def test_four_digits_an_instruction_and_the_next_vehicle(guard, demo_site, record):
    before = {one.key for one in scans_of(demo_site)}
    check_page(guard)
    for digit in record.plate[-4:]:
        guard.locator("[data-keypad]").get_by_role("button", name=digit, exact=True).click()
    guard.get_by_role("link", name=record.plate).click()
    guard.locator("[data-verdict=green]").wait_for()
    assert record.plate in guard.locator(".verdict-plate").inner_text()
    check_page(guard)
    guard.get_by_role("button", name="放行并登记").click()
    guard.get_by_text("已登记：放行").wait_for()
    assert [one.plate for one in new_scans(demo_site, before, 1)] == [record.plate]
    press(guard.get_by_role("link", name="当日台账"))
    assert record.plate in guard.locator("table").inner_text()
    check_page(guard)


def test_a_photo_of_the_code_is_read_on_the_phone(guard, record, tmp_path):
    code = photo_file(tmp_path, draw_qr_png(record.url), "code.png")
    guard.locator("[data-scan-photo] input").set_input_files(code)
    guard.locator("[data-verdict]").wait_for()
    assert verdict(guard) == "green"
    check_page(guard)


def test_a_photo_without_a_code_says_what_to_do(guard, tmp_path):
    guard.locator("[data-scan-photo] input").set_input_files(photo_file(tmp_path, a_picture()))
    guard.get_by_text("没有找到通行码").wait_for()


def test_a_photo_of_two_passes_asks_for_one_at_a_time(guard, demo_site, record, tmp_path):
    other = signed_again(demo_site, record.token, exp=timedelta(seconds=1))
    pictures = [code_picture(code, 500) for code in (record.url, to_code(other, "https://pass.example"))]
    frame, file = Image.new("L", (1100, 540), 255), io.BytesIO()
    for place, picture in enumerate(pictures):
        frame.paste(picture, (20 + 560 * place, 20))
    frame.save(file, "PNG")
    guard.locator("[data-scan-photo] input").set_input_files(photo_file(tmp_path, file.getvalue(), "two.png"))
    guard.get_by_text("每次只扫一个").first.wait_for()
    assert guard.locator("[data-verdict]").count() == 0


CAMERA = """(picture) => {
  navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1280, 720];
    const pen = canvas.getContext("2d");
    const draw = () => {
      pen.fillStyle = "#ddd";
      pen.fillRect(0, 0, 1280, 720);
      pen.drawImage(image, 400, 120, 480, 480);
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream(10);
  };
}"""


def test_the_camera_reads_the_code_and_leads_to_the_verdict(guard, record):
    picture = base64.b64encode(draw_qr_png(record.url)).decode()
    guard.evaluate(CAMERA, f"data:image/png;base64,{picture}")
    guard.get_by_role("button", name="扫码").click()
    guard.locator("[data-verdict]").wait_for()
    assert verdict(guard) == "green"
    assert guard.problems == []


def test_a_camera_that_is_refused_says_what_else_to_do(guard):
    guard.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('refused')); }")
    guard.get_by_role("button", name="扫码").click()
    guard.get_by_text("请改拍通行码").wait_for()


def test_one_byte_changed_is_red(guard, record):
    head, payload, signature = record.token.split(".")
    paste(guard, f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    assert verdict(guard) == "red"
    assert "请靠边停车" in guard.locator(".verdict-next").inner_text()
    check_page(guard)


def test_an_expired_pass_is_red(guard, demo_site, record):
    ago = -timedelta(days=3)
    paste(guard, signed_again(demo_site, record.token, iat=ago, nbf=ago, exp=ago))
    assert verdict(guard) == "red"
    assert "已过期" in guard.locator(".reasons").inner_text()


def test_a_pass_that_has_not_begun_is_red(guard, demo_site, record):
    later = timedelta(days=2)
    paste(guard, signed_again(demo_site, record.token, nbf=later, exp=later))
    assert "生效时间未到" in guard.locator(".reasons").inner_text()


def test_what_is_no_pass_is_red(guard):
    paste(guard, "https://example.org/not-a-pass")
    assert verdict(guard) == "red"
    check_page(guard)


def test_another_trucks_plate_is_red_and_its_refusal_is_kept(guard, demo_site, record, page, tmp_path):
    guard.goto(f"{demo_site.url}/checkpoint/pass/{record.number}")
    guard.get_by_text("车牌不符").first.click()
    guard.locator("#seen").fill("豫R99999")
    press(guard.get_by_role("button", name="重新核验"))
    guard.locator("[data-verdict=red]").wait_for()
    check_page(guard)
    with guard.expect_file_chooser() as chooser:
        guard.get_by_role("button", name="车牌不符").click()
    chooser.value.set_files(photo_file(tmp_path, a_picture()))
    guard.get_by_text("已登记").wait_for()


def test_a_good_pass_that_is_refused_is_seen_by_the_office(guard, demo_site, record, page, tmp_path):
    guard.goto(f"{demo_site.url}/checkpoint/pass/{record.number}")
    guard.locator("summary", has_text="暂不放行").click()
    assert guard.get_by_role("button", name="风险").count() == 0
    with guard.expect_file_chooser() as chooser:
        guard.get_by_role("button", name="货物不符").click()
    chooser.value.set_files(photo_file(tmp_path, a_picture()))
    guard.get_by_text("已登记").wait_for()
    demo_site.sign_in(page, "t")
    page.goto(f"{demo_site.url}/checkpoint/refusals")
    assert "货物不符" in page.locator("table").first.inner_text()
    check_page(page)


def test_a_forbidden_reason_in_free_text_is_shown_the_rule(guard, demo_site, record):
    guard.goto(f"{demo_site.url}/checkpoint/pass/{record.number}")
    guard.locator("summary", has_text="暂不放行").click()
    guard.locator("#called").fill("值班张")
    guard.locator("#note").fill("司机途经中高风险地区")
    guard.locator("fieldset").get_by_role("button", name="暂不放行").click()
    assert "不得以" in guard.get_by_role("alert").first.inner_text()
    check_page(guard)


def test_a_truck_without_a_pass_is_never_met_with_silence(guard):
    guard.get_by_role("link", name="没有通行证的车").click()
    guard.locator("#plate").wait_for()
    check_page(guard)
    guard.locator("#plate").fill("豫A88888")
    guard.get_by_role("button", name="已引导申请").click()
    guard.get_by_text("已登记").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_checkpoint_is_accessible(demo_site, open_page, record, lang, scheme):
    page = open_page(width=360, lang=lang, scheme=scheme)
    demo_site.sign_in(page, "c")
    for path in ("/checkpoint/", f"/checkpoint/pass/{record.number}", "/checkpoint/no-pass", "/checkpoint/log"):
        page.goto(f"{demo_site.url}{path}?lang={lang}")
        check_page(page)
    page.goto(f"{demo_site.url}/V/{record.url.rpartition('/')[2]}?lang={lang}")
    check_page(page)


def test_replaced_is_amber_and_withdrawn_is_red(guard, demo_site, record):
    """The last one: it ends the pass of this module."""
    held, is_written = [], threading.Event()

    def delay(asked):
        if is_written.is_set():
            asked.continue_()
        else:
            held.append(asked)

    guard.route("**/checkpoint/bundle*", delay)  # the new list comes while the guard is writing
    assert demo_site.run("pass", "renew", record.number).returncode == 0
    paste(guard, record.token)
    guard.locator("[data-check] summary", has_text="暂不放行").click()
    guard.locator("#note").fill("司机说已改线")
    is_written.set()
    for one in held:
        one.continue_()
    guard.locator("[data-verdict=amber]").wait_for()
    assert (guard.locator("#note").is_visible(), guard.locator("#note").input_value()) == (True, "司机说已改线")
    guard.locator("[data-verdict=amber]").wait_for()
    assert (verdict(guard), "线路已换" in guard.locator(".reasons").inner_text()) == ("amber", True)
    newest = pass_of(demo_site, record.number)
    assert demo_site.run("pass", "withdraw", record.number, "--reason", "停运").returncode == 0
    open_desk(guard, demo_site)
    paste(guard, newest.token)
    assert (verdict(guard), "已作废" in guard.locator(".reasons").inner_text()) == ("red", True)
    check_page(guard)
