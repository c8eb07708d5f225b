"""Every page that a role can reach by links is accessible, in both languages, in light and dark, on desk and phone.

The pages are found as a person finds them: from the first page of each role, along every link, one page of each kind.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from importlib import import_module
from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from geodata.store import open_store, transaction
from passes.accounts.account_register import ROLES
from passes.editions.pass_register import PassEvent, record_event
from passes.intake.auto_issue import DRAWN
from tests.browser_fixtures import DESK_WIDTH, PHONE_WIDTH, check_page
from tests.web.journeys.road_steps import driver_link, newest_pass
from web.app import ROOMS

#: Language, colour scheme and width that a page may be looked at with.
LOOKS = tuple(product(("zh", "en"), ("light", "dark"), (DESK_WIDTH, PHONE_WIDTH)))
#: One look after the other in steps that change language, scheme and width by turns.
IN_TURN = (0, 7, 3, 4, 1, 6, 2, 5)

#: What no link leads to on the fresh demo county, or what is no page: where it is looked at, or what it is.
ELSEWHERE = {
    "checkpoint.bundle": "data",
    "checkpoint.choose": "test_checkpoint.py: only for a guard without a checkpoint",
    "checkpoint.expected": "data",
    "checkpoint.manifest": "data",
    "checkpoint.news": "a stream",
    "checkpoint.newer": "data",
    "checkpoint.offline": "data",
    "checkpoint.reasons": "data",
    "checkpoint.verdict_colours": "a style sheet",
    "checkpoint.worker": "a script",
    "closure_files.fetch": "a file",
    "closures.photo": "a picture",
    "driver.driver_news": "a stream",
    "driver.let_in": "test_blocked_road.py: only on a second phone",
    "driver.own_photo": "a picture",
    "driver.photo": "a picture",
    "driver.public_pass": "test_checkpoint.py: what the code's address opens",
    "driver.route_gpx": "a file",
    "firm.batch": "tests/web/firm/test_firm_pages.py: only once a large file was sent",
    "firm.template": "a file",
    "headquarters.finding": "test_supervision_round.py: only once a ticket was brought up",
    "jobs.events": "a stream",
    "jobs.list_own": "test_what_if.py: only where long work was asked for",
    "jobs.show": "test_what_if.py: only while long work is under way",
    "keys.key_list": "data",
    "keys.status_list": "data",
    "map.base_tile": "a tile",
    "map.office_tile": "a tile",
    "map.public_tile": "a tile",
    "map.state": "data",
    "planner.critical_file": "a file",
    "orders.print_order": "test_closure_order.py: only where an approved closure can be ordered",
    "orders.public_geojson": "data",
    "orders.scanned": "test_closure_order.py: what a barrier's code opens",
    "planner.annex": "test_what_if.py: only once a what-if was made",
    "planner.show": "test_what_if.py: only once a what-if was made",
    "shell.health": "data",
    "trips.certificate": "test_closed_loop.py: only once a trip was kept",
    "trips.check_worker": "a script",
    "trips.find_trip": "test_trip_pages.py: leads on to a trip",
    "trips.read_at_place": "test_trip_pages.py: what a receiving point's code opens",
    "trips.define_point": "tests/web/test_define_point.py: only from the refusal of an enclosed firm",
    "trips.verify": "test_closed_loop.py: what a certificate's code opens",
    "trips.worker": "a script",
    "shell.held_form": "test_gate.py: only after a sign-in has ended in a form",
    "supervision.news": "a stream",
    "supervision.round_gpx": "a file",
    "supervision.together": "test_supervision_round.py: only for a group in one state",
    "transport.answer_review": "test_issue_a_pass.py: only for a firm that left the whitelist or has a case",
    "transport.check": "below: only where the policy issues and draws",
    "transport.reissue": "test_closure_hits_passes.py: only closures that hit passes have one",
    "transport.reissue_news": "a stream",
    "township.closure": "test_closure_the_lawful_way.py: only once the township asked for one",
    "township.finding": "test_supervision_round.py: only once a finding was sent to the township",
    "township.together": "test_supervision_round.py: only for a group that was sent to the township",
}


def all_pages() -> Flask:
    """Return an application that knows every page's address and serves none."""
    app = Flask("pages")
    CSRFProtect(app)
    for room in ROOMS:
        app.register_blueprint(import_module(room).pages)
    return app


