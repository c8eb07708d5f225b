"""The core of story 1 on a real county (OpenStreetMap): a firm applies, an officer issues, the printed pass scans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from geodata.county import open_county
from geodata.store import open_store, transaction
from passes.accounts.account_register import add_account, set_password
from passes.accounts.passwords import hash_password
from passes.database import ready_database
from passes.key_encryption import make_key_file
from tests.browser_fixtures import check_page, press
from tests.issuing_office import put_on_whitelist
from tests.web.journeys.desk_steps import clock, code_on_paper, fill_person, fill_trip, send
from tests.web.journeys.road_steps import newest_pass

PASSWORD = "correct horse"
FIRM, PLATE = "永城面粉厂", "豫N12345"
ACCOUNTS = {"t": ("T", ""), "e": ("E", FIRM)}


@pytest.fixture(scope="module")
def real_site(serve_county, yongcheng_folder):
    """Yongcheng, served, with an officer and a firm of one truck."""
    folder = yongcheng_folder
    key_file, at = folder.parent / "key", datetime.now(UTC)
    make_key_file(key_file)
    store = open_store(open_county(folder).database_url)
    ready_database(store, at=at)
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, {"name": FIRM, "plate": PLATE, "link": "own"}, at=at)
        hashed = hash_password(PASSWORD)
        for name, (role, unit) in ACCOUNTS.items():
            add_account(connection, name, role=role, unit=unit, password_hash=hashed, at=at)
            set_password(connection, name, hashed, must_change=False)
    return serve_county(folder, key_file=key_file, accounts=dict.fromkeys(ACCOUNTS, PASSWORD))


def two_positions(county):
    """Return the junction nearest to the county's middle, and one some way to the west of it."""
    lonlat = county.network.junction_lonlat
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    wanted = ((low + high) / 2, (low + high) / 2 - [(high[0] - low[0]) / 4, 0])
    found = (lonlat[abs(lonlat - goal).sum(axis=1).argmin()] for goal in wanted)
    return [f"{lon:.6f},{lat:.6f}" for lon, lat in found]


def test_from_the_form_to_the_printed_pass_on_real_roads(real_site, page):
    origin, destination = two_positions(real_site.county)
    real_site.sign_in(page, "e")
    page.goto(f"{real_site.url}/firm/apply")
    check_page(page)
    fill_trip(real_site, page, plate=PLATE, origin=origin, destination=destination)
    fill_person(page, 0, 0, role="driver", sampled_at=clock(real_site, hours=-10))
    send(page)
    page.get_by_text("已核发通行证").wait_for()  # the county's policy issues what is clean

    real_site.sign_in(page, "t")
    page.goto(f"{real_site.url}/transport/passes")
    record = newest_pass(real_site)
    assert record.route["distance_m"] > 3_000
    press(page.get_by_role("link", name=record.number))
    page.locator(".stops li").first.wait_for()
    check_page(page)
    press(page.get_by_role("link", name="打印 A4 通行证"))
    page.locator(".a4").wait_for()
    assert code_on_paper(page) == record.url
