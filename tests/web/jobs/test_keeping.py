"""The worker deletes once a day, tells what went on a page, and leaves a picture that says so in place of a photo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from geodata.store import transaction
from passes.checkpoint.scan_register import Scan, add_scan, find_scan
from passes.keeping.deletions_register import list_deletions
from passes.reports.photo_register import keep_photo
from passes.reports.photos import take_photo
from tests.photo_files import a_picture
from web.jobs import keeping
from web.jobs.keeping import delete_daily
from web.site import Site


def scanned(site: Site, key: str, days_ago: float) -> str:
    """Keep a refusal with its photo; return the photo's digest."""
    at = site.now() - timedelta(days=days_ago)
    with transaction(site.store, writes=True) as connection:
        photo = keep_photo(connection, take_photo(a_picture(), where="photo"), at=at)
        seen = Scan(key, at, "check", "张", "豫R12345", "", "none", (), "guided", photo=photo)
        add_scan(connection, seen, at=at)
    return photo


def kept(site: Site, key: str) -> bool:
    with transaction(site.store, writes=False) as connection:
        return find_scan(connection, key) is not None


def test_a_day_has_one_round(small_site):
    scanned(small_site, "old", 31)
    assert delete_daily(small_site)
    assert not kept(small_site, "old")
    scanned(small_site, "later", 31)
    assert not delete_daily(small_site)
    assert kept(small_site, "later")


def test_a_round_on_the_next_day_takes_what_is_over_then(small_site, monkeypatch):
    scanned(small_site, "old", 29.5)
    delete_daily(small_site)
    assert kept(small_site, "old")
    tomorrow = small_site.now() + timedelta(days=1)
    monkeypatch.setattr(Site, "now", lambda _site: tomorrow)
    assert delete_daily(small_site)
    assert not kept(small_site, "old")


def test_a_clock_that_was_ahead_once_does_not_end_the_rounds(small_site, monkeypatch):
    today = small_site.now()
    for days in (400, 0):
        monkeypatch.setattr(Site, "now", lambda _site, at=today + timedelta(days=days): at)
        assert delete_daily(small_site)


def test_nothing_goes_where_the_checks_have_not_said_what_is_open(small_site, monkeypatch):
    scanned(small_site, "old", 31)
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "write_on", lambda _site, *, slack_min: slack_min == 0)
        assert not delete_daily(small_site)
    assert kept(small_site, "old")
    assert delete_daily(small_site)
    assert not kept(small_site, "old")


def test_the_county_s_own_days_count(small_site):
    policy = small_site.county.settings.policy
    longer = replace(policy, keeping=replace(policy.keeping, scans_days=40))
    settings = replace(small_site.county.settings, policy=longer, policies={policy.regime.id: longer})
    site = replace(small_site, county=replace(small_site.county, settings=settings))
    scanned(site, "old", 31)
    delete_daily(site)
    assert kept(site, "old")


def test_the_page_counts_what_went_and_a_gone_photo_says_so(small_site, client_of):
    client = client_of("S")
    assert "尚未删除" in client.get("/supervision/kept").text
    digest = scanned(small_site, "old", 31)
    shown = client.get(f"/photos/{digest}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    delete_daily(small_site)
    with transaction(small_site.store, writes=False) as connection:
        assert {
            one.kind: one.deleted for one in list_deletions(connection, since=small_site.now() - timedelta(days=1))
        } == {"scans": 1, "photos": 1}
    assert "检查点的查验和拦停: 1" in client.get("/supervision/kept").text
    gone = client.get(f"/photos/{digest}")
    assert (gone.status_code, gone.mimetype) == (410, "image/svg+xml")
    assert "照片保存期满" in gone.text
