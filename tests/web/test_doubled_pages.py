"""The page of passes that were shown in two places sooner than one truck can drive (X1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from geodata.county import PLACES_FILE, open_county
from geodata.geojson import read_features, write_features
from geodata.store import transaction
from passes.checkpoint.scan_register import Scan, add_scan
from tests.conftest import write_small_county


@pytest.fixture
def small_county(tmp_path):
    """The small county with a second checkpoint, at the village."""
    folder = write_small_county(tmp_path / "small-county")
    second = {
        "type": "Feature",
        "properties": {"id": "gate", "name": "村口检查点", "kind": "checkpoint"},
        "geometry": {"type": "Point", "coordinates": [113.02, 33.0]},
    }
    write_features(folder / PLACES_FILE, [*read_features(folder / PLACES_FILE), second])
    return open_county(folder)


def show(site, place, seconds_ago):
    at = site.now() - timedelta(seconds=seconds_ago)
    scan = Scan(f"{place}{seconds_ago}", at, place, "c", "豫R12345", "411399000001-1", "green", (), "let_pass")
    with transaction(site.store, writes=True) as connection:
        add_scan(connection, scan, at=at)


def page(client_of):
    return client_of("S").get("/checkpoint/doubled?lang=en").get_data(as_text=True)


def test_a_copy_shown_a_minute_later_elsewhere_is_listed(small_site, client_of):
    show(small_site, "check", 600)
    show(small_site, "gate", 595)
    said = page(client_of)
    assert all(word in said for word in ("411399000001", "豫R12345", "村口检查点", "0 min"))


def test_a_truck_that_had_the_time_is_not(small_site, client_of):
    show(small_site, "check", 3_600)
    show(small_site, "gate", 60)
    assert "None." in page(client_of)
