"""The road's journeys on a real county (OpenStreetMap): a pass by link, a blocked road, an instruction at a checkpoint."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from geodata.county import PLACES_FILE, open_county
from geodata.geojson import write_features
from geodata.store import open_store, transaction
from passes.accounts.account_register import add_account, set_password
from passes.accounts.passwords import hash_password
from passes.database import ready_database
from passes.key_encryption import make_key_file
from tests.browser_fixtures import check_page, press
from tests.road_world import issue_now
from tests.web.journeys.road_steps import (
    audit_checks,
    closure_rows,
    driver_link,
    lone_village_road,
    newest_pass,
    roads_between,
)

PASSWORD = "correct horse"


def far_apart(county):
    """Return two positions at opposite ends of the county's biggest part."""
    lonlat = county.network.junction_lonlat
    middle = lonlat[(abs(lonlat - lonlat.mean(axis=0))).sum(axis=1).argmin()]
    edge = lonlat[(abs(lonlat - [lonlat[:, 0].min(), lonlat[:, 1].mean()])).sum(axis=1).argmin()]
    return [f"{lon:.6f},{lat:.6f}" for lon, lat in (edge, middle)]


@pytest.fixture(scope="module")
def real_site(serve_county, yongcheng_folder):
    """Yongcheng, served: one pass, and one checkpoint on the way of its truck."""
    folder = yongcheng_folder
    county, key_file = open_county(folder), folder.parent / "key"
    make_key_file(key_file)
    store, at = open_store(county.database_url), datetime.now(UTC)
    ready_database(store, at=at)
    origin, destination = far_apart(county)
    record = issue_now(store, county, key_file, origin=origin, destination=destination)
    line = record.route["geometry"]
    lon, lat = line[len(line) // 2]
    place = {"id": "check", "name": "永城检查点", "kind": "checkpoint"}
    point = {"type": "Point", "coordinates": [lon, lat]}
    write_features(folder / PLACES_FILE, [{"type": "Feature", "properties": place, "geometry": point}])
    with transaction(store, writes=True) as connection:
        hashed = hash_password(PASSWORD)
        add_account(connection, "c", role="C", unit="check", password_hash=hashed, at=at)
        set_password(connection, "c", hashed, must_change=False)
    return serve_county(folder, key_file=key_file, accounts={"c": PASSWORD})


def test_the_guard_finds_the_truck_that_is_expected(real_site, phone):
    record = newest_pass(real_site)
    real_site.sign_in(phone, "c")
    phone.goto(f"{real_site.url}/checkpoint/?part={record.plate[-4:]}")
    press(phone.get_by_role("link", name=record.plate))
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "green"
    check_page(phone)
    phone.get_by_role("button", name="放行并登记").click()
    phone.get_by_text("已登记：放行").wait_for()


def test_the_driver_sees_the_route_and_reports_a_mound(real_site, phone):
    record, county = newest_pass(real_site), real_site.county
    phone.goto(driver_link(real_site, record.number))
    assert phone.locator(".route-picture svg path").count() > 2
    check_page(phone)
    road, (lon, lat) = lone_village_road(county)
    line = county.network.line_of(county.network.road_index[road])
    start, end = (tuple(float(one) for one in line[at]) for at in (0, -1))
    assert road in roads_between(real_site, start, end)
    press(phone.get_by_role("link", name="报告道路受阻"))
    phone.locator("#position").fill(f"{lon},{lat}")
    phone.get_by_label("土堆", exact=True).check()
    check_page(phone)
    press(phone.get_by_role("button", name="上报"))
    phone.get_by_text("新路线从现在起绕开这里").wait_for()
    ((case, row),) = closure_rows(real_site).items()
    assert (row["physical"], row["routing"], row["roads"]) == ("reported", "closed", [road])
    assert audit_checks(real_site, case) == {"K6", "K7"}
    assert road not in roads_between(real_site, start, end)