def kinds_of_pages():
    """Return what tells the endpoint of a path."""
    adapter = all_pages().url_map.bind("")

    def endpoint_of(path: str) -> str | None:
        try:
            return adapter.match(path)[0]
        except HTTPException:
            return None

    return endpoint_of


def links_of(address: str, html: str):
    """Return where the links of a page lead, without the place in the page."""
    found = re.findall(r'<a\s[^>]*?href="([^"]+)"', html)
    return [urljoin(address, unescape(one)).partition("#")[0] for one in found]


def pages_from(page, base: str, start: str, endpoint_of):
    """Yield kind and address of one page of each kind, by following links from a first one."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        kind = endpoint_of(urlsplit(address).path)
        if kind is None or kind in seen or kind == "static":
            continue
        answer = page.request.get(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        seen.add(kind)
        assert answer.status == 200, (address, answer.status)
        waiting += [one for one in links_of(answer.url, answer.text()) if one.startswith(f"{base}/")]
        yield kind, address


def look_at(page, address: str, looks) -> None:
    """Look at a page in some of the `LOOKS`."""
    sign = "&" if "?" in address else "?"
    for lang, scheme, width in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}{sign}lang={lang}")
        check_page(page)


@pytest.fixture(
    scope="module", params=["one look", pytest.param("every look", marks=pytest.mark.long)], ids=["one", "every"]
)
def looked_at(request):
    """The kinds of pages that were looked at by all tests of this module, in the order of their turn."""
    return {"every": request.param == "every look", "kinds": []}


def look_at_new(page, base: str, start: str, looked_at) -> None:
    """Look at every page that is reached from a first one and is of a kind that nobody has looked at."""
    kinds = looked_at["kinds"]
    for kind, address in pages_from(page, base, start, kinds_of_pages()):
        if kind not in kinds:
            look_at(page, address, LOOKS if looked_at["every"] else [LOOKS[IN_TURN[len(kinds) % len(LOOKS)]]])
            kinds.append(kind)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_accessible(demo_site, open_page, looked_at, role):
    page = demo_site.sign_in(open_page(), role.lower())
    look_at_new(page, demo_site.url, f"{demo_site.url}/", looked_at)


def test_every_page_of_a_driver_is_accessible(demo_site, open_page, looked_at):
    start = driver_link(demo_site, newest_pass(demo_site).number)
    look_at_new(open_page(), demo_site.url, start, looked_at)


def test_the_page_of_a_pass_that_was_drawn_is_accessible(demo_site, open_page):
    record = newest_pass(demo_site)
    with transaction(open_store(demo_site.county.database_url), writes=True) as connection:
        record_event(connection, PassEvent(record.jti, datetime.now(UTC), DRAWN, "", {}))
    page = demo_site.sign_in(open_page(), "t")
    look_at(page, f"{demo_site.url}/transport/checks/{record.number}", LOOKS[1::3])


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_menus_are_worked_by_keyboard_alone(demo_site, open_page, has_scripts):
    page = demo_site.sign_in(open_page(width=PHONE_WIDTH, java_script_enabled=has_scripts), "t")
    page.goto(f"{demo_site.url}/transport/messages")
    menu = page.locator("header nav details", has_text="待办")
    menu.locator("summary").press("Enter")
    with page.expect_navigation():
        menu.get_by_role("link", name="受道路关闭影响").press("Enter")
    assert page.url.endswith("/transport/reissues")
    menu.locator("summary").press("Enter")
    assert menu.locator("[aria-current=page]").inner_text() == "受道路关闭影响"
    if has_scripts:
        check_page(page)
        page.keyboard.press("Escape")
        menu.get_by_role("link").first.wait_for(state="hidden")


def test_no_page_is_left_out(looked_at):
    kinds = set(looked_at["kinds"])
    if len(kinds) < len(ROOMS):
        pytest.skip("the pages were not looked at in this run")
    pages = {rule.endpoint for rule in all_pages().url_map.iter_rules() if "GET" in rule.methods}
    assert pages - kinds - {"static"} == set(ELSEWHERE)
