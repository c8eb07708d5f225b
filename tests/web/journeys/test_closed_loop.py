"""Story 11: a driver records the trip through a dead zone, scans the receiving point, and takes a certificate home."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from geodata.road_lengths import distances_m
from geodata.store import open_store, transaction
from passes.editions.pass_register import COMPLETED, GRANTED, events_of
from passes.loop.place_code_register import make_code
from passes.loop.receipt import goal_of
from passes.tracks.burst_register import positions_of
from passes.tracks.trip_mark_register import RECEIVED
from tests.browser_fixtures import check_page, press
from tests.guard_phone import make_phone
from tests.web.journeys.road_steps import driver_link, pass_of

STEP_M = 600.0
#: Ends once an address with this ending, and every file of the page, is kept on the phone, and fails after a minute
#: (`wait_for_function` awaits no promise).
KEPT = """async (ending) => {
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((go) => setTimeout(go, 50))) {
    const all = (await (await caches.open("baotong-trip")).keys()).map((one) => one.url);
    const loaded = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => one.includes("/static/"));
    if (all.some((one) => new URL(one).pathname.endsWith(ending)) && loaded.every((one) => all.includes(one))) return;
  }
  throw new Error(`${ending} is not kept`);
}"""
#: Each position that the phone tells is half a minute after the one before; the last one is told now.
PHONE_CLOCK = """(count) => {
  const watch = navigator.geolocation.watchPosition.bind(navigator.geolocation);
  let told = Number(localStorage.getItem("told") ?? "0");
  navigator.geolocation.watchPosition = (found, ...rest) => watch((at) => {
    globalThis.tell = () => {
      told += 1;
      localStorage.setItem("told", String(told));
      found({ coords: at.coords, timestamp: Date.now() - 30_000 * (count - told) });
    };
    globalThis.tell();
  }, ...rest);
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (found, ...rest) => ask((at) => {
    found({ coords: at.coords, timestamp: Date.now() - 30_000 * (count - told) });
  }, ...rest);
}"""


def stored(site):
    return transaction(open_store(site.county.database_url), writes=False)


def kept_and_recorded(site, page, number):
    """How many positions the office and the phone count: once they agree, for a phone goes on meanwhile, or after a minute."""
    until = time.monotonic() + 60
    while True:
        with stored(site) as connection:
            kept = len(positions_of(connection, number))
        recorded = int(page.locator("[data-recorder]").get_attribute("data-total") or 0)
        if kept == recorded or time.monotonic() > until:
            return kept, recorded
        page.wait_for_timeout(100)


@pytest.fixture(scope="module")
def record(demo_site, tmp_path_factory):
    """A trip one way to a receiving point, issued for now."""
    application = json.loads((demo_site.folder / "applications" / "clean.json").read_text(encoding="utf-8"))
    leaves_at = datetime.now(UTC) + timedelta(minutes=5)
    file = tmp_path_factory.mktemp("application") / "one-way.json"
    one_way = {**application, "round_trip": False, "depart_at": leaves_at.isoformat()}
    file.write_text(json.dumps(one_way), encoding="utf-8")
    done = demo_site.run("pass", "issue", str(file), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return pass_of(demo_site, json.loads(done.stdout)["pass"]["number"])


@pytest.fixture(scope="module")
def way(record):
    """Positions along the route, from its beginning to its end."""
    line = np.array(record.route["geometry"])
    steps = [float(distances_m(*one, np.array([other]))[0]) for one, other in pairwise(line)]
    along = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.append(np.arange(0.0, along[-1], STEP_M), along[-1])
    return [tuple(np.interp(at, along, line[:, axis]) for axis in (0, 1)) for at in places]


@pytest.fixture(scope="module")
def code(demo_site, record):
    return print_code(demo_site, goal_of(record)["place"])


def print_code(site, place):
    with transaction(open_store(site.county.database_url), writes=True) as connection:
        return make_code(connection, place, by="t", at=datetime.now(UTC))


@pytest.fixture(scope="module")
def phone_at(browser, code, tmp_path_factory):
    """The driver's phone, whose camera sees the receiving point's code."""
    return make_phone(browser, tmp_path_factory.mktemp("driver"), f"HTTPS://PASS.EXAMPLE/R/{code}")


def drive(page, spots, known):
    """Let the phone tell one position after the other, each kept before the next."""
    for number, (lon, lat) in enumerate(spots, known + 1):
        page.context.set_geolocation({"longitude": float(lon), "latitude": float(lat), "accuracy": 8})
        recorded(page, number)


def recorded(page, number):
    page.wait_for_function(f"() => Number(document.querySelector('[data-recorder]').dataset.total) >= {number}")


def sent(page):
    page.locator("[data-recorder][data-left='0']").wait_for(state="attached")  # hidden once the trip is over


def opens_without_network(page, *endings):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for ending in endings:
        page.evaluate(KEPT, ending)


def open_trip(page, link, count):
    page.context.grant_permissions(["geolocation", "camera"])
    page.add_init_script(f"({PHONE_CLOCK})({count})")
    page.goto(link)
    press(page.get_by_role("link", name="记录行程、确认送达"))


def test_a_driver_records_and_delivers_by_code_in_a_dead_zone_and_takes_a_certificate_home(
    demo_site, record, way, phone_at, open_page
):
    link, third, told = driver_link(demo_site, record.number), len(way) // 3, len(way) + 2
    with phone_at() as page:
        open_trip(page, link, told)
        check_page(page)
        page.context.set_geolocation({"longitude": way[0][0], "latitude": way[0][1], "accuracy": 8})
        page.get_by_role("button", name="开始记录").click()
        drive(page, way[:third], 0)
        page.evaluate("() => { tell(); tell(); }")  # of two at once none is lost
        recorded(page, third + 2)
        sent(page)
        opens_without_network(page, "/trip", ".wasm")
        page.context.set_offline(True)
        drive(page, way[third : 2 * third], third + 2)
    # The browser was killed in the dead zone; it opens again there, goes on, and sends everything once.
    with phone_at() as page:
        page.context.grant_permissions(["geolocation", "camera"])
        page.add_init_script(f"({PHONE_CLOCK})({told})")
        page.context.set_offline(True)
        page.context.set_geolocation({"longitude": way[2 * third][0], "latitude": way[2 * third][1], "accuracy": 8})
        page.goto(f"{link}/trip")
        drive(page, way[2 * third :], 2 * third + 2)
        page.get_by_role("button", name="扫码").click()
        page.get_by_text("送达确认已存在本机").wait_for()
    # Killed again, still without a network: what was confirmed is kept, and is sent once when the network is back.
    with phone_at() as page:
        page.context.grant_permissions(["geolocation", "camera"])
        page.add_init_script(f"({PHONE_CLOCK})({told})")
        page.context.set_offline(True)
        page.context.set_geolocation({"longitude": way[-1][0], "latitude": way[-1][1], "accuracy": 8})
        page.goto(f"{link}/trip")
        page.locator("[data-receipts][data-marks='1']").wait_for()
        page.get_by_role("button", name="确认送达").wait_for(state="hidden")
        assert pass_of(demo_site, record.number).state == GRANTED
        page.context.set_offline(False)
        page.get_by_text("您全程在线路内").wait_for()
        sent(page)
        kept, counted = kept_and_recorded(demo_site, page, record.number)
        assert kept == counted >= told
        assert pass_of(demo_site, record.number).state == COMPLETED
        with stored(demo_site) as connection:
            assert [one.event for one in events_of(connection, record.number)].count(RECEIVED) == 1
        # The page of a trip that is over asks for itself once more when its last positions are sent.
        later = page.context.new_page()
        later.problems = []
        later.goto(f"{link}/trip")
        check_page(later)
        press(later.get_by_role("button", name="领取闭环行程证明"))
        check_page(later)
        url = later.get_by_role("link", name="查看他人扫码所见").get_attribute("href")
    other = open_page(width=360)
    other.goto(f"{demo_site.url}/L/{url.rpartition('/')[2]}")
    assert other.locator("[data-verdict=green] .verdict-plate").inner_text() == record.plate
    check_page(other)
    other.goto(f"{demo_site.url}/L/")
    other.locator("[data-ready='1']").wait_for()
    opens_without_network(other, "/L/", ".wasm")
    other.context.set_offline(True)
    other.reload()
    other.locator("[data-ready='1']").wait_for()
    other.get_by_label("证明的二维码内容或网址").fill(url)
    other.get_by_role("button", name="核验").click()
    other.locator("[data-verdict=green]").wait_for()
    assert other.locator("[data-plate]").inner_text() == record.plate


def test_the_officer_sees_the_trip_on_the_road(demo_site, page, record):
    demo_site.sign_in(page, "t")
    page.goto(f"{demo_site.url}/transport/passes/{record.number}/trip")
    assert page.locator(".loop-word").inner_text().strip() == "全程在线路内"
    check_page(page)
