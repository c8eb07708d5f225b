"""A person signs in on a real browser, works, and signs out; every page of the shell looks and reads as it should."""

from __future__ import annotations

import pytest

from tests.browser_fixtures import DESK_WIDTH, PHONE_WIDTH, check_page, press

LOOKS = (("zh", PHONE_WIDTH, "dark"), ("en", DESK_WIDTH, "light"))
ROLES = ("t", "e", "c", "p", "tw", "hq", "s")


@pytest.mark.parametrize("name", ROLES)
def test_every_role_signs_in_and_sees_its_places(demo_site, page, name):
    demo_site.sign_in(page, name)
    assert page.locator(".tiles a").count() >= 1
    check_page(page)


def test_signing_out_leads_back_to_the_sign_in(demo_site, page):
    demo_site.sign_in(page, "t")
    press(page.get_by_role("button", name="退出"))
    page.wait_for_url("**/sign-in*")
    page.goto(f"{demo_site.url}/password")
    assert "/sign-in" in page.url


@pytest.mark.parametrize(("lang", "width", "scheme"), LOOKS)
@pytest.mark.parametrize("address", ["/sign-in", "/nowhere"])
def test_a_page_for_everybody_is_accessible(demo_site, open_page, address, lang, width, scheme):
    page = open_page(width=width, lang=lang, scheme=scheme)
    page.goto(f"{demo_site.url}{address}?lang={lang}")
    check_page(page)


def test_a_wrong_password_is_said_above_the_form_and_read_out(demo_site, page):
    page.goto(f"{demo_site.url}/sign-in")
    page.locator("#name").fill("t")
    page.locator("#password").fill("not the password")
    press(page.locator("main form button"))
    assert "账号与密码不符" in page.get_by_role("alert").inner_text()
    assert page.locator("#name").input_value() == "t"
    check_page(page)


def test_the_whole_sign_in_works_by_keyboard_alone(demo_site, page):
    page.goto(f"{demo_site.url}/sign-in")
    page.locator("#name").focus()
    page.keyboard.type("s")
    page.keyboard.press("Tab")
    page.keyboard.type(demo_site.accounts["s"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo_site.url}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
